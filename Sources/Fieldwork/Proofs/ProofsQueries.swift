import Kernel

/// What was brought for an obligation; the pictures themselves are asked for one by one.
package struct ListProofs: Query {
  package static let name = "proofs.of"
  package static let duty: Duty = "obligations.read"
  package static let purposes: [Purpose] = []
  package let obligation: ObligationID

  package init(obligation: ObligationID) { self.obligation = obligation }

  package func area(in reading: Reading) throws -> Area {
    .path(try ObligationStore(reading.transaction).get(obligation).path)
  }

  package func answer(in reading: Reading) throws -> [ProofPiece] {
    try ProofsStore(reading.transaction).all(for: obligation)
  }
}

/// One picture. The person concerned sees who looked at it.
package struct ShowProof: Query {
  package struct Answer: Codable, Sendable {
    package let piece: ProofPiece
    /// `image/jpeg`, `image/png` or `image/webp`; nil when the picture is not here any more.
    package let type: String?
    /// In base64.
    package let picture: String?
  }

  package static let name = "proofs.show"
  package static let duty: Duty = "obligations.read"
  package static let purposes: [Purpose] = [.fieldwork, .supervision, .objection, .audit]
  package let piece: ProofPieceID

  package init(piece: ProofPieceID) { self.piece = piece }

  package func area(in reading: Reading) throws -> Area { .path(try found(reading).path) }

  package func answer(in reading: Reading) throws -> Answer {
    let found = try found(reading)
    if let person = found.person { reading.disclose(person) }
    let picture = try ProofsStore(reading.transaction).content(of: piece).map {
      try reading.vault.unlock($0, place: Work.picturePlace(piece))
    }
    return Answer(
      piece: found, type: picture.flatMap { PictureForm.type(ofBase64: $0) }, picture: picture)
  }

  private func found(_ reading: Reading) throws -> ProofPiece {
    guard let found = try ProofsStore(reading.transaction).find(piece) else {
      throw Refusal.notFound(Words("附件", "piece"), piece.text, field: "piece")
    }
    return found
  }
}

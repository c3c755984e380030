import Foundation
import Kernel
import Registry

/// Brings a photograph or a signature for an obligation, done or still to be done.
package struct AttachProof: Command {
  package static let name = "proofs.attach"
  package static let duty: Duty = "obligations.work"
  package let obligation: ObligationID
  package let kind: ProofPiece.Kind
  /// The picture (JPEG, PNG or WebP) in base64.
  package let picture: String
  package let takenAt: Instant?

  package init(
    obligation: ObligationID, kind: ProofPiece.Kind, picture: String, takenAt: Instant? = nil
  ) {
    self.obligation = obligation
    self.kind = kind
    self.picture = picture
    self.takenAt = takenAt
  }

  package func area(in work: Work) throws -> Area {
    .path(try ObligationStore(work.transaction).get(obligation).path)
  }

  package func perform(in work: Work) throws -> ProofPieceID {
    let policy = try work.policy(ProofsPolicy.self)
    let most = policy.most(kind)
    guard picture.utf8.count <= most * 4 / 3 + 4 else {
      throw Refusal(
        .invalid, "proof.large",
        Words(
          "图片超过 \(most / 1_000) kB，请缩小后再传",
          "The picture is over \(most / 1_000) kB; make it smaller"),
        field: "picture")
    }
    guard let data = Data(base64Encoded: picture), PictureForm.type(of: Array(data)) != nil else {
      throw Refusal(
        .invalid, "proof.form",
        Words("图片应为 JPEG、PNG 或 WebP", "The picture must be JPEG, PNG or WebP"),
        field: "picture")
    }
    return try work.keep(
      kind, for: ObligationStore(work.transaction).get(obligation), takenAt: takenAt,
      picture: picture,
      bytes: data.count)
  }
}

/// The resident has shown the slip: its code, of which the phone sends the fingerprint only, is that
/// of the person concerned.
package struct ShowSlip: Command {
  package static let name = "proofs.slip"
  package static let duty: Duty = "obligations.work"
  package let obligation: ObligationID
  /// The fingerprint of the slip's secret, 64 hexadecimal digits.
  package let fingerprint: String
  package let takenAt: Instant?

  package init(obligation: ObligationID, fingerprint: String, takenAt: Instant? = nil) {
    self.obligation = obligation
    self.fingerprint = fingerprint
    self.takenAt = takenAt
  }

  package func area(in work: Work) throws -> Area {
    .path(try ObligationStore(work.transaction).get(obligation).path)
  }

  package func perform(in work: Work) throws -> ProofPieceID {
    let found = try ObligationStore(work.transaction).get(obligation)
    let holder = try SlipsStore(work.transaction)
      .holder(ofFingerprint: fingerprint.lowercased(), at: work.now)
    let person = try found.person.flatMap {
      try ResidentsStore(work.transaction).current($0)?.id
    }
    guard let holder, holder == person else {
      throw Refusal(
        .conflict, "proof.otherSlip",
        Words(
          "这张凭条不是本人的，或已失效；请核对后重扫，或改用签名",
          "This slip is somebody else’s or has expired; check and scan again, or take a signature"),
        field: "fingerprint")
    }
    return try work.keep(.slip, for: found, takenAt: takenAt, picture: nil, bytes: 0)
  }
}

/// The clock's command: deletes pictures whose time of keeping is over.
package struct ForgetProofs: Command {
  package static let name = "proofs.forget"
  package static let duty: Duty = .clockOnly

  package init() {}

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many were deleted.
  package func perform(in work: Work) throws -> Int {
    let keepDays = try work.policy(ProofsPolicy.self).keepDays
    return try ProofsStore(work.transaction).forget(before: work.now - .days(keepDays))
  }
}

extension Work {
  fileprivate func keep(
    _ kind: ProofPiece.Kind, for obligation: Obligation, takenAt: Instant?, picture: String?,
    bytes: Int
  ) throws -> ProofPieceID {
    let account = try authority.account()
    let store = ProofsStore(transaction)
    let most = try policy(ProofsPolicy.self).pieces
    guard try store.all(for: obligation.id).count < most else {
      throw Refusal(
        .conflict, "proof.many",
        Words("一件事最多 \(most) 份附件", "One obligation takes \(most) pieces at most"),
        field: "obligation")
    }
    let piece = ProofPiece(
      id: newID(), obligation: obligation.id, person: obligation.person, path: obligation.path,
      kind: kind, account: account, takenAt: takenAt, addedAt: now, bytes: bytes,
      isKept: picture != nil)
    try store.insert(
      piece, content: try picture.map { try vault.lock($0, place: Self.picturePlace(piece.id)) })
    try record(
      ProofAttached(piece: piece.id, obligation: obligation.id, kind: kind, bytes: bytes))
    return piece.id
  }

  /// Where a picture is locked.
  static func picturePlace(_ piece: ProofPieceID) -> String { "proof|picture|\(piece.text)" }
}

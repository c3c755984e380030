import Foundation
import Kernel

/// What identifiers of pieces of proof name.
package enum ProofPieceTag {}
/// One photograph, signature or slip.
package typealias ProofPieceID = ID<ProofPieceTag>

/// Something that was brought from a door for one obligation.
package struct ProofPiece: Codable, Sendable {
  /// What it is.
  package enum Kind: String, Codable, CaseIterable, Sendable {
    case photo
    case signature
    case slip

    /// What people call it.
    package var words: Words {
      switch self {
      case .photo: Words("照片", "photograph")
      case .signature: Words("签名", "signature")
      case .slip: Words("出示凭条", "slip shown")
      }
    }
  }

  package let id: ProofPieceID
  package let obligation: ObligationID
  package let person: PersonID?
  package let path: PlacePath
  package let kind: Kind
  package let account: AccountID
  /// By the phone's own clock.
  package let takenAt: Instant?
  package let addedAt: Instant
  package let bytes: Int
  /// Whether the picture is still here.
  package let isKept: Bool

  private enum CodingKeys: String, CodingKey {
    case id
    case obligation
    case person
    case path
    case kind
    case account
    case takenAt = "taken_at"
    case addedAt = "added_at"
    case bytes
    case isKept = "is_kept"
  }
}

/// What proofs may weigh, and for how long they are kept.
package struct ProofsPolicy: PolicySection {
  package static let key = "proofs"
  package let photoBytes: Int
  package let signatureBytes: Int
  /// How many pieces one obligation takes.
  package let pieces: Int
  package let keepDays: Int

  private enum CodingKeys: String, CodingKey {
    case photoBytes = "photo_bytes"
    case signatureBytes = "signature_bytes"
    case pieces
    case keepDays = "keep_days"
  }

  package var faults: [Words] {
    [photoBytes, signatureBytes, pieces, keepDays].contains { $0 < 1 }
      ? [Words("各项大小、数量和天数至少为 1", "every size, count and number of days is at least 1")] : []
  }

  /// The most that a piece may weigh.
  func most(_ kind: ProofPiece.Kind) -> Int {
    switch kind {
    case .photo: photoBytes
    case .signature: signatureBytes
    case .slip: 0
    }
  }
}

/// Which pictures are taken: what the first bytes say, whatever the sender says.
enum PictureForm {
  /// The media type of a picture, nil when it is none of those that are taken.
  static func type(of bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "image/png" }
    let isWebP =
      bytes.count > 12 && bytes.starts(with: Array("RIFF".utf8))
      && bytes[8..<12].elementsEqual(Array("WEBP".utf8))
    return isWebP ? "image/webp" : nil
  }
}

extension PictureForm {
  /// So many signs of base64 hold what the form is told by.
  private static let headLength = 20

  /// The media type of a picture that is written in base64.
  static func type(ofBase64 text: String) -> String? {
    Data(base64Encoded: String(text.prefix(headLength))).flatMap { type(of: Array($0)) }
  }
}

import Gazette
import Kernel

/// A box of tubes that leaves a point.
package struct TubeBox: Sendable {
  package let id: BoxID
  package let round: RoundID
  package let point: PointID?
  package let packedAt: Instant
  package let tubes: Int
  /// Since when whoever has it is to give it on; nil while it is given, or at a laboratory.
  package var waitsSince: Instant?
  /// After which leg somebody was told that it waits.
  var toldAfter: Int?
}

/// Who has a box.
package struct Holder: Hashable, Codable, Sendable {
  /// What kind of holder it is.
  package enum Kind: String, Codable, CaseIterable, Sendable {
    case vehicle
    case store
    case laboratory

    package var words: Words {
      switch self {
      case .vehicle: Words("转运车", "vehicle")
      case .store: Words("中转点", "store")
      case .laboratory: Words("检测机构", "laboratory")
      }
    }
  }

  package let kind: Kind
  package let id: String

  package init(kind: Kind, id: String) {
    self.kind = kind
    self.id = id
  }
}

/// One leg of a box's way: given by one side, taken by the other.
package struct BoxLeg: Sendable {
  package let number: Int
  package let to: Holder
  package let givenAt: Instant
  package let givenBy: String
  package let givenTubes: Int
  package internal(set) var takenAt: Instant?
  package internal(set) var takenBy: String?
  package internal(set) var takenTubes: Int?
}

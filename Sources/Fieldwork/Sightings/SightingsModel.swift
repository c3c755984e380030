import Kernel

/// What identifiers of sightings name.
package enum SightingTag {}
/// One thing that was noticed.
package typealias SightingID = ID<SightingTag>

/// Something that a worker noticed on the way.
package struct Sighting: Codable, Sendable {
  /// What sort of thing it is.
  package enum Kind: String, Codable, CaseIterable, Sendable {
    case ill
    case movedIn
    case movedOut
    case needsHelp
    case other

    /// What people call it.
    package var words: Words {
      switch self {
      case .ill: Words("有人不舒服", "Somebody is ill")
      case .movedIn: Words("有人搬来、来访", "Somebody moved in or visits")
      case .movedOut: Words("有人搬走、外出", "Somebody moved out or went away")
      case .needsHelp: Words("需要帮助、物资", "Help or supplies are needed")
      case .other: Words("其他", "Something else")
      }
    }
  }

  package let id: SightingID
  package let place: PlaceID
  package let path: PlacePath
  package let kind: Kind
  package let account: AccountID
  package let reportedAt: Instant

  private enum CodingKeys: String, CodingKey {
    case id
    case place
    case path
    case kind
    case account
    case reportedAt = "reported_at"
  }
}

/// How soon what was noticed is looked into, and how long it is kept.
package struct SightingsPolicy: PolicySection {
  package static let key = "sightings"
  package let lookMinutes: Int
  /// Illness and help wait for less.
  package let urgentMinutes: Int
  package let keepDays: Int

  private enum CodingKeys: String, CodingKey {
    case lookMinutes = "look_minutes"
    case urgentMinutes = "urgent_minutes"
    case keepDays = "keep_days"
  }

  package var faults: [Words] {
    [lookMinutes, urgentMinutes, keepDays].contains { $0 < 1 }
      ? [Words("各项时长和天数至少为 1", "every duration and number of days is at least 1")] : []
  }

  /// How long the community has.
  func minutes(_ kind: Sighting.Kind) -> Int {
    switch kind {
    case .ill, .needsHelp: urgentMinutes
    case .movedIn, .movedOut, .other: lookMinutes
    }
  }
}

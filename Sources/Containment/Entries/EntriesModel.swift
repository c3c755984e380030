import Gazette
import Kernel

/// One record that somebody came from an area of risk.
package struct EntryRecord: Sendable, Equatable {
  package let id: EntryID
  package let person: PersonID
  /// Where the person lived when it was noted.
  package let place: PlaceID
  package let path: PlacePath
  /// The area in which they were, by its code in GB/T 2260.
  package let area: String
  package let level: EntryLevel
  package let leftOn: Day
  package let arrivedOn: Day
  /// Who says so, by the policy's code.
  package let source: String
  package let account: String
  package let notedAt: Instant
  package let withdrawnAt: Instant?

  /// Whether it says the same as another one.
  func isSame(as other: EntryRecord) -> Bool {
    person == other.person && area == other.area && level == other.level
      && leftOn == other.leftOn && arrivedOn == other.arrivedOn && source == other.source
  }
}

/// From where records of entries may come, how old they may be and how long they are kept.
package struct EntriesPolicy: PolicySection {
  package static let key = "entries"

  /// Who may have said that somebody came.
  package struct Source: Decodable, Sendable {
    package let code: String
    package let words: Words
  }

  /// How many days ago somebody may have left for anything to be noted.
  package let oldestDays: Int
  package let keepDays: Int
  package let sources: [Source]

  private enum CodingKeys: String, CodingKey {
    case sources
    case oldestDays = "oldest_days"
    case keepDays = "keep_days"
  }

  /// The source with a code, nil when there is none.
  package func source(_ code: String) -> Source? { sources.first { $0.code == code } }

  package var faults: [Words] {
    var faults: [Words] = []
    if oldestDays < 1 || keepDays <= oldestDays {
      faults.append(
        Words(
          "keep_days 须大于 oldest_days，且至少 1 天",
          "keep_days is more than oldest_days, which is at least a day"))
    }
    if sources.isEmpty { faults.append(Words("至少要有一个来源", "there is at least one source")) }
    return faults
  }
}

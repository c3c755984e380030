import Kernel

/// Published lists that came in by mistake and were taken out: by whom, when and why. They stay for ever.
package struct TakenOutZoneLists: Query {
  /// All lines of one city and one moment.
  package struct List: Codable, Sendable {
    package let asOf: Instant
    package let city: String
    package let takenAt: Instant
    /// Nil of lists that were taken out before this was kept; the journal knows it.
    package let by: String?
    package let reason: String?
    package let lines: Int
    /// When lines of it were imported again, and by whom; nil while it stays out.
    package let backAt: Instant?
    package let backBy: String?

    private enum CodingKeys: String, CodingKey {
      case city
      case by
      case reason
      case lines
      case asOf = "as_of"
      case takenAt = "taken_at"
      case backAt = "back_at"
      case backBy = "back_by"
    }
  }

  package struct Answer: Codable, Sendable {
    package let lists: [List]
  }

  package static let name = "zones.takenOut"
  package static let duty: Duty = ExportZoneLists.duty
  package static let purposes: [Purpose] = []
  private static let most = 1_000

  package init() {}

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    Answer(lists: try ZoneListsStore(reading.transaction).takenOut(limit: Self.most))
  }
}

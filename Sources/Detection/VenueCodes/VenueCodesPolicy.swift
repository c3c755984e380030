import Kernel

/// How the codes of venues change, and what a scan of one is worth.
package struct VenueCodesPolicy: PolicySection {
  package static let key = "venue_codes"

  /// A kind of venue that has a code of its own.
  package struct Kind: Decodable, Sendable {
    package let code: String
    package let words: Words
    /// How long somebody is taken to stay who came and of whom nobody knows when they left.
    package let stayMinutes: Int

    private enum CodingKeys: String, CodingKey {
      case code
      case words
      case stayMinutes = "stay_minutes"
    }
  }

  /// Whether venues have codes at all.
  package let inUse: Bool
  /// Every how many seconds the code on a screen changes.
  package let stepSeconds: Int
  /// How many steps late a scan still proves that somebody stood before the screen.
  package let stepsLate: Int
  /// How many steps ahead a screen is given, so that it goes on without network.
  package let stepsAhead: Int
  /// For how many days what was scanned is kept here.
  package let keepDays: Int
  package let kinds: [Kind]

  private enum CodingKeys: String, CodingKey {
    case kinds
    case inUse = "in_use"
    case stepSeconds = "step_seconds"
    case stepsLate = "steps_late"
    case stepsAhead = "steps_ahead"
    case keepDays = "keep_days"
  }

  /// A kind by its code.
  package func kind(_ code: String) -> Kind? { kinds.first { $0.code == code } }

  package var faults: [Words] {
    var faults: [Words] = []
    if [stepSeconds, stepsAhead, keepDays].contains(where: { $0 < 1 })
      || stepsLate < 0 || stepsAhead > 120
    {
      faults.append(
        Words("时限须为正数，预发最多 120 个", "spans are positive, and 120 steps ahead are the most"))
    }
    if kinds.isEmpty || Set(kinds.map(\.code)).count != kinds.count
      || kinds.contains(where: { $0.stayMinutes < 1 })
    {
      faults.append(
        Words("场所类型为空、重复或没有停留时长", "the kinds of venues are empty, stand twice or have no stay"))
    }
    return faults
  }
}

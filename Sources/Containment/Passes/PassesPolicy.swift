import Kernel

/// How long codes are valid, how they are checked, and what venues show.
package struct PassesPolicy: PolicySection {
  package static let key = "passes"

  /// What a colour asks where codes are checked.
  package struct Colour: Decodable, Sendable {
    package let words: Words
    package let asks: Words
  }

  /// The three colours.
  package struct Colours: Decodable, Sendable {
    package let green: Colour
    package let yellow: Colour
    package let red: Colour

    /// What one of them asks.
    package subscript(colour: CodeColour) -> Colour {
      switch colour {
      case .green: green
      case .yellow: yellow
      case .red: red
      }
    }
  }

  /// A kind of venue that has a code of its own.
  package struct Venue: Decodable, Sendable {
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

  /// Whether codes are issued and checked at all.
  package let inUse: Bool
  package let validHours: Int
  /// How long a printed sheet is valid.
  package let paperHours: Int
  /// How long before its end a phone fetches the next code.
  package let renewMinutes: Int
  /// For how many days one key signs.
  package let keyDays: Int
  /// By how much the clocks of a phone and a verifier may differ.
  package let skewMinutes: Int
  /// How often a verifier with a network fetches the list of revoked codes.
  package let listMinutes: Int
  /// From when on a list is too old to be relied on.
  package let listOldestHours: Int
  /// Up to which age somebody is looked after without saying so.
  package let childBelowYears: Int
  package let companionsMost: Int
  package let colours: Colours
  /// Every how many seconds the code on a venue's screen changes.
  package let venueStepSeconds: Int
  /// How many steps late a scan still proves that somebody stood before the screen.
  package let venueStepsLate: Int
  /// How many steps ahead a screen is given, so that it goes on without network.
  package let venueStepsAhead: Int
  /// For how many days a scan of a venue's code is kept.
  package let venueKeepDays: Int
  package let venues: [Venue]

  private enum CodingKeys: String, CodingKey {
    case colours
    case venues
    case inUse = "in_use"
    case validHours = "valid_hours"
    case paperHours = "paper_hours"
    case renewMinutes = "renew_minutes"
    case keyDays = "key_days"
    case skewMinutes = "skew_minutes"
    case listMinutes = "list_minutes"
    case listOldestHours = "list_oldest_hours"
    case childBelowYears = "child_below_years"
    case companionsMost = "companions_most"
    case venueStepSeconds = "venue_step_seconds"
    case venueStepsLate = "venue_steps_late"
    case venueStepsAhead = "venue_steps_ahead"
    case venueKeepDays = "venue_keep_days"
  }

  /// The longest that any code of this edition is valid.
  package var longestHours: Int { max(validHours, paperHours) }

  /// A kind of venue by its code.
  package func venue(_ code: String) -> Venue? { venues.first { $0.code == code } }

  package var faults: [Words] {
    var faults: [Words] = []
    let spans = [
      validHours, paperHours, renewMinutes, keyDays, skewMinutes, listMinutes, listOldestHours,
      companionsMost, venueStepSeconds, venueStepsAhead, venueKeepDays,
    ]
    if spans.contains(where: { $0 < 1 }) || venueStepsLate < 0 || childBelowYears < 0 {
      faults.append(Words("时限须为正数", "spans must be positive"))
    }
    if longestHours > 48 {
      faults.append(
        Words("健康码最长有效 48 小时，之后须重新签发", "a code is valid for 48 hours at most, then issued anew"))
    }
    if renewMinutes >= validHours * 60 {
      faults.append(Words("更新时间须短于有效期", "a code is renewed within its validity"))
    }
    if venues.isEmpty || Set(venues.map(\.code)).count != venues.count {
      faults.append(Words("场所类型为空或重复", "the kinds of venues are empty or stand twice"))
    }
    return faults
  }
}

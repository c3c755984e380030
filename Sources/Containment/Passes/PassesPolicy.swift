import Kernel

/// How long codes are valid and how they are checked.
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
  /// How far ahead of the moment a revocation reaches: whoever reads while it is being saved still
  /// issues by what held before.
  package let revokeAheadSeconds: Int
  /// How often a verifier with a network fetches the list of revoked codes.
  package let listMinutes: Int
  /// For how long one list is given to everybody who asks before it is made anew.
  package let listKeptSeconds: Int
  /// From when on a list is too old to be relied on.
  package let listOldestHours: Int
  /// Up to which age somebody is looked after without saying so.
  package let childBelowYears: Int
  package let companionsMost: Int
  package let colours: Colours

  private enum CodingKeys: String, CodingKey {
    case colours
    case inUse = "in_use"
    case validHours = "valid_hours"
    case paperHours = "paper_hours"
    case renewMinutes = "renew_minutes"
    case keyDays = "key_days"
    case skewMinutes = "skew_minutes"
    case revokeAheadSeconds = "revoke_ahead_seconds"
    case listMinutes = "list_minutes"
    case listKeptSeconds = "list_kept_seconds"
    case listOldestHours = "list_oldest_hours"
    case childBelowYears = "child_below_years"
    case companionsMost = "companions_most"
  }

  /// The longest that any code of this edition is valid.
  package var longestHours: Int { max(validHours, paperHours) }

  package var faults: [Words] {
    var faults: [Words] = []
    let spans = [
      validHours, paperHours, renewMinutes, keyDays, skewMinutes, listMinutes, listOldestHours,
      companionsMost, revokeAheadSeconds, listKeptSeconds,
    ]
    if spans.contains(where: { $0 < 1 }) || childBelowYears < 0 {
      faults.append(Words("时限须为正数", "spans must be positive"))
    }
    if longestHours > 48 {
      faults.append(
        Words("健康码最长有效 48 小时，之后须重新签发", "a code is valid for 48 hours at most, then issued anew"))
    }
    // The next code begins when that time is over, and is shown at once to verifiers whose clocks are late.
    if 2 * revokeAheadSeconds > skewMinutes * 60 {
      faults.append(
        Words(
          "作废提前量（revoke_ahead_seconds）不得超过时钟误差（skew_minutes）的一半，否则新码一时核验不过",
          "revoke_ahead_seconds must not exceed half of skew_minutes, or the next code cannot be shown at once"
        ))
    }
    if renewMinutes >= validHours * 60 {
      faults.append(Words("更新时间须短于有效期", "a code is renewed within its validity"))
    }
    return faults
  }
}

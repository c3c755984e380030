import Gazette
import Kernel

/// Which contacts are handed over to the area of the home, and within which time.
///
/// Source: the clock targets of an investigation (close contacts moved within 8 h, contacts of
/// contacts within 12 h); how long an area may stay silent is our own choice, marked so.
package struct ReferralsPolicy: PolicySection {
  package static let key = "referrals"

  /// Within which an area accepts or sends back.
  package let answerMinutes: Int
  /// Within which an investigator sends what came back to another area.
  package let redirectMinutes: Int
  /// Within how many hours after the hand-over a contact of each kind is found; a kind that does
  /// not stand here is not handed over.
  package let foundHours: [String: Int]

  private enum CodingKeys: String, CodingKey {
    case answerMinutes = "answer_minutes"
    case redirectMinutes = "redirect_minutes"
    case foundHours = "found_hours"
  }

  package var faults: [Words] {
    var faults: [Words] = []
    if answerMinutes < 1 || redirectMinutes < 1 || foundHours.values.contains(where: { $0 < 1 }) {
      faults.append(Words("推送的时限须大于 0", "the times of a hand-over must be above 0"))
    }
    for kind in foundHours.keys.sorted() where ContactKind(rawValue: kind) == nil {
      faults.append(Words("没有“\(kind)”这类接触者", "there is no kind of contact “\(kind)”"))
    }
    return faults
  }

  /// Within how long a contact of a kind is found; nil when that kind is not handed over.
  package func found(_ kind: ContactKind) -> Duration? {
    foundHours[kind.rawValue].map { .hours($0) }
  }
}

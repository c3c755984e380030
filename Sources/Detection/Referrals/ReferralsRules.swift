import Kernel
import Registry

/// Which way a hand-over goes, seen from an area.
package enum ReferralDirection: String, Codable, CaseIterable, Sendable {
  /// To this area, wherever it comes from.
  case incoming
  /// From this area to somewhere else.
  case outgoing
}

/// Which hand-overs are shown.
package enum ReferralShow: String, Codable, CaseIterable, Sendable {
  case all
  case unanswered
  /// Nobody has answered in time.
  case silent
  case returned
  case unfound
  case untold
  case unmoved
  /// On the way to the site.
  case moving

  package var words: Words {
    switch self {
    case .all: Words("全部", "All")
    case .unanswered: Words("待接收", "Not answered")
    case .silent: Words("超时未接收", "Silent")
    case .returned: Words("被退回", "Sent back")
    case .unfound: Words("未落地", "Not found")
    case .untold: Words("未告知", "Not told")
    case .unmoved: Words("待转运", "To be moved")
    case .moving: Words("转运途中", "On the way")
    }
  }
}

/// How many hand-overs of each standing there are. One can count in several.
package struct ReferralCounts: Codable, Hashable, Sendable {
  package var all = 0
  package var unanswered = 0
  package var silent = 0
  package var returned = 0
  package var unfound = 0
  package var untold = 0
  package var unmoved = 0
  package var moving = 0

  package subscript(_ show: ReferralShow) -> Int {
    switch show {
    case .all: all
    case .unanswered: unanswered
    case .silent: silent
    case .returned: returned
    case .unfound: unfound
    case .untold: untold
    case .unmoved: unmoved
    case .moving: moving
    }
  }

  package static func + (left: ReferralCounts, right: ReferralCounts) -> ReferralCounts {
    ReferralCounts(
      all: left.all + right.all, unanswered: left.unanswered + right.unanswered,
      silent: left.silent + right.silent, returned: left.returned + right.returned,
      unfound: left.unfound + right.unfound, untold: left.untold + right.untold,
      unmoved: left.unmoved + right.unmoved, moving: left.moving + right.moving)
  }
}

/// Judgement about hand-overs.
enum ReferralsRules {
  /// The area that answers for a home: its community, or the nearest place above that is known.
  static func area(of line: [Place]) -> Place? {
    line.last { $0.level.depth <= PlaceLevel.community.depth }
  }

  /// The start of the numbers of a district's help letters in a year, such as `370203-2022-`.
  static func letterPrefix(from district: Place, year: Int) -> String {
    "\(district.code ?? district.id.text)-\(year)-"
  }

  /// The number of a help letter, such as `370203-2022-0007`.
  static func letter(_ prefix: String, _ number: Int) -> String {
    let digits = String(number)
    return prefix + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// What may be done with a hand-over in a state.
  static func require(
    _ referral: Referral, in states: Set<Referral.State>, otherwise words: Words
  ) throws(Refusal) {
    if states.contains(referral.state) { return }
    throw Refusal(
      .conflict, "referral.state",
      Words(
        "该推送现为“\(referral.state.words.chinese)”，\(words.chinese)",
        "This hand-over is “\(referral.state.words.english)”; \(words.english)"),
      field: "referral")
  }

  /// Both sides of a move have to say so: whoever sent somebody off does not receive them.
  static func requireOtherSide(_ account: String, of journey: ReferralJourney) throws(Refusal) {
    guard journey.departedBy == account else { return }
    throw Refusal(
      .forbidden, "referral.bothSides",
      Words(
        "送出的人不能自己确认接收，请由接收点的人确认",
        "Whoever sent the person off does not confirm the arrival; somebody at the site does"),
      field: "referral")
  }
}

import Kernel

/// A person's colour with everything that explains it: no colour without rule, reason, unit and end
/// (RULES 8).
package struct PassStanding: Sendable {
  package let colour: CodeColour
  /// What decides it; nil when green.
  package let restriction: Restriction?
  /// Until when it holds if nothing else happens: then a code of it is worth nothing (I-13). Nil when
  /// nothing limits the person.
  package let holdsUntil: Instant?

  package init(colour: CodeColour, restriction: Restriction?, holdsUntil: Instant?) {
    self.colour = colour
    self.restriction = restriction
    self.holdsUntil = holdsUntil
  }
}

/// Judgement about codes, without any row.
package enum PassesRules {
  /// The colour of a person: a function of the restrictions that hold, and of nothing else (I-19).
  ///
  /// The highest colour decides, then the latest end. It holds until that restriction ends or, when
  /// an objection waits too long, is lifted.
  /// - Parameter colour: what the clause of a restriction says, in the edition that decided it.
  package static func standing(
    of restrictions: [Restriction], at now: Instant, colour: (Restriction) -> CodeColour
  ) -> PassStanding {
    let coloured = restrictions.map { (restriction: $0, colour: colour($0)) }
    guard let (deciding, colour) = RestrictionsRules.deciding(coloured, at: now) else {
      return PassStanding(colour: .green, restriction: nil, holdsUntil: nil)
    }
    let end = deciding.suspendsAt.map { min($0, deciding.end) } ?? deciding.end
    return PassStanding(colour: colour, restriction: deciding, holdsUntil: end)
  }

  /// From when and for how many minutes a code issued at a moment is valid; nil when less than a
  /// minute is left of what it says.
  ///
  /// - Parameter revoked: until when earlier codes of the person are revoked; the new one begins after.
  package static func validity(
    issuedAt now: Instant, hours: Int, holdsUntil: Instant?, revoked: Instant?
  ) -> (from: Instant, minutes: Int)? {
    let second = Instant(seconds: now.seconds)
    let from = revoked.map { max(second, Instant(seconds: $0.seconds + 1)) } ?? second
    let most = Int64(min(hours * 60, PassCode.mostMinutes))
    let left = holdsUntil.map { ($0 - from).inSeconds / 60 } ?? most
    let minutes = Int(min(most, left))
    return minutes < 1 ? nil : (from, minutes)
  }

  /// Whether codes that were issued before may still be shown and say something else by now.
  ///
  /// A worse colour always; a better one, too, and an earlier end: nobody is to be turned away by a
  /// code that says more than holds (I-13).
  package static func outdates(
    _ before: (colour: CodeColour, holdsUntil: Instant?), _ now: PassStanding, at moment: Instant,
    longestHours: Int
  ) -> Bool {
    if let end = before.holdsUntil, end <= moment {
      // All codes of it have ended with it; none is green, which has no end.
      return false
    }
    if before.colour != now.colour { return true }
    // Only what a code can still reach matters: those valid for hours do not see an end in days.
    let reach = moment + .hours(longestHours)
    let earlier = min(now.holdsUntil ?? reach, reach)
    return earlier < min(before.holdsUntil ?? reach, reach)
  }

  /// The days on which codes were issued that may be shown at a moment.
  package static func issuingDays(at now: Instant, longestHours: Int, zone: Zone) -> [Day] {
    let first = Day(of: now - .hours(longestHours), in: zone)
    let last = Day(of: now, in: zone)
    return (first.number...max(first.number, last.number)).map(Day.init(number:))
  }

  /// Whether somebody may show another's code: a child's, or that of somebody who agreed.
  package static func requireCare(
    childAge: Int?, isSameHome: Bool, consent: Bool, policy: PassesPolicy
  ) throws(Refusal) {
    if consent { return }
    if let childAge, childAge < policy.childBelowYears, isSameHome { return }
    throw Refusal(
      .invalid, "passes.consent",
      Words(
        "代为出示须本人同意；只有同住的 \(policy.childBelowYears) 岁以下儿童不需要，请先征得同意",
        "Another's code is shown with their consent; only children below \(policy.childBelowYears) of the same home need none. Ask them first"
      ), field: "consent")
  }
}

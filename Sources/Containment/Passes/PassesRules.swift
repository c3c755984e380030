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

/// A person's colours one after another, if nothing else happens: what codes say that are issued from
/// now on.
package struct PassCourse: Equatable, Sendable {
  package let colour: CodeColour
  /// Until when it holds; nil when green.
  package let holdsUntil: Instant?
  /// The colour that follows by itself.
  package let nextColour: CodeColour
  /// Until when that one holds; nil when green.
  package let nextUntil: Instant?

  package init(
    colour: CodeColour, holdsUntil: Instant?, nextColour: CodeColour = .green,
    nextUntil: Instant? = nil
  ) {
    self.colour = colour
    self.holdsUntil = holdsUntil
    self.nextColour = nextColour
    self.nextUntil = nextUntil
  }

  /// Whom nothing limits.
  package static let green = PassCourse(colour: .green, holdsUntil: nil)

  /// What codes said that were issued just before a moment. The clock need not have come round since
  /// one colour ended and the next began.
  package func said(before moment: Instant) -> (colour: CodeColour, holdsUntil: Instant?) {
    guard let holdsUntil, holdsUntil <= moment else { return (colour, holdsUntil) }
    return (nextColour, nextUntil)
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

  /// The colours of a person from now on, as the restrictions say that hold now.
  package static func course(
    of restrictions: [Restriction], at now: Instant, colour: (Restriction) -> CodeColour
  ) -> (standing: PassStanding, course: PassCourse) {
    let standing = standing(of: restrictions, at: now, colour: colour)
    let next = standing.holdsUntil.map { Self.standing(of: restrictions, at: $0, colour: colour) }
    return (
      standing,
      PassCourse(
        colour: standing.colour, holdsUntil: standing.holdsUntil,
        nextColour: next?.colour ?? .green, nextUntil: next?.holdsUntil)
    )
  }

  /// Since when a person has had the colour of now, told what was known of them before.
  package static func since(
    _ told: (course: PassCourse, since: Instant)?, _ colour: CodeColour, at now: Instant
  ) -> Instant {
    guard let told, told.course.said(before: now).colour == colour else { return now }
    // What followed by itself began when the one before ended, unless it is the same.
    if told.course.colour == colour { return told.since }
    return told.course.holdsUntil.map { min($0, now) } ?? now
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
  /// - Parameter before: what codes said that were issued just before (``PassCourse/said(before:)``).
  package static func outdates(
    _ before: (colour: CodeColour, holdsUntil: Instant?), _ now: PassStanding, at moment: Instant,
    longestHours: Int
  ) -> Bool {
    if let end = before.holdsUntil, end <= moment {
      // All codes of it have ended with it. Whoever fetched one since was told green.
      return now.colour != .green
    }
    if before.colour != now.colour { return true }
    // Only what a code can still reach matters: those valid for hours do not see an end in days.
    let reach = moment + .hours(longestHours)
    let earlier = min(now.holdsUntil ?? reach, reach)
    return earlier < min(before.holdsUntil ?? reach, reach)
  }

  /// The days of which codes may be shown at a moment, or be issued by whoever reads while a change of
  /// that moment is being saved.
  ///
  /// - Parameter aheadSeconds: for how long after it somebody may still issue by what held before.
  package static func issuingDays(
    at now: Instant, longestHours: Int, aheadSeconds: Int, zone: Zone
  ) -> [Day] {
    let first = Day(of: now - .hours(longestHours), in: zone)
    let last = Day(of: now + .seconds(aheadSeconds), in: zone)
    return (first.number...max(first.number, last.number)).map(Day.init(number:))
  }

  /// Until when the codes of a day's bearer are revoked by a change of a moment.
  ///
  /// Those of a day that is over then all begin before the next one does. They are revoked until the same
  /// moment whoever it is: the second of the change, on two entries, would tell that they are one person.
  /// - Parameter earlier: until when they are revoked already; the next code begins right after it.
  package static func revokedUntil(
    of day: Day, at now: Instant, aheadSeconds: Int, earlier: Instant?, zone: Zone
  ) -> Instant {
    let ahead = Instant(seconds: now.seconds) + .seconds(aheadSeconds)
    if day < Day(of: ahead, in: zone) {
      return (day + 1).start(in: zone) + .seconds(aheadSeconds)
    }
    return earlier.map { max(ahead, Instant(seconds: $0.seconds + 1)) } ?? ahead
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

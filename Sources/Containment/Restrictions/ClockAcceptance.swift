import Gazette
import Kernel

/// Notes that somebody at the machine believed its clock after a jump. Whoever moves the clock moves every end
/// and every limit of a day, and one person at the machine can do it: it stands in the journal and in the public
/// figures at once, and the auditor looks into it.
package struct NoteClockAccepted: Command {
  package static let name = "restrictions.noteClock"
  package static let duty: Duty = .clockOnly
  /// What the auditor's obligation is about.
  package static let subject = "clock"
  /// By how many seconds it was ahead of what was expected; below zero when it was behind.
  package let seconds: Int

  package init(seconds: Int) { self.seconds = seconds }

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Done {
    try work.record(ClockAccepted(seconds: seconds))
    let owed = try ObligationStore(work.transaction).owed(
      RestrictionDuties.clock.name, about: Self.subject)
    if owed.isEmpty, let place = try work.firstDistrict() {
      try work.oblige(
        RestrictionDuties.clock, about: Self.subject, at: place,
        by: work.now + .minutes(try work.policy(AcceptedClockPolicy.self).lookMinutes))
    }
    return Done()
  }
}

/// How soon somebody looks into a clock that was believed by hand after a jump.
package struct AcceptedClockPolicy: PolicySection {
  package static let key = "accepted_clock"
  package let lookMinutes: Int

  private enum CodingKeys: String, CodingKey { case lookMinutes = "look_minutes" }

  /// Within a day: until then whatever it moved counts.
  package var faults: [Words] {
    PolicyBound("look_minutes", 1...1_440).fault(lookMinutes).map { [$0] } ?? []
  }
}

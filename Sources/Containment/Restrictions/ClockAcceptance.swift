import Gazette
import Kernel

/// Notes that somebody at the machine believed its clock after a jump. Whoever moves the clock moves every end
/// and every limit of a day, and one person at the machine can do it: it stands in the journal and in the public
/// figures at once, and the auditor looks into it.
package struct NoteClockAccepted: Command {
  package static let name = "restrictions.noteClock"
  /// Whoever answers for the journal answers for its times.
  package static let duty: Duty = KeepJournal.duty
  /// What the auditor's obligation is about.
  package static let subject = "clock"
  /// By how many seconds it was ahead of what was expected; below zero when it was behind.
  package let seconds: Int

  package init(seconds: Int) { self.seconds = seconds }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Done {
    try Self.require(work.authority)
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

  /// Checks that somebody may accept the clock: it is the machine's, and has no place.
  package static func require(_ authority: Authority) throws(Refusal) {
    guard authority.offices.contains(where: { $0.duties.contains(duty) }) else {
      throw authority.refusal(duty)
    }
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

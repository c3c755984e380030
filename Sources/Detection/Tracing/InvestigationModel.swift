import Gazette
import Kernel

/// What is being found out about one case: since when it was infectious, where it went, whom it met.
package struct Investigation: Sendable {
  package let infection: CaseID
  package let person: PersonID
  package let place: PlaceID
  package let path: PlacePath
  package var reportedAt: Instant
  package var onsetOn: Day?
  package var sampledAt: Instant?
  /// Since when the case meets nobody, nil while nobody has said.
  package var isolatedAt: Instant?
  /// From when until when others were at risk.
  package var window: TimeSpan
  package let openedAt: Instant
  package var computedAt: Instant?
  package var concludedAt: Instant?
  package var withdrawnAt: Instant?
}

extension Investigation {
  /// An investigation as it is opened.
  init(
    infection: CaseID, person: PersonID, place: PlaceID, path: PlacePath, reportedAt: Instant,
    onsetOn: Day?, sampledAt: Instant?, window: TimeSpan, openedAt: Instant
  ) {
    self.init(
      infection: infection, person: person, place: place, path: path, reportedAt: reportedAt,
      onsetOn: onsetOn, sampledAt: sampledAt, isolatedAt: nil, window: window,
      openedAt: openedAt, computedAt: nil, concludedAt: nil, withdrawnAt: nil)
  }
}

/// From when until when a case puts others at risk.
package enum InvestigationRules {
  /// From the beginning of the day so many days before onset or first positive sample, whichever
  /// is earlier, until isolation (RULES 5 i); from the report when neither is known.
  package static func window(
    reportedAt: Instant, onsetOn: Day?, sampledAt: Instant?, isolatedAt: Instant?,
    policy: ContactsPolicy, zone: Zone
  ) -> TimeSpan {
    let known = [onsetOn, sampledAt.map { Day(of: $0, in: zone) }].compactMap { $0 }
    let first = known.min() ?? Day(of: reportedAt, in: zone)
    let start = (first - policy.windowDaysBefore).start(in: zone)
    let end = isolatedAt ?? reportedAt + .hours(policy.assumedIsolatedHours)
    return TimeSpan(start, max(start, end))
  }
}

import Kernel

/// What measures ask central isolation of a person, and until when: the one place where a site asks
/// whether somebody is held. It reads and ends nothing.
struct CentralIsolation {
  /// The measure that asks longest.
  let restriction: Restriction
  /// Until when it is asked without a break.
  let until: Instant

  /// What holds at a moment; nil when nothing asks it.
  static func holding(
    _ person: PersonID, at now: Instant, in transaction: any Transaction
  ) throws -> CentralIsolation? {
    let store = RestrictionsStore(transaction)
    return try store.effective(for: person, at: now).compactMap { restriction in
      let phases = try store.phases(of: restriction.id)
      guard let until = end(of: phases, from: now) else { return nil }
      return CentralIsolation(restriction: restriction, until: until)
    }.max { ($0.until, $0.restriction.id) < ($1.until, $1.restriction.id) }
  }

  /// Until when phases that follow one another ask it, from a moment on.
  static func end(of phases: [RestrictionPhase], from now: Instant) -> Instant? {
    var end: Instant?
    for phase in phases where phase.kind == .centralIsolation {
      if let reached = end {
        if phase.from <= reached { end = max(reached, phase.until) }
      } else if phase.from <= now && now < phase.until {
        end = phase.until
      }
    }
    return end
  }

  /// From when a measure asks it no longer: its end, that of its last central phase, or the moment
  /// from which an objection has lifted it.
  static func freeFrom(
    _ restriction: Restriction, _ phases: [RestrictionPhase], at now: Instant
  ) -> Instant {
    let central = phases.filter { $0.kind == .centralIsolation }.map(\.until).max()
    let ends = [central, restriction.endedAt, restriction.suspendsAt, restriction.end]
    return min(ends.compactMap { $0 }.min() ?? now, now)
  }
}

/// Everything that a release asks, found out for one stay.
struct ReleaseFinder {
  let transaction: any Transaction
  let rules: Rulebook
  let now: Instant

  func finding(of stay: SiteStay) throws -> ReleaseFinding {
    let held = try CentralIsolation.holding(stay.person, at: now, in: transaction)
    let basis =
      try held?.restriction
      ?? stay.restriction.flatMap {
        try RestrictionsStore(transaction).find($0)
      }
    return ReleaseFinding(
      until: held?.until, tests: try basis.map { try tests(of: stay, under: $0) } ?? [],
      isNoticeGiven: stay.noticeAt != nil && basis?.id == stay.restriction,
      isOwnWill: basis == nil)
  }

  /// The scheduled tests of the central phases for which the site has to answer: those after the
  /// arrival.
  private func tests(
    of stay: SiteStay, under restriction: Restriction
  ) throws -> [ReleaseFinding.Test] {
    guard let arrived = stay.arrivedAt, let clause = rules.clause(of: restriction),
      let plan = RestrictionsRules.plan(
        clause, countedFrom: restriction.countedFrom, start: restriction.start, zone: rules.zone)
    else { return [] }
    let phases = try RestrictionsStore(transaction).phases(of: restriction.id)
    guard let end = phases.filter({ $0.kind == .centralIsolation }).map(\.until).max() else {
      return []
    }
    let days = plan.steps.filter {
      $0.kind == .test && $0.deadline > arrived && $0.deadline <= end
    }.map(\.day)
    guard let first = days.min() else { return [] }
    return IsolationRules.tests(
      on: days, dayZero: Day(of: restriction.countedFrom, in: rules.zone),
      results: try StaysStore(transaction).results(
        of: stay.person, since: first.start(in: rules.zone)),
      today: Day(of: now, in: rules.zone), zone: rules.zone)
  }
}

import Gazette
import Kernel
import Registry

/// Who decides on a restriction.
struct RestrictionDecision {
  let issuer: String
  let issuerOrganisations: String
  let approver: String?

  /// A rule decided from evidence; no office did.
  static let rules = RestrictionDecision(
    issuer: Restriction.ruleEngine, issuerOrganisations: "", approver: nil)
}

extension Work {
  private var restrictions: RestrictionsStore { RestrictionsStore(transaction) }
  private var evidence: EvidenceStore { EvidenceStore(transaction) }

  /// The section in force and its edition, nil when no edition in force speaks of restrictions.
  func restrictionsInForce() throws(Refusal) -> (
    section: RestrictionsPolicy, edition: PolicyEdition
  )? { try editionIfAny() }

  /// A section in force and its edition, nil when no edition in force has it.
  func editionIfAny<Section: PolicySection>(
    _ type: Section.Type = Section.self
  ) throws(Refusal) -> (section: Section, edition: PolicyEdition)? {
    do {
      return try edition(type)
    } catch {
      if error.code == "policy.none" { return nil }
      throw error
    }
  }

  /// Lets a person's restriction under a clause rest on a piece of evidence: the one that runs is
  /// counted anew, or a new one starts.
  ///
  /// - Returns: the restriction, nil when all that the clause asks is past already.
  @discardableResult
  func restrict(
    _ noted: NotedEvidence, under clause: RestrictionsPolicy.Clause, of edition: PolicyEdition,
    _ policy: RestrictionsPolicy, by decision: RestrictionDecision, id: RestrictionID? = nil
  ) throws -> RestrictionID? {
    try evidence.note(noted, at: now)
    let running = try restrictions.running(for: noted.person, at: now)
    // Two files that were merged keep a restriction each, so that parting them again parts these.
    if let same = running.first(where: {
      $0.clause == clause.id && $0.person == noted.person
    }) {
      try evidence.attach(noted, to: same.id, at: now)
      try record(
        RestrictionEvidenceChanged(
          restriction: same.id, evidence: noted.evidence, withdrawn: false))
      return try recount(same, under: clause, of: edition, policy)
    }
    return try start(
      noted, under: clause, of: edition, policy, by: decision, id: id, also: [])
  }

  private func start(
    _ noted: NotedEvidence, under clause: RestrictionsPolicy.Clause, of edition: PolicyEdition,
    _ policy: RestrictionsPolicy, by decision: RestrictionDecision, id: RestrictionID?,
    also others: [NotedEvidence]
  ) throws -> RestrictionID? {
    guard
      let plan = RestrictionsRules.plan(
        clause, countedFrom: noted.countedFrom, start: now, zone: zone),
      let first = plan.phases.first
    else { return nil }
    for past in try restrictions.past(for: noted.person, under: clause.id, at: now) {
      try end(past, because: .expired, at: past.end)
    }
    let home = try ResidentsStore(transaction).current(noted.person)
    let restriction = Restriction(
      id: id ?? newID(), person: noted.person, kind: first.kind, clause: clause.id,
      edition: edition.reference, evidence: noted.evidence, issuer: decision.issuer,
      issuerOrganisations: decision.issuerOrganisations, approver: decision.approver,
      place: home?.home ?? noted.place, path: home?.path ?? noted.path, start: now, end: plan.end,
      limit: plan.limit, countedFrom: noted.countedFrom, appeal: policy.appeal.chinese,
      openedUntil: now, suspendsAt: nil, endedAt: nil, endReason: nil)
    try restrictions.insert(restriction)
    try restrictions.replacePhases(of: restriction.id, with: plan.phases)
    for piece in [noted] + others {
      try evidence.attach(piece, to: restriction.id, at: now)
    }
    try record(
      RestrictionStarted(
        restriction: restriction.id, person: restriction.person, kind: first.kind.rawValue,
        clause: clause.id, end: plan.end, dayZero: Day(of: noted.countedFrom, in: zone)))
    try oblige(
      RestrictionDuties.notify, restriction, by: now + .minutes(policy.noticeMinutes))
    if let hours = clause.transferHours, first.kind == .centralIsolation {
      try oblige(RestrictionDuties.transfer, restriction, by: now + .hours(hours))
    }
    try open(restriction, plan, until: horizon(policy))
    return restriction.id
  }

  /// Counts a running restriction from the latest of what it rests on: a later end, an earlier one,
  /// or a new restriction when the later end exceeds what the clause allows from its start (I-12).
  ///
  /// Its days are those of the version that decided it, which the person reads: another edition that
  /// has come into force since changes them in no direction. What is decided anew, because it would
  /// end too late, is decided by the edition in force.
  @discardableResult
  func recount(
    _ restriction: Restriction, under clause: RestrictionsPolicy.Clause, of edition: PolicyEdition,
    _ policy: RestrictionsPolicy
  ) throws -> RestrictionID? {
    let holding = try evidence.holding(restriction.id)
    guard let latest = holding.first else {
      try end(restriction, because: .evidenceWithdrawn)
      return nil
    }
    guard
      let plan = RestrictionsRules.plan(
        rules.clause(of: restriction) ?? clause, countedFrom: latest.countedFrom,
        start: restriction.start, zone: zone),
      plan.end > now
    else {
      try end(restriction, because: .evidenceWithdrawn)
      return nil
    }
    if plan.end > restriction.limit {
      try end(restriction, because: .renewed)
      let decision = RestrictionDecision(
        issuer: restriction.issuer, issuerOrganisations: restriction.issuerOrganisations,
        approver: restriction.approver)
      return try start(
        latest, under: clause, of: edition, policy, by: decision, id: nil,
        also: Array(holding.dropFirst()))
    }
    // Another day may end on the same one; what is asked on each day is another thing all the same.
    let isSameDay =
      Day(of: latest.countedFrom, in: zone) == Day(of: restriction.countedFrom, in: zone)
    if plan.end == restriction.end && isSameDay { return restriction.id }
    let before = try restrictions.phases(of: restriction.id)
    try restrictions.move(restriction.id, end: plan.end, countedFrom: latest.countedFrom)
    try restrictions.replacePhases(of: restriction.id, with: keep(before, in: plan.phases))
    try record(
      RestrictionMoved(
        restriction: restriction.id, person: restriction.person, end: plan.end,
        dayZero: Day(of: latest.countedFrom, in: zone)))
    try waiveUnplanned(restriction, plan)
    try openAnew(daysOf: restriction.person)
    try open(restriction, plan, until: max(horizon(policy), restriction.openedUntil))
    return restriction.id
  }

  /// Who was moved to an isolation site stays there when only the count of days has changed.
  private func keep(
    _ before: [RestrictionPhase], in planned: [RestrictionPhase]
  ) -> [RestrictionPhase] {
    guard let present = before.first(where: { $0.from <= now && now < $0.until }),
      present.kind == .centralIsolation
    else { return planned }
    return RestrictionsRules.centralised(planned, from: present.from, at: now) ?? planned
  }

  /// The restrictions that nobody has ended and that rest, among others, on a piece of evidence.
  func running(restingOn evidence: Evidence) throws -> [Restriction] {
    try self.evidence.restrictions(restingOn: evidence).map { try restrictions.get($0) }
      .filter { $0.end > now }
  }

  /// Ends a restriction and lets fall what is still owed about it.
  func end(_ restriction: Restriction, because reason: EndReason, at: Instant? = nil) throws {
    try restrictions.end(
      restriction.id, at: at ?? now, reason: reason, by: authority.sender.text)
    for obligation in try ObligationStore(transaction).about(restriction.id.text)
    where obligation.isOwed && obligation.kind != RestrictionDuties.medical.name {
      try waive(obligation, reason: reason.rawValue)
    }
    try record(
      RestrictionEnded(
        restriction: restriction.id, person: restriction.person, reason: reason.rawValue))
    if reason == .objectionUpheld
      || (reason == .evidenceWithdrawn && restriction.evidence.kind != .contact)
    {
      try noteFreed(restriction)
    }
    try openAnew(daysOf: restriction.person)
  }

  /// Lets the clock look again at what a person's restrictions ask each day: what one of them asked
  /// for several is asked for another one from now on.
  func openAnew(daysOf person: PersonID) throws {
    for running in try restrictions.running(for: person, at: now) where running.openedUntil > now {
      try restrictions.noteOpened(running.id, until: now)
    }
  }

  /// Lets everything that is asked of a person follow to the person's home.
  func follow(_ person: PersonID) throws {
    let residents = ResidentsStore(transaction)
    guard let home = try residents.current(person) else { return }
    for restriction in try restrictions.running(for: person, at: now)
    where restriction.place != home.home {
      try record(
        RestrictionRelocated(
          restriction: restriction.id, from: restriction.place, to: home.home))
    }
    try restrictions.move(allOf: person, to: home.home, home.path)
    for id in try residents.identifiers(of: person) {
      try ObjectionsStore(transaction).move(requestsAbout: id, to: home.home, home.path)
    }
  }

  /// Lets fall what is asked twice of a person at one hour since two files were merged.
  func waiveTwice(of person: PersonID) throws {
    let daily = [RestrictionDuties.test.name, RestrictionDuties.health.name]
    var asked: Set<StepKey> = []
    for restriction in try restrictions.running(for: person, at: now) {
      for obligation in try ObligationStore(transaction).about(restriction.id.text)
      where obligation.isOwed && daily.contains(obligation.kind) && obligation.deadline > now {
        if asked.insert(StepKey(obligation.kind, obligation.deadline)).inserted { continue }
        try waive(obligation, reason: EndReason.noLongerNeeded.rawValue)
      }
    }
  }

  /// The end of the last day for which daily obligations are opened.
  func horizon(_ policy: RestrictionsPolicy) -> Instant {
    (today + policy.horizonDays).end(in: zone)
  }

  /// Opens what is planned up to a moment and not open yet; asking twice changes nothing.
  func open(_ restriction: Restriction, _ plan: RestrictionPlan, until: Instant) throws {
    var asked = try AskedDays(of: [restriction], in: self)
    try ask(restriction, plan, until: until, &asked)
    try restrictions.noteOpened(restriction.id, until: until)
  }

  /// Asks what is planned up to a moment and not asked yet.
  func ask(
    _ restriction: Restriction, _ plan: RestrictionPlan, until: Instant, _ asked: inout AskedDays
  ) throws {
    for step in plan.steps where step.deadline > now && step.deadline <= until {
      let kind = step.kind == .test ? RestrictionDuties.test : RestrictionDuties.health
      guard asked.ask(kind, of: restriction.person, by: step.deadline) else { continue }
      try oblige(kind, restriction, by: step.deadline)
    }
  }

  private struct StepKey: Hashable {
    let kind: String
    let deadline: Instant

    init(_ kind: String, _ deadline: Instant) {
      self.kind = kind
      self.deadline = deadline
    }
  }

  /// Lets fall what was opened and is no longer planned after the count has moved.
  private func waiveUnplanned(_ restriction: Restriction, _ plan: RestrictionPlan) throws {
    let planned = Set(
      plan.steps.map { step in
        StepKey(
          step.kind == .test ? RestrictionDuties.test.name : RestrictionDuties.health.name,
          step.deadline)
      })
    let daily = [RestrictionDuties.test.name, RestrictionDuties.health.name]
    for obligation in try ObligationStore(transaction).about(restriction.id.text)
    where obligation.isOwed && daily.contains(obligation.kind) && obligation.deadline > now {
      if planned.contains(StepKey(obligation.kind, obligation.deadline)) { continue }
      try waive(obligation, reason: EndReason.noLongerNeeded.rawValue)
    }
  }

  @discardableResult
  func oblige(
    _ kind: ObligationKind, _ restriction: Restriction, by deadline: Instant
  ) throws -> ObligationID {
    try oblige(
      kind, about: restriction.id.text, person: restriction.person, at: restriction.place,
      by: deadline)
  }
}

import Gazette
import Kernel

/// What tracing does when a case is reported, put right or withdrawn.
enum TracingReactions {
  static let all: [Reaction] = [
    .on(CaseReported.self, open), .on(CaseWithdrawn.self, withdraw),
    .on(ObligationDone.self, conclude),
  ]

  /// The steps of an investigation and by when each is due.
  static func steps(
    _ clocks: ContactsPolicy.Clocks, from reportedAt: Instant
  ) -> [(kind: ObligationKind, deadline: Instant)] {
    [
      (TracingObligations.trajectory, reportedAt + .hours(clocks.trajectoryHours)),
      (TracingObligations.contacts, reportedAt + .hours(clocks.movedHours)),
      (TracingObligations.conclude, reportedAt + .hours(clocks.completeHours)),
    ]
  }

  private static func open(_ fact: CaseReported, in work: Work) throws {
    guard let policy = try work.contactsPolicy(), policy.determined else { return }
    try closeContact(of: fact.person, in: work)
    let store = InvestigationStore(work.transaction)
    if let known = try store.find(fact.infection) {
      return try update(known, with: fact, under: policy, in: work)
    }
    guard let path = try work.jurisdiction.path(fact.district, work.transaction) else {
      throw Refusal.notFound(Words("地点", "place"), fact.district.text, field: "district")
    }
    let window = InvestigationRules.window(
      reportedAt: fact.reportedAt, onsetOn: fact.onsetOn, sampledAt: fact.sampledAt,
      isolatedAt: nil, policy: policy, zone: work.zone)
    try store.open(
      Investigation(
        infection: fact.infection, person: fact.person, place: fact.district, path: path,
        reportedAt: fact.reportedAt, onsetOn: fact.onsetOn, sampledAt: fact.sampledAt,
        window: window, openedAt: work.now))
    try work.record(
      InvestigationOpened(
        infection: fact.infection, windowStart: window.from, windowEnd: window.to))
    for (kind, deadline) in steps(policy.clocks, from: fact.reportedAt) {
      try work.oblige(
        kind, about: fact.infection.text, person: fact.person, at: fact.district, by: deadline)
    }
    try work.recompute(fact.infection)
  }

  /// The same case reported again, converted or with better dates, keeps its investigation.
  private static func update(
    _ known: Investigation, with fact: CaseReported, under policy: ContactsPolicy, in work: Work
  ) throws {
    var changed = known
    changed.onsetOn = fact.onsetOn ?? known.onsetOn
    changed.sampledAt = fact.sampledAt ?? known.sampledAt
    try work.setWindow(of: changed, before: known.window, under: policy)
  }

  /// Becoming a case ends the contact's clock.
  private static func closeContact(of person: PersonID, in work: Work) throws {
    guard let live = try ContactsStore(work.transaction).live(person) else { return }
    try work.close(live, as: .becameCase, reason: Contact.State.becameCase.rawValue)
  }

  private static func withdraw(_ fact: CaseWithdrawn, in work: Work) throws {
    let store = InvestigationStore(work.transaction)
    guard let known = try store.find(fact.infection), known.withdrawnAt == nil else { return }
    try store.withdraw(fact.infection, at: work.now)
    for kind in TracingObligations.all {
      try work.waive(kind, about: fact.infection.text, reason: "case_withdrawn")
    }
    let contacts = ContactsStore(work.transaction)
    let touched = try contacts.ofCase(fact.infection).filter(\.state.isLive)
    try contacts.removeExposures(to: fact.infection)
    for contact in touched { try work.refresh(contact) }
  }

  /// The last step of an investigation being done concludes it.
  private static func conclude(_ fact: ObligationDone, in work: Work) throws {
    guard fact.kind == TracingObligations.conclude.name else { return }
    let infection = CaseID(trusted: fact.about)
    try InvestigationStore(work.transaction).conclude(infection, at: work.now)
    try work.record(InvestigationConcluded(infection: infection))
  }
}

extension Work {
  /// What makes a contact today; nil when no edition in force says anything of contacts.
  func contactsPolicy() throws -> ContactsPolicy? {
    do {
      return try policy(ContactsPolicy.self)
    } catch let refusal where refusal.code == "policy.none" {
      return nil
    }
  }

  /// Asks for a case's contacts to be computed after this transaction, once however often asked.
  func recompute(_ infection: CaseID) throws {
    guard try InvestigationStore(transaction).markStale(infection) else { return }
    try send(ComputeContacts(infection: infection))
  }

  /// Asks for every case to be computed that something in a span may concern.
  func recompute(touchedBy span: TimeSpan) throws {
    for infection in try InvestigationStore(transaction).touched(by: span) {
      try recompute(infection)
    }
  }

  /// Draws the window of a case anew from what is known of its dates.
  func setWindow(
    of investigation: Investigation, before: TimeSpan, under policy: ContactsPolicy
  ) throws {
    var changed = investigation
    changed.window = InvestigationRules.window(
      reportedAt: changed.reportedAt, onsetOn: changed.onsetOn, sampledAt: changed.sampledAt,
      isolatedAt: changed.isolatedAt, policy: policy, zone: zone)
    try InvestigationStore(transaction).setWindow(changed)
    guard changed.window != before else { return }
    try record(
      WindowChanged(
        infection: changed.infection, windowStart: changed.window.from,
        windowEnd: changed.window.to))
    try recompute(changed.infection)
  }
}

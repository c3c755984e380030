import Gazette
import Kernel
import Registry

/// What tracing does when a case is reported, put right or withdrawn.
enum TracingReactions {
  static let all: [Reaction] =
    CaseDoubts.reactions + [
      .on(CaseReported.self, open),
      .on(CaseConverted.self) { try update($0.infection, $0.standing, in: $1) },
      .on(CaseCorrected.self) { try update($0.infection, $0.standing, in: $1) },
      .on(CaseWithdrawn.self, withdraw), .on(ObligationDone.self, stepDone),
      .on(ResidentMoved.self) { fact, work in
        if fact.from != fact.to { try work.moveContacts(of: fact.person) }
      },
      .on(ResidentsMerged.self) { fact, work in
        try filesChanged(of: [fact.survivor], in: work)
        try work.foldContacts(of: fact.survivor)
      },
      .on(ResidentsUnmerged.self) { fact, work in
        try filesChanged(of: [fact.survivor, fact.merged], in: work)
        for person in [fact.merged, fact.survivor] {
          try work.unfoldContacts(of: person)
          // Whose case it was is told by the files that are two again.
          try work.send(ReturnContact(person: person))
        }
      },
    ]

  /// The steps of an investigation and by when each is due.
  static func steps(
    _ clocks: ContactsPolicy.Clocks, from reportedAt: Instant
  ) -> [(kind: ObligationKind, deadline: Instant)] {
    [
      (TracingObligations.trajectory, reportedAt + .hours(clocks.trajectoryHours)),
      (TracingObligations.contacts, reportedAt + .hours(clocks.movedHours)),
    ]
  }

  private static func open(_ fact: CaseReported, in work: Work) throws {
    let edition = try work.contactsPolicy(reportedAt: fact.reportedAt, openedAt: work.now)
    guard let policy = edition, policy.determined else { return }
    try work.closeContact(of: fact.person)
    let store = InvestigationStore(work.transaction)
    guard try store.find(fact.infection) == nil else { return }
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
    try work.recompute(fact.infection)
    // Nobody is sent for what a file tells of weeks ago.
    let history = try work.policy(CasePolicy.self).historyAfterHours
    guard work.now - fact.reportedAt <= .hours(history) else { return }
    for (kind, deadline) in steps(policy.clocks, from: fact.reportedAt) {
      try work.oblige(
        kind, about: fact.infection.text, person: fact.person, at: fact.district, by: deadline)
    }
  }

  /// A case that was converted, or put right, keeps its investigation with another window.
  private static func update(
    _ infection: CaseID, _ standing: CaseStanding?, in work: Work
  ) throws {
    guard let standing, let known = try InvestigationStore(work.transaction).find(infection),
      let policy = try work.contactsPolicy(for: known), policy.determined
    else { return }
    var changed = known
    changed.reportedAt = standing.reportedAt
    changed.onsetOn = standing.onsetOn
    changed.sampledAt = standing.sampledAt
    try work.setWindow(of: changed, before: known.window, under: policy)
    guard standing.district != known.place,
      let path = try work.jurisdiction.path(standing.district, work.transaction)
    else { return }
    // The district in which the person lives investigates.
    try InvestigationStore(work.transaction).move(infection, to: standing.district, path)
    for kind in TracingObligations.steps {
      try work.move(kind, about: infection.text, to: standing.district)
    }
  }

  /// Files became one person's, or are no longer: what concerns them is looked at anew.
  private static func filesChanged(of people: [PersonID], in work: Work) throws {
    let contacts = ContactsStore(work.transaction)
    var cases: Set<CaseID> = []
    for person in people {
      try work.moveContacts(of: person)
      cases.formUnion(
        try InvestigationStore(work.transaction).about(person).map(\.infection))
      for contact in try contacts.all(of: person) {
        cases.formUnion(try contacts.exposures(of: contact.id).map(\.infection))
      }
    }
    for infection in cases.sorted() { try work.recompute(infection) }
  }

  private static func withdraw(_ fact: CaseWithdrawn, in work: Work) throws {
    let store = InvestigationStore(work.transaction)
    guard let known = try store.find(fact.infection), known.withdrawnAt == nil else { return }
    try store.withdraw(fact.infection, at: work.now)
    for kind in TracingObligations.steps {
      try work.waive(kind, about: fact.infection.text, reason: "case_withdrawn")
    }
    let contacts = ContactsStore(work.transaction)
    let touched = try contacts.ofCase(fact.infection).filter(\.state.isLive)
    try contacts.removeExposures(to: fact.infection)
    // Those who act on them may have put them down to the case that is none: they are told anew.
    for var contact in touched {
      // Nobody is let go because of a case that was none: where nothing is left of what was confirmed,
      // the weaker kind holds that whoever decided saw as well.
      if let confirmed = contact.confirmedKind, contact.state == .confirmed {
        let left = try work.standing(try contacts.exposures(of: contact.id))
        contact.confirmedKind = ContactsRules.kept(confirmed, by: left)
        if contact.confirmedKind != confirmed { contact.toldLastAt = nil }
      }
      try work.refreshAndTell(contact)
    }
    // Once those who act on the case have let go of the person: who is treated is no contact.
    try work.send(ReturnContact(person: fact.person))
  }

  private static func stepDone(_ fact: ObligationDone, in work: Work) throws {
    let store = InvestigationStore(work.transaction)
    guard var known = try store.find(CaseID(trusted: fact.about)) else { return }
    switch fact.kind {
    case Cases.investigate.name:
      try store.conclude(known.infection, at: work.now)
      try work.record(InvestigationConcluded(infection: known.infection))
      try conclude(known, in: work)
    case Cases.transfer.name:
      // Whoever has arrived at the hospital meets nobody any more.
      guard known.isolatedAt == nil, let policy = try work.contactsPolicy(for: known) else {
        return
      }
      known.isolatedAt = work.now
      try work.setWindow(of: known, before: known.window, under: policy)
    default:
      return
    }
  }
}

extension TracingReactions {
  /// With the whole done, its steps are: nobody owes the trajectory of a concluded investigation.
  /// Contacts that nobody has decided still wait, and that step stays owed.
  fileprivate static func conclude(_ known: Investigation, in work: Work) throws {
    let about = known.infection.text
    let proof = ["by": Cases.investigate.name]
    try work.discharge(TracingObligations.trajectory, about: about, proof: proof)
    if try ContactsStore(work.transaction).countProposed(of: known.infection) == 0 {
      try work.discharge(TracingObligations.contacts, about: about, proof: proof)
    }
  }
}

extension Work {
  /// Becoming a case ends the contact's clock, under whichever of the person's identifiers.
  func closeContact(of person: PersonID) throws {
    for live in try ContactsStore(transaction).all(of: person) where live.state.isLive {
      try close(live, as: .becameCase, reason: Contact.State.becameCase.rawValue)
    }
  }

  /// Lets the live contacts that a person is follow to the person's home.
  fileprivate func moveContacts(of person: PersonID) throws {
    let residents = ResidentsStore(transaction)
    guard let home = try residents.current(person) else { return }
    for id in try residents.identifiers(of: person) {
      try ContactsStore(transaction).move(id, to: home.home, home.path)
    }
  }

  /// What makes a contact of a case; nil when no edition in force says anything of contacts.
  func contactsPolicy(for investigation: Investigation) throws -> ContactsPolicy? {
    try contactsPolicy(
      reportedAt: investigation.reportedAt, openedAt: investigation.openedAt)
  }

  /// Today's edition decides. What a file told of long before is judged as it was then, by the
  /// edition of the day of the report.
  func contactsPolicy(reportedAt: Instant, openedAt: Instant) throws -> ContactsPolicy? {
    let history = try policy(CasePolicy.self).historyAfterHours
    let wasHistory = openedAt - reportedAt > .hours(history)
    do {
      return try policy(
        ContactsPolicy.self, on: wasHistory ? Day(of: reportedAt, in: zone) : nil)
    } catch let refusal where refusal.code == "policy.none" {
      return nil
    }
  }

  /// Asks for a case's contacts to be computed after this transaction, once however often asked.
  func recompute(_ infection: CaseID, at due: Instant? = nil) throws {
    guard try InvestigationStore(transaction).markStale(infection) else { return }
    try send(ComputeContacts(infection: infection), at: due)
  }

  /// Asks for every case to be computed that something in a span may concern.
  func recompute(touchedBy span: TimeSpan, at due: Instant? = nil) throws {
    for infection in try InvestigationStore(transaction).touched(by: span) {
      try recompute(infection, at: due)
    }
  }

  /// Draws the window of a case anew from what is known of its dates. An edition that determines no
  /// contacts knows of no window: the one that was drawn stays.
  func setWindow(
    of investigation: Investigation, before: TimeSpan, under policy: ContactsPolicy
  ) throws {
    var changed = investigation
    if policy.determined {
      changed.window = InvestigationRules.window(
        reportedAt: changed.reportedAt, onsetOn: changed.onsetOn, sampledAt: changed.sampledAt,
        isolatedAt: changed.isolatedAt, policy: policy, zone: zone)
    }
    try InvestigationStore(transaction).setWindow(changed)
    guard changed.window != before else { return }
    try record(
      WindowChanged(
        infection: changed.infection, windowStart: changed.window.from,
        windowEnd: changed.window.to))
    try meetAgain(changed)
    try recompute(changed.infection)
  }
}

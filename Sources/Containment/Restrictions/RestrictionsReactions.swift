import Gazette
import Kernel
import Registry

/// What follows for restrictions from what other slices say.
enum RestrictionsReactions {
  static let all: [Reaction] = [
    .on(ContactConfirmed.self, contactConfirmed),
    .on(ContactWithdrawn.self, contactWithdrawn),
    .on(CaseReported.self, caseReported),
    .on(CaseConverted.self, caseConverted),
    .on(CaseCorrected.self, caseCorrected),
    .on(CaseWithdrawn.self, caseWithdrawn),
    .on(ObligationDone.self, obligationDone),
    // Both sides have said so: nobody has to say again that the person was moved.
    .on(PersonArrived.self) { fact, work in
      let owed = try ObligationStore(work.transaction).owed(concerning: fact.person)
      for transfer in owed where transfer.kind == MeasureObligations.transfer {
        try work.discharge(
          RestrictionDuties.transfer, about: transfer.subject, proof: ["arrived": "yes"])
      }
    },
    .on(ResidentMoved.self) { fact, work in
      if fact.from != fact.to { try work.follow(fact.person) }
    },
    .on(ResidentsMerged.self) { fact, work in
      try work.requireFewJoined(fact.survivor, fact.merged)
      try work.follow(fact.survivor)
      try work.waiveTwice(of: fact.survivor)
    },
    .on(ResidentsUnmerged.self) { fact, work in
      for person in [fact.survivor, fact.merged] {
        try work.follow(person)
        try work.openAnew(daysOf: person)
        try restore(ownOf: person, in: work)
      }
    },
  ]

  /// A contact is limited as the clause in force says, from the latest exposure known.
  private static func contactConfirmed(_ fact: ContactConfirmed, in work: Work) throws {
    guard let (policy, edition) = try work.restrictionsInForce() else { return }
    let evidence = Evidence(kind: .contact, reference: fact.contact.text)
    let clause = policy.clause(for: .init(fact.kind))
    guard let clause, let path = try work.jurisdiction.path(fact.home, work.transaction) else {
      return try release(evidence, exceptUnder: clause?.id, policy, edition, in: work)
    }
    let noted = NotedEvidence(
      evidence: evidence, person: fact.person, infection: fact.infection, place: fact.home,
      path: path, countedFrom: fact.lastExposureAt)
    // A contact is told with its latest exposure only; what was told of it before no longer counts.
    let store = EvidenceStore(work.transaction)
    try store.supersede(noted, at: work.now)
    if fact.isAmongMany {
      try store.note(noted, at: work.now, waitingUnder: clause.id)
      return try work.sendOnce(RestrictWaiting())
    }
    try restrict(noted, under: clause, of: edition, policy, in: work)
  }

  /// Limits a contact as a clause says, unless they are treated as a case.
  static func restrict(
    _ noted: NotedEvidence, under clause: RestrictionsPolicy.Clause, of edition: PolicyEdition,
    _ policy: RestrictionsPolicy, in work: Work
  ) throws {
    // Who was something else before is no longer that: the other clause's restriction loses it.
    try release(noted.evidence, exceptUnder: clause.id, policy, edition, in: work)
    try add(noted, under: clause, of: edition, policy, in: work)
  }

  /// Limits somebody on one more piece of evidence, unless they are treated as a case.
  static func add(
    _ noted: NotedEvidence, under clause: RestrictionsPolicy.Clause, of edition: PolicyEdition,
    _ policy: RestrictionsPolicy, in work: Work
  ) throws {
    // Who is treated as a case is not isolated as a contact too.
    let running = try RestrictionsStore(work.transaction).running(for: noted.person, at: work.now)
    if running.contains(where: { $0.evidence.kind == .infection }) { return }
    try work.restrictByRule(noted, under: clause, of: edition, policy)
  }

  private static func release(
    _ evidence: Evidence, exceptUnder kept: String?, _ policy: RestrictionsPolicy,
    _ edition: PolicyEdition, in work: Work
  ) throws {
    let store = EvidenceStore(work.transaction)
    for id in try store.restrictions(restingOn: evidence) {
      let restriction = try RestrictionsStore(work.transaction).get(id)
      if restriction.clause == kept { continue }
      try store.detach(evidence, from: id)
      try settle(restriction, policy, edition, in: work)
    }
  }

  /// What rests on a contact that is none after all ends, unless something else holds it (I-15).
  ///
  /// Who became a case is let go by the case's own measure and by nothing before it: a case that waits
  /// for a second person, or that one declines, must not set an isolated contact free.
  private static func contactWithdrawn(_ fact: ContactWithdrawn, in work: Work) throws {
    if fact.reason == EndReason.becameCase.rawValue,
      try !RestrictionsStore(work.transaction).running(for: fact.person, at: work.now).contains(
        where: { $0.evidence.kind == .infection && $0.isEffective(at: work.now) })
    {
      return
    }
    let evidence = Evidence(kind: .contact, reference: fact.contact.text)
    let store = EvidenceStore(work.transaction)
    let resting = try store.restrictions(restingOn: evidence)
    try store.withdraw(evidence, at: work.now)
    try settle(resting, without: evidence, in: work)
  }

  private static func settle(
    _ resting: [RestrictionID], without evidence: Evidence, in work: Work
  ) throws {
    let inForce = try work.restrictionsInForce()
    for id in resting {
      let restriction = try RestrictionsStore(work.transaction).get(id)
      try work.record(
        RestrictionEvidenceChanged(restriction: id, evidence: evidence, withdrawn: true))
      try settle(restriction, inForce?.section, inForce?.edition, in: work)
    }
  }

  /// Counts a restriction anew after it has lost a piece of evidence.
  private static func settle(
    _ restriction: Restriction, _ policy: RestrictionsPolicy?, _ edition: PolicyEdition?,
    in work: Work
  ) throws {
    let holding = try EvidenceStore(work.transaction).holding(restriction.id)
    guard !holding.isEmpty else {
      try work.end(restriction, because: .evidenceWithdrawn)
      return
    }
    guard let policy, let edition, let clause = policy.clause(restriction.clause) else { return }
    try work.recount(restriction, under: clause, of: edition, policy)
  }

  /// A contact who becomes a case is no longer isolated as a contact but treated as a case, from the
  /// moment at which they are treated; a case that a file tells of so late that its time is over, or
  /// that nobody is treated for, changes nothing for the person.
  private static func caseReported(_ fact: CaseReported, in work: Work) throws {
    guard let (policy, edition) = try work.restrictionsInForce(),
      let clause = policy.clause(for: .init(fact.kind)),
      RestrictionsRules.plan(
        clause, countedFrom: fact.reportedAt, start: work.now, zone: work.zone) != nil
    else { return }
    let running = try RestrictionsStore(work.transaction).running(for: fact.person, at: work.now)
    let displaced = running.filter { $0.evidence.kind != .infection }
    try treat(
      fact.infection, fact.person, fact.district, from: fact.reportedAt, under: clause, of: edition,
      policy, inPlaceOf: displaced, .becameCase, told: fact.told, in: work)
  }

  /// Who fell ill is treated as the clause for that says, by one restriction: the one that runs
  /// stays when it is by that clause, otherwise the new one takes its place and counts from there.
  private static func caseConverted(_ fact: CaseConverted, in work: Work) throws {
    guard let (policy, edition) = try work.restrictionsInForce() else { return }
    let clause = policy.clause(for: .converted)
    let resting = try work.running(restingOn: evidence(of: fact.infection))
    let displaced = resting.filter { $0.clause != clause?.id }
    guard let clause, displaced.count == resting.count else {
      return try work.displace(displaced, because: .becameCase)
    }
    try treat(
      fact.infection, fact.person, fact.standing.district, from: fact.at, under: clause,
      of: edition, policy, inPlaceOf: displaced, .becameCase, in: work)
  }

  /// Another kind or time of report lets the restriction that runs be by another clause or count
  /// its days anew. A correction alone restricts nobody who is not.
  private static func caseCorrected(_ fact: CaseCorrected, in work: Work) throws {
    guard let standing = fact.standing, standing.convertedAt == nil,
      let (policy, edition) = try work.restrictionsInForce()
    else { return }
    let evidence = evidence(of: fact.infection)
    let resting = try work.running(restingOn: evidence)
    guard !resting.isEmpty,
      let noted = try EvidenceStore(work.transaction).standing(evidence, about: fact.person)
    else { return }
    let clause = policy.clause(for: .init(standing.kind))
    let displaced = resting.filter { $0.clause != clause?.id }
    let isSame = displaced.count < resting.count
    guard let clause, !isSame || noted.countedFrom != standing.reportedAt else {
      return try work.displace(displaced, because: .noLongerNeeded)
    }
    try treat(
      fact.infection, fact.person, standing.district, from: standing.reportedAt, under: clause,
      of: edition, policy, inPlaceOf: displaced, .noLongerNeeded, in: work)
  }

  private static func evidence(of infection: CaseID) -> Evidence {
    Evidence(kind: .infection, reference: infection.text)
  }

  private static func treat(
    _ infection: CaseID, _ person: PersonID, _ district: PlaceID, from start: Instant,
    under clause: RestrictionsPolicy.Clause, of edition: PolicyEdition,
    _ policy: RestrictionsPolicy, inPlaceOf displaced: [Restriction], _ reason: EndReason,
    told teller: AccountID? = nil, in work: Work
  ) throws {
    guard let path = try work.jurisdiction.path(district, work.transaction) else { return }
    let noted = NotedEvidence(
      evidence: evidence(of: infection), person: person, infection: infection, place: district,
      path: path, countedFrom: start)
    try work.restrictByRule(
      noted, under: clause, of: edition, policy, inPlaceOf: displaced, because: reason,
      told: teller)
  }

  /// Treats somebody as a case whom a second person has confirmed as one: from now on they are a
  /// contact no longer. A case whose time has run out while it waited changes nothing.
  static func treatConfirmed(
    _ noted: NotedEvidence, under clause: RestrictionsPolicy.Clause, of edition: PolicyEdition,
    _ policy: RestrictionsPolicy, in work: Work
  ) throws {
    guard
      RestrictionsRules.plan(
        clause, countedFrom: noted.countedFrom, start: work.now, zone: work.zone) != nil
    else { return }
    let running = try RestrictionsStore(work.transaction).running(for: noted.person, at: work.now)
    try work.restrictByRule(
      noted, under: clause, of: edition, policy,
      inPlaceOf: running.filter {
        $0.evidence.kind != .infection || ($0.evidence == noted.evidence && $0.clause != clause.id)
      }, because: .becameCase)
  }

  /// What rests on a case that is none after all ends: the case's own restriction and those of the
  /// contacts whom only this case made contacts.
  private static func caseWithdrawn(_ fact: CaseWithdrawn, in work: Work) throws {
    let store = EvidenceStore(work.transaction)
    let resting = try store.restrictions(restingOn: fact.infection)
    try store.withdraw(restingOn: fact.infection, at: work.now)
    let evidence = evidence(of: fact.infection)
    try settle(resting, without: evidence, in: work)
    try work.noteFreed(amongThose: resting)
    try restore(fact.person, displacedBy: evidence, in: work)
  }

  /// Lets hold again what ended because somebody was taken for a case, where what it rested on stands:
  /// the zone that they live in, the tube that they share. Whom others name as a contact they name
  /// again, and what an office asked for it has to ask for again.
  private static func restore(
    _ person: PersonID, displacedBy infection: Evidence, in work: Work
  ) throws {
    guard let (policy, edition) = try work.restrictionsInForce() else { return }
    let all = try RestrictionsStore(work.transaction).all(of: person)
    // What an earlier illness ended is over with that.
    guard let began = all.filter({ $0.evidence == infection }).map(\.start).min() else { return }
    for ended in all where (ended.endedAt ?? began) >= began {
      try restore(ended, policy, edition, in: work)
    }
  }

  /// Lets hold again what ended because of a case that is somebody else's, and counts the rest anew: two
  /// files were one when the case was told, and are two again.
  private static func restore(ownOf person: PersonID, in work: Work) throws {
    guard let (policy, edition) = try work.restrictionsInForce() else { return }
    let all = try RestrictionsStore(work.transaction).all(of: person)
    for ended in all {
      guard let endedAt = ended.endedAt else { continue }
      let isOwn = all.contains {
        $0.evidence.kind == .infection && $0.start <= endedAt && ($0.endedAt ?? $0.end) >= endedAt
      }
      if !isOwn { try restore(ended, policy, edition, in: work) }
    }
    // Nor was anything counted anew meanwhile of whoever was taken for the other's case.
    for running in all
    where running.issuer == Restriction.ruleEngine && running.endedAt == nil
      && running.end > work.now
    {
      guard let clause = policy.clause(running.clause) else { continue }
      try work.recount(running, under: clause, of: edition, policy)
    }
  }

  private static func restore(
    _ ended: Restriction, _ policy: RestrictionsPolicy, _ edition: PolicyEdition, in work: Work
  ) throws {
    guard ended.endReason == .becameCase, ended.issuer == Restriction.ruleEngine,
      let clause = policy.clause(ended.clause)
    else { return }
    for noted in try EvidenceStore(work.transaction).holding(ended.id)
    where noted.evidence.kind != .contact {
      try add(noted, under: clause, of: edition, policy, in: work)
    }
  }

  private static func obligationDone(_ fact: ObligationDone, in work: Work) throws {
    switch fact.kind {
    case RestrictionDuties.health.name: try healthChecked(fact, in: work)
    case RestrictionDuties.transfer.name: try moved(fact, in: work)
    default: return
    }
  }

  /// A fever or a symptom asks for a doctor at once (I-40).
  private static func healthChecked(_ fact: ObligationDone, in work: Work) throws {
    guard let done = try ObligationStore(work.transaction).find(fact.obligation),
      let proof = done.proof, let (policy, _) = try work.restrictionsInForce(),
      RestrictionsRules.alarm(
        in: try Fields.json(Array(proof.utf8)), feverCelsius: policy.feverCelsius) != nil,
      let restriction = try RestrictionsStore(work.transaction).find(ID(trusted: fact.about))
    else { return }
    try NotedReactions.symptoms(fact.obligation.text, of: restriction, in: work)
    try work.oblige(
      RestrictionDuties.medical, restriction, by: work.now + .minutes(policy.medicalMinutes))
  }

  /// Whoever was moved to an isolation site is in central isolation from then on.
  private static func moved(_ fact: ObligationDone, in work: Work) throws {
    let store = RestrictionsStore(work.transaction)
    guard let restriction = try store.find(ID(trusted: fact.about)) else { return }
    let phases = try store.phases(of: restriction.id)
    guard let changed = RestrictionsRules.centralised(phases, from: work.now, at: work.now) else {
      return
    }
    try store.replacePhases(of: restriction.id, with: changed)
    try work.record(
      RestrictionPhaseChanged(restriction: restriction.id, kind: .centralIsolation))
  }
}

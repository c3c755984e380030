import Gazette
import Kernel
import Registry

/// What one account may cause, though a rule decides (I-20, RELIABILITY 3.3: two people for what
/// exceeds a number of people in 24 hours, however it is split).
extension Work {
  /// Restricts somebody by a rule, as long as whoever told the fact has not caused more than one may
  /// cause; beyond that the evidence is kept and waits for a second person.
  ///
  /// - Parameter teller: who told the fact, where a machine passes on what an account said.
  /// - Parameter displaced: what the new restriction takes the place of. It ends when the new one
  ///   starts and not before: while the evidence waits, everything that held goes on holding.
  func restrictByRule(
    _ noted: NotedEvidence, under clause: RestrictionsPolicy.Clause, of edition: PolicyEdition,
    _ policy: RestrictionsPolicy, inPlaceOf displaced: [Restriction] = [],
    because reason: EndReason = .becameCase, told teller: AccountID? = nil
  ) throws {
    // Contacts are counted where they are confirmed (decision 6): two people stand behind the others.
    guard clause.isLimiting, noted.evidence.kind != .contact, let account = teller ?? senderAccount
    else {
      try displace(displaced, because: reason)
      try restrict(noted, under: clause, of: edition, policy, by: .rules)
      return
    }
    let alone = policy.alone
    let limits = RestrictionLimitsStore(transaction)
    let running = try RestrictionsStore(transaction).running(for: noted.person, at: now)
    let isKnown = running.contains { $0.clause == clause.id }
    if !isKnown, try isBeyond(clause, by: account, policy, limits) {
      return try hold(noted, under: clause, by: account, alone)
    }
    try displace(displaced, because: reason)
    let started = try restrict(noted, under: clause, of: edition, policy, by: .rules)
    if let started, !isKnown {
      try limits.note(started, by: account, under: clause.id, at: now)
    }
  }

  var senderAccount: AccountID? {
    if case .account(let account) = authority.sender { account } else { nil }
  }

  /// Whether one more would be too many: of what the account has caused under whatever clauses, or of
  /// what all accounts have caused under this one, so that neither clauses nor colleagues share a list
  /// out among them.
  private func isBeyond(
    _ clause: RestrictionsPolicy.Clause, by account: AccountID, _ policy: RestrictionsPolicy,
    _ limits: RestrictionLimitsStore
  ) throws -> Bool {
    let alone = policy.alone
    let since = now - .hours(alone.hours)
    let most = clause.alonePeople ?? alone.people
    // What has a number of its own is not counted against the others': a laboratory that has held three
    // tubes of ten still reports its first case.
    let apart =
      clause.alonePeople == nil ? policy.clauses.filter { $0.alonePeople != nil }.map(\.id) : []
    if try limits.caused(by: account, since: since, apartFrom: apart) >= most { return true }
    let caused = try limits.caused(under: clause.id, since: since)
    let together = max(most, alone.clausePeople ?? 0)
    if caused < together { return false }
    guard let share = alone.clausePerMille, share > 0 else { return true }
    // The share is asked by how many it takes for one more: nobody waits for a count of a million.
    let needed = ((caused + 1) * 1_000 + share - 1) / share
    return try !ResidentsStore(transaction).hasAtLeast(needed)
  }

  /// Ends what another restriction takes the place of. Who became a case is a contact no longer.
  func displace(_ displaced: [Restriction], because reason: EndReason) throws {
    let store = EvidenceStore(transaction)
    for restriction in displaced {
      try end(restriction, because: reason)
      guard reason == .becameCase else { continue }
      for noted in try store.holding(restriction.id) where noted.evidence.kind == .contact {
        try store.withdraw(noted.evidence, at: now)
      }
    }
  }

  private func hold(
    _ noted: NotedEvidence, under clause: RestrictionsPolicy.Clause, by account: AccountID,
    _ alone: RestrictionsPolicy.Alone
  ) throws {
    try EvidenceStore(transaction).note(noted, at: now)
    let limits = RestrictionLimitsStore(transaction)
    let isFirst = try ObligationStore(transaction).owed(
      RestrictionDuties.approveHeld.name, about: account.text
    ).isEmpty
    let organisations = try organisations(of: account)
    try limits.hold(
      noted, under: clause.id, by: account,
      organisations: organisations.sorted().joined(separator: "|"), at: now)
    if noted.evidence.kind == .infection {
      try record(
        CaseHeld(infection: CaseID(trusted: noted.evidence.reference), person: noted.person))
    }
    guard isFirst else { return }
    let place = try district(of: noted.path) ?? noted.place
    try record(RestrictionsHeld(account: account, clause: clause.id))
    try oblige(
      RestrictionDuties.approveHeld, about: account.text, at: place,
      by: now + .minutes(alone.approvalMinutes))
    try alarm(about: account, at: place, alone)
  }

  /// Tells the auditor, whom no command appoints, that one account tries to restrict many.
  func alarm(
    about account: AccountID, at place: PlaceID, _ alone: RestrictionsPolicy.Alone
  ) throws {
    let owed = try ObligationStore(transaction).owed(
      RestrictionDuties.alarm.name, about: account.text)
    guard owed.isEmpty else { return }
    try record(RestrictionAlarm(account: account))
    try oblige(
      RestrictionDuties.alarm, about: account.text, at: place,
      by: now + .minutes(alone.alarmMinutes))
  }

  private func district(of path: PlacePath) throws -> PlaceID? {
    try PlacesStore(transaction).line(to: path).last {
      $0.level.depth <= PlaceLevel.district.depth
    }?.id
  }

  /// The district in which an account holds its first office, or the first one there is.
  func district(of account: AccountID) throws -> PlaceID? {
    let offices = try OfficesStore(transaction).offices(of: account, at: now)
    let own = offices.first { $0.path != .everywhere }.map(\.path)
    if let own, let place = try district(of: own) { return place }
    return try firstDistrict()
  }

  /// The first district there is, for what concerns the whole system; nil while there is none.
  func firstDistrict() throws -> PlaceID? {
    try PlacesStore(transaction).inside(.everywhere, level: .district, limit: 1).first?.id
  }
}

/// The second person's decision on everything that waits because one account has caused too much.
package struct ApproveHeld: Command {
  package struct Answer: Codable, Sendable {
    package let people: Int
  }

  package static let name = "restrictions.approveHeld"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = ApproveRestriction.duty

  /// Whoever caused it.
  package let account: AccountID
  package let approved: Bool
  /// How many the preview was of; another number means that it has changed since.
  package let expected: Int

  package init(account: AccountID, approved: Bool, expected: Int) {
    self.account = account
    self.approved = approved
    self.expected = expected
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Answer {
    let (policy, _) = try work.requireRestrictionsInForce()
    let limits = RestrictionLimitsStore(work.transaction)
    // What was withdrawn meanwhile is decided too: a batch of which nothing is left can be closed.
    guard let batch = try limits.undecided(by: account) else {
      throw Refusal.notFound(Words("待批准的批量措施", "batch that waits"), account.text, field: "account")
    }
    let people = try limits.waiting(by: account).map(\.people).reduce(0, +)
    guard people == expected else {
      throw Refusal(
        .conflict, "restriction.heldChanged",
        Words(
          "待批准人数已变为 \(people)，请重新核对预览", "\(people) wait by now; look at the preview again"),
        field: "expected")
    }
    for path in batch.paths { try work.require(Self.duty, at: path) }
    try SecondPersonRules.require(
      approver: work.authority.sender.text,
      organisations: work.organisations(for: Self.duty, at: batch.paths[0]).entitled,
      issuer: account.text, issuerOrganisations: batch.organisations, what: "restriction")
    let cooled = batch.last + .minutes(policy.alone.coolingMinutes)
    guard !approved || people == 0 || work.now >= cooled else {
      throw Refusal(
        .conflict, "restriction.cooling",
        Words(
          "批量措施须静置至 \(cooled.shortText(in: work.zone))，请先核对预览和抽样",
          "A batch waits until \(cooled.shortText(in: work.zone)); look at the preview and the sample"
        ), field: "approved")
    }
    for (infection, person) in try limits.cases(by: account) {
      try work.record(CaseSettled(infection: infection, person: person, approved: approved))
    }
    try limits.decide(
      by: account, approved: approved, approver: work.authority.sender.text, at: work.now)
    if approved { try work.send(RestrictWaiting()) }
    try work.record(HeldDecided(account: account, people: people, approved: approved))
    try work.record(
      ManyDecided(
        what: "restrictions", about: account.text, people: people, approved: approved))
    try work.discharge(
      RestrictionDuties.approveHeld, about: account.text,
      proof: ["approved": approved ? "yes" : "no", "people": String(people)])
    return Answer(people: people)
  }
}

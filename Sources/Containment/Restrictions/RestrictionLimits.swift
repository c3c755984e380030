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

  /// The district, or what lies above it, in which a place is.
  func district(of path: PlacePath) throws -> PlaceID? {
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

import Gazette
import Kernel
import Registry

/// What holds somebody at home, as the slice's policy looks at it. It reads and ends nothing.
struct HomeFinder {
  let transaction: any Transaction
  let now: Instant
  let policy: HomePolicy

  /// What is asked of a person at home now, and when that may change.
  func asked(
    of person: PersonID
  ) throws -> (now: AskedAtHome?, next: Instant?) {
    let store = RestrictionsStore(transaction)
    let effective = try store.effective(for: person, at: now)
    var held: [HeldAtHome] = []
    for restriction in effective {
      guard let clause = policy.clause(restriction.clause) else { continue }
      held.append(
        HeldAtHome(
          restriction: restriction, phases: try store.phases(of: restriction.id),
          asks: clause.asks))
    }
    let (asked, next) = HomeRules.asked(of: held, at: now)
    // Whoever is in hospital is looked after there, until that is over or lifted.
    let hospital = effective.filter { $0.kind == .hospital }
    let turns = [next] + hospital.flatMap { [$0.end, $0.suspendsAt] }
    let turn = turns.compactMap { $0 }.filter { $0 > now }.min()
    guard let asked else { return (nil, held.isEmpty ? nil : turn) }
    let isElsewhere = try !hospital.isEmpty || isAtSite(person)
    return (isElsewhere ? nil : asked, turn)
  }

  private func isAtSite(_ person: PersonID) throws -> Bool {
    try StaysStore(transaction).running(of: person).contains { $0.arrivedAt != nil }
  }

  /// Whether any measure keeps a person at home now, looked after or not: residents of a zone, too.
  static func isKept(
    _ person: PersonID, at now: Instant, in transaction: any Transaction
  ) throws -> Bool {
    let store = RestrictionsStore(transaction)
    return try store.effective(for: person, at: now).contains { restriction in
      try store.phases(of: restriction.id).contains {
        $0.kind == .homeIsolation && $0.from <= now && now < $0.until
      }
    }
  }
}

/// Who lives behind a door, as the question of care sees them.
struct HouseholdFinder {
  let transaction: any Transaction
  let now: Instant
  let today: Day
  let registry: RegistryPolicy

  /// The people of a home; of one without a known door, nobody but the person.
  func members(with resident: Resident) throws -> [(resident: Resident, member: HouseholdMember)] {
    let isDoor = try PlacesStore(transaction).find(resident.home)?.level == .household
    let residents = isDoor ? try ResidentsStore(transaction).members(of: resident.home) : [resident]
    return try residents.map { ($0, try member($0)) }
  }

  func member(_ resident: Resident) throws -> HouseholdMember {
    let isAtSite = try StaysStore(transaction).running(of: resident.id)
      .contains { $0.arrivedAt != nil }
    let isIll = try RestrictionsStore(transaction).effective(for: resident.id, at: now)
      .contains { $0.kind == .hospital }
    return HouseholdMember(
      person: resident.id, age: resident.birthDay?.age(on: today),
      needs: Set(registry.needs(of: resident, on: today)),
      isHome: !resident.isAway && !isAtSite && !isIll)
  }
}

extension Work {
  var homes: HomeStore { HomeStore(transaction) }
  var outings: OutingsStore { OutingsStore(transaction) }
  var residentRequests: ResidentRequestsStore { ResidentRequestsStore(transaction) }

  /// The section in force, nil when the edition knows no isolation at home.
  func homeInForce() throws(Refusal) -> HomePolicy? { try editionIfAny(HomePolicy.self)?.section }

  /// Lets the clock look at somebody with its next turn, under the identifier of the live file.
  func lookAtHome(of person: PersonID) throws {
    try homes.watch(person, at: now)
  }

  /// Begins, changes or ends what is looked after at somebody's home, as the measures say now.
  func settleHome(of person: PersonID, _ policy: HomePolicy?) throws {
    let resident = try ResidentsStore(transaction).current(person)
    if let resident, resident.id != person {
      // The file was merged: its person is looked after under the other one.
      if let stay = try homes.running(of: person) { try endHome(stay) }
      try homes.rewatch(person, at: nil)
      return try homes.watch(resident.id, at: now)
    }
    guard let resident, let policy else {
      if let stay = try homes.running(of: person) { try endHome(stay) }
      return try homes.rewatch(person, at: nil)
    }
    let finder = HomeFinder(transaction: transaction, now: now, policy: policy)
    let (asked, next) = try finder.asked(of: person)
    let running = try homes.running(of: person)
    if let asked {
      let household = try household(of: resident)
      if let running, running.household == household.id {
        try change(running, to: asked, policy)
      } else {
        if let running { try endHome(running) }
        try begin(person, in: household, asked, policy)
      }
    } else if let running {
      try endHome(running)
    }
    // An edition may change at midnight; nothing else says so.
    let midnight = today.end(in: zone)
    let isWaiting = asked != nil || next != nil
    try homes.rewatch(person, at: isWaiting ? min(next ?? midnight, midnight) : nil)
  }

  private func begin(
    _ person: PersonID, in household: HomeHousehold, _ asked: AskedAtHome, _ policy: HomePolicy
  ) throws {
    let stay = HomeStay(
      id: newID(), person: person, household: household.id, restriction: asked.restriction,
      kind: asked.kind, asks: asked.asks, since: now, until: asked.until, heardAt: nil,
      silenceAt: HomeRules.silence(since: now, asked.asks, policy), endedAt: nil)
    try homes.insert(stay)
    try homes.check(household.id, at: now)
    try record(HomeStayChanged(stay: stay.id, person: person, what: "begun"))
  }

  private func change(
    _ stay: HomeStay, to asked: AskedAtHome, _ policy: HomePolicy
  ) throws {
    if stay.asks == asked.asks && stay.kind == asked.kind && stay.until == asked.until
      && stay.restriction == asked.restriction
    {
      return
    }
    // Silence that somebody looks into already stays theirs; where nobody waited for a word before,
    // the day begins now.
    var silenceAt = stay.silenceAt
    if !asked.asks.silence {
      silenceAt = nil
      try waive(HomeDuties.silence, about: stay.id.text, reason: "no_longer_needed")
    } else if !stay.asks.silence {
      silenceAt = HomeRules.silence(since: now, asked.asks, policy)
    }
    try homes.change(
      stay.id, restriction: asked.restriction, kind: asked.kind, asks: asked.asks,
      until: asked.until, silenceAt: silenceAt)
    try homes.check(stay.household, at: now)
  }

  /// Ends what is looked after at somebody's home; with the last of a household all of it.
  func endHome(_ stay: HomeStay) throws {
    try homes.end(stay.id, at: now)
    try waive(HomeDuties.silence, about: stay.id.text, reason: "home_over")
    try waive(HomeDuties.carer, about: stay.person.text, reason: "home_over")
    try record(HomeStayChanged(stay: stay.id, person: stay.person, what: "ended"))
    guard try homes.running(in: [stay.household]).isEmpty else {
      return try homes.check(stay.household, at: now)
    }
    try homes.close(stay.household, at: now)
    let kinds =
      [HomeDuties.checklist, HomeDuties.remedy]
      + HomeService.allCases.map(HomeDuties.service)
    for kind in kinds { try waive(kind, about: stay.household.text, reason: "home_over") }
  }

  /// The household of somebody that is looked after, opened when there is none.
  private func household(of resident: Resident) throws -> HomeHousehold {
    let isDoor = try PlacesStore(transaction).find(resident.home)?.level == .household
    let lone = isDoor ? nil : resident.id
    if let known = try homes.open(at: resident.home, lone: lone) { return known }
    let household = HomeHousehold(
      id: newID(), home: resident.home, path: resident.path, lone: lone, openedAt: now,
      closedAt: nil, servedUntil: nil, visitedAt: nil, unmet: 0)
    try homes.insert(household, checkAt: now)
    return household
  }

  /// Notes that somebody was heard of: a report, a temperature at the door, a visit.
  func hear(of person: PersonID) throws {
    let live = try ResidentsStore(transaction).current(person)?.id ?? person
    guard let stay = try homes.running(of: live) else { return }
    try hear(stay)
  }

  func hear(_ stay: HomeStay) throws {
    guard let policy = try homeInForce() else { return }
    try homes.hear(
      stay.id, at: now, silenceAt: HomeRules.silence(since: now, stay.asks, policy))
    let owed = try ObligationStore(transaction).owed(
      HomeDuties.silence.name, about: stay.id.text)
    if owed.isEmpty { return }
    try discharge(HomeDuties.silence, about: stay.id.text, proof: ["outcome": "reported"])
    try record(HomeSilence(stay: stay.id, person: stay.person, heard: true))
  }

  /// Lets it be owed that somebody is looked for.
  func missWord(of stay: HomeStay, _ policy: HomePolicy?) throws {
    try homes.silence(stay.id, at: nil)
    guard let policy, let household = try homes.household(stay.household) else { return }
    try oblige(
      HomeDuties.silence, about: stay.id.text, person: stay.person, at: household.home,
      by: now + .minutes(policy.silenceVisitMinutes))
    try record(HomeSilence(stay: stay.id, person: stay.person, heard: false))
  }

  /// Lets a carer be owed for somebody who cannot be alone and has nobody; falls away when they have.
  func settleCare(of resident: Resident, isIsolated: Bool) throws {
    guard let sharing = try editionIfAny(IsolationPolicy.self)?.section.sharing else { return }
    let finder = HouseholdFinder(
      transaction: transaction, now: now, today: today, registry: try policy(RegistryPolicy.self))
    let own = try finder.member(resident)
    let owed = try ObligationStore(transaction).owed(
      HomeDuties.carer.name, about: resident.id.text)
    let isMissing =
      try HomeRules.isDependent(own, sharing) && own.isHome
      && !hasCarer(resident, isIsolated: isIsolated, sharing, finder)
    if !isMissing {
      if !owed.isEmpty {
        try waive(HomeDuties.carer, about: resident.id.text, reason: "no_longer_needed")
      }
      return
    }
    guard owed.isEmpty else { return }
    let hours = try homeInForce()?.carerHours
    guard let hours else { return }
    try oblige(
      HomeDuties.carer, about: resident.id.text, person: resident.id, at: resident.home,
      by: now + .hours(hours))
  }

  /// Whoever is isolated has a carer by name; whoever was only left behind has an adult at home.
  private func hasCarer(
    _ resident: Resident, isIsolated: Bool, _ sharing: IsolationPolicy.Sharing,
    _ finder: HouseholdFinder
  ) throws -> Bool {
    if let named = try homes.carer(of: resident.id),
      let carer = try ResidentsStore(transaction).current(named.carer)
    {
      let member = try finder.member(carer)
      if member.isHome && HomeRules.mayCare(member, sharing) { return true }
    }
    if isIsolated { return false }
    return try finder.members(with: resident).contains { other in
      other.member.person != resident.id && other.member.isHome
        && HomeRules.mayCare(other.member, sharing)
    }
  }
}

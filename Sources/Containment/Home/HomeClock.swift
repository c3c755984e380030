import Gazette
import Kernel
import Registry

/// The clock's command: lets isolation at home begin and end as the measures say, lets the rules be
/// looked at and goods be brought, and lets silence be broken. What residents wrote goes in time.
package struct TendHome: Command {
  package static let name = "home.tend"
  package static let duty: Duty = .clockOnly
  private static let atOnce = 200
  /// When what a policy refused is tried again; the others do not wait for it.
  private static let pause = Duration.seconds(60)

  package init() {}

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many people and households were looked at.
  package func perform(in work: Work) throws -> Int {
    let policy = try work.homeInForce()
    let people = try work.homes.watched(at: work.now, limit: Self.atOnce)
    for person in people {
      try tryAgainLater(in: work) {
        try work.settleHome(of: person, policy)
      } otherwise: {
        try work.homes.rewatch(person, at: work.now + Self.pause)
      }
    }
    let households = try work.homes.due(at: work.now, limit: Self.atOnce)
    for household in households {
      try tryAgainLater(in: work) {
        try tend(household, policy, in: work)
      } otherwise: {
        try work.homes.check(household.id, at: work.now + Self.pause)
      }
    }
    let silent = try work.homes.silent(at: work.now, limit: Self.atOnce)
    for stay in silent { try work.missWord(of: stay, policy) }
    let counts = [people.count, households.count, silent.count]
    if counts.contains(Self.atOnce) { try work.send(TendHome()) }
    let looked = counts.reduce(0, +)
    if looked > 0 { try forget(in: work) }
    return looked
  }

  private func tryAgainLater(
    in work: Work, _ tend: () throws -> Void, otherwise later: () throws -> Void
  ) throws {
    do {
      try work.transaction.savepoint { try tend() }
    } catch is Refusal {
      try later()
    }
  }

  /// What residents wrote goes some time after its answer.
  private func forget(in work: Work) throws {
    guard let days = try work.editionIfAny(RequestsPolicy.self)?.section.keepDays else { return }
    let moment = (work.today - days).start(in: work.zone)
    try work.residentRequests.forgetTexts(before: moment)
    try work.outings.forgetTexts(before: moment)
  }

  private func tend(_ household: HomeHousehold, _ policy: HomePolicy?, in work: Work) throws {
    let stays = try work.homes.running(in: [household.id])
    try work.homes.check(household.id, at: work.today.end(in: work.zone))
    // Without an edition that knows it, the people end with their own turn.
    guard let policy, !stays.isEmpty else { return }
    try look(at: household, stays, policy, in: work)
    try serve(household, stays, policy, in: work)
    for stay in stays where stay.kind == .homeIsolation {
      guard let resident = try ResidentsStore(work.transaction).current(stay.person) else {
        continue
      }
      try work.settleCare(of: resident, isIsolated: true)
    }
  }

  /// Lets the six rules be looked at: when somebody came in since the last visit, and again after some
  /// days where the edition says so.
  private func look(
    at household: HomeHousehold, _ stays: [HomeStay], _ policy: HomePolicy, in work: Work
  ) throws {
    let owed = try ObligationStore(work.transaction).owed(
      HomeDuties.checklist.name, about: household.id.text)
    guard let youngest = stays.filter(\.asks.checklist).map(\.since).max() else {
      if !owed.isEmpty {
        try work.waive(
          HomeDuties.checklist, about: household.id.text, reason: "no_longer_needed")
      }
      return
    }
    guard owed.isEmpty else { return }
    guard let visited = household.visitedAt, visited >= youngest else {
      try work.oblige(
        HomeDuties.checklist, about: household.id.text, at: household.home,
        by: work.now + .hours(policy.checklistHours))
      return
    }
    guard let days = policy.revisitDays, Day(of: visited, in: work.zone) + days <= work.today else {
      return
    }
    try work.oblige(
      HomeDuties.checklist, about: household.id.text, at: household.home,
      by: max(work.today.end(in: work.zone), work.now + .minutes(1)))
  }

  /// Opens until midnight what is brought to the door, unless a zone that stands brings it.
  private func serve(
    _ household: HomeHousehold, _ stays: [HomeStay], _ policy: HomePolicy, in work: Work
  ) throws {
    guard stays.contains(where: \.asks.deliveries) else {
      for service in HomeService.allCases {
        try work.waive(
          HomeDuties.service(service), about: household.id.text, reason: "no_longer_needed")
      }
      return try work.homes.noteServed(household.id, until: nil)
    }
    let until = work.today.end(in: work.zone)
    let from = max(household.servedUntil ?? work.now, work.now)
    guard from < until else { return }
    let brought = try ZonesStore(work.transaction).services(
      at: household.path, under: work.rules)
    let store = ObligationStore(work.transaction)
    for service in policy.services {
      let kind = HomeDuties.service(service.kind)
      if brought.contains(service.kind.ofZones) {
        try work.waive(kind, about: household.id.text, reason: "zone_serves")
        continue
      }
      let known = Set(try store.owed(kind.name, about: household.id.text).map(\.deadline))
      for time in service.by {
        let deadline = work.today.start(in: work.zone) + .minutes(time.minutes)
        guard deadline > from, !known.contains(deadline) else { continue }
        try work.oblige(kind, about: household.id.text, at: household.home, by: deadline)
      }
    }
    try work.homes.noteServed(household.id, until: until)
  }
}

extension ZonesStore {
  /// What the zones that hold a place bring to its doors.
  func services(at path: PlacePath, under rules: Rulebook) throws -> Set<ZoneService> {
    guard try isAnyStanding() else { return [] }
    return Set(
      try holding(path).flatMap { held in
        rules.zones(of: held)?.level(held.level)?.services.filter { !$0.by.isEmpty }.map(\.kind)
          ?? []
      })
  }
}

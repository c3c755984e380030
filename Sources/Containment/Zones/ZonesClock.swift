import Gazette
import Kernel
import Registry

/// The clock's command: lets zones go on under a new edition or end with it, lets the release be
/// owed as soon as every clause is met and ends the zone when nobody decides, opens what is brought
/// to the doors, and looks at the rosters.
package struct TendZones: Command {
  package static let name = "zones.tend"
  package static let duty: Duty = .clockOnly
  /// So many in one transaction: each of them may open a round of services, or free its people.
  private static let atOnce = 50
  /// No clause looks further back than this.
  private static let keptDays = 60

  /// The zone looked at last.
  package let after: ZoneID?

  package init(after: ZoneID? = nil) { self.after = after }

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many zones were looked at.
  package func perform(in work: Work) throws -> Int {
    // Results go in time, whether or not a zone stands or an edition knows any.
    if after == nil {
      try ZoneTestsStore(work.transaction).forget(
        before: (work.today - Self.keptDays).start(in: work.zone))
    }
    guard let (policy, edition) = try work.zonesInForce() else { return 0 }
    if after == nil { try letFall(in: work) }
    let part = try work.zonesStore.standing(after: after, limit: Self.atOnce)
    for zone in part {
      do {
        try work.transaction.savepoint { try tend(zone, policy, edition, in: work) }
      } catch is Refusal {
        // It is looked at again within a minute; the others do not wait for it.
        continue
      }
    }
    if let last = part.last, part.count == Self.atOnce { try work.send(TendZones(after: last.id)) }
    return part.count
  }

  /// Lets fall what rests on a case that no second person approved: zones of before that was asked.
  private func letFall(in work: Work) throws {
    for ground in try ZoneDoubtStore.grounds(in: work.transaction, limit: Self.atOnce) {
      let held = try work.zonesStore.get(ground.zone)
      try ZonesReactions.fall(ground.infection, from: held, as: .infectionDoubted, in: work)
    }
  }

  private func tend(
    _ zone: HeldZone, _ policy: ZonesPolicy, _ edition: PolicyEdition, in work: Work
  ) throws {
    guard let held = try apply(policy, edition, to: zone, in: work),
      let level = policy.level(held.level)
    else { return }
    try release(held, policy, in: work)
    guard try work.zonesStore.get(held.id).state == .standing else { return }
    try serve(held, level, in: work)
    try work.checkRoster(of: held, level, policy)
  }

  /// A zone goes on as the edition in force names its level; where it has none it ends.
  private func apply(
    _ policy: ZonesPolicy, _ edition: PolicyEdition, to held: HeldZone, in work: Work
  ) throws -> HeldZone? {
    if held.edition == edition.reference { return held }
    guard let level = policy.successor(of: held.level) else {
      try work.end(held, .editionEnded)
      return nil
    }
    try work.zonesStore.adopt(held.id, level.level, of: edition.reference)
    let adopted = try work.zonesStore.get(held.id)
    try work.note(.editionChanged, of: adopted, about: held.edition)
    return adopted
  }

  /// As long as nobody presses "release" a zone would stay; so it ends by itself when late.
  private func release(_ held: HeldZone, _ policy: ZonesPolicy, in work: Work) throws {
    let assessment = ZoneAssessment(
      transaction: work.transaction, now: work.now, zone: work.zone, policy: policy,
      contactClause: try work.restrictionsInForce()?.section.clause(for: .close)?.id)
    let owed = try ObligationStore(work.transaction).owed(
      ZoneDuties.release.name, about: held.id.text)
    guard try assessment.isReady(held) else {
      if !owed.isEmpty {
        try work.waive(ZoneDuties.release, about: held.id.text, reason: "clause_unmet")
      }
      return
    }
    guard let first = owed.first else {
      try work.oblige(
        ZoneDuties.release, about: held.id.text, at: work.dutyPlace(of: held),
        by: work.now + .minutes(policy.releaseMinutes))
      return
    }
    if first.deadline <= work.now { try work.lower(held) }
  }

  /// Opens what is due until midnight: services at each place, and the round of a test day.
  private func serve(_ held: HeldZone, _ level: ZonesPolicy.Level, in work: Work) throws {
    let until = work.today.end(in: work.zone)
    let from = max(held.servedUntil ?? work.now, work.now)
    guard from < until else { return }
    let rounds = level.services.isEmpty ? [] : try doors(of: held, in: work)
    for service in level.services {
      for time in service.by {
        let deadline = work.today.start(in: work.zone) + .minutes(time.minutes)
        guard deadline > from else { continue }
        for place in rounds {
          try work.oblige(
            ZoneDuties.service(service.kind), about: held.id.text, at: place, by: deadline)
        }
      }
    }
    let day = work.today - Day(of: held.countedFrom ?? work.now, in: work.zone)
    if level.testDays.contains(day) {
      try work.oblige(
        ZoneDuties.round, about: held.id.text, at: work.dutyPlace(of: held), by: until)
    }
    try work.zonesStore.noteServed(held.id, until: until)
  }

  /// Where services are brought: each place of the zone, and of one wider than a grid its grids.
  private func doors(of held: HeldZone, in work: Work) throws -> [PlaceID] {
    let places = PlacesStore(work.transaction)
    return try work.zonesStore.places(of: held.id).filter { $0.until == nil }.flatMap { place in
      let level = try places.get(place.place).level
      if level.depth >= PlaceLevel.grid.depth { return [place.place] }
      let grids = try places.inside(place.path, level: .grid).map(\.id)
      return grids.isEmpty ? [place.place] : grids
    }
  }
}

import Gazette
import Kernel
import Registry

/// What follows for zones from what other families say.
enum ZonesReactions {
  static let all: [Reaction] = [
    .on(CaseReported.self) { fact, work in
      try told(fact.infection, fact.person, fact.standing, in: work)
      try stepUp(fact.infection, in: work)
    },
    .on(CaseCorrected.self) { fact, work in
      guard let standing = fact.standing else { return }
      try told(fact.infection, fact.person, standing, in: work)
      try recount(fact.infection, in: work)
    },
    .on(CaseWithdrawn.self) { fact, work in
      try ZoneCasesStore(work.transaction).withdraw(fact.infection, at: work.now)
      try fall(fact.infection, as: .infectionWithdrawn, in: work)
    },
    // A case that waited for a second person grounds nothing until one has approved it, and then what
    // it would have when it was told.
    .on(CaseSettled.self) { fact, work in
      if fact.approved {
        try stepUp(fact.infection, in: work)
      } else {
        try fallDoubted(fact.infection, in: work)
      }
    },
    .on(PeopleTested.self, peopleTested),
    // Where somebody lived who was reported with less than an address; who moves away afterwards
    // is evidence where they lived, and not where they went.
    .on(ResidentMoved.self) { fact, work in
      let residents = ResidentsStore(work.transaction)
      guard fact.from != fact.to, let home = try residents.current(fact.person) else { return }
      try ZoneCasesStore(work.transaction).locate(
        residents.identifiers(of: home.id), at: home.path)
    },
    .on(ResidentsMerged.self) { fact, work in
      try ZoneTestsStore(work.transaction).copy(from: fact.merged, to: fact.survivor)
    },
  ]

  /// Keeps where an infection lives and was found, and whether it was isolated before.
  private static func told(
    _ infection: CaseID, _ person: PersonID, _ standing: CaseStanding, in work: Work
  ) throws {
    let home = try ResidentsStore(work.transaction).current(person)?.path
    let district = try work.jurisdiction.path(standing.district, work.transaction)
    guard let path = home ?? district else { return }
    let found = try standing.foundIn.flatMap { try work.jurisdiction.path($0, work.transaction) }
    let source = try standing.source.flatMap { try work.policy(CasePolicy.self).source($0) }
    try ZoneCasesStore(work.transaction).keep(
      ZoneCase(
        infection: infection, person: person, path: path,
        foundPath: found == path ? nil : found, at: standing.reportedAt,
        isIsolated: source?.isInIsolation ?? false))
  }

  /// A positive counts in the zones in which it lives or was found, and proposes one where it is
  /// not held as strictly yet (RULES 6: a positive in a controlled zone seals at once).
  ///
  /// One in doubt does not: one account would seal a building, or lengthen everybody's time in a zone.
  private static func stepUp(_ infection: CaseID, in work: Work) throws {
    guard let (policy, _) = try work.zonesInForce(), let level = policy.onPositive,
      let found = try ZoneCasesStore(work.transaction).standing(infection)
    else { return }
    let zones = try found.paths.flatMap { try work.zonesStore.holding($0) }
    // A case of which more was said counts in its zones already.
    var seen = Set(try work.zonesStore.resting(on: infection).map(\.id))
    for held in zones where seen.insert(held.id).inserted {
      try join(found, held, policy, in: work)
    }
    // What is history by now, or was isolated already, sends nobody to a fence.
    let history = Duration.hours(try work.policy(CasePolicy.self).historyAfterHours)
    guard !found.isIsolated, work.now - found.at <= history else { return }
    // Being found in a zone shuts nobody's home; living in one does.
    let home = try work.zonesStore.holding(found.path)
    if home.contains(where: { $0.level.rank >= level.level.rank }) { return }
    try propose(level, for: found, policy, in: work)
  }

  private static func propose(
    _ level: ZonesPolicy.Level, for found: ZoneCase, _ policy: ZonesPolicy, in work: Work
  ) throws {
    let line = try PlacesStore(work.transaction).line(to: found.path)
    guard let place = ZonesRules.proposed(line: line, alone: policy.alone.widest) else {
      guard let last = line.last else { return }
      try work.oblige(
        ZoneDuties.locate, about: found.infection.text, person: found.person, at: last.id,
        by: work.now + .minutes(policy.decideMinutes))
      return
    }
    // Two of one family make one proposal, which both are evidence for.
    let waiting = try work.zonesStore.proposals(of: place.id)
    if let waiting = waiting.first(where: { $0.level.rank >= level.level.rank })?.id,
      let infection = found.inside([place.path])
    {
      return try work.zonesStore.note(infection, in: waiting, at: work.now)
    }
    guard let infection = found.inside([place.path]) else { return }
    try work.propose(
      [place], level, for: infection, by: HeldZone.ruleEngine, organisations: [])
  }

  /// Another infection in a zone: its days begin anew, and somebody judges whether it suffices.
  private static func join(
    _ found: ZoneCase, _ held: HeldZone, _ policy: ZonesPolicy, in work: Work
  ) throws {
    let places = try work.zonesStore.places(of: held.id).filter { $0.until == nil }
    guard let infection = found.inside(places.map(\.path)) else { return }
    try work.zonesStore.note(infection, in: held.id, at: work.now)
    try work.note(.infection, of: held, about: found.infection.text)
    guard infection.counts else { return }
    try count(held, in: work)
    try work.oblige(
      ZoneDuties.review, about: held.id.text, at: work.dutyPlace(of: held),
      by: work.now + .minutes(policy.reviewMinutes))
  }

  /// Counts a zone's days from the last infection that counts, or from its opening.
  private static func count(_ held: HeldZone, in work: Work) throws {
    guard let opened = held.openedAt, let before = held.countedFrom else { return }
    let counted = try work.zonesStore.infections(of: held.id).filter(\.counts)
    let from = max(opened, counted.map(\.at).max() ?? opened)
    guard from != before else { return }
    try work.zonesStore.count(held.id, from: from)
    try work.waive(ZoneDuties.release, about: held.id.text, reason: "counted_anew")
    let clause = work.zonesPolicy(of: held)?.level(held.level)?.residentsClause
    let places = try work.zonesStore.places(of: held.id).filter { $0.until == nil }.map(\.place)
    guard from > before, let latest = counted.first else {
      return try work.record(
        ZoneCountedBack(
          zone: held.id, clause: clause, places: places, countedFrom: from, before: before))
    }
    try work.record(
      ZoneCountedAnew(
        zone: held.id, infection: latest.infection, clause: clause, places: places,
        countedFrom: from))
  }

  private static func recount(_ infection: CaseID, in work: Work) throws {
    guard let found = try ZoneCasesStore(work.transaction).standing(infection) else { return }
    for held in try work.zonesStore.resting(on: infection) {
      let places = try work.zonesStore.places(of: held.id).filter { $0.until == nil }
      if let inside = found.inside(places.map(\.path)) {
        try work.zonesStore.note(inside, in: held.id, at: work.now)
      }
      try count(held, in: work)
    }
  }

  /// What rests on an infection that is none after all ends, unless another one holds it.
  private static func fall(
    _ infection: CaseID, as kind: ZoneEvent.Kind, in work: Work
  ) throws {
    for held in try work.zonesStore.resting(on: infection) {
      try fall(infection, from: held, as: kind, in: work)
    }
  }

  /// What rests on an infection that a second person declined; not one that was believed before.
  private static func fallDoubted(_ infection: CaseID, in work: Work) throws {
    guard try ZoneDoubtStore.doubt(of: infection, in: work.transaction) != nil else { return }
    try fall(infection, as: .infectionDoubted, in: work)
  }

  /// Lets a zone, or a proposal, rest on an infection no longer.
  static func fall(
    _ infection: CaseID, from held: HeldZone, as kind: ZoneEvent.Kind, in work: Work
  ) throws {
    try work.zonesStore.withdraw(infection, from: held.id, at: work.now)
    try work.note(kind, of: held, about: infection.text)
    if try !work.zonesStore.infections(of: held.id).isEmpty {
      try count(held, in: work)
    } else if held.state == .standing {
      try work.end(held, .evidenceWithdrawn)
    } else {
      try work.zonesStore.decline(held.id, at: work.now)
      try work.note(.declined, of: held, about: infection.text)
      try work.discharge(ZoneDuties.decide, about: held.id.text, proof: ["opened": "no"])
    }
  }

  /// Keeps the results of people of zones and of contacts of their infections, and of nobody else.
  private static func peopleTested(_ fact: PeopleTested, in work: Work) throws {
    guard try work.recall("zones.stand", { try work.zonesStore.isAnyStanding() }) else { return }
    let residents = try ResidentsStore(work.transaction).current(Set(fact.people))
    let held = try work.zonesStore.held(among: Set(residents.values.map(\.path)))
    let tests = ZoneTestsStore(work.transaction)
    let contacts = try tests.contacts(among: fact.people)
    for person in fact.people {
      let resident = residents[person]
      let lives = resident.map { held.contains($0.path) } ?? false
      guard lives || contacts.contains(person) else { continue }
      try tests.keep(
        resident?.id ?? person, sampledAt: fact.sampledAt, isNegative: fact.isNegative)
    }
  }
}

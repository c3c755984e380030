import Gazette
import Kernel
import Registry

/// Restricts those who live in a place of a zone, the next five hundred, until all are. Only a zone
/// that stands names a clause for them: there is no form that takes a list of people.
package struct RestrictZone: Command {
  package static let name = "restrictions.restrictZone"
  package static let duty: Duty = .clockOnly
  /// So many in one transaction: noting is quick, and each part looks through the whole place.
  private static let atOnce = 500

  package let zone: ZoneID
  package let place: PlaceID
  package let clause: String
  package let countedFrom: Instant
  package let after: PersonID?

  package init(
    zone: ZoneID, place: PlaceID, clause: String, countedFrom: Instant, after: PersonID? = nil
  ) {
    self.zone = zone
    self.place = place
    self.clause = clause
    self.countedFrom = countedFrom
    self.after = after
  }

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many were noted.
  package func perform(in work: Work) throws -> Int {
    let place = try PlacesStore(work.transaction).get(place)
    // The zone may have been released while this waited.
    guard let opened = try work.opening(of: zone, holding: place.path, from: countedFrom) else {
      return 0
    }
    let people = try ResidencesStore(work.transaction).living(
      in: place.path, at: work.now, after: after, limit: Self.atOnce)
    for person in people {
      try work.noteResident(
        person, of: zone, since: opened, under: clause, countedFrom: countedFrom)
    }
    if !people.isEmpty { try work.sendOnce(RestrictWaiting()) }
    if let last = people.last, people.count == Self.atOnce {
      try work.send(
        RestrictZone(
          zone: zone, place: place.id, clause: clause, countedFrom: countedFrom, after: last))
    }
    return people.count
  }
}

/// Counts anew what rests on a zone whose days were counted back, the next two hundred, until all
/// are. Nobody is restricted by it who is not.
package struct RecountZone: Command {
  package static let name = "restrictions.recountZone"
  package static let duty: Duty = .clockOnly
  private static let atOnce = 200

  package let zone: ZoneID
  package let after: RestrictionID?

  package init(zone: ZoneID, after: RestrictionID? = nil) {
    self.zone = zone
    self.after = after
  }

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many were looked at.
  package func perform(in work: Work) throws -> Int {
    guard let (policy, edition) = try work.restrictionsInForce() else { return 0 }
    let part = try EvidenceStore(work.transaction).restrictions(
      restingOn: Evidence(kind: .zoneResidence, reference: zone.text), after: after,
      limit: Self.atOnce)
    for id in part {
      let restriction = try RestrictionsStore(work.transaction).get(id)
      guard restriction.end > work.now, let clause = policy.clause(restriction.clause) else {
        continue
      }
      try work.recount(restriction, under: clause, of: edition, policy)
    }
    if let last = part.last, part.count == Self.atOnce {
      try work.send(RecountZone(zone: zone, after: last))
    }
    return part.count
  }
}

/// Ends what rests on a zone that is over, or on a part of it that was released, the next two
/// hundred, until nothing is left.
package struct ReleaseZoneResidents: Command {
  package static let name = "restrictions.releaseZone"
  package static let duty: Duty = .clockOnly
  /// So many in one transaction; those of an ordinary zone are free the moment it is over.
  static let atOnce = 200

  package let zone: ZoneID

  package init(zone: ZoneID) { self.zone = zone }

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many restrictions lost the zone.
  package func perform(in work: Work) throws -> Int {
    try work.releaseResidents(of: zone, atOnce: Self.atOnce)
  }
}

/// What follows for restrictions from what becomes of zones.
enum ZoneResidents {
  static let reactions: [Reaction] = [
    .on(ZoneOpened.self) { fact, work in
      try restrict(fact.zone, fact.places, fact.clause, fact.countedFrom, in: work)
    },
    .on(ZoneCountedAnew.self) { fact, work in
      try restrict(fact.zone, fact.places, fact.clause, fact.countedFrom, in: work)
    },
    .on(ZoneCountedBack.self) { fact, work in
      try EvidenceStore(work.transaction).count(
        Evidence(kind: .zoneResidence, reference: fact.zone.text), from: fact.countedFrom,
        insteadOf: fact.before)
      try work.send(RecountZone(zone: fact.zone))
      // Whom the count that is taken back had stopped others from reaching is reached by this one.
      try restrict(fact.zone, fact.places, fact.clause, fact.countedFrom, in: work)
    },
    .on(ZonePlacesReleased.self) { fact, work in
      let evidence = Evidence(kind: .zoneResidence, reference: fact.zone.text)
      for place in fact.places {
        guard let path = try work.jurisdiction.path(place, work.transaction) else { continue }
        try EvidenceStore(work.transaction).withdraw(evidence, inside: path, at: work.now)
      }
      try work.releaseResidents(of: fact.zone, atOnce: ReleaseZoneResidents.atOnce)
    },
    .on(ZoneEnded.self) { fact, work in
      try EvidenceStore(work.transaction).withdraw(
        Evidence(kind: .zoneResidence, reference: fact.zone.text), at: work.now)
      try work.releaseResidents(of: fact.zone, atOnce: ReleaseZoneResidents.atOnce)
    },
    // Whoever moves into a zone, or is registered in one, lives in it from then on. Who moves and
    // registers others is counted: a list of people that is put into a zone restricts no more of
    // them than one may.
    .on(ResidentMoved.self) { fact, work in
      guard !fact.away, fact.from != fact.to else { return }
      try settled([fact.person], in: work)
    },
    .on(ResidentEnrolled.self) { fact, work in try settled([fact.person], in: work) },
    .on(ResidentsImported.self) { fact, work in try settled(fact.enrolled, in: work) },
  ]

  /// People live in another place from now on: what the zones that hold it ask is asked of them.
  private static func settled(_ people: [PersonID], in work: Work) throws {
    let zones = ZonesStore(work.transaction)
    guard try zones.isAnyStanding() else { return }
    let residents = try ResidentsStore(work.transaction).current(Set(people))
    let homes = people.compactMap { residents[$0] }
    // A file of thousands asks for all of them at once.
    let held = try zones.held(among: Set(homes.map(\.path)))
    guard !held.isEmpty, let (policy, edition) = try work.restrictionsInForce() else { return }
    for home in homes where held.contains(home.path) {
      for zone in try zones.holding(home.path) {
        guard let counted = zone.countedFrom,
          let id = work.rules.zones(of: zone)?.level(zone.level)?.residentsClause,
          let clause = policy.clause(id)
        else { continue }
        try RestrictionsReactions.add(
          work.residence(of: home, in: zone.id, countedFrom: counted), under: clause, of: edition,
          policy, in: work)
      }
    }
  }

  private static func restrict(
    _ zone: ZoneID, _ places: [PlaceID], _ clause: String?, _ countedFrom: Instant, in work: Work
  ) throws {
    guard let clause else { return }
    for place in places {
      try work.send(
        RestrictZone(zone: zone, place: place, clause: clause, countedFrom: countedFrom))
    }
  }
}

extension Work {
  /// Ends what rests on nothing any more since its zone, or its part of it, is over, and asks for the
  /// next when there are more.
  @discardableResult
  fileprivate func releaseResidents(of zone: ZoneID, atOnce: Int) throws -> Int {
    let evidence = Evidence(kind: .zoneResidence, reference: zone.text)
    let store = EvidenceStore(transaction)
    let resting = try store.restingOnWithdrawn(evidence, limit: atOnce)
    let inForce = try restrictionsInForce()
    for id in resting {
      try store.detach(evidence, from: id)
      let restriction = try RestrictionsStore(transaction).get(id)
      try record(
        RestrictionEvidenceChanged(restriction: id, evidence: evidence, withdrawn: true))
      if try store.holding(id).isEmpty {
        try end(restriction, because: .released)
      } else if let inForce, let clause = inForce.section.clause(restriction.clause) {
        try recount(restriction, under: clause, of: inForce.edition, inForce.section)
      }
    }
    if resting.count == atOnce { try send(ReleaseZoneResidents(zone: zone)) }
    return resting.count
  }

  /// When a zone was opened; nil when it holds a path no longer or counts from another moment.
  fileprivate func opening(
    of zone: ZoneID, holding path: PlacePath, from moment: Instant
  ) throws -> Instant? {
    let held = try ZonesStore(transaction).holding(path).first { $0.id == zone }
    guard let held, let counted = held.countedFrom else { return nil }
    // What a milder level asks counts from the step down, until another infection counts.
    let stepped = held.isSteppedDown ? held.levelSince : nil
    return moment == max(counted, stepped ?? counted) || moment == counted ? held.openedAt : nil
  }

  fileprivate func residence(
    of home: Resident, in zone: ZoneID, countedFrom: Instant
  ) -> NotedEvidence {
    NotedEvidence(
      evidence: Evidence(kind: .zoneResidence, reference: zone.text), person: home.id,
      infection: nil, place: home.home, path: home.path, countedFrom: countedFrom)
  }

  /// Notes that somebody lives in a zone; who restricts them follows in parts (decision 18). Whoever
  /// the register put there after the opening is restricted where that was told, not here.
  fileprivate func noteResident(
    _ person: PersonID, of zone: ZoneID, since opened: Instant, under clause: String,
    countedFrom: Instant
  ) throws {
    guard let home = try ResidentsStore(transaction).current(person) else { return }
    let noted = residence(of: home, in: zone, countedFrom: countedFrom)
    let people = try ResidentsStore(transaction).identifiers(of: home.id)
    let known = try EvidenceStore(transaction).standing(noted.evidence, about: people)
    if known == nil && home.homeSince > opened { return }
    // Nothing new: whoever was freed for another reason meanwhile is not restricted again.
    if known?.countedFrom == countedFrom { return }
    // What takes a second person, or was declined by one, is not restricted as the clock: it counts
    // from the new moment, should it be approved.
    if try RestrictionLimitsStore(transaction).isHeldBack(noted.evidence, about: people) {
      return try EvidenceStore(transaction).count(
        noted.evidence, about: people, from: countedFrom)
    }
    try EvidenceStore(transaction).note(noted, at: now, waitingUnder: clause)
  }
}

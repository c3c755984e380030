import Gazette
import Kernel
import Registry

/// Restricts those who live in a place of a zone, the next two hundred, until all are. Only a zone
/// that stands names a clause for them: there is no form that takes a list of people.
package struct RestrictZone: Command {
  package static let name = "restrictions.restrictZone"
  package static let duty: Duty = .clockOnly
  private static let atOnce = 200

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
    guard try work.isHeld(place.path, by: zone, from: countedFrom) else { return 0 }
    let people = try ResidencesStore(work.transaction).living(
      in: place.path, at: work.now, after: after, limit: Self.atOnce)
    for person in people {
      try work.noteResident(person, of: zone, under: clause, countedFrom: countedFrom)
    }
    if let last = people.last, people.count == Self.atOnce {
      try work.send(
        RestrictZone(
          zone: zone, place: place.id, clause: clause, countedFrom: countedFrom, after: last))
    }
    return people.count
  }
}

/// Ends what rests on a zone that is over, or on a part of it that was released, the next two
/// hundred, until nothing is left.
package struct ReleaseZoneResidents: Command {
  package static let name = "restrictions.releaseZone"
  package static let duty: Duty = .clockOnly
  private static let atOnce = 200

  package let zone: ZoneID

  package init(zone: ZoneID) { self.zone = zone }

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many restrictions lost the zone.
  package func perform(in work: Work) throws -> Int {
    let evidence = Evidence(kind: .zoneResidence, reference: zone.text)
    let store = EvidenceStore(work.transaction)
    let resting = try store.restingOnWithdrawn(evidence, limit: Self.atOnce)
    let inForce = try work.restrictionsInForce()
    for id in resting {
      try store.detachWithdrawn(evidence, from: id)
      let restriction = try RestrictionsStore(work.transaction).get(id)
      try work.record(
        RestrictionEvidenceChanged(restriction: id, evidence: evidence, withdrawn: true))
      if try store.holding(id).isEmpty {
        try work.end(restriction, because: .released)
      } else if let inForce, let clause = inForce.section.clause(restriction.clause) {
        try work.recount(restriction, under: clause, of: inForce.edition, inForce.section)
      }
    }
    if resting.count == Self.atOnce { try work.send(ReleaseZoneResidents(zone: zone)) }
    return resting.count
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
    .on(ZonePlacesReleased.self) { fact, work in
      let evidence = Evidence(kind: .zoneResidence, reference: fact.zone.text)
      for place in fact.places {
        guard let path = try work.jurisdiction.path(place, work.transaction) else { continue }
        try EvidenceStore(work.transaction).withdraw(evidence, inside: path, at: work.now)
      }
      try work.send(ReleaseZoneResidents(zone: fact.zone))
    },
    .on(ZoneEnded.self) { fact, work in
      try EvidenceStore(work.transaction).withdraw(
        Evidence(kind: .zoneResidence, reference: fact.zone.text), at: work.now)
      try work.send(ReleaseZoneResidents(zone: fact.zone))
    },
    // Whoever moves into a zone lives in it from then on.
    .on(ResidentMoved.self) { fact, work in
      guard !fact.away, fact.from != fact.to,
        let path = try work.jurisdiction.path(fact.to, work.transaction)
      else { return }
      for held in try ZonesStore(work.transaction).holding(path) {
        guard let counted = held.countedFrom,
          let clause = work.rules.zones(of: held)?.level(held.level)?.residentsClause
        else { continue }
        try work.noteResident(fact.person, of: held.id, under: clause, countedFrom: counted)
      }
    },
  ]

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
  /// Whether a zone stands, holds a path and counts from a moment still.
  fileprivate func isHeld(_ path: PlacePath, by zone: ZoneID, from moment: Instant) throws -> Bool {
    let held = try ZonesStore(transaction).holding(path).first { $0.id == zone }
    return held.map { $0.countedFrom.map { $0 <= moment } ?? false } ?? false
  }

  /// Notes that somebody lives in a zone; who restricts them follows in parts (decision 18).
  fileprivate func noteResident(
    _ person: PersonID, of zone: ZoneID, under clause: String, countedFrom: Instant
  ) throws {
    guard let home = try ResidentsStore(transaction).current(person) else { return }
    let noted = NotedEvidence(
      evidence: Evidence(kind: .zoneResidence, reference: zone.text), person: home.id,
      infection: nil, place: home.home, path: home.path, countedFrom: countedFrom)
    try EvidenceStore(transaction).note(noted, at: now, waitingUnder: clause)
    try sendOnce(RestrictWaiting())
  }
}

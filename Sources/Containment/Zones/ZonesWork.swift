import Gazette
import Kernel
import Registry

extension Work {
  var zonesStore: ZonesStore { ZonesStore(transaction) }

  /// The section in force and its edition, nil when no edition in force speaks of zones.
  func zonesInForce() throws(Refusal) -> (section: ZonesPolicy, edition: PolicyEdition)? {
    try editionIfAny()
  }

  /// What the edition in force says of a level.
  func requireLevel(
    _ level: ZoneLevel
  ) throws(Refusal) -> (level: ZonesPolicy.Level, section: ZonesPolicy, edition: PolicyEdition) {
    let inForce = try edition(ZonesPolicy.self)
    guard let found = inForce.section.level(level) else {
      let known = inForce.section.levels.map(\.level.rawValue).joined(separator: " | ")
      throw Refusal(
        .invalid, "zone.levelNotInForce",
        Words(
          "现行政策不设这个等级" + (known.isEmpty ? "，不得划定任何区域" : "，可用：\(known)"),
          "The edition in force has no such level"
            + (known.isEmpty ? "; no zone may be set up" : "; it has: \(known)")),
        field: "level")
    }
    return (found, inForce.section, inForce.edition)
  }

  /// How many live in the places.
  func people(in places: [Place]) throws -> Int {
    let residents = ResidentsStore(transaction)
    return try places.map { try residents.count(in: $0.path) }.reduce(0, +)
  }

  /// Writes a proposal down and lets the street or the district owe the decision.
  @discardableResult
  func propose(
    _ places: [Place], _ level: ZonesPolicy.Level, for infection: ZoneInfection,
    by proposer: String, organisations: Set<String>, plan: String? = nil
  ) throws -> HeldZone {
    let (policy, edition) = try self.edition(ZonesPolicy.self)
    let common = ZonesRules.common(places.map(\.path))
    guard let place = try PlacesStore(transaction).find(path: common) else {
      throw Refusal.zonePlacesApart
    }
    let zone = HeldZone(
      id: newID(), level: level.level, edition: edition.reference, state: .proposed,
      place: place.id, path: common, infection: infection.infection, proposedBy: proposer,
      proposedByOrganisations: organisations.sorted().joined(separator: "|"), proposedAt: now,
      openedBy: nil, openedAt: nil, isOpenedAlone: nil, countedFrom: nil, levelSince: nil,
      isSteppedDown: false,
      people: try people(in: places), plan: plan, servedUntil: nil, endedAt: nil, end: nil)
    try zonesStore.insert(
      zone,
      places.map { ZonePlace(place: $0.id, path: $0.path, from: now, until: nil) })
    try zonesStore.note(infection, in: zone.id, at: now)
    try note(.proposed, of: zone, about: infection.infection.text)
    try record(
      ZoneProposed(
        zone: zone.id, level: zone.level, infection: infection.infection,
        places: places.map(\.id)))
    try oblige(
      ZoneDuties.decide, about: zone.id.text, at: dutyPlace(of: zone),
      by: now + .minutes(policy.decideMinutes))
    return zone
  }

  /// Lets a proposal stand from now on.
  func open(_ zone: HeldZone, people: Int, alone: Bool) throws {
    let (level, policy, edition) = try requireLevel(zone.level)
    let places = try zonesStore.places(of: zone.id).filter { $0.until == nil }
    try zonesStore.open(
      zone.id, by: authority.sender.text, alone: alone, at: now, edition: edition.reference,
      people: people)
    let opened = try zonesStore.get(zone.id)
    try note(.opened, of: opened, about: places.map(\.place.text).joined(separator: "|"))
    try takeOver(places, for: opened)
    try dropOvertaken(by: opened)
    try record(
      ZoneOpened(
        zone: zone.id, level: zone.level.rawValue, edition: edition.reference,
        places: places.map(\.place), clause: level.residentsClause, countedFrom: now))
    try discharge(ZoneDuties.decide, about: zone.id.text, proof: ["opened": "yes"])
    try checkRoster(of: opened, level, policy)
  }

  /// A proposal all of whose places a zone holds as strictly by now can be opened no more: nobody is asked
  /// to decide on it.
  private func dropOvertaken(by zone: HeldZone) throws {
    for proposal in try zonesStore.list(.proposed, in: zone.path, limit: 500) {
      let places = try zonesStore.places(of: proposal.id).filter { $0.until == nil }
      let isOvertaken = try places.allSatisfy { place in
        try zonesStore.holding(place.path).contains { $0.level.rank >= proposal.level.rank }
      }
      guard isOvertaken, !places.isEmpty else { continue }
      try zonesStore.decline(proposal.id, at: now)
      try note(.declined, of: proposal, about: zone.id.text)
      try record(ZoneDeclined(zone: proposal.id))
      try discharge(ZoneDuties.decide, about: proposal.id.text, proof: ["opened": "no"])
    }
  }

  /// A place that a higher zone takes is taken off the lower one of which it is a place itself.
  private func takeOver(_ places: [ZonePlace], for zone: HeldZone) throws {
    for place in places {
      for lower in try zonesStore.holding(place.path)
      where lower.id != zone.id && lower.level.rank < zone.level.rank {
        let standing = try zonesStore.places(of: lower.id).filter { $0.until == nil }
        guard standing.contains(where: { $0.place == place.place }) else { continue }
        try zonesStore.takeOff(place.place, from: lower.id, at: now)
        if standing.count == 1 {
          try end(lower, .raised)
        } else {
          try note(.raised, of: lower, about: place.place.text)
          try record(ZonePlacesReleased(zone: lower.id, places: [place.place]))
        }
      }
    }
  }

  /// Ends a zone and lets fall what was owed for it; its gates are owed to be opened.
  func end(_ zone: HeldZone, _ reason: ZoneEnd) throws {
    let kind: ZoneEvent.Kind =
      switch reason {
      case .released: .released
      case .evidenceWithdrawn: .evidenceWithdrawn
      case .editionEnded: .editionEnded
      case .raised: .raised
      }
    try note(kind, of: zone, about: "")
    try zonesStore.end(zone.id, reason, at: now)
    try discharge(ZoneDuties.release, about: zone.id.text, proof: ["end": reason.rawValue])
    for running in ZoneDuties.running {
      try waive(running, about: zone.id.text, reason: reason.rawValue)
    }
    try record(ZoneEnded(zone: zone.id, reason: reason.rawValue))
    if reason == .raised { return }
    let minutes = try zonesInForce()?.section.gateMinutes ?? 0
    try oblige(
      ZoneDuties.gate, about: zone.id.text, at: dutyPlace(of: zone), by: now + .minutes(minutes))
  }

  /// Where those sit who answer for a zone: its place, or the first of its places where it reaches
  /// over several streets.
  func dutyPlace(of zone: HeldZone) throws -> PlaceID {
    let whole = try PlacesStore(transaction).get(zone.place)
    if whole.level.depth >= PlaceLevel.street.depth { return whole.id }
    return try zonesStore.places(of: zone.id).first?.place ?? whole.id
  }

  /// Lets a zone go one level down, or end where its level is the last.
  func lower(_ zone: HeldZone) throws {
    guard let policy = zonesPolicy(of: zone), let level = policy.level(zone.level) else { return }
    guard let below = level.stepDownTo, let next = policy.level(below) else {
      return try end(zone, .released)
    }
    try zonesStore.stepDown(zone.id, to: below, at: now)
    try note(.steppedDown, of: zone, about: below.rawValue)
    try discharge(ZoneDuties.release, about: zone.id.text, proof: ["end": below.rawValue])
    try record(ZoneSteppedDown(zone: zone.id, from: zone.level.rawValue, to: below.rawValue))
    // Whoever was not to leave home may now, unless the milder level says so, too.
    if next.residentsClause != level.residentsClause {
      try record(
        ZonePlacesReleased(
          zone: zone.id,
          places: zonesStore.places(of: zone.id).filter { $0.until == nil }.map(\.place)))
      if let clause = next.residentsClause {
        try record(
          ZoneOpened(
            zone: zone.id, level: below.rawValue, edition: zone.edition,
            places: zonesStore.places(of: zone.id).filter { $0.until == nil }.map(\.place),
            clause: clause, countedFrom: now))
      }
    }
    if next.staffing.isEmpty { try waive(ZoneDuties.staff, about: zone.id.text, reason: "lower") }
  }

  /// The clauses of the edition that opened a zone: a decision keeps the version that made it.
  func zonesPolicy(of zone: HeldZone) -> ZonesPolicy? { rules.zones(of: zone) }

  /// What each clause says of a zone, or of a part of it, now.
  func findings(of zone: HeldZone, part: [ZonePlace]? = nil) throws -> [ClauseFinding] {
    guard let policy = zonesPolicy(of: zone) else { return [] }
    return try ZoneAssessment(
      transaction: transaction, now: now, zone: self.zone, policy: policy,
      contactClause: try restrictionsInForce()?.section.clause(for: .close)?.id
    ).findings(of: zone, part: part)
  }

  /// Checks that nothing stands against a release, and names the first clause that does.
  func requireMet(_ findings: [ClauseFinding]) throws(Refusal) {
    guard !findings.isEmpty else {
      throw Refusal(
        .conflict, "zone.noClauses",
        Words("该区域没有可计算的解除条件", "This zone has no clauses of release"), field: "zone")
    }
    let unmet = findings.filter { !$0.isMet }
    guard let first = unmet.first else { return }
    throw Refusal(
      .conflict, "zone.clauseUnmet",
      Words(
        "还有 \(unmet.count) 项解除条件未满足，首先是“\(first.words.chinese)”（\(first.total)）；请看风险区页面的逐条计算",
        "\(unmet.count) clauses are not met, first “\(first.words.english)” (\(first.total)); see each on the zone's page"
      ), field: first.kind)
  }

  func note(_ kind: ZoneEvent.Kind, of zone: HeldZone, about: String) throws {
    try zonesStore.note(
      ZoneEvent(
        kind: kind, at: now, by: authority.sender.text, edition: zone.edition, level: zone.level,
        about: about), of: zone.id)
  }

  /// Lets the gaps of the coming hours be owed to somebody, or nobody any more.
  func checkRoster(
    of zone: HeldZone, _ level: ZonesPolicy.Level, _ policy: ZonesPolicy
  ) throws {
    let gaps = try ZoneRoster(transaction: transaction, policy: policy).gaps(
      of: zone.id, level, from: now, until: now + .hours(policy.rosterHours))
    let owed = try ObligationStore(transaction).owed(ZoneDuties.staff.name, about: zone.id.text)
    if gaps.isEmpty {
      try discharge(ZoneDuties.staff, about: zone.id.text, proof: ["gaps": "0"])
    } else if owed.isEmpty {
      try oblige(
        ZoneDuties.staff, about: zone.id.text, at: dutyPlace(of: zone),
        by: now + .minutes(policy.staffMinutes))
    }
  }
}

/// Who is missing at a zone in a span.
package struct ZoneRoster {
  let transaction: any Transaction
  let policy: ZonesPolicy

  /// Every gap of each post and each gate.
  package func gaps(
    of zone: ZoneID, _ level: ZonesPolicy.Level, from: Instant, until: Instant
  ) throws -> [RosterGap] {
    let store = ZoneStaffStore(transaction)
    let shifts = try store.shifts(of: zone, from: from, until: until)
    let posts = level.staffing.flatMap {
      ZonesRules.gaps(shifts, role: $0.role, needed: $0.people, from: from, until: until)
    }
    let gates = try store.checkpoints(of: zone).flatMap {
      ZonesRules.gaps(
        shifts, role: Self.gateRole, checkpoint: $0.id, needed: policy.checkpointPeople,
        from: from, until: until)
    }
    return posts + gates
  }

  /// The role of whoever stands at a gate.
  package static let gateRole = "checkpoint"
}

extension Rulebook {
  /// The section of the edition that opened a zone.
  package func zones(of zone: HeldZone) -> ZonesPolicy? {
    policies.edition(zone.edition)?.sections[ZonesPolicy.key] as? ZonesPolicy
  }
}

extension Refusal {
  static var zonePlacesApart: Refusal {
    Refusal(
      .invalid, "zone.placesApart",
      Words("所选地点没有共同的上级地点，请分别提出", "The places lie in no common place; propose them apart"),
      field: "places")
  }
}

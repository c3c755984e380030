import Gazette
import Kernel
import Registry

/// What follows for isolation at home from what others say.
enum HomeReactions {
  static let all: [Reaction] = [
    .on(RestrictionStarted.self) { fact, work in
      if try isLookedAfter(fact.clause, in: work) { try work.lookAtHome(of: fact.person) }
      // Whoever goes to hospital leaves those behind who cannot be alone.
      if fact.kind == RestrictionKind.hospital.rawValue {
        try lookIfKnown(fact.person, in: work)
        try left(by: fact.person, in: work)
      }
    },
    .on(RestrictionMoved.self) { fact, work in
      try look(atHolderOf: fact.restriction, in: work)
    },
    .on(RestrictionPhaseChanged.self) { fact, work in
      try look(atHolderOf: fact.restriction, in: work)
    },
    .on(RestrictionEnded.self) { fact, work in
      try work.homes.hasten(fact.person, at: work.now)
    },
    .on(ObjectionRaised.self) { fact, work in try look(atHolderOf: fact.restriction, in: work) },
    .on(ObjectionDecided.self) { fact, work in try look(atHolderOf: fact.restriction, in: work) },
    .on(ResidentMoved.self) { fact, work in
      if fact.from != fact.to { try lookIfKnown(fact.person, in: work) }
      if fact.away { try left(by: fact.person, in: work) }
    },
    .on(ResidentsMerged.self) { fact, work in
      for person in [fact.survivor, fact.merged] { try work.lookAtHome(of: person) }
    },
    .on(ResidentsUnmerged.self) { fact, work in
      for person in [fact.survivor, fact.merged] { try work.lookAtHome(of: person) }
    },
    .on(PersonArrived.self) { fact, work in
      try lookIfKnown(fact.person, in: work)
      try left(by: fact.person, in: work)
    },
    .on(StayMoved.self) { fact, work in
      if fact.what == "left" { try work.lookAtHome(of: fact.person) }
    },
    .on(ZoneOpened.self) { fact, work in try serveAnew(fact.places, in: work) },
    .on(ZonePlacesReleased.self) { fact, work in try serveAnew(fact.places, in: work) },
    .on(ZoneSteppedDown.self) { fact, work in
      try serveAnew(ZonesStore(work.transaction).places(of: fact.zone).map(\.place), in: work)
    },
    .on(ZoneEnded.self) { fact, work in
      try serveAnew(ZonesStore(work.transaction).places(of: fact.zone).map(\.place), in: work)
    },
    .on(ObligationDone.self, obligationDone),
    .on(ObligationWaived.self) { fact, work in
      if [HomeDuties.request.name, HomeDuties.doctor.name].contains(fact.kind) {
        try work.residentRequests.answer(ResidentRequestID(trusted: fact.about), at: work.now)
      }
      // Whoever says that nobody needs to look waits for the next word like everybody.
      guard fact.kind == HomeDuties.silence.name,
        let stay = try work.homes.find(HomeStayID(trusted: fact.about)), stay.endedAt == nil,
        stay.asks.silence, let policy = try work.homeInForce()
      else { return }
      try work.homes.silence(
        stay.id, at: HomeRules.silence(since: work.now, stay.asks, policy))
    },
  ]

  /// Whether a clause is looked after: thousands of residents of a zone are not, and cost nothing.
  private static func isLookedAfter(_ clause: String, in work: Work) throws -> Bool {
    try work.recall("home.clause.\(clause)") {
      try work.homeInForce()?.clause(clause) != nil
    }
  }

  private static func look(atHolderOf restriction: RestrictionID, in work: Work) throws {
    guard let found = try RestrictionsStore(work.transaction).find(restriction) else { return }
    try work.homes.hasten(found.person, at: work.now)
    if try isLookedAfter(found.clause, in: work) { try work.lookAtHome(of: found.person) }
  }

  private static func lookIfKnown(_ person: PersonID, in work: Work) throws {
    if try work.homes.running(of: person) != nil { try work.lookAtHome(of: person) }
  }

  /// Somebody is gone from their home: whoever of it cannot be alone needs a carer.
  private static func left(by person: PersonID, in work: Work) throws {
    guard let resident = try ResidentsStore(work.transaction).current(person) else { return }
    let isDoor = try PlacesStore(work.transaction).find(resident.home)?.level == .household
    var people = try work.homes.dependents(of: resident.id)
    if isDoor { people += try ResidentsStore(work.transaction).household(resident.home) }
    for other in Set(people).sorted() where other != resident.id {
      guard let dependent = try ResidentsStore(work.transaction).current(other) else { continue }
      let isIsolated = try work.homes.running(of: dependent.id)?.kind == .homeIsolation
      try work.settleCare(of: dependent, isIsolated: isIsolated)
    }
  }

  private static func serveAnew(_ places: [PlaceID], in work: Work) throws {
    for place in places {
      guard let path = try work.jurisdiction.path(place, work.transaction) else { continue }
      try work.homes.serveAnew(inside: path, at: work.now)
    }
  }

  private static func obligationDone(_ fact: ObligationDone, in work: Work) throws {
    switch fact.kind {
    case RestrictionDuties.health.name:
      // One look at the row: most who are asked are residents of a zone and are not looked after.
      guard let done = try ObligationStore(work.transaction).find(fact.obligation),
        let person = done.person
      else { return }
      try work.hear(of: person)
    case HomeDuties.silence.name:
      guard let stay = try work.homes.find(HomeStayID(trusted: fact.about)), stay.endedAt == nil
      else { return }
      try work.hear(stay)
    case HomeDuties.checklist.name: try visited(fact, in: work)
    case HomeDuties.request.name, HomeDuties.doctor.name:
      try work.residentRequests.answer(ResidentRequestID(trusted: fact.about), at: work.now)
    default: return
    }
  }

  /// A visit with the six rules: what is not met is the street's to decide; what is, closes that.
  private static func visited(_ fact: ObligationDone, in work: Work) throws {
    guard let household = try work.homes.household(HomeHouseholdID(trusted: fact.about)),
      let proof = try ObligationStore(work.transaction).find(fact.obligation)?.proof
    else { return }
    let unmet = HomeRules.unmet(in: try Fields.json(Array(proof.utf8)))
    try work.homes.note(
      HomeVisit(at: work.now, sender: work.authority.sender.text, unmet: unmet), of: household.id)
    try work.record(HomeVisited(household: household.id, unmet: unmet))
    for stay in try work.homes.running(in: [household.id]) { try work.hear(stay) }
    let owed = try ObligationStore(work.transaction).owed(
      HomeDuties.remedy.name, about: household.id.text)
    if unmet.isEmpty {
      try work.discharge(
        HomeDuties.remedy, about: household.id.text,
        proof: ["outcome": RemedyOutcome.mended.rawValue])
    } else if owed.isEmpty, household.closedAt == nil, let policy = try work.homeInForce() {
      try work.oblige(
        HomeDuties.remedy, about: household.id.text, at: household.home,
        by: work.now + .hours(policy.remedyHours))
    }
  }
}

import Kernel
import Registry

/// Somebody who is looked after at home.
package struct HomePersonView: Codable, Sendable {
  package let stay: HomeStayID
  package let person: PersonID
  /// The name with all but its first character hidden.
  package let name: String
  package let kind: RestrictionKind
  /// Today's number of the measure and that of its last day.
  package let day: Int
  package let days: Int
  package let until: Instant
  package let heardAt: Instant?
  /// Whether nobody has heard of the person for too long.
  package let isSilent: Bool
  package let needs: [String]
}

/// A household in numbers: who, the six rules, what is brought today.
package struct HomeHouseholdView: Codable, Sendable {
  package let household: HomeHouseholdID
  package let home: PlaceID
  package let openedAt: Instant
  package let closedAt: Instant?
  package let people: [HomePersonView]
  package let visitedAt: Instant?
  package let unmet: Int
  /// Until when somebody is to look at the rules; nil when nobody owes it.
  package let checklistBy: Instant?
  package let remedyBy: Instant?
  /// What is still to be brought or fetched, by kind.
  package let deliveries: [Delivery]
  package let needsCarer: Bool

  /// Something to be brought or fetched.
  package struct Delivery: Codable, Sendable {
    package let service: HomeService
    package let by: Instant
  }
}

/// The households of an area that are looked after, in the order of the walk.
package struct ListHomeHouseholds: Query {
  /// How many of what in the area.
  package struct Counts: Codable, Sendable {
    package let households: Int
    package let people: Int
    package let silent: Int
    package let unvisited: Int
    package let unmet: Int
  }

  package struct Answer: Codable, Sendable {
    package let counts: Counts
    package let households: [HomeHouseholdView]
    package let outings: [OutingView]
    package let after: String?
  }

  package static let name = "home.households"
  package static let duty: Duty = "home.read"
  package static let purposes: [Purpose] = [.containment, .fieldwork, .supervision]
  /// A place; everywhere when there is none.
  package let place: PlaceID?
  package let after: String?
  package let limit: Int?

  package init(place: PlaceID? = nil, after: String? = nil, limit: Int? = nil) {
    self.place = place
    self.after = after
    self.limit = limit
  }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let area = path ?? .everywhere
    let limit = min(max(limit ?? 50, 1), 500)
    let store = HomeStore(reading.transaction)
    let counts = try store.counts(in: area)
    let found = try store.open(in: area, after: cursor(), limit: limit)
    let last = found.count == limit ? found.last : nil
    return Answer(
      counts: Counts(
        households: counts.households, people: counts.people, silent: counts.silent,
        unvisited: counts.unvisited, unmet: counts.unmet),
      households: try reading.views(of: found),
      outings: try OutingsStore(reading.transaction).running(in: area, limit: 50).map {
        try reading.view($0)
      },
      after: last.map { "\($0.path.text)/\($0.id.text)" })
  }

  private func cursor() throws(Refusal) -> (path: PlacePath, id: HomeHouseholdID)? {
    guard let after else { return nil }
    let parts = after.split(separator: "/", maxSplits: 1)
    guard parts.count == 2 else {
      throw .malformed(
        "after", after, expected: Words("上一页给出的值", "the value that the page before gave"))
    }
    return (PlacePath(String(parts[0])), HomeHouseholdID(trusted: String(parts[1])))
  }
}

/// A household with all that was done for it, for the offices that answer for it.
package struct ShowHomeHousehold: Query {
  /// Somebody who lives there and is not isolated.
  package struct CoResident: Codable, Sendable {
    package let person: PersonID
    package let name: String
    package let isAway: Bool
    /// What applies to them by a measure of their own.
    package let measures: [RestrictionKind]
  }

  /// Who cares for whom.
  package struct Care: Codable, Sendable {
    package let person: PersonID
    package let name: String
    package let carer: String?
  }

  /// A report of temperature and symptoms; the values stay with the measure.
  package struct Report: Codable, Sendable {
    package let name: String
    package let due: Instant
    package let at: Instant?
    /// Whether the resident said it on the own page.
    package let isOwn: Bool
  }

  /// What was decided about rules that were not met.
  package struct Decision: Codable, Sendable {
    package let at: Instant
    package let by: String
    package let outcome: RemedyOutcome
    package let reason: String
  }

  package struct Answer: Codable, Sendable {
    package let household: HomeHouseholdView
    package let coResidents: [CoResident]
    package let care: [Care]
    package let reports: [Report]
    package let visits: [HomeVisit]
    package let decisions: [Decision]
    package let outings: [OutingView]
    /// The obligation by which the rules are to be looked at, to be finished here.
    package let checklist: ObligationID?
  }

  package static let name = "home.household"
  package static let duty: Duty = ListHomeHouseholds.duty
  package static let purposes: [Purpose] = ListHomeHouseholds.purposes
  package let household: HomeHouseholdID

  package init(household: HomeHouseholdID) { self.household = household }

  package func area(in reading: Reading) throws -> Area {
    .path(try HomeStore(reading.transaction).getHousehold(household).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let store = HomeStore(reading.transaction)
    let found = try store.getHousehold(household)
    let view = try reading.views(of: [found]).first
    guard let view else { throw Refusal.notFound(Words("居家隔离户", "household"), found.id.text) }
    let isolated = Set(view.people.map(\.person))
    let residents =
      found.lone == nil ? try ResidentsStore(reading.transaction).members(of: found.home) : []
    for resident in residents { reading.disclose(resident.id) }
    let about = try ObligationStore(reading.transaction).about(found.id.text)
    return Answer(
      household: view,
      coResidents: try residents.filter { !isolated.contains($0.id) }.map { resident in
        CoResident(
          person: resident.id, name: reading.masked(resident), isAway: resident.isAway,
          measures: try RestrictionsStore(reading.transaction)
            .effective(for: resident.id, at: reading.now).map(\.kind).filter(\.isLimiting))
      },
      care: try reading.care(of: view.people.map(\.person)),
      reports: try view.people.flatMap { try reading.reports(of: $0) },
      visits: try store.visits(of: found.id),
      decisions: try about.compactMap { try decision($0) },
      outings: try view.people.flatMap {
        try OutingsStore(reading.transaction).all(of: $0.person, limit: 10)
      }.map { try reading.view($0) },
      checklist: about.first { $0.kind == HomeDuties.checklist.name && $0.isOwed }?.id)
  }

  private func decision(_ obligation: Obligation) throws -> Decision? {
    guard obligation.kind == HomeDuties.remedy.name, obligation.state == .done,
      let at = obligation.closedAt, let proof = obligation.proof
    else { return nil }
    let fields = try Fields.json(Array(proof.utf8))
    guard case .text(let outcome) = fields["outcome"],
      let outcome = RemedyOutcome(rawValue: outcome)
    else { return nil }
    var reason = ""
    if case .text(let said) = fields["reason"] { reason = said }
    return Decision(
      at: at, by: obligation.closedBy ?? "", outcome: outcome, reason: reason)
  }
}

extension Reading {
  /// A resident's name with all but its first character hidden.
  func masked(_ resident: Resident) -> String {
    resident.name.map { Mask.name($0.revealed) } ?? ""
  }

  /// Households as lists show them; what is the same for all is read once.
  func views(of households: [HomeHousehold]) throws -> [HomeHouseholdView] {
    let store = HomeStore(transaction)
    let stays = try store.running(in: households.map(\.id))
    let residents = try ResidentsStore(transaction).current(Set(stays.map(\.person)))
    let owed = try ObligationStore(transaction).owed(
      aboutAny: households.map(\.id.text) + stays.map(\.person.text))
    let registry = try policy(RegistryPolicy.self)
    let byHousehold = Dictionary(grouping: stays, by: \.household)
    return try households.map { household in
      let own = byHousehold[household.id] ?? []
      let about = owed[household.id.text] ?? []
      func by(_ kind: ObligationKind) -> Instant? {
        about.first { $0.kind == kind.name }?.deadline
      }
      return HomeHouseholdView(
        household: household.id, home: household.home, openedAt: household.openedAt,
        closedAt: household.closedAt,
        people: try own.map { try person($0, residents[$0.person], registry) },
        visitedAt: household.visitedAt, unmet: household.unmet,
        checklistBy: by(HomeDuties.checklist), remedyBy: by(HomeDuties.remedy),
        deliveries: HomeService.allCases.flatMap { service in
          about.filter { $0.kind == HomeDuties.service(service).name }
            .map { HomeHouseholdView.Delivery(service: service, by: $0.deadline) }
        }.sorted { $0.by < $1.by },
        needsCarer: own.contains { stay in
          owed[stay.person.text]?.contains { $0.kind == HomeDuties.carer.name } == true
        })
    }
  }

  private func person(
    _ stay: HomeStay, _ resident: Resident?, _ registry: RegistryPolicy
  ) throws -> HomePersonView {
    disclose(resident?.id ?? stay.person)
    let restriction = try RestrictionsStore(transaction).find(stay.restriction)
    let zero = Day(of: restriction?.countedFrom ?? stay.since, in: zone)
    let end = restriction?.end ?? stay.until
    return HomePersonView(
      stay: stay.id, person: resident?.id ?? stay.person, name: resident.map(masked) ?? "",
      kind: stay.kind, day: today - zero, days: Day(of: end - .milliseconds(1), in: zone) - zero,
      until: end, heardAt: stay.heardAt,
      isSilent: stay.asks.silence && (stay.silenceAt.map { $0 <= now } ?? true),
      needs: resident.map { registry.needs(of: $0, on: today) } ?? [])
  }

  /// Who of some people cannot be alone, and who cares for them.
  fileprivate func care(of people: [PersonID]) throws -> [ShowHomeHousehold.Care] {
    guard let sharing = try? policy(IsolationPolicy.self).sharing else { return [] }
    let finder = HouseholdFinder(
      transaction: transaction, now: now, today: today, registry: try policy())
    return try people.compactMap { person in
      guard let resident = try ResidentsStore(transaction).current(person),
        HomeRules.isDependent(try finder.member(resident), sharing)
      else { return nil }
      let named = try HomeStore(transaction).carer(of: resident.id)
      let carer = try named.flatMap { try ResidentsStore(transaction).current($0.carer) }
      if let carer { disclose(carer.id) }
      return ShowHomeHousehold.Care(
        person: resident.id, name: masked(resident), carer: carer.map(masked))
    }
  }

  /// The reports of today and yesterday of somebody, the latest first.
  fileprivate func reports(of person: HomePersonView) throws -> [ShowHomeHousehold.Report] {
    let since = (today - 1).start(in: zone)
    let store = ObligationStore(transaction)
    let checks = try RestrictionsStore(transaction).effective(for: person.person, at: now)
      .flatMap { try store.about($0.id.text) }
    return checks.filter {
      $0.kind == RestrictionDuties.health.name && $0.state != .waived && $0.deadline > since
        && ($0.state == .done || $0.deadline <= today.end(in: zone))
    }.sorted { $0.deadline > $1.deadline }.prefix(6).map { check in
      ShowHomeHousehold.Report(
        name: person.name, due: check.deadline,
        at: check.state == .done ? check.closedAt : nil,
        isOwn: check.closedBy?.hasPrefix("resident:") == true)
    }
  }
}

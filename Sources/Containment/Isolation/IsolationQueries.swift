import Kernel
import Registry

/// A site in numbers.
package struct SiteView: Codable, Sendable {
  package let site: PlaceID
  package let name: String
  package let state: IsolationSite.State
  package let setUpAt: Instant
  package let readyAt: Instant?
  /// Until when it is to be ready.
  package let readyBy: Instant?
  package let counts: RoomCounts
  package let movements: SiteMovements
  /// Transfers that nobody has answered.
  package let asked: Int
  package let wasteBags: Int
  package let wasteGrams: Int
  package let wasteGramsToday: Int
}

/// Somebody who is at a site or comes to it.
package struct GuestView: Codable, Sendable {
  package let stay: SiteStayID
  package let person: PersonID
  /// The name with all but its first character hidden.
  package let name: String
  package let state: SiteStay.State
  package let room: SiteRoomID?
  package let sharing: SharingReason?
  package let isCompanion: Bool
  package let needs: [String]
  /// Today's number of the measure and that of its last central day; nil of a companion.
  package let day: Int?
  package let days: Int?
  package let until: Instant?
  package let freeFrom: Instant?
  package let askedAt: Instant
  package let departedAt: Instant?
  package let arrivedAt: Instant?
  package let leftAt: Instant?
  package let leaving: LeavingKind?
}

/// A room with who is in it or promised it.
package struct RoomView: Codable, Sendable {
  package let room: SiteRoomID
  package let number: String
  package let floor: Int
  package let beds: Int
  package let isBarrierFree: Bool
  package let isDirty: Bool
  /// What is owed for its disinfection.
  package let disinfection: ObligationID?
  package let guests: [GuestView]

  package var isFree: Bool { !isDirty && guests.isEmpty }
}

/// The sites of an area with their free rooms.
package struct ListSites: Query {
  package struct Answer: Codable, Sendable {
    package let sites: [SiteView]
  }

  package static let name = "isolation.sites"
  package static let duty: Duty = "isolation.read"
  package static let purposes: [Purpose] = []
  package let place: PlaceID?

  package init(place: PlaceID? = nil) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let found = try SitesStore(reading.transaction).list(in: path ?? .everywhere)
    return Answer(sites: try found.map { try reading.view($0) })
  }
}

/// A site as a board of rooms, with who comes.
package struct ShowSite: Query {
  package struct Answer: Codable, Sendable {
    package let site: SiteView
    package let steps: [SiteStep]
    package let rooms: [RoomView]
    /// Asked, accepted and on the way.
    package let coming: [GuestView]
    package let bags: [WasteBag]
    package let handovers: [WasteHandover]
    /// Today's meals, and those of earlier days of which nobody has said anything; tomorrow's when
    /// today's are over.
    package let meals: [SiteMeal]
  }

  package static let name = "isolation.site"
  package static let duty: Duty = ListSites.duty
  package static let purposes: [Purpose] = [.containment, .fieldwork, .supervision]
  package let site: PlaceID

  package init(site: PlaceID) { self.site = site }

  package func area(in reading: Reading) -> Area { .place(site) }

  package func answer(in reading: Reading) throws -> Answer {
    let sites = SitesStore(reading.transaction)
    let found = try sites.get(site)
    let guests = try StaysStore(reading.transaction).running(at: site).map {
      try reading.guest($0)
    }
    let byRoom = Dictionary(grouping: guests.filter { $0.room != nil }, by: \.room)
    let waste = WasteStore(reading.transaction)
    let obligations = ObligationStore(reading.transaction)
    return Answer(
      site: try reading.view(found), steps: try sites.steps(of: site),
      rooms: try sites.rooms(of: site).map { room in
        try RoomView(
          room: room.id, number: room.number, floor: room.floor, beds: room.beds,
          isBarrierFree: room.isBarrierFree, isDirty: room.isDirty,
          disinfection: room.isDirty
            ? obligations.owed(IsolationDuties.disinfect.name, about: room.id.text).first?.id
            : nil,
          guests: byRoom[room.id] ?? [])
      },
      coming: guests.filter { $0.state != .present },
      bags: try waste.waiting(at: site), handovers: try waste.handovers(of: site, limit: 20),
      meals: try meals(in: reading))
  }

  private func meals(in reading: Reading) throws -> [SiteMeal] {
    let store = MealsStore(reading.transaction)
    let start = reading.today.start(in: reading.zone)
    let end = reading.today.end(in: reading.zone)
    let today = try store.meals(of: site, from: start, to: end)
    let isOver = !today.contains { $0.servedAt == nil && $0.deadline >= reading.now }
    let next =
      try isOver
      ? store.meals(of: site, from: end, to: (reading.today + 1).end(in: reading.zone)) : []
    return try store.unsaid(of: site, before: start).reversed() + today + next
  }
}

/// One stay: what its release still waits for, clause by clause.
package struct ShowStay: Query {
  package struct Answer: Codable, Sendable {
    package let guest: GuestView
    package let site: PlaceID
    package let siteName: String
    package let roomNumber: String?
    package let restriction: RestrictionID?
    package let finding: ReleaseFinding
    /// What is owed for the notice.
    package let notice: ObligationID?
    /// What they eat, as the policy names it.
    package let diet: String?
    /// Regular medicine, for those who look after the guests; nil for everybody else.
    package let medicine: String?
  }

  package static let name = "isolation.stay"
  package static let duty: Duty = ListSites.duty
  package static let purposes: [Purpose] = ShowSite.purposes
  package let stay: SiteStayID

  package init(stay: SiteStayID) { self.stay = stay }

  package func area(in reading: Reading) throws -> Area {
    .path(try StaysStore(reading.transaction).get(stay).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let found = try StaysStore(reading.transaction).get(stay)
    let finder = ReleaseFinder(
      transaction: reading.transaction, rules: reading.rules, now: reading.now)
    let room = try found.room.flatMap { try SitesStore(reading.transaction).room($0) }
    let care = try StaysStore(reading.transaction).care(of: found.id)
    return Answer(
      guest: try reading.guest(found), site: found.site,
      siteName: try reading.shortAddress(of: found.path), roomNumber: room?.number,
      restriction: found.restriction, finding: try finder.finding(of: found),
      notice: try ObligationStore(reading.transaction).owed(
        IsolationDuties.notice.name, about: found.id.text
      ).first?.id, diet: care.diet, medicine: try medicine(care.medicine, of: found, in: reading))
  }

  private func medicine(
    _ locked: [UInt8]?, of found: SiteStay, in reading: Reading
  ) throws -> String? {
    guard let locked, reading.authority.may(SetDiet.duty, at: found.path) else { return nil }
    return try reading.vault.unlock(locked, place: SetDiet.medicinePlace(found.id))
  }
}

/// What a site weighed and handed over on a day.
package struct ListWasteOfSite: Query {
  package struct Answer: Codable, Sendable {
    package let bags: Int
    package let grams: Int
    package let handovers: [WasteHandover]
  }

  package static let name = "isolation.waste"
  package static let duty: Duty = "isolation.collect"
  package static let purposes: [Purpose] = []
  package let site: PlaceID
  package let day: Day?

  package init(site: PlaceID, day: Day? = nil) {
    self.site = site
    self.day = day
  }

  package func area(in reading: Reading) -> Area { .place(site) }

  package func answer(in reading: Reading) throws -> Answer {
    let day = day ?? reading.today
    let store = WasteStore(reading.transaction)
    let weighed = try store.weighed(
      at: site, from: day.start(in: reading.zone), to: day.end(in: reading.zone))
    return Answer(
      bags: weighed.bags, grams: weighed.grams,
      handovers: try store.handovers(of: site, limit: 100))
  }
}

extension Reading {
  func view(_ site: IsolationSite) throws -> SiteView {
    let waste = WasteStore(transaction)
    let bags = try waste.waiting(at: site.place)
    let stays = try StaysStore(transaction).running(at: site.place)
    return SiteView(
      site: site.place, name: try shortAddress(of: site.path), state: site.state,
      setUpAt: site.setUpAt, readyAt: site.readyAt,
      readyBy: try ObligationStore(transaction).owed(
        IsolationDuties.ready.name, about: site.place.text
      ).first?.deadline,
      counts: try SitesStore(transaction).counts(of: site.place),
      movements: try StaysStore(transaction).movements(of: site.place),
      asked: stays.count { $0.state == .asked }, wasteBags: bags.count,
      wasteGrams: bags.reduce(0) { $0 + $1.grams },
      wasteGramsToday: try waste.weighed(
        at: site.place, from: today.start(in: zone), to: today.end(in: zone)
      ).grams)
  }

  func guest(_ stay: SiteStay) throws -> GuestView {
    let resident = try ResidentsStore(transaction).current(stay.person)
    let person = resident?.id ?? stay.person
    disclose(person)
    let restriction = try stay.restriction.flatMap {
      try RestrictionsStore(transaction).find($0)
    }
    let until = try restriction.flatMap { found in
      try RestrictionsStore(transaction).phases(of: found.id)
        .filter { $0.kind == .centralIsolation }.map(\.until).max()
    }
    let zero = restriction.map { Day(of: $0.countedFrom, in: zone) }
    let registry = try policy(RegistryPolicy.self)
    return GuestView(
      stay: stay.id, person: person,
      name: resident?.name.map { Mask.name($0.revealed) } ?? "", state: stay.state,
      room: stay.room, sharing: stay.sharing, isCompanion: stay.companionOf != nil,
      needs: resident.map { registry.needs(of: $0, on: today) } ?? [],
      day: zero.map { today - $0 },
      days: zero.flatMap { zero in
        until.map { Day(of: $0 - .milliseconds(1), in: zone) - zero }
      },
      until: until, freeFrom: stay.freeFrom, askedAt: stay.askedAt,
      departedAt: stay.departedAt, arrivedAt: stay.arrivedAt, leftAt: stay.leftAt,
      leaving: stay.leaving)
  }
}

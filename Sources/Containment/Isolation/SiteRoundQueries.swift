import Kernel
import Registry

/// What is to be done at the doors of a site today: temperature and symptoms, samples, notices,
/// room by room.
package struct SiteRound: Query {
  /// Something owed at a door.
  package struct Item: Codable, Sendable {
    package let obligation: ObligationID
    package let kind: String
    package let deadline: Instant
    package let late: Bool
    package let attempts: Int
    package let stay: SiteStayID
    package let name: String
    package let needs: [String]
    package let day: Int?
    package let days: Int?
    /// Which of today's temperatures it is, of how many; nil of anything else.
    package let check: Int?
    package let checks: Int?
  }

  /// A door.
  package struct Door: Codable, Sendable {
    package let room: SiteRoomID
    package let number: String
    package let floor: Int
    package let people: Int
    package let items: [Item]
    package let done: Int
  }

  package struct Answer: Codable, Sendable {
    package let name: String
    package let doors: [Door]
    package let done: Int
    package let left: Int
    package let late: Int
    package let next: Instant?
  }

  package static let name = "isolation.round"
  package static let duty: Duty = ListSites.duty
  package static let purposes: [Purpose] = [.fieldwork]
  private static let most = 2_000
  /// What is asked at a door; the rest is decided at a desk.
  static let kinds = [
    RestrictionDuties.health, RestrictionDuties.test, RestrictionDuties.medical,
    RestrictionDuties.notify, IsolationDuties.notice, IsolationDuties.missedMeal,
  ]

  package let site: PlaceID

  package init(site: PlaceID) { self.site = site }

  package func area(in reading: Reading) -> Area { .place(site) }

  package func answer(in reading: Reading) throws -> Answer {
    let found = try SitesStore(reading.transaction).get(site)
    let store = ObligationStore(reading.transaction)
    let names = Set(Self.kinds.map(\.name))
    let end = reading.today.end(in: reading.zone)
    let owed = try store.owed(in: found.path, after: nil, limit: Self.most).filter {
      names.contains($0.kind) && $0.deadline <= end
    }
    let closed = try store.closed(
      in: found.path, since: reading.today.start(in: reading.zone), limit: Self.most
    ).filter { names.contains($0.kind) && $0.state == .done }
    let attempts = try store.attempts(inside: found.path)
    let guests = try StaysStore(reading.transaction).running(at: site)
      .filter { $0.arrivedAt != nil }.map { try reading.guest($0) }
    var people: [PersonID: PersonID] = [:]
    func live(_ person: PersonID?) throws -> PersonID? {
      guard let person else { return nil }
      if let known = people[person] { return known }
      let live = try reading.livePerson(person)
      people[person] = live
      return live
    }
    let owedBy = try Dictionary(grouping: owed) { try live($0.person) }
    let closedBy = try Dictionary(grouping: closed) { try live($0.person) }
    let byRoom = Dictionary(grouping: guests, by: \.room)
    let meals = Dictionary(
      grouping: try store.owed(
        in: found.path, filter: ObligationFilter(kind: IsolationDuties.missedMeal.name),
        after: nil, limit: Self.most), by: \.subject)
    let today = reading.today.start(in: reading.zone)
    /// The deadlines of today's temperatures, done and to come.
    func checks(of person: PersonID) -> [Instant] {
      ((owedBy[person] ?? []) + (closedBy[person] ?? [])).filter {
        $0.kind == RestrictionDuties.health.name && $0.deadline >= today
      }.map(\.deadline).sorted()
    }
    func item(_ obligation: Obligation, _ guest: GuestView) -> Item {
      let deadlines = checks(of: guest.person)
      let place =
        obligation.kind == RestrictionDuties.health.name
        ? deadlines.firstIndex(of: obligation.deadline) : nil
      return Item(
        obligation: obligation.id, kind: obligation.kind, deadline: obligation.deadline,
        late: obligation.isLate(at: reading.now), attempts: attempts[obligation.id]?.count ?? 0,
        stay: guest.stay, name: guest.name, needs: guest.needs, day: guest.day, days: guest.days,
        check: place.map { $0 + 1 }, checks: place.map { _ in deadlines.count })
    }
    let doors = try SitesStore(reading.transaction).rooms(of: site).compactMap { room -> Door? in
      guard let inside = byRoom[room.id], !inside.isEmpty else { return nil }
      let items =
        inside.flatMap { guest in (owedBy[guest.person] ?? []).map { item($0, guest) } }
        + (meals[room.id.text] ?? []).map { item($0, inside[0]) }
      return Door(
        room: room.id, number: room.number, floor: room.floor, people: inside.count,
        items: items.sorted { ($0.deadline, $0.obligation) < ($1.deadline, $1.obligation) },
        done: inside.reduce(0) { $0 + (closedBy[$1.person]?.count ?? 0) })
    }
    let items = doors.flatMap(\.items)
    return Answer(
      name: try reading.shortAddress(of: found.path), doors: doors,
      done: doors.reduce(0) { $0 + $1.done }, left: items.count,
      late: items.count { $0.late },
      next: items.map(\.deadline).filter { $0 >= reading.now }.min())
  }
}

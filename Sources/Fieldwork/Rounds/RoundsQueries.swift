import Kernel
import Registry

/// What is to be done today in the sender's area, or in one place of it, in the order of the walk.
package struct RoundToday: Query {
  package static let name = "rounds.today"
  package static let duty: Duty = "rounds.read"
  package static let purposes: [Purpose] = [.fieldwork]
  /// The most that one round shows.
  private static let most = 1_000

  /// A place; the sender's own areas when there is none.
  package let place: PlaceID?

  package init(place: PlaceID? = nil) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .eachChecked }

  package func answer(in reading: Reading) throws -> Round {
    let paths: [PlacePath]
    if let place {
      paths = try reading.jurisdiction.path(place, reading.transaction).map { [$0] } ?? []
    } else {
      paths = Self.outermost(reading.authority.areas(for: Self.duty))
    }
    let areas = try paths.map { try RoundArea($0, most: Self.most, in: reading) }
    let stops = try areas.flatMap { try $0.stops() }
    let done = areas.flatMap { area in area.closed.map { area.item($0) } }
    let owed = areas.flatMap(\.owed)
    for person in stops.flatMap(\.items).compactMap(\.person) + done.compactMap(\.person) {
      reading.disclose(person)
    }
    return Round(
      day: reading.today,
      counts: Round.Counts(
        all: owed.count + done.count, done: done.count,
        late: owed.filter { $0.isLate(at: reading.now) }.count,
        nextDeadline: owed.map(\.deadline).filter { $0 >= reading.now }.min()),
      kinds: kinds(of: owed, in: reading), buildings: RoundsRules.walk(stops), done: done)
  }

  /// Areas that lie in no other of them.
  static func outermost(_ areas: [PlacePath]) -> [PlacePath] {
    let unique = Set(areas)
    return unique.filter { area in !unique.contains { $0 != area && $0.holds(area) } }.sorted()
  }

  private func kinds(of owed: [Obligation], in reading: Reading) -> [Round.Kind] {
    Set(owed.map(\.kind)).sorted().compactMap { name in
      reading.assembly.obligationKinds[name].map { kind in
        Round.Kind(
          kind: name, title: kind.title, action: kind.action,
          fields: kind.proof.map(Round.Field.init))
      }
    }
  }
}

/// Everything that one area's round needs, each kind of row read once.
private struct RoundArea {
  let owed: [Obligation]
  let closed: [Obligation]
  private let reading: Reading
  private let policy: RegistryPolicy
  private let residents: [PersonID: Resident]
  private let people: [PlaceID: Int]
  private let measures: [PersonID: Measure]
  private let attempts: [ObligationID: (count: Int, last: Instant)]

  init(_ path: PlacePath, most: Int, in reading: Reading) throws {
    self.reading = reading
    policy = try reading.policy()
    let store = ObligationStore(reading.transaction)
    // A decision is made at a desk, not at a door.
    let kinds = reading.assembly.obligationKinds
    let end = RoundsRules.end(of: reading.today, at: reading.now, in: reading.zone)
    owed = Array(
      try store.owed(in: path, after: nil, limit: most).prefix { $0.deadline <= end }
        .filter { kinds[$0.kind]?.decidedWhere == nil })
    closed = try store.closed(
      in: path, since: reading.today.start(in: reading.zone), limit: most
    ).filter { $0.state == .done && kinds[$0.kind]?.decidedWhere == nil }
    attempts = try store.attempts(inside: path)
    measures = Dictionary(
      try RoundsStore(reading.transaction).measures(inside: path, at: reading.now)
        .map { ($0.person, $0) }
    ) { first, _ in first }
    let concerned = Set((owed + closed).compactMap(\.person))
    let living = try ResidentsStore(reading.transaction).living(in: path, limit: 20 * most)
    people = Dictionary(living.map { ($0.home, 1) }, uniquingKeysWith: +)
    var residents = Dictionary(
      living.filter { concerned.contains($0.id) }.map { ($0.id, $0) }
    ) { first, _ in first }
    // Files that were merged into others, and people known here who live elsewhere.
    for person in concerned.sorted() where residents[person] == nil {
      residents[person] = try ResidentsStore(reading.transaction).current(person)
    }
    self.residents = residents
  }

  /// The stops, one for each door where something is owed or was done today.
  func stops() throws -> [RoundsRules.Stop] {
    let places = PlacesStore(reading.transaction)
    var above: [PlacePath: Place?] = [:]
    func find(_ path: PlacePath) throws -> Place? {
      if let known = above[path] { return known }
      let found = try places.find(path: path)
      above[path] = found
      return found
    }
    return try Dictionary(grouping: owed + closed, by: \.path).compactMap { path, all in
      guard let door = try find(path) else { return nil }
      let line = try path.ancestors.compactMap(find) + [door]
      return RoundsRules.Stop(
        building: line.first { $0.level == .building },
        entrance: line.first { $0.level == .entrance }, door: door,
        people: people[door.id] ?? 0,
        items: all.filter(\.isOwed).map(item), done: all.filter { !$0.isOwed }.map(item))
    }
  }

  func item(_ obligation: Obligation) -> Round.Item {
    let resident = obligation.person.flatMap { residents[$0] }
    let measure = obligation.person.flatMap { measures[$0] }
    let attempted = attempts[obligation.id]
    return Round.Item(
      obligation: obligation.id, kind: obligation.kind,
      title: reading.assembly.obligationKinds[obligation.kind]?.title
        ?? Words(obligation.kind, obligation.kind),
      person: resident?.id ?? obligation.person,
      name: resident?.name.map { Mask.name($0.revealed) } ?? "",
      tags: resident.map { policy.needs(of: $0, on: reading.today).map(policy.need) } ?? [],
      measure: measure.map(day),
      deadline: obligation.deadline, late: obligation.isLate(at: reading.now),
      claimedBy: obligation.claimedBy, attempts: attempted?.count ?? 0,
      lastAttemptAt: attempted?.last, doneAt: obligation.closedAt)
  }

  private func day(_ measure: Measure) -> Round.MeasureDay {
    Round.MeasureDay(
      restriction: measure.restriction, kind: measure.kind,
      day: reading.today - measure.dayZero,
      days: Day(of: measure.end - .milliseconds(1), in: reading.zone) - measure.dayZero,
      end: measure.end)
  }
}

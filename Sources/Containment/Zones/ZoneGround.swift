import Gazette
import Kernel
import Registry

/// Where zones lie, as the houses stand: buildings with their entrances where an area is small enough
/// to be drawn, its parts with their zones where it is not.
package struct ShowZoneGround: Query {
  /// A zone as it is drawn over places.
  package struct Mark: Codable, Sendable {
    package let zone: ZoneID
    package let level: ZoneLevel
    package let words: Words
    package let state: ZoneState
    /// When it may end at the earliest; nil when that depends on what people do.
    package let earliest: Instant?
    /// How many clauses of release are not met.
    package let unmet: Int
    /// How many lived there when it was opened.
    package let people: Int
  }

  /// A building or an entrance, and the strictest zone that holds it whole.
  package struct Stair: Codable, Sendable {
    package let place: PlaceID
    package let name: String
    package let people: Int
    package let zone: ZoneID?
  }

  /// A building with its entrances.
  package struct Block: Codable, Sendable {
    /// Of which estate it is, as people call it.
    package let estate: String
    package let whole: Stair
    package let stairs: [Stair]
  }

  /// A part of an area too wide to be drawn.
  package struct Part: Codable, Sendable {
    package let place: PlaceID
    package let name: String
    package let zones: Int
    /// How many lived in its zones when these were opened.
    package let people: Int
    /// When the first of them may end.
    package let earliest: Instant?
    /// How many proposals wait for a decision.
    package let proposed: Int
  }

  package struct Answer: Codable, Sendable {
    package let place: PlaceID
    package let name: String
    package let marks: [Mark]
    package let blocks: [Block]
    package let parts: [Part]
  }

  package static let name = "zones.ground"
  package static let duty: Duty = ListZones.duty
  package static let purposes: [Purpose] = []
  /// More buildings than this are not drawn on one page.
  private static let mostBuildings = 48
  package let place: PlaceID

  package init(place: PlaceID) { self.place = place }

  package func area(in reading: Reading) -> Area { .place(place) }

  package func answer(in reading: Reading) throws -> Answer {
    let whole = try PlacesStore(reading.transaction).get(place)
    let drawn = try ZonesStore(reading.transaction).drawn(in: whole.path)
    let marks = try Set(drawn.map(\.zone)).sorted().map {
      try mark(ZonesStore(reading.transaction).get($0), in: reading)
    }
    let blocks = try blocks(of: whole, drawn, marks, in: reading)
    return Answer(
      place: whole.id, name: whole.name, marks: marks, blocks: blocks,
      parts: blocks.isEmpty ? try parts(of: whole, drawn, marks, in: reading) : [])
  }

  private func mark(_ held: HeldZone, in reading: Reading) throws -> Mark {
    let level = reading.rules.zones(of: held)?.level(held.level)
    let findings = try reading.findings(of: held)
    return Mark(
      zone: held.id, level: held.level,
      words: level?.words ?? Words(held.level.rawValue, held.level.rawValue), state: held.state,
      earliest: findings.compactMap(\.earliest).max(), unmet: findings.count { !$0.isMet },
      people: held.people)
  }

  /// The buildings that are drawn; none when there are too many for one page.
  private func buildings(of whole: Place, in reading: Reading) throws -> [Place] {
    let store = PlacesStore(reading.transaction)
    if whole.level == .building { return [whole] }
    if whole.level.depth > PlaceLevel.building.depth {
      return try store.line(to: whole.path).filter { $0.level == .building }
    }
    if whole.level.depth < PlaceLevel.community.depth { return [] }
    let found = try store.inside(whole.path, level: .building, limit: Self.mostBuildings + 1)
    return found.count > Self.mostBuildings ? [] : found
  }

  private func blocks(
    of whole: Place, _ drawn: [DrawnZonePlace], _ marks: [Mark], in reading: Reading
  ) throws -> [Block] {
    let store = PlacesStore(reading.transaction)
    let buildings = try buildings(of: whole, in: reading)
    guard let around = buildings.count == 1 ? buildings.first?.path : whole.path,
      !buildings.isEmpty
    else { return [] }
    // All of them at once: a page of buildings asks no question for each.
    let entrances = Dictionary(
      grouping: try store.inside(around, level: .entrance), by: \.parent)
    let estates =
      try store.line(to: whole.path).filter { $0.level == .estate || $0.level == .community }
      + store.inside(around, level: .estate)
    return try buildings.map { building in
      let estate = estates.filter { $0.path.holds(building.path) }
        .max { $0.level.depth < $1.level.depth }
      return Block(
        estate: estate?.name ?? whole.name,
        whole: try stair(building, drawn, marks, in: reading),
        stairs: try (entrances[building.id] ?? []).map {
          try stair($0, drawn, marks, in: reading)
        })
    }
  }

  private func stair(
    _ place: Place, _ drawn: [DrawnZonePlace], _ marks: [Mark], in reading: Reading
  ) throws -> Stair {
    let holding = Set(drawn.filter { $0.path.holds(place.path) }.map(\.zone))
    // A zone that stands hides a proposal of the same strictness, a stricter one the milder.
    let strictest = marks.filter { holding.contains($0.zone) }.max {
      ($0.level.rank, $0.state == .standing ? 1 : 0, $1.zone.text)
        < ($1.level.rank, $1.state == .standing ? 1 : 0, $0.zone.text)
    }
    return Stair(
      place: place.id, name: place.name,
      people: try ResidentsStore(reading.transaction).count(in: place.path),
      zone: strictest?.zone)
  }

  private func parts(
    of whole: Place, _ drawn: [DrawnZonePlace], _ marks: [Mark], in reading: Reading
  ) throws -> [Part] {
    try PlacesStore(reading.transaction).children(of: whole.id)
      .filter { reading.authority.may(Self.duty, at: $0.path) }
      .map { part in
        let inside = Set(
          drawn.filter { part.path.holds($0.path) || $0.path.holds(part.path) }.map(\.zone))
        let zones = marks.filter { inside.contains($0.zone) }
        let standing = zones.filter { $0.state == .standing }
        return Part(
          place: part.id, name: part.name, zones: standing.count,
          people: standing.reduce(0) { $0 + $1.people },
          earliest: standing.compactMap(\.earliest).min(), proposed: zones.count - standing.count)
      }
  }
}

/// A place of a zone that stands or waits for a decision.
package struct DrawnZonePlace: Sendable {
  package let zone: ZoneID
  package let path: PlacePath
}

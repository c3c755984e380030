import Kernel

/// How many live in a place and in each of its children. Shows nobody's data.
package struct CountResidents: Query {
  package struct Count: Codable, Sendable {
    package let place: PlaceID
    package let name: String
    package let level: PlaceLevel
    package let residents: Int
    /// Doors, whether somebody lives behind them or not.
    package let households: Int
    /// People with at least one special need.
    package let withNeeds: Int
    package let away: Int
    /// Files that have to be completed.
    package let incomplete: Int
  }

  package struct Need: Codable, Sendable {
    package let tag: RegistryPolicy.Tag
    package let people: Int
  }

  package struct Answer: Codable, Sendable {
    package let total: Count
    package let children: [Count]
    /// Those who live in the place, but in none of its children: nothing nearer is known of them.
    package let directly: Int
    package let needs: [Need]
  }

  package static let name = "residents.counts"
  package static let duty: Duty = "residents.count"
  package static let purposes: [Purpose] = []
  package let place: PlaceID

  package init(place: PlaceID) { self.place = place }

  package func area(in reading: Reading) -> Area { .place(place) }

  package func answer(in reading: Reading) throws -> Answer {
    let places = PlacesStore(reading.transaction)
    let whole = try places.get(place)
    let children = try places.children(of: place).map { try count($0, in: reading) }
    let total = try count(whole, in: reading)
    return Answer(
      total: total, children: children,
      directly: total.residents - children.reduce(0) { $0 + $1.residents },
      needs: try needs(in: whole.path, reading))
  }

  private func count(_ place: Place, in reading: Reading) throws -> Count {
    let store = ResidentsStore(reading.transaction)
    return Count(
      place: place.id, name: place.name, level: place.level,
      residents: try store.count(in: place.path),
      households: try PlacesStore(reading.transaction).count(.household, inside: place.path),
      withNeeds: try store.count(in: place.path, .withNeeds),
      away: try store.count(in: place.path, .away),
      incomplete: try store.count(in: place.path, .incomplete))
  }

  private func needs(in path: PlacePath, _ reading: Reading) throws -> [Need] {
    var people: [String: Int] = [:]
    for (tags, count) in try ResidentsStore(reading.transaction).needs(in: path) {
      for tag in tags { people[tag, default: 0] += count }
    }
    let policy: RegistryPolicy = try reading.policy()
    return policy.tags.compactMap { tag in people[tag.code].map { Need(tag: tag, people: $0) } }
  }
}

/// How many lived in an area at a moment, as the register knew it: yesterday's coverage.
package struct CountCoverage: Query {
  package struct Answer: Codable, Sendable {
    package let residents: Int
  }

  package static let name = "residents.coverage"
  package static let duty: Duty = "residents.count"
  package static let purposes: [Purpose] = []
  package let place: PlaceID
  package let at: Instant

  package init(place: PlaceID, at: Instant) {
    self.place = place
    self.at = at
  }

  package func area(in reading: Reading) -> Area { .place(place) }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try PlacesStore(reading.transaction).get(place).path
    return Answer(
      residents: try ResidencesStore(reading.transaction).count(in: path, at: at))
  }
}

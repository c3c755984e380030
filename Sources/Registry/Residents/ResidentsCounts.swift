import Kernel

/// How many live in a place and in each of its children. Shows nobody's data.
package struct CountResidents: Query {
  /// How many live in one place.
  package struct Count: Codable, Sendable {
    package let place: PlaceID
    package let name: String
    package let level: PlaceLevel
    package let residents: Int
    /// Doors, whether somebody lives behind them or not.
    package let households: Int
    /// People for whom at least one special need was noted.
    package let withNeeds: Int
    package let away: Int
    /// Files that have to be completed.
    package let incomplete: Int

    /// - Parameter people: how many of each kind of list, in the order of its cases.
    fileprivate init(of place: Place, households: Int, people: [Int]) {
      let of = Dictionary(uniqueKeysWithValues: zip(ListResidents.Which.allCases, people))
      self.place = place.id
      name = place.name
      level = place.level
      self.households = households
      residents = of[.everybody] ?? 0
      withNeeds = of[.needs] ?? 0
      away = of[.away] ?? 0
      incomplete = of[.incomplete] ?? 0
    }

    fileprivate var people: [Int] {
      ListResidents.Which.allCases.map { which in
        switch which {
        case .everybody: residents
        case .away: away
        case .incomplete: incomplete
        case .needs: withNeeds
        }
      }
    }
  }

  /// How many have one special need.
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
  package static let isCount = true
  package let place: PlaceID

  package init(place: PlaceID) { self.place = place }

  package func area(in reading: Reading) -> Area { .place(place) }

  package func answer(in reading: Reading) throws -> Answer {
    let places = PlacesStore(reading.transaction)
    let whole = try places.get(place)
    let store = ResidentsStore(reading.transaction)
    let children = try places.children(of: place).map { child in
      Count(
        of: child, households: try places.count(.household, inside: child.path),
        people: try ListResidents.Which.allCases.map {
          try store.count(in: child.path, $0.selection)
        })
    }
    // The whole is the sum of its parts and of those in none of them: nobody is counted twice.
    let directly = try ListResidents.Which.allCases.map {
      try store.count(directlyAt: whole.path, $0.selection)
    }
    let total = Count(
      of: whole,
      households: whole.level == .household ? 1 : children.reduce(0) { $0 + $1.households },
      people: directly.indices.map { which in
        children.reduce(directly[which]) { $0 + $1.people[which] }
      })
    return Answer(
      total: total, children: children, directly: directly[0],
      needs: try needs(in: whole.path, reading))
  }

  private func needs(in path: PlacePath, _ reading: Reading) throws -> [Need] {
    var people: [String: Int] = [:]
    for (tags, count) in try ResidentsStore(reading.transaction).needs(in: path) {
      for tag in tags { people[tag, default: 0] += count }
    }
    let policy: RegistryPolicy = try reading.policy()
    for (code, ages) in policy.needsByAge {
      let births = ages.births(on: reading.today)
      let count = try ResidentsStore(reading.transaction).countNeed(
        code, bornAfter: births.after, until: births.until, in: path)
      people[code] = count == 0 ? nil : count
    }
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

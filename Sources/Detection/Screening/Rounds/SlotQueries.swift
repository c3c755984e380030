import Gazette
import Kernel
import Registry

/// When each building of a place comes to its point, so that queues stay short. Shows nobody's data.
package struct PlanSlots: Query {
  /// One building.
  package struct Line: Codable, Sendable {
    package let place: PlaceID
    package let name: String
    package let people: Int
    package let from: Instant
    package let until: Instant
  }

  package static let name = "screening.slots"
  package static let duty: Duty = "screening.count"
  package static let purposes: [Purpose] = []
  package let round: RoundID
  package let place: PlaceID
  package let from: Instant
  package let samplers: Int

  package init(round: RoundID, place: PlaceID, from: Instant, samplers: Int) {
    self.round = round
    self.place = place
    self.from = from
    self.samplers = samplers
  }

  package func area(in reading: Reading) -> Area { .place(place) }

  package func answer(in reading: Reading) throws -> [Line] {
    guard (1...SetPoint.mostSamplers).contains(samplers) else {
      throw Refusal.malformed(
        "samplers", String(samplers),
        expected: Words("1–\(SetPoint.mostSamplers) 名采样员", "1 to \(SetPoint.mostSamplers) samplers")
      )
    }
    let places = PlacesStore(reading.transaction)
    let path = try places.get(place).path
    let sizing = try reading.policy(ScreeningPolicy.self).sizing
    let buildings = try places.inside(path, level: .building, limit: 20_000)
    let known = Dictionary(buildings.map { ($0.path, $0) }) { first, _ in first }
    var people: [PlacePath: Int] = [:]
    try RosterStore(reading.transaction).eachCount(of: round, in: path) { cell, counts in
      let building = ([cell] + cell.ancestors).first { known[$0] != nil }
      if let building { people[building, default: 0] += counts.listed - counts.exempt }
    }
    let groups = people.sorted { $0.key < $1.key }.map {
      SlotsRules.Group(path: $0.key, people: $0.value)
    }
    let slots = SlotsRules.slots(
      groups, from: from, perHour: samplers * sizing.swabsPerHour)
    return slots.compactMap { slot in
      known[slot.group.path].map {
        Line(
          place: $0.id, name: $0.name, people: slot.group.people, from: slot.from,
          until: slot.until)
      }
    }
  }
}

/// The doors of those who cannot come, shared out among teams as walks.
package struct PlanHomeVisits: Query {
  /// One person.
  package struct Line: Codable, Sendable {
    package let team: Int
    package let person: PersonID
    package let home: PlaceID
  }

  package static let name = "screening.homeVisits"
  package static let duty: Duty = "screening.read"
  package static let purposes: [Purpose] = [.fieldwork, .supervision]
  private static let most = 20_000
  package let place: PlaceID
  package let teams: Int

  package init(place: PlaceID, teams: Int) {
    self.place = place
    self.teams = teams
  }

  package func area(in reading: Reading) -> Area { .place(place) }

  package func answer(in reading: Reading) throws -> [Line] {
    let path = try PlacesStore(reading.transaction).get(place).path
    let people = try ResidentsStore(reading.transaction).living(
      in: path, .withNeed(PlanRound.homeboundTag), limit: Self.most)
    for person in people { reading.disclose(person.id) }
    return SlotsRules.walks(people, teams: teams).enumerated().flatMap { team, walk in
      walk.map { Line(team: team + 1, person: $0.id, home: $0.home) }
    }
  }
}

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

  package struct Answer: Codable, Sendable {
    package let lines: [Line]
    package let people: Int
    /// Who gets no time within the hours before the round is due: they would queue.
    package let left: Int
    /// How many samplers it takes that nobody is left; nil when no hours are left at all.
    package let neededSamplers: Int?
    package let opens: String?
    package let closes: String?
    /// Until when slots are given.
    package let until: Instant

    private enum CodingKeys: String, CodingKey {
      case lines
      case people
      case left
      case opens
      case closes
      case until
      case neededSamplers = "needed_samplers"
    }
  }

  package static let name = "screening.slots"
  package static let duty: Duty = "screening.count"
  package static let purposes: [Purpose] = []
  /// How long slots are given for in a round that is past its time.
  private static let hoursPastDue = 24
  private static let mostAtHome = 50_000
  package let round: RoundID
  package let place: PlaceID
  package let from: Instant
  package let samplers: Int
  /// The point to which they come: slots lie within its hours.
  package let point: PointID?

  package init(
    round: RoundID, place: PlaceID, from: Instant, samplers: Int, point: PointID? = nil
  ) {
    self.round = round
    self.place = place
    self.from = from
    self.samplers = samplers
    self.point = point
  }

  package func area(in reading: Reading) -> Area { .place(place) }

  package func answer(in reading: Reading) throws -> Answer {
    guard (1...SetPoint.mostSamplers).contains(samplers) else {
      throw Refusal.malformed(
        "samplers", String(samplers),
        expected: Words("1–\(SetPoint.mostSamplers) 名采样员", "1 to \(SetPoint.mostSamplers) samplers")
      )
    }
    let rounds = ScreeningRoundStore(reading.transaction)
    let found = try rounds.get(round)
    let visited = try point.map { id in
      guard let visited = try rounds.point(id) else {
        throw Refusal.notFound(Words("采样点", "point"), id.text, field: "point")
      }
      return visited
    }
    let sizing = try reading.policy(ScreeningPolicy.self).sizing
    let (groups, known) = try groups(in: reading)
    let until = from < found.dueAt ? found.dueAt : from + .hours(Self.hoursPastDue)
    let windows = SlotsRules.windows(
      opens: visited?.opens, closes: visited?.closes, from: from, until: until, in: reading.zone)
    let (slots, left) = SlotsRules.slots(
      groups, in: windows, perHour: samplers * sizing.swabsPerHour)
    let people = groups.reduce(0) { $0 + $1.people }
    let each = SlotsRules.capacity(windows, perHour: sizing.swabsPerHour)
    return Answer(
      lines: slots.compactMap { slot in
        known[slot.group.path].map {
          Line(
            place: $0.id, name: $0.name, people: slot.group.people, from: slot.from,
            until: slot.until)
        }
      }, people: people, left: left,
      neededSamplers: each == 0 ? nil : (people + each - 1) / each, opens: visited?.opens,
      closes: visited?.closes, until: until)
  }

  /// The buildings with how many of the round's list still come from each: nobody who has been swabbed, is
  /// away, refuses, or is visited at home.
  private func groups(
    in reading: Reading
  ) throws -> (groups: [SlotsRules.Group], known: [PlacePath: Place]) {
    let places = PlacesStore(reading.transaction)
    let path = try places.get(place).path
    let buildings = try places.inside(path, level: .building, limit: 20_000)
    let known = Dictionary(buildings.map { ($0.path, $0) }) { first, _ in first }
    var people: [PlacePath: Int] = [:]
    let atHome = try Set(
      ResidentsStore(reading.transaction).living(
        in: path, .withNeed(PlanRound.homeboundTag), limit: Self.mostAtHome
      ).map(\.id))
    try RosterStore(reading.transaction).eachCell(of: round, in: path) { cell in
      let coming = cell.members.count { member in
        (member.now.standing == .missing || member.now.standing == .reswab)
          && member.now.reason != .homebound && !atHome.contains(member.person)
      }
      let place = [cell.key.path] + cell.key.path.ancestors
      if coming > 0, let building = place.first(where: { known[$0] != nil }) {
        people[building, default: 0] += coming
      }
      return true
    }
    return (
      people.sorted { $0.key < $1.key }.map { SlotsRules.Group(path: $0.key, people: $0.value) },
      known
    )
  }
}

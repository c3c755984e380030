import Gazette
import Kernel
import Registry

/// What a round over some areas would need, from the ledger: points, samplers, tubes, teams, laboratory
/// lines, each with its formula, and what pools of each size cost. Shows nobody's data.
package struct PlanRound: Query {
  /// What a pool costs at a share of infected people.
  package struct Pooling: Codable, Sendable {
    package let prevalence: Double
    package let pool: Int
    package let testsPerPerson: Double

    private enum CodingKeys: String, CodingKey {
      case prevalence
      case pool
      case testsPerPerson = "tests_per_person"
    }
  }

  package struct Answer: Codable, Sendable {
    package let people: Int
    package let homebound: Int
    package let hours: Int
    package let pool: Int
    package let items: [SizingRules.Item]
    package let pooling: [Pooling]
    package let modes: [ScreeningPolicy.Mode]
    /// Every how many days the first area is tested next, by its rounds and cases so far; nil during
    /// its first rounds.
    package let everyDays: Int?

    private enum CodingKeys: String, CodingKey {
      case people
      case homebound
      case hours
      case pool
      case items
      case pooling
      case modes
      case everyDays = "every_days"
    }
  }

  package static let name = "screening.plan"
  package static let duty: Duty = "screening.count"
  package static let purposes: [Purpose] = []
  /// Shares of infected people for which the table is shown.
  private static let prevalences = [0.0001, 0.001, 0.01, 0.05, 0.1, 0.2]
  /// Needs of the register with which nobody comes to a point.
  static let homeboundTag = "bedridden"
  private static let mostRounds = 500
  private static let mostCases = 10_000
  package let areas: [PlaceID]
  package let hours: Int?
  package let pool: Int?

  package init(areas: [PlaceID], hours: Int? = nil, pool: Int? = nil) {
    self.areas = areas
    self.hours = hours
    self.pool = pool
  }

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    let store = PlacesStore(reading.transaction)
    var people = 0
    var homebound = 0
    for name in areas {
      guard let place = try store.find(name) ?? store.find(code: name.text) else {
        throw Refusal.notFound(Words("地点", "place"), name.text, field: "areas")
      }
      guard reading.authority.may(Self.duty, at: place.path) else {
        throw Refusal.outsideArea(Self.duty)
      }
      let here = try Self.residents(of: place.path, in: reading)
      people += here.people
      homebound += here.homebound
    }
    return try answer(people: people, homebound: homebound, in: reading)
  }

  /// How many live in an area, and how many of them come to no point.
  private static func residents(
    of path: PlacePath, in reading: Reading
  ) throws -> (people: Int, homebound: Int) {
    try reading.counted("\(name) \(path.text)") { reading in
      let residents = ResidentsStore(reading.transaction)
      return (
        try residents.count(in: path), try residents.count(in: path, .withNeed(homeboundTag))
      )
    }
  }

  private func answer(people: Int, homebound: Int, in reading: Reading) throws -> Answer {
    let policy = try reading.policy(ScreeningPolicy.self)
    let hours = hours ?? policy.sizing.finishHours
    let pool = pool ?? policy.modes.last?.pool ?? policy.pools[0]
    guard (1...SizingRules.mostHours).contains(hours) else {
      throw Refusal.malformed(
        "hours", String(hours),
        expected: Words(
          "1–\(SizingRules.mostHours) 小时", "1 to \(SizingRules.mostHours) hours"))
    }
    try policy.require(pool: pool)
    let question = SizingRules.Question(
      people: people, homebound: homebound, hours: hours, pool: pool)
    return Answer(
      people: people, homebound: homebound, hours: hours, pool: pool,
      items: SizingRules.plan(question, policy.sizing),
      pooling: Self.prevalences.flatMap { prevalence in
        policy.pools.map { pool in
          Pooling(
            prevalence: prevalence, pool: pool,
            testsPerPerson: SizingRules.dorfman(prevalence: prevalence, pool: pool))
        }
      },
      modes: policy.modes, everyDays: try everyDays(policy.frequency, in: reading))
  }

  /// By the rounds that were over the first area, and the cases of those who live there.
  private func everyDays(
    _ frequency: ScreeningPolicy.Frequency, in reading: Reading
  ) throws -> Int? {
    let places = PlacesStore(reading.transaction)
    guard let name = areas.first,
      let path = try (places.find(name) ?? places.find(code: name.text))?.path
    else { return nil }
    let rounds = try ScreeningRoundStore(reading.transaction).latest(limit: Self.mostRounds)
      .filter { round in round.areas.contains { $0.holds(path) || path.holds($0) } }
    let recent = rounds.prefix(frequency.recentRounds).last?.openedAt ?? reading.now
    let since = reading.now - .days(frequency.caseDays)
    let district = try places.line(to: path).last { $0.level == .district }?.path ?? path
    let cases = try CasesStore(reading.transaction).reported(
      in: district, from: min(since, recent), to: nil, withdrawn: false, after: nil,
      limit: Self.mostCases)
    let homes = try ResidentsStore(reading.transaction).current(Set(cases.map(\.person)))
    let here = cases.filter { found in
      homes[found.person].map { path.holds($0.path) } ?? path.holds(found.path)
    }
    return SizingRules.everyDays(
      rounds: rounds.count, casesInRecentRounds: here.count { $0.reportedAt >= recent },
      casesInDays: here.count { $0.reportedAt >= since }, frequency)
  }
}

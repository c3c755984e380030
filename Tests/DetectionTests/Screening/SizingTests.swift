import Gazette
import Kernel
import Testing
import Town

@testable import Detection

@Suite("Screening: sizing") struct ScreeningSizingTests {
  @Test(
    "pools cost what Dorfman's formula says",
    arguments: [
      (0.0001, 10, 0.101), (0.001, 10, 0.110), (0.01, 10, 0.196), (0.05, 10, 0.501),
      (0.0001, 20, 0.052), (0.001, 20, 0.070), (0.01, 20, 0.232), (0.05, 20, 0.692),
    ])
  func dorfman(_ prevalence: Double, _ pool: Int, _ tests: Double) {
    let found = SizingRules.dorfman(prevalence: prevalence, pool: pool)
    #expect((found * 1_000).rounded() / 1_000 == tests)
  }

  @Test("ten beats twenty from one in a hundred on, and alone is cheapest when many are infected")
  func best() {
    /// The pool with the fewest tests for each person; of two alike the smaller.
    func bestPool(_ prevalence: Double, _ pools: [Int]) -> Int? {
      pools.min {
        SizingRules.dorfman(prevalence: prevalence, pool: $0)
          < SizingRules.dorfman(prevalence: prevalence, pool: $1)
      }
    }
    let pools = [1, 5, 10, 20]
    #expect(bestPool(0.001, pools) == 20)
    #expect(bestPool(0.01, pools) == 10)
    #expect(bestPool(0.274, [1, 5]) == 5)
    #expect(bestPool(0.276, [1, 5]) == 1)
  }

  @Test("a plan has points, samplers, tubes, teams and lines with their formulae")
  func plan() async throws {
    let town = try await Town()
    try await town.enrol(30)
    try await town.enrol([ListedPerson(id: "bed", tags: "bedridden")])
    let plan = try await town.ask(
      PlanRound(areas: [Town.Spot.street.id], hours: 8, pool: 10))
    #expect(plan.people == 31 && plan.homebound == 1)
    let values = Dictionary(plan.items.map { ($0.code, $0.value) }) { first, _ in first }
    #expect(values["points"] == 1 && values["samplers"] == 1 && values["tubes"] == 5)
    #expect(values["home_teams"] == 1 && values["shifts"] == 2)
    #expect(plan.items.allSatisfy { !$0.formula.english.isEmpty })
    let policy = try await town.read { try $0.policy(ScreeningPolicy.self) }
    let city = SizingRules.plan(
      .init(people: 1_210_000, homebound: 14_000, hours: 24, pool: 10), policy.sizing)
    // Wendeng had 484 points for a third of that; the numbers are of the right size.
    #expect(city.first { $0.code == "points" }?.value == 479)
    #expect(city.first { $0.code == "tubes" }?.value == 133_100)
  }

  @Test("numbers that no plan can have are refused, and end nothing")
  func bounds() async throws {
    let town = try await Town()
    let street = Town.Spot.street.id
    let plans: [(hours: Int?, pool: Int?)] = [
      (0, nil), (8_761, nil), (Int.max, nil), (Int.min, nil),
    ]
    for plan in plans {
      #expect(
        await refused {
          _ = try await town.ask(PlanRound(areas: [street], hours: plan.hours, pool: plan.pool))
        } == "field.malformed")
    }
    // The plan takes no pool with which no round can be opened.
    for pool in [Int.min, 0, 7, 100, 101, Int.max] {
      #expect(
        await refused { _ = try await town.ask(PlanRound(areas: [street], pool: pool)) }
          == "round.pool")
      #expect(await refused { try await town.open("x", pool: pool) } == "round.pool")
    }
    let widest = try await town.ask(PlanRound(areas: [street], hours: 8_760, pool: 20))
    #expect(widest.hours == 8_760 && widest.pool == 20)
    try await town.open()
    for samplers in [Int.min, 0, 10_001, Int.max] {
      #expect(
        await refused {
          _ = try await town.ask(
            PlanSlots(
              round: RoundID(trusted: "r1"), place: street, from: town.now, samplers: samplers))
        } == "field.malformed")
    }
  }

  @Test("after the first rounds an area is tested as often as its cases ask")
  func frequency() async throws {
    let policy = try await Town().read { try $0.policy(ScreeningPolicy.self).frequency }
    func days(_ rounds: Int, _ recent: Int, _ fortnight: Int) -> Int? {
      SizingRules.everyDays(
        rounds: rounds, casesInRecentRounds: recent, casesInDays: fortnight, policy)
    }
    #expect(days(2, 0, 0) == nil)
    #expect(days(3, 1, 1) == 1 && days(3, 0, 1) == 2 && days(3, 0, 0) == 5)
  }

  @Test("a point is open within its hours, also over midnight")
  func hours() {
    typealias Hours = SamplingPoint.Hours
    let cases: [(opens: String?, closes: String?, at: String, found: Hours)] = [
      (nil, nil, "03:00", .open),
      ("07:00", nil, "06:59", .opens("07:00")), ("07:00", nil, "07:00", .open),
      (nil, "20:00", "19:59", .open), (nil, "20:00", "20:00", .closed),
      ("07:00", "20:00", "06:59", .opens("07:00")), ("07:00", "20:00", "07:00", .open),
      ("07:00", "20:00", "19:59", .open), ("07:00", "20:00", "20:00", .closed),
      ("22:00", "06:00", "21:59", .opens("22:00")), ("22:00", "06:00", "22:00", .open),
      ("22:00", "06:00", "23:59", .open), ("22:00", "06:00", "00:00", .open),
      ("22:00", "06:00", "05:59", .open), ("22:00", "06:00", "06:00", .opens("22:00")),
      ("07:00", "24:00", "23:59", .open), ("00:00", "00:00", "12:00", .open),
      ("08:00", "08:00", "07:59", .open),
    ]
    for one in cases {
      let point = SamplingPoint(
        id: PointID(trusted: "gate"), name: "gate", place: Town.Spot.community.id,
        path: PlacePath("1.1"), kind: .fixed, opens: one.opens, closes: one.closes,
        latitude: nil, longitude: nil, samplers: 1)
      #expect(point.hours(at: one.at) == one.found, "\(one)")
    }
  }

  @Test("labels are never given out twice, and a wrong letter shows")
  func labels() async throws {
    let town = try await Town()
    func isWhole(_ code: String) -> Bool {
      LabelRules.check(String(code.dropFirst().dropLast())) == code.last
    }
    let first = try await town.submit(MakeLabels(count: 65)).codes
    let second = try await town.submit(MakeLabels(count: 65)).codes
    #expect(Set(first + second).count == 130)
    #expect((first + second).allSatisfy { isWhole($0) })
    for code in first.prefix(20) {
      for place in 1..<code.count {
        var letters = Array(code)
        letters[place] = letters[place] == "7" ? "8" : "7"
        #expect(!isWhole(String(letters)))
      }
    }
    #expect(await refused { try await town.submit(MakeLabels(count: 0)) } == "field.malformed")
  }

  @Test("only who still comes gets a time: nobody who was swabbed, is away, or is visited at home")
  func whoComes() async throws {
    let town = try await Town()
    try await town.enrol(5)
    try await town.enrol([
      ListedPerson(id: "bed", tags: PlanRound.homeboundTag), ListedPerson(id: "gone", isAway: true),
      ListedPerson(id: "baby", born: "2022-01-01"),
    ])
    try await town.open()
    func coming() async throws -> Int {
      try await town.ask(
        PlanSlots(
          round: RoundID(trusted: "r1"), place: Town.Spot.estate.id, from: town.now, samplers: 1)
      ).people
    }
    #expect(try await coming() == 5)
    try await town.swab("p1", "T1")
    try await town.swab("p2", "T2")
    try await town.submit(
      NoteStanding(
        round: RoundID(trusted: "r1"), person: PersonID(trusted: "p3"), standing: .missing,
        reason: .homebound))
    #expect(try await coming() == 2)
    // Whose tube can give no result comes again.
    try await town.submit(
      VoidTube(tube: TubeCode(trusted: "T2"), round: RoundID(trusted: "r1"), reason: .leaking))
    #expect(try await coming() == 3)
  }

  @Test("buildings come one after another, and walks are shared out evenly")
  func slots() async throws {
    let town = try await Town()
    try await town.enrol(90)
    try await town.enrol(45, at: .otherDoor, prefix: "q")
    try await town.open()
    let slots = try await town.ask(
      PlanSlots(
        round: RoundID(trusted: "r1"), place: Town.Spot.estate.id, from: town.now, samplers: 1))
    #expect(slots.lines.map(\.people) == [90, 45] && slots.left == 0)
    #expect(slots.lines.map(\.from) == [town.now, town.now + .hours(1)])
    #expect(slots.lines.map(\.until) == [town.now + .hours(1), town.now + .minutes(90)])
    #expect(SlotsRules.walks(Array(1...10), teams: 3).map(\.count) == [3, 3, 4])
    #expect(SlotsRules.walks(Array(1...2), teams: 5).map(\.count) == [1, 1])
    #expect(SlotsRules.walks([Int](), teams: 5).isEmpty)
  }

  @Test("nobody is asked to come when their point is closed, and who gets no time is counted")
  func slotsWithinHours() async throws {
    let town = try await Town()
    try await town.enrol(90)
    try await town.enrol(45, at: .otherDoor, prefix: "q")
    try await town.open()
    let day = Day(of: town.now, in: .china)
    let next = Day(of: town.now + .days(1), in: .china)
    func at(_ day: Day, _ time: String) throws -> Instant {
      try #require(Instant("\(day)T\(time):00", in: .china))
    }
    func plan(_ opens: String?, _ closes: String?, from: Instant) async throws -> PlanSlots.Answer {
      try await town.submit(
        SetPoint(
          point: PointID(trusted: "gate"), name: "gate", place: Town.Spot.estate.id, opens: opens,
          closes: closes, samplers: 1))
      return try await town.ask(
        PlanSlots(
          round: RoundID(trusted: "r1"), place: Town.Spot.estate.id, from: from, samplers: 1,
          point: PointID(trusted: "gate")))
    }
    // The round is due a day after it was opened: an hour of the evening, and the next morning.
    let due = town.now + .hours(24)
    let evening = try await plan("07:00", "20:00", from: try at(day, "19:00"))
    #expect(evening.people == 135 && evening.until == due)
    #expect(evening.lines.map(\.people) == [90, 45] && evening.left == 0)
    #expect(evening.lines.map(\.from) == [try at(day, "19:00"), try at(next, "07:00")])
    #expect(evening.lines.map(\.until) == [try at(day, "20:00"), try at(next, "07:30")])
    let short = try await plan("19:30", "20:00", from: try at(day, "19:00"))
    #expect(short.lines.map(\.people) == [45] && short.left == 90 && short.neededSamplers == 3)
    let opens = try at(day, "19:30")
    #expect(short.lines.allSatisfy { $0.from >= opens })
    let night = try await plan("23:30", "00:30", from: try at(day, "19:00"))
    #expect(night.lines.map(\.from) == [try at(day, "23:30")] && night.left == 45)
    let page = try await town.page(
      "/screening/:round/slots",
      ["place": Town.Spot.estate.rawValue, "point": "gate", "from": "\(day)T19:00"])
    #expect(page.contains("45 people get no time within the hours") && page.contains("23:30–00:30"))
  }
}

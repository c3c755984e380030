import Gazette
import Registry
import Testing
import Town

@testable import Fieldwork
@testable import Kernel

/// Opens files and makes things owed, as other slices would.
private struct Prepare: Command {
  struct Person: Codable, Sendable {
    let person: PersonID
    let name: String
    let home: PlaceID
  }

  static let name = "test.prepare"
  static let duty: Duty = .clockOnly
  var people: [Person] = []
  /// Who is to be asked for their temperature today at eight in the evening.
  var health: [PersonID] = []
  var tomorrow: [PersonID] = []
  var restricted: [PersonID] = []
  /// Whose restriction somebody objected to; it is to be decided within the hour.
  var objected: [PersonID] = []
  var decided: [PersonID] = []

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    for person in people {
      let home = try PlacesStore(work.transaction).get(person.home)
      _ = try work.person(person.person, name: person.name, at: home)
    }
    guard let kind = work.assembly.obligationKinds["restrictions.health"] else { return Done() }
    let evening = work.today.start(in: work.zone) + .hours(20)
    for (person, deadline) in health.map({ ($0, evening) })
      + tomorrow.map({ ($0, evening + .days(1)) })
    {
      let home = try ResidentsStore(work.transaction).get(person).home
      try work.oblige(kind, about: "r-\(person.text)", person: person, at: home, by: deadline)
    }
    for person in restricted {
      try work.record(
        RestrictionStarted(
          restriction: RestrictionID(trusted: "r-\(person.text)"), person: person,
          kind: "home_isolation", clause: "secondary",
          end: (work.today + 5).end(in: work.zone), dayZero: work.today - 2))
    }
    let objection = ObjectionID(trusted: "o")
    for person in objected {
      let restriction = RestrictionID(trusted: "r-\(person.text)")
      try work.record(
        ObjectionRaised(
          objection: objection, restriction: restriction, due: work.now + .hours(1)))
    }
    for person in decided {
      let restriction = RestrictionID(trusted: "r-\(person.text)")
      try work.record(
        ObjectionDecided(objection: objection, restriction: restriction, upheld: false))
    }
    return Done()
  }
}

@Suite("Rounds of today") struct RoundsTests {
  private func person(_ id: String, _ name: String, _ spot: Town.Spot) -> Prepare.Person {
    Prepare.Person(person: PersonID(trusted: id), name: name, home: spot.id)
  }

  private func prepared() async throws -> Town {
    let town = try await Town(on: "2022-07-04")
    try await town.submit(
      Prepare(
        people: [
          person("zhao", "赵小明", .door201), person("zhao-2", "赵大明", .door201),
          person("qian", "钱一", .door101), person("sun", "孙二", .door102),
          person("li", "李三", .otherDoor),
        ],
        health: ["zhao", "qian", "sun", "li"].map { PersonID(trusted: $0) },
        tomorrow: [PersonID(trusted: "zhao-2")], restricted: [PersonID(trusted: "zhao")]),
      from: .clock)
    return town
  }

  @Test("what is lifted because nobody decided an objection in time stands beside no name")
  func lifted() async throws {
    let town = try await prepared()
    let zhao = [PersonID(trusted: "zhao")]
    func measures() async throws -> Int {
      let round = try await town.ask(RoundToday(), for: .fieldwork, as: "worker")
      return round.buildings.flatMap(\.entrances).flatMap(\.floors).flatMap(\.doors)
        .flatMap(\.items).compactMap(\.measure).count
    }
    #expect(try await measures() == 1)
    try await town.submit(Prepare(objected: zhao), from: .clock)
    #expect(try await measures() == 1)
    town.stall(.hours(1))
    #expect(try await measures() == 0)
    try await town.submit(Prepare(decided: zhao), from: .clock)
    #expect(try await measures() == 1)
  }

  @Test("the walk goes from the top floor down, door by door, in the worker's own grid only")
  func walk() async throws {
    let town = try await prepared()
    let round = try await town.ask(RoundToday(), for: .fieldwork, as: "worker")
    #expect(round.buildings.map(\.name) == ["1号楼"])
    let entrance = try #require(round.buildings.first?.entrances.first)
    #expect(entrance.name == "1单元")
    #expect(entrance.floors.map(\.floor) == [2, 1])
    #expect(entrance.floors.map { $0.doors.map(\.name) } == [["201"], ["101", "102"]])
    #expect(entrance.floors[0].doors[0].people == 2)
    let item = try #require(entrance.floors[0].doors[0].items.first)
    #expect(item.name == "赵＊＊" && item.measure?.day == 2 && item.measure?.days == 7)
    #expect(round.counts.all == 3 && round.counts.done == 0 && round.counts.late == 0)
    #expect(round.counts.nextDeadline == Instant("2022-07-04T20:00", in: .china))
    #expect(round.kinds.map(\.kind) == ["restrictions.health"])
    #expect(round.kinds[0].fields.map(\.name) == ["temperature", "symptom"])
    #expect(round.kinds[0].fields[1].choices.count == 11)
    let seen = try await town.rows("SELECT DISTINCT person FROM disclosure ORDER BY person")
    #expect(seen.map { $0.text(0) } == ["qian", "sun", "zhao"])
  }

  @Test("what is done moves to the end of the page, what nobody opened stays with its attempts")
  func done() async throws {
    let town = try await prepared()
    let round = try await town.ask(RoundToday(), for: .fieldwork, as: "worker")
    let items = round.buildings[0].entrances[0].floors.flatMap(\.doors).flatMap(\.items)
    try await town.submit(
      FinishObligation(
        obligation: items[0].obligation, proof: ["temperature": "36.5", "symptom": "none"]),
      as: "worker")
    try await town.submit(
      NoteAttempt(obligation: items[1].obligation, outcome: .nobodyHome, note: nil),
      as: "worker")
    let later = try await town.ask(RoundToday(), for: .fieldwork, as: "worker")
    #expect(later.done.map(\.obligation) == [items[0].obligation])
    #expect(later.counts.all == 3 && later.counts.done == 1)
    let left = later.buildings[0].entrances[0].floors.flatMap(\.doors).flatMap(\.items)
    #expect(left.map(\.attempts) == [1, 0])
  }

  @Test("late by a millisecond is late, and on time is not")
  func late() async throws {
    let town = try await prepared()
    town.stall(.hours(12))
    let onTime = try await town.ask(RoundToday(), for: .fieldwork, as: "worker")
    #expect(onTime.counts.late == 0)
    town.stall(.milliseconds(1))
    let late = try await town.ask(RoundToday(), for: .fieldwork, as: "worker")
    #expect(late.counts.late == 3 && late.counts.nextDeadline == nil)
  }

  @Test("a place outside the sender's area is refused, a part of it is shown")
  func areas() async throws {
    let town = try await prepared()
    let leader = try await town.ask(
      RoundToday(place: Town.Spot.otherGrid.id), for: .fieldwork, as: "leader")
    #expect(leader.buildings.map(\.name) == ["2号楼"])
    await #expect(throws: Refusal.self) {
      try await town.ask(
        RoundToday(place: Town.Spot.otherGrid.id), for: .fieldwork, as: "worker")
    }
  }

  @Test("whoever knocks knows what the person needs, noted or by age")
  func needs() async throws {
    let town = try await prepared()
    for (person, form) in [
      ("zhao", PersonForm(birthDate: "2020-01-01", tags: "dialysis")),
      ("qian", PersonForm(birthDate: "1990-01-01", tags: "infant")),
    ] {
      try await town.submit(UpdateResident(person: PersonID(trusted: person), form: form))
    }
    let round = try await town.ask(RoundToday(), for: .fieldwork, as: "worker")
    let items = round.buildings[0].entrances[0].floors.flatMap(\.doors).flatMap(\.items)
    let needs = items.map { "\($0.person?.text ?? "") \($0.tags.map(\.code))" }
    #expect(needs == ["zhao [\"dialysis\", \"infant\"]", "qian []", "sun []"])
    #expect(items[0].tags.map(\.title.chinese) == ["血透", "婴幼儿"])
  }

  @Test("areas that lie in others of them are walked once")
  func outermost() {
    let areas = ["1.1", "1.1.2", "1.2.1", "1.2", "1.10"].map { PlacePath($0) }
    #expect(RoundToday.outermost(areas).map(\.text) == ["1.1", "1.10", "1.2"])
  }

  @Test(
    "a round ends with the day, but looks two hours ahead late in the evening",
    arguments: [("08:00", "24:00"), ("22:00", "24:00"), ("22:01", "24:01"), ("23:30", "25:30")])
  func ahead(now: String, end: String) throws {
    let day = try #require(Day("2022-11-20"))
    func at(_ clock: String) -> Instant {
      let parts = clock.split(separator: ":").compactMap { Int($0) }
      return day.start(in: .china) + .minutes(parts[0] * 60 + parts[1])
    }
    #expect(RoundsRules.end(of: day, at: at(now), in: .china) == at(end))
  }

  @Test("doors are walked in their order as numbers: the tenth after the ninth")
  func order() {
    let doors = ["1.a", "1.9", "1.1", "1.z", "1.10"].map { PlacePath($0) }
    #expect(
      doors.sorted { WalkOrder($0) < WalkOrder($1) }.map(\.text)
        == ["1.1", "1.9", "1.a", "1.z", "1.10"])
  }

  @Test("three hundred things to do are shown in one round")
  func many() async throws {
    let town = try await Town(on: "2022-07-04")
    let spots: [Town.Spot] = [.door101, .door102, .door201]
    let people = (0..<300).map { number in
      person("p-\(number)", "周\(number)", spots[number % 3])
    }
    try await town.submit(
      Prepare(people: people, health: people.map(\.person), restricted: people.map(\.person)),
      from: .clock)
    let round = try await town.ask(RoundToday(), for: .fieldwork, as: "worker")
    #expect(round.counts.all == 300)
    #expect(round.buildings.flatMap(\.entrances).flatMap(\.floors).flatMap(\.doors).count == 3)
  }
}

import Foundation
import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Screening: lists") struct ScreeningListsTests {
  @Test("everybody who lives in the area is listed, exempt or away with a reason")
  func freeze() async throws {
    let town = try await Town()
    try await town.enrol([
      ListedPerson(id: "adult", born: "1990-01-01"),
      ListedPerson(id: "unknown"),
      // Three on the day of the round is no longer below three.
      ListedPerson(id: "three", born: "2019-11-29"),
      ListedPerson(id: "two", born: "2019-11-30"),
      ListedPerson(id: "leap", born: "2020-02-29"),
      ListedPerson(id: "gone", isAway: true),
      ListedPerson(id: "street", home: .community),
      ListedPerson(id: "other", home: .otherDoor),
    ])
    let opened = try await town.open(over: .community)
    #expect(opened.listed == 8 && opened.frozen)
    let count = try await town.count()
    #expect(count.listed == 8 && count.exempt == 2 && count.away == 1 && count.missing == 5)
    #expect(count.coverage == 0)
    #expect(
      try await town.untested() == [
        "adult missing", "gone away:travelling", "other missing", "street missing",
        "three missing", "unknown missing",
      ])
    let all = try await town.ask(
      ListUntested(round: RoundID(trusted: "r1"), exempt: true), for: .fieldwork)
    #expect(all.lines.filter { $0.reason == "exempt:age" }.map(\.person.text) == ["leap", "two"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("the list is that of the moment of opening, in however many parts it is made")
  func parts() async throws {
    let folder = try ScreeningPolicyFolder.make([("freeze_at_once: 20000", "freeze_at_once: 7")])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let town = try await Town(policyFolder: folder)
    try await town.enrol(100)
    try await town.enrol(70, at: .door201, prefix: "q")
    try await town.enrol(5, at: .otherCommunity, prefix: "r")
    town.stall(.seconds(5))
    let opened = try await town.open()
    #expect(!opened.frozen)
    // Nobody can say yet who is on the list: whoever registers comes again.
    #expect(await refused { try await town.swab("p1", "T1") } == "round.freezing")
    #expect(
      await refused { try await town.swab("p1", "T1", device: "a") } == "round.freezing")
    // While the rest is being frozen one moves into the first part, one goes, one comes; one who is
    // listed already moves away.
    town.stall(.seconds(5))
    try await town.desk.storage.write { transaction in
      let store = try PlacesStore(transaction).get(Town.Spot.door101.id)
      let was = try PlacesStore(transaction).get(Town.Spot.otherCommunity.id)
      try transaction.execute(
        """
        INSERT INTO residence (person, kind, value, path, from_at, until_at)
        SELECT id, 'home', home, \(was.path), home_since, \(town.now) FROM person WHERE id = 'r5'
        """)
      try transaction.execute(
        """
        UPDATE person SET home = \(store.id), path = \(store.path), home_since = \(town.now)
        WHERE id = 'r5'
        """)
    }
    try await town.desk.storage.write { transaction in
      let was = try PlacesStore(transaction).get(Town.Spot.door101.id)
      let next = try PlacesStore(transaction).get(Town.Spot.otherCommunity.id)
      try transaction.execute(
        """
        INSERT INTO residence (person, kind, value, path, from_at, until_at)
        SELECT id, 'home', home, \(was.path), home_since, \(town.now) FROM person WHERE id = 'p50'
        """)
      try transaction.execute(
        """
        UPDATE person SET home = \(next.id), path = \(next.path), home_since = \(town.now)
        WHERE id = 'p50'
        """)
    }
    try await town.enrol([ListedPerson(id: "late")])
    try await town.pass(.seconds(1))
    let count = try await town.count()
    #expect(count.frozen && count.listed == 175)
    #expect(try await town.swab("r5", "T1").listed)
    #expect(try await !town.swab("late", "T1").listed)
    #expect(try await town.swab("p100", "T1").listed)
    #expect(try await town.swab("p50", "T1").listed)
    #expect(try await town.swab("q70", "T1").listed)
    #expect(try await town.violations().isEmpty)
  }

  @Test("coverage adds up at every level and never exceeds all of it")
  func coverage() async throws {
    let town = try await Town()
    try await town.enrol(12)
    try await town.enrol(8, at: .otherDoor, prefix: "q")
    try await town.enrol([ListedPerson(id: "baby", born: "2022-01-01")])
    try await town.open()
    for person in 1...6 { try await town.swab("p\(person)", "T1") }
    for person in ["q1", "q2", "baby", "stranger"] { try await town.swab(person, "T2") }
    #expect(try await town.count().unlistedSwabbed == 1)
    try await town.pass(.hours(2))
    try await town.results([("T1", "negative")], from: 1)
    var count = try await town.count(by: .building)
    #expect(
      count.tested == 6 && count.sampled == 3 && count.unlistedTested == 0
        && count.unlistedSwabbed == 1)
    #expect(count.by.map(\.name) == ["1号楼", "2号楼"])
    #expect(count.by.map(\.tested) == [6, 0] && count.by.map(\.listed) == [13, 8])
    try await town.results([("T2", "阴性")], from: 2)
    count = try await town.count(by: .street)
    // The infant was tested, and therefore is no exemption any more.
    #expect(count.tested == 9 && count.exempt == 0 && count.unlistedTested == 1)
    #expect(count.coverage == 9.0 / 21)
    for level in [PlaceLevel.street, .community, .grid, .building] {
      let lines = try await town.count(by: level).by
      #expect(lines.reduce(0) { $0 + $1.listed } == 21)
      #expect(lines.reduce(0) { $0 + $1.tested } == 9)
      #expect(lines.allSatisfy { $0.untested == $0.listed - $0.exempt - $0.tested })
    }
    #expect(try await town.violations().isEmpty)
  }

  @Test("a reason is kept until a swab is there, and counts again when its tube is void")
  func notes() async throws {
    let town = try await Town()
    try await town.enrol(3)
    try await town.open()
    let round = RoundID(trusted: "r1")
    try await town.submit(
      NoteStanding(
        round: round, person: PersonID("p1"), standing: .refused, reason: .unwilling),
      as: "worker")
    #expect(
      await refused {
        try await town.submit(
          NoteStanding(round: round, person: PersonID("p1"), standing: .away, reason: .none))
      } == "field.missing")
    #expect(
      await refused {
        try await town.submit(
          NoteStanding(
            round: round, person: PersonID("p1"), standing: .tested, reason: .none))
      } == "field.malformed")
    #expect(try await town.untested() == ["p1 refused:unwilling", "p2 missing", "p3 missing"])
    try await town.swab("p1", "T1")
    #expect(try await town.untested() == ["p1 sampled", "p2 missing", "p3 missing"])
    try await town.submit(VoidTube(tube: TubeCode("T1"), round: round, reason: .leaking))
    #expect(try await town.untested() == ["p1 reswab", "p2 missing", "p3 missing"])
    #expect(try await town.owed("screening.reswab") == ["T1/p1"])
    try await town.swab("p1", "T2")
    #expect(try await town.owed("screening.reswab") == [])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a reason from a clock that is years ahead does not outdo what is said afterwards")
  func aheadNotes() async throws {
    let town = try await Town()
    try await town.enrol(1)
    try await town.open()
    for (reason, at) in [
      (StandingReason.travelling, town.now + .days(3_650)), (.noAnswer, town.now + .minutes(1)),
    ] {
      try await town.submit(
        NoteStanding(
          round: RoundID(trusted: "r1"), person: PersonID(trusted: "p1"), standing: .away,
          reason: reason, at: at), as: "worker")
    }
    #expect(try await town.untested() == ["p1 away:no_answer"])
  }

  @Test("a building's untested are owed by its grid worker until nobody is left")
  func search() async throws {
    let town = try await Town()
    try await town.enrol(2)
    try await town.enrol(1, at: .otherDoor, prefix: "q")
    try await town.open()
    let round = RoundID(trusted: "r1")
    try await town.swab("p1", "T1")
    #expect(try await town.submit(OweUntested(round: round)).buildings == 2)
    #expect(try await town.submit(OweUntested(round: round)).buildings == 0)
    #expect(
      try await town.owed("screening.untested") == ["r1/town-building", "r1/town-building-2"])
    try await town.swab("p2", "T1")
    try await town.pass(.minutes(2))
    #expect(try await town.owed("screening.untested") == ["r1/town-building-2"])
    try await town.submit(
      NoteStanding(
        round: round, person: PersonID("q1"), standing: .away, reason: .travelling))
    try await town.pass(.minutes(2))
    #expect(try await town.owed("screening.untested") == [])
    #expect(try await town.violations().isEmpty)
  }

  @Test("nobody knocks at doors for a round that is over")
  func searchOver() async throws {
    let town = try await Town()
    try await town.enrol(2)
    try await town.enrol(1, at: .otherDoor, prefix: "q")
    try await town.open()
    let round = RoundID(trusted: "r1")
    #expect(try await town.submit(OweUntested(round: round)).buildings == 2)
    try await town.submit(CloseRound(round: round, confirmed: true))
    try await town.pass(.seconds(1))
    #expect(try await town.owed("screening.untested") == [])
    #expect(await refused { try await town.submit(OweUntested(round: round)) } == "round.closed")
    #expect(try await town.violations().isEmpty)
  }

  @Test("a round does not end in silence while somebody has neither a swab nor a reason")
  func ending() async throws {
    let town = try await Town()
    try await town.enrol(3)
    try await town.open()
    let round = RoundID(trusted: "r1")
    try await town.swab("p1", "T1")
    #expect(await refused { try await town.submit(CloseRound(round: round)) } == "round.unanswered")
    let page = try await town.page("/screening/:round")
    #expect(
      page.contains("2 people have neither a swab nor a reason")
        && page.contains("name=\"confirmed\""))
    #expect(page.contains("/untested?of=r1%2F\(Town.Spot.district.rawValue)"))
    for person in ["p2", "p3"] {
      try await town.submit(
        NoteStanding(
          round: round, person: PersonID(trusted: person), standing: .away, reason: .travelling))
    }
    #expect(try await !town.page("/screening/:round").contains("name=\"confirmed\""))
    try await town.submit(CloseRound(round: round))
    #expect(try await town.facts("screening.roundClosed").map { $0["unanswered"] } == [.integer(0)])
  }

  @Test("who is sampled again owes nothing while they are away, and does when they are back")
  func awayReswab() async throws {
    let town = try await Town()
    try await town.enrol(2)
    try await town.open()
    let round = RoundID(trusted: "r1")
    for person in ["p1", "p2"] { try await town.swab(person, "T1") }
    try await town.submit(VoidTube(tube: TubeCode("T1"), round: round, reason: .leaking))
    #expect(try await town.owed("screening.reswab") == ["T1/p1", "T1/p2"])
    func note(_ standing: Standing, _ reason: StandingReason) async throws {
      try await town.pass(.seconds(1))
      try await town.submit(
        NoteStanding(round: round, person: PersonID("p1"), standing: standing, reason: reason))
    }
    try await note(.away, .travelling)
    #expect(try await town.owed("screening.reswab") == ["T1/p2"])
    try await note(.missing, .none)
    #expect(try await town.owed("screening.reswab") == ["T1/p1", "T1/p2"])
    try await note(.exempt, .health)
    #expect(try await town.owed("screening.reswab") == ["T1/p2"])
    try await town.swab("p1", "T2")
    #expect(try await town.count().sampled == 1)
    #expect(try await town.violations().isEmpty)
  }

  @Test("of more buildings than one turn closes, the last one is closed too")
  func manySearches() async throws {
    let town = try await Town()
    try await town.enrol(1, at: .otherDoor)
    try await town.open()
    let round = RoundID(trusted: "r1")
    try await town.submit(OweUntested(round: round))
    let now = town.now
    try await town.desk.storage.write { transaction in
      // Six hundred others in which somebody is left, all before it by path.
      let places = PlacesStore(transaction)
      let estate = try places.get(Town.Spot.estate.id)
      for number in 1...600 {
        let id = "b\(number)"
        let path = "\(estate.path.text).0.\(number)"
        try transaction.execute(
          """
          INSERT INTO place (id, level, name, parent, ordinal, path)
          VALUES (\(id), 'building', \(id), \(estate.id), \(1_000 + number), \(path))
          """)
        try transaction.execute(
          """
          INSERT INTO roster_search (round, place, path, opened_at)
          VALUES (\(round), \(id), \(path), \(now))
          """)
        let cell = RosterCell(
          key: RosterCell.Key(path: PlacePath(path), number: 1),
          members: [
            RosterMember(
              person: PersonID(trusted: id), listing: .resident, frozen: Stand(.missing))
          ])
        try RosterStore(transaction).insert(cell, of: round)
      }
    }
    #expect(try await town.owed("screening.untested") == ["r1/town-building-2"])
    try await town.swab("p1", "T1")
    try await town.pass(.minutes(2))
    #expect(try await town.owed("screening.untested") == [])
  }

  @Test("a round over a list has exactly those who were named, at whatever age")
  func named() async throws {
    let town = try await Town()
    try await town.enrol(3)
    try await town.enrol([ListedPerson(id: "baby", born: "2022-01-01")])
    try await town.enrol(1, at: .otherDistrict, prefix: "q")
    let people = ["p1", "baby", "p1"].map { PersonID(trusted: $0) }
    let opened = try await town.submit(
      OpenListedRound(
        area: Town.Spot.district.id, name: "密接", pool: 1, people: people,
        round: RoundID(trusted: "r1")))
    #expect(opened.listed == 2 && opened.frozen)
    #expect(try await town.untested() == ["baby missing", "p1 missing"])
    #expect(try await town.swab("p1", "T1").listed)
    #expect(try await !town.swab("p2", "T2").listed)
    #expect(
      await refused {
        try await town.submit(
          OpenListedRound(
            area: Town.Spot.district.id, name: "x", pool: 1,
            people: [PersonID(trusted: "q1")]))
      } == "round.notInArea")
    #expect(try await town.violations().isEmpty)
  }

  @Test("several areas are one round, those inside others fall away")
  func several() async throws {
    let town = try await Town()
    try await town.enrol(2)
    try await town.enrol(1, at: .otherDoor, prefix: "q")
    try await town.enrol(1, at: .otherCommunity, prefix: "r")
    let opened = try await town.submit(
      OpenRound(
        areas: [Town.Spot.building, .otherCommunity, .door101].map(\.id), name: "两处", pool: 5,
        round: RoundID(trusted: "r1")))
    #expect(opened.listed == 3 && opened.frozen)
    #expect(try await town.untested() == ["p1 missing", "p2 missing", "r1 missing"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("two files of one person are looked for once, and again apart when they are two")
  func merged() async throws {
    let town = try await Town()
    try await town.enrol(3)
    try await town.open()
    try await town.swab("p2", "T1")
    try await town.submit(
      TellsOf(
        ResidentsMerged(
          survivor: PersonID("p1"), merged: PersonID("p2"), taken: [])))
    // The one that was swabbed stays.
    #expect(try await town.untested() == ["p2 sampled", "p3 missing"])
    try await town.submit(
      TellsOf(
        ResidentsUnmerged(
          survivor: PersonID("p1"), merged: PersonID("p2"), returned: [])))
    #expect(try await town.untested() == ["p1 missing", "p2 sampled", "p3 missing"])
    try await town.submit(
      TellsOf(
        ResidentsMerged(
          survivor: PersonID("p1"), merged: PersonID("p3"), taken: [])))
    #expect(try await town.untested() == ["p1 missing", "p2 sampled"])
    #expect(try await town.violations().isEmpty)
  }
}

/// Records a fact, as the slice does whose it is.
private struct TellsOf<Told: Fact>: Command {
  static var name: String { "test.tells.\(Told.name)" }
  static var duty: Duty { "contacts.decide" }
  let fact: Told

  init(_ fact: Told) { self.fact = fact }

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    try work.record(fact)
    return Done()
  }
}

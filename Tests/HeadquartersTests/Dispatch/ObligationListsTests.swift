import Engines
import Registry
import Testing
import Town

@testable import Headquarters
@testable import Kernel

/// Makes things owed at two doors, and closes some.
private struct OweAndClose: Command {
  static let name = "test.oweAndClose"
  static let duty: Duty = .clockOnly
  let owed: Int
  let closed: Int

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    guard let kind = work.assembly.obligationKinds["restrictions.notify"] else { return Done() }
    for index in 0..<owed {
      let place = index.isMultiple(of: 2) ? Town.Spot.door101 : .otherDoor
      let id = try work.oblige(
        kind, about: "s\(index)", at: place.id, by: work.now + .minutes(index - 2))
      if index < closed, let found = try ObligationStore(work.transaction).find(id) {
        try work.finish(found, proof: [:])
      }
    }
    return Done()
  }
}

@Suite("Lists and counts of obligations") struct ObligationListsTests {
  @Test("closings by the hour are as many as the rows say, at each edge of the hours")
  func hours() async throws {
    let town = try await Town()
    let start = town.now
    for _ in 0..<4 {
      try await town.submit(OweAndClose(owed: 3, closed: 2), from: .clock)
      town.stall(.minutes(45))
    }
    let spans: [(Duration, Duration)] = [
      (.zero, .hours(4)), (.minutes(1), .hours(2)), (.minutes(45), .minutes(91)),
      (.minutes(44), .minutes(46)), (.hours(1), .hours(1)),
    ]
    for (from, to) in spans {
      let rows = try await town.rows(
        """
        SELECT COUNT(*) FROM obligation
        WHERE closed_at >= \(start + from) AND closed_at < \(start + to)
        """)
      let counted = try await town.read { reading in
        try ObligationStore(reading.transaction).closed(
          in: PlacePath("1.1"), from: start + from, to: start + to)
      }
      #expect(counted == rows[0].integer(0), "\(from) to \(to)")
    }
    #expect(try await town.violations()["I-7"] == nil)
  }

  @Test("a wall's parts add up to the whole, down to the building")
  func parts() async throws {
    let town = try await Town()
    try await town.submit(OweAndClose(owed: 7, closed: 3), from: .clock)
    for spot in [Town.Spot.city, .district, .street, .estate] {
      let wall = try await town.ask(ShowWall(place: spot.id))
      #expect(wall.parts.reduce(0) { $0 + $1.owed } == wall.now.owed, "\(spot)")
      #expect(wall.parts.reduce(0) { $0 + $1.late } == wall.now.late, "\(spot)")
      #expect(wall.parts.reduce(0) { $0 + $1.closed } == 3, "\(spot)")
      #expect(wall.kinds.reduce(0) { $0 + $1.owed } == wall.now.owed, "\(spot)")
    }
  }

  @Test("pages of the youngest first go on where the page before ended")
  func newest() async throws {
    let town = try await Town()
    for _ in 0..<3 {
      try await town.submit(OweAndClose(owed: 2, closed: 0), from: .clock)
      town.stall(.minutes(1))
    }
    var seen: [ObligationEntry] = []
    var after: String?
    repeat {
      let page = try await town.ask(
        ListObligations(place: nil, newest: true, after: after, limit: 2))
      seen += page.obligations
      after = page.after
    } while after != nil
    #expect(Set(seen.map(\.obligation)).count == 6)
    #expect(seen.map(\.openedAt) == seen.map(\.openedAt).sorted(by: >))
  }

  @Test(
    "what is done is listed the latest first, page by page, with who did it and the way to the proof"
  )
  func done() async throws {
    let town = try await Town()
    for _ in 0..<3 {
      try await town.submit(OweAndClose(owed: 3, closed: 2), from: .clock)
      town.stall(.minutes(1))
    }
    var seen: [ObligationEntry] = []
    var after: String?
    repeat {
      let page = try await town.ask(
        ListObligations(place: Town.Spot.district.id, closed: true, after: after, limit: 4))
      seen += page.obligations
      after = page.after
    } while after != nil
    #expect(Set(seen.map(\.obligation)).count == 6 && seen.count == 6)
    #expect(seen.compactMap(\.closedAt) == seen.compactMap(\.closedAt).sorted(by: >))
    #expect(seen.allSatisfy { $0.closedBy == "clock" })
    let html = try await town.read { reading in
      try ObligationsPage(
        request: ScreenRequest(
          parameters: [:], query: ["place": Town.Spot.street.id.text, "show": "done"],
          address: "/obligations", newCommandID: { "x" }), reading: reading
      ).body().text
    }
    for entry in seen { #expect(html.contains("href=\"/proofs/of/\(entry.obligation.text)\"")) }
    #expect(html.contains("done by the clock"))
  }

  @Test("what is late is what the wall counts; what was done late stands apart until struck off")
  func late() async throws {
    let town = try await Town()
    // Of five three are late after a minute, and the first of them was done late.
    try await town.submit(OweAndClose(owed: 5, closed: 1), from: .clock)
    town.stall(.minutes(1))
    let place = Town.Spot.district.id
    let wall = try await town.ask(ShowWall(place: place))
    func listed(_ show: String) async throws -> [[String]] {
      try await town.ask(ExportObligations(place: place, show: show, kind: nil, after: nil)).rows
    }
    let (late, unstruck) = (try await listed("late"), try await listed("unstruck"))
    #expect(late.count == wall.now.late && late.count == 2 && unstruck.count == 1)
    #expect(Set(late.map { $0[0] }).isDisjoint(with: unstruck.map { $0[0] }))
    try await town.submit(StrikeOffObligation(obligation: ObligationID(trusted: unstruck[0][0])))
    #expect(try await listed("unstruck") == [])
    #expect(try await listed("late").count == 2)
  }

  @Test("a list for a spreadsheet holds the rows of the page and nobody's name")
  func export() async throws {
    let town = try await Town()
    try await town.submit(OweAndClose(owed: 5, closed: 0), from: .clock)
    let all = try await town.ask(
      ExportObligations(place: Town.Spot.district.id, show: "all", kind: nil, after: nil))
    #expect(all.rows.count == 5)
    #expect(all.rows.allSatisfy { $0.count == ExportObligations.columns.count })
    let late = try await town.ask(
      ExportObligations(place: Town.Spot.district.id, show: "late", kind: nil, after: nil))
    #expect(late.rows.count == 2)
    let none = try await town.ask(
      ExportObligations(place: nil, show: "all", kind: "cases.transfer", after: nil))
    #expect(none.rows.isEmpty)
  }

  @Test("statements behind a wall are answered by indices")
  func plans() async throws {
    let town = try await Town()
    try await town.submit(OweAndClose(owed: 5, closed: 2), from: .clock)
    let now = town.now
    let faults = try await town.desk.storage.read { transaction in
      let explaining = try QueryPlan(transaction, isCarriedOut: true)
      let store = ObligationStore(explaining)
      let area = PlacePath("1.1")
      let filter = ObligationFilter()
      _ = try store.newest(in: area, filter: filter, after: nil, limit: 10)
      for place in [area, PlacePath("1.1.1.1"), .everywhere] {
        _ = try store.closed(in: place, filter: filter, after: nil, limit: 10)
      }
      _ = try store.closed(in: area, from: now - .hours(3), to: now)
      _ = try store.counts(
        of: [PlacePath("1.1.1")], at: now, closedSince: now - .hours(8))
      _ = try store.kinds(in: area, at: now, until: now)
      _ = try store.standing(in: area, at: now - .days(1))
      _ = try store.numbered("01abcdef", in: area, limit: 10)
      _ = try store.find([ObligationID(trusted: "01abcdef")])
      let handovers = HandoverStore(explaining)
      _ = try handovers.of(area, limit: 10)
      _ = try handovers.promised(in: area)
      let note = HandoverID(trusted: "h")
      _ = try handovers.items(
        of: note, after: .init(deadline: now, id: .init(trusted: "o")), limit: 10)
      _ = try handovers.standing(of: note)
      let capacity = CapacityStore(explaining)
      _ = try capacity.reports(
        in: area, after: .init(kind: "beds", path: "1.1", site: "x"), limit: 10)
      _ = try capacity.sum(of: .beds, in: area, at: now)
      let wall = WallStore(explaining)
      _ = try wall.standing(.restriction, in: area, at: now)
      _ = try wall.ending(.restriction, in: area, from: now, to: now)
      return explaining.scans
    }
    #expect(faults.isEmpty)
  }

  @Test("obligations opened at the same moment elsewhere do not crowd out the reader's own")
  func crowded() async throws {
    let town = try await Town()
    try await town.submit(OweAndClose(owed: 50, closed: 0), from: .clock)
    let last = try await town.rows(
      """
      SELECT id FROM obligation WHERE path >= '1.1.1.1.1.2' ORDER BY id DESC LIMIT 1
      """)[0].text(0)
    let beginning = String(last.prefix(8))
    let found = try await town.read(as: "otherWorker") { reading in
      try ObligationFinder.finder.find(Finder.Wanted(beginning), 20, reading)
    }
    #expect(found.count == 20)
    let rows = try await town.rows(
      "SELECT id FROM obligation WHERE path >= '1.1.1.1.1.2' ORDER BY id LIMIT 20")
    #expect(found.map(\.address) == rows.map { "/obligations/\($0.text(0))" })
  }
}

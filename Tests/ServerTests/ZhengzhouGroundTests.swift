import Kernel
import Registry
import Synchronization
import Testing
import Town

@testable import Server

/// The list of Zhengzhou, where the ground or the clock is moved instead of the people.
@Suite("Zhengzhou, by ground and clock", .serialized) struct ZhengzhouGroundTests {
  /// A district with one case in an entrance of 24 people, and the rest of the list elsewhere.
  private func settle(_ here: TownServer) async throws {
    let town = here.town
    try await town.submit(FillList(from: 0, to: 40), from: .clock)
    try await town.submit(
      FillList(from: 40, to: TheList.people, at: Town.Spot.otherCommunity.id), from: .clock)
    let report = TheList.Attempt(
      name: "cases.report",
      body: .object([
        "case": .text("real"), "person": .text("target-0"), "kind": .text("confirmed"),
        "district": .text("370203"), "source": .text("community_screening"),
        "reported_at": .text(town.now.text(in: .china)),
      ]))
    #expect(try await send(here, report, as: "duty", .program, "ground-real") == 200)
    try await town.pass(.seconds(30))
    #expect(try await here.restricted() == ["target-0"])
  }

  private func send(
    _ here: TownServer, _ attempt: TheList.Attempt, as account: String, _ road: Road, _ key: String
  ) async throws -> Int {
    try await here.send(
      attempt, by: road, token: try await here.token(account),
      browser: try await here.browser(account), account: account, key: key)
  }

  private func proposal(_ places: [String], _ level: String) -> TheList.Attempt {
    TheList.Attempt(
      name: "zones.propose",
      body: .object([
        "places": .list(places.map(Fields.text)), "level": .text(level),
        "infection": .text("real"),
      ]))
  }

  /// Every account tries to let every proposal stand, by every road; the investigator's own last ones
  /// only the investigator, for two organisations may decide on as many as they are told of.
  private func openAll(_ here: TownServer, _ what: String) async throws {
    let zones = try await here.town.rows(
      "SELECT id, proposed_by, people FROM zone WHERE state = 'proposed' ORDER BY id")
    for zone in zones {
      let isLast = zone.text(1) == "investigator" && zone.integer(2) > 60
      let accounts = isLast ? ["investigator"] : Town.accounts.map(\.account)
      for (number, account) in accounts.enumerated() {
        let open = TheList.Attempt(name: "zones.open", body: .object(["zone": .text(zone.text(0))]))
        let road = Road.allCases[number % Road.allCases.count]
        _ = try await send(
          here, open, as: account, road, "open-\(what)-\(account)-\(zone.text(0))")
      }
    }
  }

  @Test(
    "a zone around everybody, drawn in pieces, redrawn, and the list moved into what one may draw",
    .timeLimit(.minutes(10)))
  func redrawn() async throws {
    try await TownServer.serve(isWhole: true, on: "2022-06-29") { here in
      let town = here.town
      try await settle(here)
      // Around everybody, by whoever may propose; the case is real, the zone is not for one to open.
      let wide = [
        ["town-estate"], ["370203030001"], ["370203030001", "370203030002"], ["370203030"],
      ]
      for (number, account) in ["leader", "street", "investigator"].enumerated() {
        for (index, places) in wide.enumerated() {
          _ = try await send(
            here, proposal(places, "high"), as: account, Road.allCases[number],
            "wide-\(account)-\(index)")
        }
      }
      town.stall(.minutes(5))
      // What the case itself proposed is an entrance, which one may open: 24 people live there.
      try await openAll(here, "early")
      for _ in 0..<4 { try await town.pass(.seconds(30)) }
      let inside = try await here.restricted()
      let entrance = Set((0..<40).filter { $0 % 5 < 3 }.map { "target-\($0)" })
      #expect(Set(inside) == entrance, "\(inside.count)")
      // Moved in, registered there anew, taken in as a file; as if it had been two days ago, too.
      let movers = ["duty", "street", "leader", "worker"]
      for number in 40..<TheList.people {
        let account = movers[number % movers.count]
        let road = Road.allCases[number / movers.count % Road.allCases.count]
        _ = try await send(
          here, into(number), as: account, road, "into-\(number)")
      }
      try await town.pass(.seconds(30))
      try await here.expectWithin(20, of: Set(movers).union(["clock"]))
      let moved = try await here.restricted()
      #expect(moved.count <= entrance.count + 20 * movers.count, "\(moved.count)")
      #expect(moved.count > entrance.count)
      // Drawn once more over where they live by now, and a little wider.
      for places in [["town-entrance"], ["town-building"], ["town-door-101"]] {
        for level in ["high", "medium"] {
          _ = try await send(
            here, proposal(places, level), as: "investigator", .program,
            "again-\(places[0])-\(level)")
        }
      }
      try await openAll(here, "again")
      try await town.pass(.hours(26))
      try await town.pass(.seconds(30))
      // Even two of different organisations: what they look at is not what was proposed.
      try await openAll(here, "later")
      for _ in 0..<3 { try await town.pass(.seconds(30)) }
      #expect(try await here.restricted().count <= moved.count)
      #expect(try await town.violations() == [:])
    }
  }

  /// One of the list comes to live in the entrance.
  private func into(_ number: Int) -> TheList.Attempt {
    let person = Fields.text("target-\(number)")
    switch number % 3 {
    case 0:
      return TheList.Attempt(
        name: "residents.move", body: .object(["person": person, "to": .text("town-door-102")]))
    case 1:
      return TheList.Attempt(
        name: "residents.enrol",
        body: .object([
          "home": .text("town-door-201"), "name": .text("储户"),
          "person": .text("again-\(number)"),
        ]))
    default:
      return TheList.Attempt(
        name: "residents.import",
        body: .object([
          "rows": .list([
            .object([
              "person": person, "name": .text("储户"), "community_code": .text("370203030001"),
              "estate": .text("海云小区"), "building": .text("1号楼"), "entrance": .text("1单元"),
              "room": .text("101"),
            ])
          ])
        ]))
    }
  }

  @Test("a clock that is set forward or back opens no new day for whoever has caused enough")
  func clockSet() async throws {
    let shift = Shift()
    let machine: @Sendable (Clock) -> Clock = { town in
      let start = town.now()
      return BoundedClock(bounds: .init(back: .seconds(5), ahead: .hours(1))) {
        .init(wall: town.now() + shift.now, running: town.now() - start)
      }.clock
    }
    try await TownServer.serve(isWhole: true, on: "2022-06-29", clock: machine) { here in
      try await here.town.submit(
        FillList(from: 0, to: TheList.people, at: Town.Spot.otherCommunity.id), from: .clock)
      let token = try await here.token("investigator")
      let browser = try await here.browser("investigator")
      func batch(_ number: Int, _ road: Road) async throws -> Int {
        let rows = (number * 13..<number * 13 + 13).map { target -> Fields in
          .object([
            "case": .text("F-\(target)"), "person": .text("target-\(target)"),
            "kind": .text("confirmed"), "district": .text("370203"),
            "source": .text("community_screening"),
            "reported_at": .text(here.town.now.text(in: .china)),
          ])
        }
        return try await here.send(
          .init(name: "cases.import", body: .object(["rows": .list(rows)])), by: road,
          token: token, browser: browser, account: "investigator",
          key: "clock-\(number)-\(road.rawValue)")
      }
      for number in 0..<2 { #expect(try await batch(number, .program) == 200) }
      #expect(try await here.restricted().count == 20)
      var number = 2
      for jump in [Duration.hours(25), .days(400), .hours(-25), .days(-1)] {
        shift.set(jump)
        for road in Road.allCases {
          let status = try await batch(number, road)
          #expect(status >= 400, "\(jump) \(road)")
          number += 1
        }
        shift.set(.zero)
        #expect(try await here.restricted().count == 20)
      }
      // What is still believed is less than a day.
      for jump in [Duration.seconds(-4), .minutes(59)] {
        shift.set(jump)
        #expect(try await batch(number, .program) == 200)
        number += 1
        #expect(try await here.restricted().count == 20)
      }
    }
  }

  @Test("a clock set forward thirty times by less than an hour opens no new day either")
  func clockNudged() async throws {
    let shift = Shift()
    let machine: @Sendable (Clock) -> Clock = { town in
      let start = town.now()
      return BoundedClock(bounds: .init(back: .seconds(5), ahead: .hours(1))) {
        .init(wall: town.now() + shift.now, running: town.now() - start)
      }.clock
    }
    try await TownServer.serve(isWhole: true, on: "2022-06-29", clock: machine) { here in
      try await here.town.submit(
        FillList(from: 0, to: TheList.people, at: Town.Spot.otherCommunity.id), from: .clock)
      let token = try await here.token("investigator")
      let browser = try await here.browser("investigator")
      var refused = 0
      for number in 0..<30 {
        shift.set(.minutes(59 * number))
        let rows = (number * 13..<number * 13 + 13).map { target -> Fields in
          .object([
            "case": .text("F-\(target)"), "person": .text("target-\(target)"),
            "kind": .text("confirmed"), "district": .text("370203"),
            "source": .text("community_screening"),
            "reported_at": .text(here.town.now.text(in: .china)),
          ])
        }
        let status = try await here.send(
          .init(name: "cases.import", body: .object(["rows": .list(rows)])), by: .program,
          token: token, browser: browser, account: "investigator", key: "clock-nudged-\(number)")
        if number < 2 { #expect(status == 200) }
        if status >= 400 { refused += 1 }
        #expect(try await here.restricted().count <= 20)
      }
      // The first jump is believed, and the second is one too many.
      #expect(refused == 28)
    }
  }

  /// By how much the machine's clock is off.
  private final class Shift: Sendable {
    private let shift = Mutex(Duration.zero)

    var now: Duration { shift.withLock { $0 } }

    func set(_ to: Duration) { shift.withLock { $0 = to } }
  }
}

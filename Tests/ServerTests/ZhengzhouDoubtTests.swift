import Kernel
import Registry
import Testing
import Town

@testable import Server

/// The list of Zhengzhou, where somebody tells of a case beyond what they may, or cites a zone that was a
/// mistake, to shut in whoever lives behind one entrance.
@Suite("Zhengzhou, by a case in doubt and by a zone that is none", .serialized)
struct ZhengzhouDoubtTests {
  private let roads = Road.allCases.filter { $0 != .rehearsal }

  private func send(
    _ here: TownServer, _ attempt: TheList.Attempt, as account: String, _ road: Road, _ key: String
  ) async throws -> Int {
    try await here.send(
      attempt, by: road, token: try await here.token(account),
      browser: try await here.browser(account), account: account, key: key)
  }

  /// Forty of the list live behind doors, 24 of them behind those of one entrance; the rest elsewhere. The
  /// investigator has told of as many cases elsewhere as one may.
  private func settle(_ here: TownServer) async throws {
    try await here.town.submit(FillList(from: 0, to: 40), from: .clock)
    try await here.town.submit(
      FillList(from: 40, to: TheList.people, at: Town.Spot.otherCommunity.id), from: .clock)
    try await exhaust(here, from: 100)
  }

  private func exhaust(_ here: TownServer, from first: Int) async throws {
    for number in first..<first + 20 {
      #expect(
        try await send(
          here, report("E-\(number)", of: number, here), as: "investigator", .program,
          "exhaust-\(number)") == 200)
    }
    try await here.town.pass(.seconds(30))
  }

  private func report(
    _ infection: String, of number: Int, _ here: TownServer
  ) -> TheList.Attempt {
    TheList.Attempt(
      name: "cases.report",
      body: .object([
        "case": .text(infection), "person": .text("target-\(number)"),
        "kind": .text("confirmed"), "district": .text("370203"),
        "source": .text("community_screening"),
        "reported_at": .text(here.town.now.text(in: .china)),
      ]))
  }

  /// Every account, by every road, proposes the entrance for a case, and opens whatever is proposed.
  private func seal(_ here: TownServer, for infection: String, _ turn: String) async throws {
    for (number, account) in Town.accounts.map(\.account).enumerated() {
      let propose = TheList.Attempt(
        name: "zones.propose",
        body: .object([
          "places": .list([.text("town-entrance")]), "level": .text("high"),
          "infection": .text(infection),
        ]))
      for road in roads {
        _ = try await send(
          here, propose, as: account, road, "propose-\(turn)-\(account)-\(road.rawValue)")
      }
      let zones = try await here.town.rows(
        "SELECT id FROM zone WHERE state = 'proposed' ORDER BY id")
      for zone in zones {
        let open = TheList.Attempt(name: "zones.open", body: .object(["zone": .text(zone.text(0))]))
        _ = try await send(
          here, open, as: account, roads[number % roads.count],
          "open-\(turn)-\(account)-\(zone.text(0))")
      }
    }
    for _ in 0..<3 { try await here.town.pass(.seconds(30)) }
  }

  private func decline(_ here: TownServer, _ key: String) async throws {
    let people = try await here.town.rows(
      "SELECT COUNT(*) FROM restriction_held WHERE decided_at IS NULL"
    ).first?.integer(0)
    let attempt = TheList.Attempt(
      name: "restrictions.approveHeld",
      body: .object([
        "account": .text("investigator"), "approved": .flag(false),
        "expected": .integer(Int64(people ?? 0)),
      ]))
    #expect(try await send(here, attempt, as: "duty", .program, key) == 200)
  }

  @Test("a case that waits, or was declined, seals no entrance by any account and any road")
  func seals() async throws {
    try await TownServer.serve(isWhole: true, on: "2022-06-29") { here in
      try await settle(here)
      let before = try await here.restricted()
      #expect(before.count == 20)
      #expect(
        try await send(
          here, report("false", of: 0, here), as: "investigator", .program, "ground-false")
          == 200)
      try await seal(here, for: "false", "waits")
      #expect(try await here.restricted() == before)
      try await decline(here, "decline-once")
      try await seal(here, for: "false", "declined")
      #expect(try await here.restricted() == before)
      #expect(try await here.town.rows("SELECT id FROM zone WHERE state = 'standing'").isEmpty)
      #expect(try await here.town.violations() == [:])
    }
  }

  @Test("one account that tells of a case every day lengthens nobody's time in a zone")
  func lengthens() async throws {
    try await TownServer.serve(isWhole: true, on: "2022-06-29") { here in
      let town = here.town
      try await settle(here)
      #expect(
        try await send(here, report("real", of: 0, here), as: "duty", .program, "ground-real")
          == 200)
      try await seal(here, for: "real", "real")
      let before = try await ends(here)
      #expect(before.count == 23)
      for day in 0..<3 {
        try await town.pass(.hours(25))
        try await exhaust(here, from: 200 + day * 20)
        for number in 1..<3 {
          let road = roads[day % roads.count]
          let reported = report("later-\(day)-\(number)", of: day * 5 + number, here)
          _ = try await send(
            here, reported, as: "investigator", road, "later-\(day)-\(number)")
        }
        for _ in 0..<3 { try await town.pass(.seconds(30)) }
        if day == 1 { try await decline(here, "decline-again-\(day)") }
      }
      #expect(try await ends(here) == before)
      #expect(try await town.violations() == [:])
    }
  }

  @Test("a zone that was a mistake is evidence against nobody, whoever asks and whoever approves")
  func cited() async throws {
    try await TownServer.serve(isWhole: true, on: "2022-06-29") { here in
      let town = here.town
      try await settle(here)
      #expect(
        try await send(here, report("real", of: 0, here), as: "duty", .program, "ground-real")
          == 200)
      try await seal(here, for: "real", "real")
      let zone = try #require(
        try await town.rows("SELECT id FROM zone WHERE state = 'standing'").first?.text(0))
      // Another organisation finds that it was none, as if it had been held.
      _ = try await town.desk.storage.write { transaction in
        try transaction.execute(
          """
          INSERT INTO restriction_held (kind, reference, person, infection, path, clause, account,
            organisations, at, decided_at, decided_by, approved)
          SELECT kind, reference, person, infection, path, 'case', 'duty', 'command', 1, 1, 'x', 0
          FROM evidence WHERE kind = 'case' AND reference = 'real'
          """)
      }
      for _ in 0..<3 { try await town.pass(.minutes(1)) }
      let free = try await here.restricted()
      #expect(free.count == 21, "the cases themselves")
      for (number, account) in Town.accounts.map(\.account).enumerated() {
        for target in [1, 2, 5] {
          let issue = TheList.Attempt(
            name: "restrictions.issue",
            body: .object([
              "person": .text("target-\(target)"), "clause": .text("zone_high"),
              "evidence": .object([
                "kind": .text("zone_residence"), "reference": .text(zone),
              ]),
            ]))
          let status = try await send(
            here, issue, as: account, roads[(number + target) % roads.count],
            "cite-\(account)-\(target)")
          #expect(status >= 400 || status == 303, "\(account)")
        }
      }
      #expect(try await town.rows("SELECT id FROM restriction_request").isEmpty)
      #expect(try await here.restricted() == free)
      #expect(try await town.violations() == [:])
    }
  }

  /// When each of those in zones is free.
  private func ends(_ here: TownServer) async throws -> [String: Instant] {
    let rows = try await here.town.rows(
      """
      SELECT person, MAX(end_at)
      FROM restriction
      WHERE clause = 'zone_home' AND ended_at IS NULL
      GROUP BY person
      """)
    return Dictionary(uniqueKeysWithValues: rows.map { ($0.text(0), $0.instant(1)) })
  }
}

import Kernel
import Registry
import Testing
import Town

@testable import Server

/// The list of Zhengzhou, brought to a running server by whoever may knock at it.
@Suite("Zhengzhou, by every road", .serialized) struct ZhengzhouRoadsTests {
  @Test(
    "every role tries everything by every road: nobody is restricted, and the alarm goes at once",
    .timeLimit(.minutes(10)))
  func everyRoad() async throws {
    try await TownServer.serve(isWhole: true, on: "2022-06-29") { here in
      try await here.town.submit(FillList(from: 0, to: TheList.people), from: .clock)
      let walk = try await MatrixWalk(here)
      try await walk.settle()
      var tried = 0
      var taken: [String: Set<String>] = [:]
      for (number, asker) in walk.everybody.enumerated() {
        let account = "m-\(asker.name)".replacing("_", with: "-").replacing(" ", with: "-")
        for road in Road.allCases {
          for (index, attempt) in TheList.attempts.enumerated() {
            tried += 1
            let status = try await here.send(
              attempt, by: road, token: asker.token, browser: asker.browser, account: account,
              key: "road-\(number)-\(road.rawValue)-\(index)")
            #expect(status != 0 && status < 500, "\(asker.name) \(road) \(attempt.name)")
            if status == 200 { taken[attempt.name, default: []].insert(asker.name) }
          }
          try await here.town.pass(.seconds(30))
          #expect(try await here.restricted() == [], "\(asker.name), \(road)")
        }
      }
      for _ in 0..<4 { try await here.town.pass(.seconds(30)) }
      // Nothing of it asks for a case that is there, so nothing is even a proposal.
      #expect(taken.isEmpty, "\(taken)")
      #expect(try await here.restricted() == [])
      try await Self.expectAlarms(here)
      #expect(try await here.town.violations() == [:])
      print("Zhengzhou: \(tried) attempts by \(walk.everybody.count) askers")
    }
  }

  /// Whoever was refused ten times within the hour is told of within a minute of the tenth.
  private static func expectAlarms(_ here: TownServer) async throws {
    let attempts = try await here.town.rows(
      "SELECT account, at FROM restriction_attempt ORDER BY account, at")
    let alarms = try await here.town.rows(
      "SELECT subject, opened_at FROM obligation WHERE kind = 'restrictions.alarm'")
    var loud = 0
    for (account, theirs) in Dictionary(grouping: attempts, by: { $0.text(0) })
    where theirs.count >= 10 {
      let tenth = theirs[9].instant(1)
      guard tenth - theirs[0].instant(1) <= .hours(1) else { continue }
      loud += 1
      let told = alarms.filter { $0.text(0) == account }.map { $0.instant(1) }.min()
      #expect(told.map { $0 - tenth <= .seconds(60) } == true, "\(account)")
    }
    // Every role and the account without an office; a resident and nobody have no account.
    #expect(loud >= 21)
  }

  @Test(
    "cases that nobody has, a hundred times thirteen over every account and a day and more, each sent twice",
    .timeLimit(.minutes(10)))
  func splitBatches() async throws {
    try await TownServer.serve(isWhole: true, on: "2022-06-29") { here in
      // Not behind doors: hundreds who live together would all be contacts to be told of.
      try await here.town.submit(
        FillList(from: 0, to: TheList.people, at: Town.Spot.otherCommunity.id), from: .clock)
      let accounts = Town.accounts.map(\.account)
      let roads = Road.allCases.filter { $0 != .rehearsal }
      for batch in 0..<101 {
        let account = accounts[batch % accounts.count]
        let rows = (batch * 13..<min(batch * 13 + 13, TheList.people)).map { number -> Fields in
          .object([
            "case": .text("F-\(number)"), "person": .text("target-\(number)"),
            "kind": .text("confirmed"), "district": .text("370203"),
            "source": .text("community_screening"),
            "reported_at": .text(here.town.now.text(in: .china)),
          ])
        }
        let attempt = TheList.Attempt(
          name: "cases.import", body: .object(["rows": .list(rows)]))
        // By one road, and once more by the next.
        for turn in 0...1 {
          let road = roads[(batch / accounts.count + turn) % roads.count]
          _ = try await here.send(
            attempt, by: road, token: try await here.token(account),
            browser: try await here.browser(account), account: account,
            key: "split-batch-\(batch)-\(turn)")
        }
        if batch % accounts.count == 0 { try await here.town.pass(.hours(3)) }
      }
      try await here.town.pass(.seconds(30))
      try await here.expectWithin(20, of: ["duty", "investigator"])
      #expect(try await here.town.violations() == [:])
      let alarms = try await here.town.rows(
        "SELECT subject FROM obligation WHERE kind = 'restrictions.alarm'")
      #expect(Set(alarms.map { $0.text(0) }) == ["duty", "investigator"])
    }
  }
}

import District
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("Who works at an isolation site") struct SiteStaffTests {
  private static let worker = AccountID(trusted: "worker")

  /// A site in which somebody is, with workers in its loop.
  private func site(
    on day: String = "2022-07-04", inside: String...
  ) async throws -> (Town, [SiteLoopID]) {
    let town = try await Town.withNeighbours(on: day)
    try await town.readyHotel()
    try await town.confirm(exposedAt: town.now)
    _ = try await town.bring()
    var loops: [SiteLoopID] = []
    for account in inside { loops.append(try await town.enter(account)) }
    return (town, loops)
  }

  private func turn(
    _ town: Town, _ account: String = "worker", post: String = "medical", from: Int,
    until: Int, days: Int? = nil
  ) -> AssignTurn {
    AssignTurn(
      site: Town.hotel, post: post, account: AccountID(trusted: account),
      from: town.now + .hours(from), until: town.now + .hours(until), days: days)
  }

  @Test(
    "a turn fits when nobody is on two and rest lies between",
    arguments: [
      (0, 10, nil), (9, 12, .twice), (10, 12, .unrested), (20, 30, .unrested), (21, 30, nil),
      (-12, 1, .twice), (-20, -11, nil), (-20, -10, .unrested), (2, 4, .twice),
    ] as [(Int, Int, RosterRules.Conflict?)])
  func conflicts(_ from: Int, _ until: Int, _ expected: RosterRules.Conflict?) {
    let zero = Instant(seconds: 1_000_000)
    let held = RosterTurn(
      account: Self.worker, from: zero, until: zero + .hours(10))
    let others = expected == nil && from == 0 ? [] : [held]
    #expect(
      RosterRules.conflict(
        from: zero + .hours(from), until: zero + .hours(until), with: others, rest: .hours(11))
        == expected)
  }

  @Test("a post of the day has gaps only in its hours, one round the clock at any time")
  func gaps() throws {
    let day = try #require(Day("2022-07-04"))
    let policy = try District.rulebook().policies.section(SiteStaffPolicy.self, on: day).section
    let midnight = day.start(in: .china)
    func gaps(_ code: String, _ from: Int, _ until: Int) throws -> [[Int64]] {
      let post = try #require(policy.post(code))
      return SiteStaffRules.gaps(
        [], [post], from: midnight + .hours(from), until: midnight + .hours(until), zone: .china
      ).map { gap in
        [gap.from, gap.until].map { ($0 - midnight).inMilliseconds / 3_600_000 }
      }
    }
    #expect(try gaps("medical", 10, 34) == [[10, 34]])
    // Sampling is done from eight to eighteen.
    #expect(try gaps("sampling", 10, 34) == [[10, 18], [32, 34]])
    #expect(try gaps("sampling", 19, 31) == [])
  }

  @Test("into the loop with a negative sample of two days, and nowhere else meanwhile")
  func loop() async throws {
    let (town, _) = try await site()
    func enter(_ account: String, _ tested: Instant?) -> EnterLoop {
      EnterLoop(site: Town.hotel, account: AccountID(trusted: account), testedAt: tested)
    }
    #expect(await town.refused(enter("worker", nil)) == "isolation.entryTest")
    #expect(await town.refused(enter("worker", town.now - .hours(48))) == "isolation.entryTest")
    #expect(await town.refused(enter("worker", town.now + .minutes(1))) == "isolation.entryTest")
    #expect(await town.refused(enter("nobody-known", town.now)) == "notFound")
    #expect(await town.refused(turn(town, from: 0, until: 8)) == "isolation.notInLoop")
    try await town.submit(
      enter("worker", town.now - .hours(48) + .milliseconds(1)), as: "street")
    #expect(await town.refused(enter("worker", town.now)) == "isolation.inLoop")
    #expect(await town.refused(turn(town, from: -1, until: 8)) == "isolation.notInLoop")
    #expect(
      await town.refused(turn(town, post: "gate", from: 0, until: 8)) == "isolation.closedLoop")
    #expect(await town.refused(turn(town, from: 0, until: 13)) == "isolation.turnLength")
    #expect(await town.refused(turn(town, post: "cook", from: 0, until: 8)) == "field.malformed")
    try await town.submit(turn(town, from: 0, until: 8), as: "street")
    #expect(await town.refused(turn(town, from: 7, until: 9)) == "isolation.turnTwice")
    #expect(await town.refused(turn(town, from: 18, until: 20)) == "isolation.unrested")
    #expect(await town.refused(turn(town, from: 19, until: 20)) == nil)
    // Those outside hold the posts outside.
    #expect(
      await town.refused(turn(town, "leader", post: "gate", from: 0, until: 8)) == nil)
    #expect(await town.refused(enter("leader", town.now)) == "isolation.openTurns")
    #expect(try await town.violations() == [:])
    try await town.change("UPDATE isolation_turn SET from_at = from_at - 1 WHERE in_loop = 1")
    #expect(try await town.violations()["I-48"]?.isEmpty == false)
  }

  @Test("a zone takes nobody who is in a loop, or left it and has days to go")
  func zones() async throws {
    let (town, loops) = try await site(inside: "worker")
    let zone = try await town.seal()
    func shift(_ from: Instant) -> AssignZoneShift {
      AssignZoneShift(
        zone: zone, role: "member", account: Self.worker, from: from, until: from + .hours(8))
    }
    #expect(await town.refused(shift(town.now + .hours(1))) == "isolation.closedLoop")
    let open = try await town.submit(LeaveLoop(loop: loops[0]), as: "street").openFrom
    // The ninth edition: seven days, the day of leaving being day 0.
    #expect(open == at("2022-07-12T00:00"))
    #expect(await town.refused(LeaveLoop(loop: loops[0])) == "isolation.leftLoop")
    #expect(await town.refused(shift(open - .minutes(1))) == "isolation.coolDown")
    #expect(await town.refused(shift(open)) == nil)
    // A turn at a zone stands in the way of one at a site.
    #expect(
      await town.refused(
        AssignTurn(
          site: Town.hotel, post: "gate", account: Self.worker, from: open + .hours(7),
          until: open + .hours(9))) == "isolation.turnTwice")
    #expect(
      await town.refused(
        EnterLoop(site: Town.hotel, account: Self.worker, testedAt: town.now))
        == "isolation.openTurns")
    #expect(try await town.violations() == [:])
    try await town.change("UPDATE zone_shift SET from_at = from_at - 1")
    #expect(try await town.violations()["I-48"]?.count == 1)
  }

  @Test(
    "what follows the loop is the edition's",
    arguments: [
      ("2022-06-20", "2022-07-12T00:00", []), ("2022-07-04", "2022-07-12T00:00", []),
      ("2022-11-20", "2022-11-26T00:00", ["21", "23", "25"]),
      ("2022-12-10", "2022-12-10T08:00", []),
    ] as [(String, String, [String])])
  func coolDown(_ day: String, _ open: String, _ tests: [String]) async throws {
    let town = try await Town(on: day)
    try await town.readyHotel()
    let loop = try await town.enter("worker")
    #expect(
      try await town.submit(LeaveLoop(loop: loop), as: "street").openFrom == at(open))
    let owed = try await town.owed("isolation.staffTest")
    #expect(
      owed.map(\.deadline) == tests.map { (Day("2022-11-\($0)") ?? Day(number: 0)).end(in: .china) }
    )
  }

  @Test("those in the loop are tested every day, and a positive is told at once")
  func tests() async throws {
    let (town, loops) = try await site(inside: "worker")
    try await town.pass(.minutes(1))
    #expect(try await town.owed("isolation.staffTest").isEmpty)
    try await town.pass(at("2022-07-05T00:01") - town.now)
    #expect(
      try await town.owed("isolation.staffTest").map(\.deadline) == [at("2022-07-05T20:00")])
    try await town.catchUp()
    #expect(try await town.owed("isolation.staffTest").count == 1)
    let member = try #require(try await town.ask(SiteRoster(site: Town.hotel)).members.first)
    #expect(member.loop == loops[0] && member.testBy == at("2022-07-05T20:00"))
    try await town.finishFirst("isolation.staffTest", proof: ["result": "negative"])
    #expect(try await town.owed("isolation.staffPositive").isEmpty)
    try await town.pass(at("2022-07-06T00:01") - town.now)
    let leading = AssignTurn(
      site: Town.hotel, post: "site_leader", account: Self.worker, from: town.now,
      until: town.now + .hours(12), days: 2)
    try await town.submit(leading, as: "street")
    try await town.pass(.minutes(5))
    try await town.finishFirst("isolation.staffTest", proof: ["result": "positive"])
    #expect(try await town.owed("isolation.staffPositive").count == 1)
    // On no roster from then on, and nobody puts them on one.
    let turns = try await town.rows("SELECT until_at FROM isolation_turn WHERE removed_at IS NULL")
    #expect(turns.map { $0.instant(0) } == [town.now])
    #expect(
      await town.refused(
        AssignTurn(
          site: Town.hotel, post: "site_leader", account: Self.worker, from: town.now + .days(1),
          until: town.now + .days(1) + .hours(8)), as: "street") == "isolation.positiveInLoop")
    try await town.pass(at("2022-07-07T00:01") - town.now)
    // Who leaves is no longer asked by the site's days.
    try await town.submit(LeaveLoop(loop: loops[0]), as: "street")
    #expect(try await town.owed("isolation.staffTest").isEmpty)
  }

  @Test("the roster's gap is owed until every post is held, and a leaver opens it again")
  func roster() async throws {
    let accounts = [
      "worker", "otherWorker", "leader", "otherLeader", "investigator", "reviewer", "auditor",
      "admin", "duty",
    ]
    let (town, _) = try await site()
    for account in accounts { _ = try await town.enter(account) }
    try await town.pass(.minutes(1))
    #expect(try await town.owed("isolation.staff").count == 1)
    let start = town.now
    let posts: [(String, String, Int)] = [
      ("site_leader", "worker", 0), ("site_leader", "otherWorker", 12), ("medical", "leader", 0),
      ("medical", "otherLeader", 12), ("security", "investigator", 0),
      ("security", "reviewer", 12),
    ]
    for (post, account, hour) in posts {
      // Twelve hours each, again after twelve hours of rest.
      try await town.submit(
        AssignTurn(
          site: Town.hotel, post: post, account: AccountID(trusted: account),
          from: start + .hours(hour), until: start + .hours(hour + 12), days: 2), as: "street")
    }
    // Posts of the day: the rest of this one, and the whole of the next.
    let midnight = Day(of: start, in: .china).start(in: .china)
    let byDay = [
      ("sampling", "auditor", 8, 18), ("cleaning", "admin", 8, 20), ("catering", "duty", 7, 19),
    ]
    for (post, account, from, until) in byDay {
      for (begin, end) in [
        (start, midnight + .hours(until)),
        (midnight + .hours(from + 24), midnight + .hours(until + 24)),
      ] {
        try await town.submit(
          AssignTurn(
            site: Town.hotel, post: post, account: AccountID(trusted: account), from: begin,
            until: end), as: "street")
      }
    }
    #expect(try await town.owed("isolation.staff").count == 1)
    let gaps = try await town.ask(SiteRoster(site: Town.hotel)).gaps
    #expect(Set(gaps.map(\.post)) == ["gate"])
    for (account, hour) in [("street", 0), ("colleague", 12)] {
      if account == "colleague" { try await town.settleColleague() }
      try await town.submit(
        AssignTurn(
          site: Town.hotel, post: "gate", account: AccountID(trusted: account),
          from: start + .hours(hour), until: start + .hours(hour + 12), days: 2), as: "street")
    }
    #expect(try await town.owed("isolation.staff").isEmpty)
    let roster = try await town.ask(SiteRoster(site: Town.hotel))
    #expect(roster.leaders == ["worker"] && roster.gaps == [])
    let medical = try #require(roster.members.first { $0.account.text == "leader" })
    try await town.pass(.hours(1))
    try await town.submit(LeaveLoop(loop: medical.loop), as: "street")
    #expect(try await town.owed("isolation.staff").count == 1)
    let gap = try #require(try await town.ask(SiteRoster(site: Town.hotel)).gaps.first)
    #expect(gap.post == "medical" && gap.from == start + .hours(1))
    let night = try #require(roster.turns.first { $0.account.text == "reviewer" })
    try await town.submit(UnassignTurn(turn: night.turn), as: "street")
    #expect(
      try await town.ask(SiteRoster(site: Town.hotel)).gaps.contains { $0.post == "security" })
    #expect(await town.refused(CloseSite(site: Town.hotel)) == "isolation.notEmpty")
    #expect(try await town.violations() == [:])
  }

  @Test("a site with staff in the loop does not close")
  func closing() async throws {
    let town = try await Town()
    try await town.readyHotel()
    let loop = try await town.enter("worker")
    #expect(await town.refused(CloseSite(site: Town.hotel)) == "isolation.staffInside")
    try await town.submit(LeaveLoop(loop: loop), as: "street")
    #expect(await town.refused(CloseSite(site: Town.hotel)) == nil)
  }
}

extension Town {
  /// Takes an account into the loop of the hotel with a sample of this morning.
  fileprivate func enter(_ account: String) async throws -> SiteLoopID {
    try await submit(
      EnterLoop(
        site: Self.hotel, account: AccountID(trusted: account), testedAt: now - .hours(1)),
      as: "street"
    ).loop
  }
}

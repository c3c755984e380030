import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Screening: which swab counts") struct ScreeningCountingTests {
  private let round = RoundID(trusted: "r1")

  private func certificate(_ person: String, _ town: Town) async throws -> Certificate {
    try await town.ask(
      OwnCertificate(), for: .ownFile, from: .resident(PersonID(trusted: person)))
  }

  private func conflict(_ kind: String, _ town: Town) async throws -> ListConflicts.Line {
    let open = try await town.ask(ListConflicts(round: round), for: .fieldwork)
    return try #require(open.first { $0.kind == kind })
  }

  private func decide(
    _ kind: String, _ decision: ConflictDecision?, _ town: Town, person: String? = nil,
    tube: String? = nil, ground: LateGround? = nil
  ) async throws {
    try await town.submit(
      SettleConflict(
        conflict: try await conflict(kind, town).conflict, decision: decision,
        tube: tube.map { TubeCode(trusted: $0) }, person: person.map { PersonID(trusted: $0) },
        ground: ground))
  }

  @Test(
    "a swab of after its tube's result is shown and counts for nothing, and nobody can say that it does"
  )
  func afterResult() async throws {
    let town = try await Town()
    try await town.enrol(3)
    try await town.open()
    try await town.swab("p1", "T1", device: "a")
    try await town.pass(.hours(2))
    try await town.results([("T1", "negative")], from: 1)
    try await town.pass(.hours(1))
    let answer = try await town.swab("p2", "T1", device: "b")
    #expect(answer.conflicts.contains("after_seal"))
    #expect(try await town.untested() == ["p2 reswab", "p3 missing"])
    #expect(try await town.owed("screening.reswab") == ["T1/p2"])
    #expect(try await certificate("p2", town).lines.isEmpty)
    #expect(try await certificate("p1", town).lines.map(\.isValid) == [true])
    #expect(try await town.count().tested == 1)
    let line = try await conflict("after_seal", town)
    #expect(line.decisions == [.reswab])
    #expect(
      await refused { try await decide("after_seal", .stands, town, ground: .clock) }
        == "conflict.testedBefore")
    #expect(try await town.violations().isEmpty)
    // A desk takes the swab that is owed.
    try await town.swab("p2", "T2")
    #expect(try await town.owed("screening.reswab") == [])
    try await decide("after_seal", .reswab, town)
    #expect(try await town.conflicts().filter { $0 != "two_devices T1" } == [])
    #expect(try await !town.untested().contains("p2 reswab"))
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "a swab of after the seal counts only when somebody says why, also when the seal comes later")
  func afterSeal() async throws {
    let town = try await Town()
    try await town.enrol(3)
    try await town.open()
    let at = town.now
    try await town.pass(.hours(1))
    try await town.swab("p1", "T1", at: at, device: "a")
    try await town.swab("p2", "T1", at: at + .minutes(9), device: "a")
    #expect(try await town.count().sampled == 2)
    try await town.submit(
      SealTube(tube: TubeCode("T1"), round: round, at: at + .minutes(5), device: "a"))
    #expect(try await town.count().sampled == 1)
    #expect(try await town.untested().contains("p2 reswab"))
    #expect(try await town.owed("screening.reswab") == ["T1/p2"])
    try await town.pass(.hours(2))
    try await town.results([("T1", "negative")], from: 1)
    #expect(try await certificate("p2", town).lines.isEmpty)
    #expect(await refused { try await decide("after_seal", .stands, town) } == "field.malformed")
    try await decide("after_seal", .stands, town, ground: .clock)
    #expect(try await town.owed("screening.reswab") == [])
    #expect(try await town.count().tested == 2)
    // What counts was taken before the seal.
    let lines = try await certificate("p2", town).lines
    #expect(lines.map(\.sampledAt) == [at + .minutes(5)] && lines[0].isValid)
    let facts = try await town.facts("screening.conflictSettled")
    #expect(facts.last?["ground"] == .text("clock"))
    #expect(try await town.violations().isEmpty)
    // One more comes: it is looked at again, and says what is new.
    try await town.swab("p3", "T1", at: at + .minutes(7), device: "a")
    let again = try await conflict("after_seal", town)
    #expect(again.fresh == ["p3"])
    #expect(try await town.count().tested == 2)
    #expect(try await town.violations().isEmpty)
  }

  @Test("a swab of after a laboratory received the tube cannot be in it")
  func afterReceipt() async throws {
    let there = try await DeliveryTown(tubes: 1)
    let town = there.town
    try await town.enrol(1, prefix: "late")
    let answer = try await town.swab("late1", "T1", device: "a")
    #expect(answer.conflicts.contains("after_seal"))
    #expect(try await there.deliver(there.list(1, [there.row("T1")])).state == "applied")
    #expect(try await town.count().tested == 2)
    #expect(try await certificate("late1", town).lines.isEmpty)
    #expect(try await town.owed("screening.reswab") == ["T1/late1"])
    #expect(try await town.violations().isEmpty)
  }

  /// A round in which `p1` and `p2` are held for `T1` since now.
  private func held() async throws -> Town {
    let town = try await Town()
    try await town.enrol(6)
    try await town.open()
    for person in ["p1", "p2"] { try await town.swab(person, "T1") }
    try await town.pass(.hours(2))
    try await town.results([("T1", "positive")], from: 1)
    try await town.pass(.minutes(10))
    return town
  }

  @Test("who is held and shares a tube is decided by none but one of their own")
  func sharedTube() async throws {
    let town = try await held()
    for person in ["p3", "p4"] { try await town.swab(person, "T2", device: "a") }
    let answer = try await town.swab("p1", "T2", device: "a")
    #expect(answer.recheck && answer.conflicts == ["held_shared"])
    #expect(try await town.recalls() == ["p1 held -", "p2 held -"])
    #expect(try await town.owed("screening.reswab") == ["T1/p1", "T1/p2"])
    try await town.pass(.hours(2))
    try await town.results([("T2", "negative")], from: 2)
    #expect(try await town.recalls() == ["p1 held -", "p2 held -"])
    let own = try await certificate("p1", town)
    #expect(own.heldSince != nil && own.lines.allSatisfy { !$0.isValid })
    #expect(try await certificate("p3", town).lines.map(\.isValid) == [true])
    let page = try await town.page("/screening/:round")
    #expect(page.contains("held: p1; 3 people in it") && page.contains("strike out p1"))
    let line = try await conflict("held_shared", town)
    #expect(line.decisions == [.reswab])
    #expect(
      await refused { try await decide("held_shared", .stands, town) } == "conflict.heldShared")
    #expect(try await town.violations().isEmpty)
    // The way out is open, at a desk and on a phone.
    try await decide("held_shared", .reswab, town)
    #expect(try await town.conflicts() == [])
    #expect(try await town.swab("p1", "S1").recheck)
    #expect(try await town.swab("p2", "S2", device: "b").recheck)
    try await town.pass(.hours(1))
    try await town.results([("S1", "negative"), ("S2", "negative")], from: 3)
    #expect(try await town.recalls() == ["p1 released S1", "p2 released S2"])
    #expect(try await certificate("p1", town).lines.first?.isValid == true)
    #expect(try await town.violations().isEmpty)
  }

  @Test("a tube is somebody's own as long as they are alone in it, whoever came first")
  func noLongerAlone() async throws {
    let town = try await held()
    try await town.swab("p1", "S1", device: "a")
    #expect(try await town.recalls() == ["p1 held S1", "p2 held -"])
    try await town.swab("p3", "S1", device: "a")
    #expect(try await town.recalls() == ["p1 held -", "p2 held -"])
    #expect(try await town.owed("screening.reswab") == ["T1/p1", "T1/p2"])
    #expect(try await town.violations().isEmpty)
    // Whoever is there strikes the other one out: it is p1's own after all.
    try await decide("held_shared", nil, town, person: "p3", tube: "S1")
    #expect(try await town.recalls() == ["p1 held S1", "p2 held -"])
    #expect(try await town.owed("screening.reswab") == ["S1/p3", "T1/p2"])
    #expect(try await town.conflicts() == [])
    try await town.pass(.hours(1))
    try await town.results([("S1", "negative")], from: 2)
    #expect(try await town.recalls() == ["p1 released S1", "p2 held -"])
    // Somebody comes to light in it: who was released is held again.
    try await town.swab("p4", "S1", at: town.now - .minutes(30), device: "b")
    #expect(try await town.recalls() == ["p1 held -", "p2 held -"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("one who is struck out of a shared tube leaves the others to be decided")
  func oneOfMany() async throws {
    let town = try await held()
    for person in ["p3", "p4", "p1"] { try await town.swab(person, "T2", device: "a") }
    try await decide("held_shared", nil, town, person: "p3", tube: "T2")
    #expect(try await town.conflicts() == ["held_shared T2"])
    try await decide("held_shared", nil, town, person: "p4", tube: "T2")
    #expect(try await town.conflicts() == [])
    #expect(try await town.recalls() == ["p1 held T2", "p2 held -"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("what was counted otherwise before is counted anew")
  func before() async throws {
    let town = try await held()
    for person in ["p3", "p1"] { try await town.swab(person, "T2", device: "a") }
    let old = town.now
    try await town.swab("p5", "T4", at: old, device: "a")
    try await town.pass(.hours(2))
    try await town.results([("T4", "negative"), ("T2", "negative")], from: 2)
    // As it stood before the upgrade.
    _ = try await town.desk.storage.write { transaction in
      try transaction.execute("UPDATE recall SET single = 'T2' WHERE person = 'p1'")
      try transaction.execute(
        "UPDATE swab SET sampled_at = sampled_at + 90000000 WHERE person = 'p5'")
      try transaction.execute("DELETE FROM swab_conflict")
      try transaction.execute("INSERT INTO tube_recount (tube) VALUES ('T2'), ('T4')")
      try transaction.execute(
        "DELETE FROM swab_pace WHERE round = 'r1'")
      try transaction.execute(
        """
        INSERT INTO swab_pace (round, quarter, point, swabs)
        SELECT round, 1, '', COUNT(*) FROM swab GROUP BY round
        """)
    }
    try await town.pass(.minutes(2))
    #expect(try await town.conflicts() == ["after_seal T4", "held_shared T2"])
    #expect(try await town.recalls() == ["p1 held -", "p2 held -"])
    #expect(try await town.untested().contains("p5 reswab"))
    #expect(try await town.owed("screening.reswab").contains("T1/p1"))
    #expect(try await town.rows("SELECT tube FROM tube_recount").isEmpty)
    #expect(try await town.swab("p1", "S1").recheck)
    #expect(try await town.violations().isEmpty)
  }
}

import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Screening: holds") struct ScreeningHoldsTests {
  private let round = RoundID(trusted: "r1")

  /// A round in which `p1`… share the tube `T1`, sampled two hours ago.
  private func pooled(_ count: Int = 3) async throws -> Town {
    let town = try await Town()
    try await town.enrol(count + 1)
    try await town.open()
    for person in 1...count { try await town.swab("p\(person)", "T1") }
    try await town.pass(.hours(2))
    return town
  }

  private func restricted(_ town: Town) async throws -> [String] {
    try await town.rows(
      """
      SELECT person, clause, evidence_kind, evidence, end_at, start_at
      FROM restriction WHERE ended_at IS NULL ORDER BY person
      """
    ).map { "\($0.text(0)) \($0.text(1)) \($0.text(2)) \($0.text(3))" }
  }

  @Test(
    "everyone in a tube that is not negative is held at once, with a reason, an end and an owner",
    arguments: ["positive", "grey", "single_target"])
  func held(_ result: String) async throws {
    let town = try await pooled()
    #expect(try await town.results([("T1", result)], from: 1).accepted == 1)
    #expect(try await town.recalls() == ["p1 held -", "p2 held -", "p3 held -"])
    #expect(try await town.owed("screening.reswab") == ["T1/p1", "T1/p2", "T1/p3"])
    // In November 2022 the twenty measures are in force.
    #expect(
      try await restricted(town) == [
        "p1 pool positive_tube T1", "p2 pool positive_tube T1", "p3 pool positive_tube T1",
      ])
    let ends = try await town.rows("SELECT end_at - start_at FROM restriction").map {
      $0.integer(0)
    }
    #expect(ends.allSatisfy { $0 > 0 && $0 <= 3 * 86_400_000 })
    #expect(try await town.violations().isEmpty)
  }

  @Test("each is released by their own tube and by nobody else's, the last one included")
  func released() async throws {
    let town = try await pooled()
    try await town.results([("T1", "positive")], from: 1)
    #expect(await refused { try await town.swab("p4", "T1") } == "tube.resulted")
    let single = try await town.swab("p1", "S1")
    #expect(single.recheck && single.capacity == 1)
    #expect(await refused { try await town.swab("p1", "S9") } == "swab.secondTube")
    #expect(await refused { try await town.swab("p2", "S1") } == "tube.notSingle")
    #expect(await refused { try await town.swab("p4", "S1") } == "tube.full")
    try await town.swab("p2", "S2")
    try await town.swab("p3", "S3")
    #expect(try await town.owed("screening.reswab") == [])
    #expect(try await town.owed("screening.decide") == ["T1/p1", "T1/p2", "T1/p3"])
    try await town.pass(.hours(1))
    try await town.results([("S1", "negative"), ("S2", "negative")], from: 2)
    #expect(try await town.recalls() == ["p1 released S1", "p2 released S2", "p3 held S3"])
    #expect(try await restricted(town) == ["p3 pool positive_tube T1"])
    try await town.results([("S3", "negative")], from: 4)
    #expect(try await restricted(town) == [])
    #expect(try await town.owed("screening.decide") == [])
    let ended = try await town.rows("SELECT DISTINCT end_reason FROM restriction")
    #expect(ended.map { $0.text(0) } == ["tested_negative"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("of more people in tubes than one may restrict the rest waits for a second person")
  func crowd() async throws {
    let town = try await Town()
    try await town.enrol(110)
    try await town.open()
    for person in 1...110 { try await town.swab("p\(person)", "T\((person + 4) / 10)") }
    try await town.pass(.hours(2))
    for tube in 0...11 {
      try await town.results([("T\(tube)", "positive")], from: tube + 1)
    }
    // Everybody is recalled; the edition lets one account restrict a hundred of them.
    #expect(try await town.owed("screening.reswab").count == 110)
    #expect(try await restricted(town).count == 100)
    #expect(try await town.owed("restrictions.held") == ["duty"])
    // In one tube five are restricted and five wait; who is negative meanwhile waits for nobody.
    let limited = Set(try await restricted(town).map { String($0.prefix { $0 != " " }) })
    let pool = (96...105).map { "p\($0)" }
    let waiting = pool.filter { !limited.contains($0) }
    try #require(waiting.count == 5)
    try await town.swab(waiting[0], "S0")
    try await town.swab(waiting[1], "S1")
    try await town.pass(.hours(1))
    try await town.results([("S0", "negative")], from: 13)
    // Somebody of the same tube was restricted when the clause had another name.
    let earlier = try #require(pool.first { limited.contains($0) })
    let rename = { (name: String) in
      try await town.desk.storage.write {
        try $0.put("UPDATE restriction SET clause = \(name) WHERE person = \(earlier)")
      }
    }
    try await rename("companion")
    let street = Sender.account(AccountID(trusted: "street"))
    let by = Desk.Look(sender: street, purpose: .containment, language: .english, question: "h")
    let held = try await town.desk.ask("restrictions.held", .object(["account": .text("duty")]), by)
    _ = try await town.desk.submit(
      Envelope(
        id: CommandID(trusted: "approve"), name: "restrictions.approveHeld",
        body: .object([
          "account": .text("duty"), "approved": .flag(true), "expected": .integer(9),
          "preview": Fields.json(held)["preview"],
        ]), sender: street))
    // What is approved is the restriction of nobody who is negative by then.
    try await town.results([("S1", "negative")], from: 14)
    for _ in 0..<3 { try await town.pass(.seconds(30)) }
    try await rename("pool")
    let now = try await restricted(town)
    #expect(now.count == 108)
    #expect(!now.contains { line in waiting[0...1].contains { line.hasPrefix("\($0) ") } })
    #expect(try await town.violations().isEmpty)
  }

  @Test("one positive single is a case, and nobody else becomes anything by it")
  func infection() async throws {
    let town = try await pooled()
    try await town.results([("T1", "positive")], from: 1)
    for person in 1...3 { try await town.swab("p\(person)", "S\(person)") }
    try await town.pass(.hours(1))
    try await town.results(
      [("S1", "positive"), ("S2", "negative"), ("S3", "grey")], from: 2)
    #expect(try await town.recalls() == ["p1 case S1", "p2 released S2", "p3 held -"])
    try await town.pass(.seconds(1))
    let cases = try await town.rows("SELECT person, source, kind FROM infection")
    #expect(cases.map { $0.text(0) } == ["p1"])
    #expect(cases[0].text(1) == "community_screening" && cases[0].text(2) == "asymptomatic")
    #expect(
      try await restricted(town).map { $0.prefix(7) } == ["p1 case", "p3 pool"])
    // A grey single decides nothing: another one is owed.
    #expect(try await town.owed("screening.reswab") == ["T1/p3"])
    #expect(try await town.swab("p3", "S4").recheck)
    try await town.pass(.hours(1))
    try await town.results([("S4", "invalid")], from: 5)
    #expect(try await town.owed("screening.reswab") == ["T1/p3"])
    #expect(try await town.owed("screening.decide") == [])
    try await town.swab("p3", "S5")
    try await town.pass(.hours(1))
    try await town.results([("S5", "negative")], from: 6)
    #expect(try await town.recalls() == ["p1 case S1", "p2 released S2", "p3 released S5"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("where everybody has a tube of their own, positive is a case and grey is held")
  func singles() async throws {
    let town = try await Town()
    try await town.enrol(2)
    try await town.open(pool: 1)
    try await town.swab("p1", "T1")
    try await town.swab("p2", "T2")
    try await town.pass(.hours(2))
    try await town.results([("T1", "positive"), ("T2", "grey")], from: 1)
    #expect(try await town.recalls() == ["p1 case -", "p2 held -"])
    try await town.pass(.seconds(1))
    #expect(try await town.rows("SELECT person FROM infection").map { $0.text(0) } == ["p1"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a laboratory's clock that is ahead loses no case: it is reported now")
  func ahead() async throws {
    let town = try await Town()
    try await town.enrol(1)
    try await town.open(pool: 1)
    try await town.swab("p1", "T1")
    try await town.pass(.hours(2))
    try await town.results([("T1", "positive")], from: 1, at: town.now + .minutes(10))
    let reported = town.now
    try await town.pass(.seconds(1))
    let cases = try await town.rows("SELECT person, reported_at FROM infection")
    #expect(cases.map { $0.text(0) } == ["p1"])
    #expect(try #require(cases.first).instant(1) <= reported + .seconds(1))
    #expect(try await town.violations().isEmpty)
  }

  @Test("a case that cannot be reported by itself is owed by somebody")
  func noDistrict() async throws {
    let town = try await Town()
    try await town.enrol(1, at: .city)
    try await town.open(over: .city, pool: 1)
    try await town.swab("p1", "T1")
    try await town.pass(.hours(2))
    try await town.results([("T1", "positive")], from: 1)
    try await town.pass(.seconds(1))
    #expect(try await town.rows("SELECT person FROM infection").isEmpty)
    #expect(try await town.owed("screening.report") == ["T1/p1"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("somebody whose swab comes to light in a tube that is not negative is held too")
  func late() async throws {
    let town = try await pooled(2)
    try await town.results([("T1", "positive")], from: 1)
    try await town.swab("p3", "T1", at: town.now - .hours(2), device: "a")
    #expect(try await town.recalls() == ["p1 held -", "p2 held -", "p3 held -"])
    // What a device did before the hold is no answer to it.
    try await town.swab("p1", "X1", at: town.now - .hours(1), device: "a")
    #expect(try await town.recalls() == ["p1 held -", "p2 held -", "p3 held -"])
    #expect(try await town.conflicts() == ["second_tube p1"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("whoever owes a swab gives it at a desk though the round is over, and nobody else does")
  func closed() async throws {
    let town = try await Town()
    try await town.enrol(4)
    try await town.open()
    try await town.swab("p1", "T1")
    try await town.swab("p2", "T2")
    try await town.swab("p3", "T3")
    try await town.pass(.hours(2))
    try await town.submit(CloseRound(round: round, confirmed: true))
    #expect(await refused { try await town.swab("p1", "S1") } == "round.closed")
    try await town.results([("T1", "grey"), ("T2", "invalid"), ("T3", "negative")], from: 1)
    #expect(try await town.swab("p1", "S1").recheck)
    #expect(try await town.swab("p2", "S2").members == 1)
    for person in ["p1", "p2", "p3", "p4", "stranger"] {
      #expect(await refused { try await town.swab(person, "S3") } == "round.closed")
    }
    #expect(try await town.owed("screening.reswab") == [])
    #expect(try await town.violations().isEmpty)
  }

  @Test("who is held under a file that was merged is decided by a tube under the other one")
  func merged() async throws {
    let town = try await pooled(2)
    try await town.results([("T1", "positive")], from: 1)
    let merge = { (kept: String, gone: String) in
      try await town.submit(
        MergeResidents(survivor: PersonID(trusted: kept), merged: PersonID(trusted: gone)))
    }
    _ = try await merge("p3", "p1")
    try await town.swab("p3", "T1", at: town.now - .hours(1), device: "a")
    #expect(try await town.rows("SELECT person FROM swab").count == 2)
    #expect(try await town.swab("p3", "S1").recheck)
    #expect(try await town.recalls() == ["p1 held S1", "p2 held -"])
    try await town.pass(.hours(1))
    try await town.results([("S1", "negative")], from: 2)
    #expect(try await town.recalls() == ["p1 released S1", "p2 held -"])
    #expect(try await town.violations().isEmpty)
    // They are two after all: the tube was somebody else's.
    try await town.submit(UnmergeResidents(merged: PersonID(trusted: "p1")))
    #expect(try await town.recalls() == ["p1 held -", "p2 held -"])
    _ = try await merge("p3", "p1")
    try await town.swab("p3", "S2")
    try await town.pass(.hours(1))
    try await town.results([("S2", "positive")], from: 3)
    try await town.pass(.seconds(1))
    #expect(try await town.rows("SELECT person FROM infection").count == 1)
    #expect(try await town.violations().isEmpty)
  }

  @Test("who is struck out of the tube that released them is held again")
  func struck() async throws {
    let town = try await pooled(2)
    try await town.results([("T1", "positive")], from: 1)
    try await town.swab("p1", "S1")
    try await town.swab("p3", "S1", device: "a")
    try await town.pass(.hours(1))
    try await town.results([("S1", "negative")], from: 2)
    // Somebody else is in it: it decides nothing of p1 before a person has looked.
    #expect(try await town.recalls() == ["p1 held -", "p2 held -"])
    let found = try await town.ask(ListConflicts(round: round), for: .fieldwork)
    let overfull = try #require(found.first { $0.kind == "overfull" })
    try await town.submit(
      SettleConflict(
        conflict: overfull.conflict, tube: TubeCode("S1"), person: PersonID("p1")))
    #expect(try await town.recalls() == ["p1 held -", "p2 held -"])
    #expect(try await town.owed("screening.reswab") == ["T1/p1", "T1/p2"])
    #expect(
      try await restricted(town) == ["p1 pool positive_tube T1", "p2 pool positive_tube T1"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("whoever comes to light in a positive single tube is held too, and decided by their own")
  func lateSingle() async throws {
    let town = try await pooled(2)
    try await town.results([("T1", "positive")], from: 1)
    try await town.swab("p1", "S1")
    try await town.pass(.hours(1))
    try await town.results([("S1", "positive")], from: 2)
    try await town.swab("p2", "S1", at: town.now - .minutes(30), device: "a")
    try await town.swab("p3", "S1", at: town.now - .minutes(30), device: "a")
    #expect(
      try await town.recalls() == ["p1 case S1", "p2 held -", "p2 held -", "p3 held -"])
    #expect(try await town.owed("screening.reswab") == ["S1/p2", "S1/p3", "T1/p2"])
    try await town.swab("p2", "S2")
    try await town.swab("p3", "S3")
    try await town.pass(.hours(1))
    try await town.results([("S2", "negative"), ("S3", "negative")], from: 3)
    #expect(
      try await town.recalls() == [
        "p1 case S1", "p2 released S2", "p2 released S2", "p3 released S3",
      ])
    #expect(try await town.violations().isEmpty)
  }

  @Test("an invalid tube holds nobody and lets everybody be sampled again")
  func invalid() async throws {
    let town = try await pooled(2)
    try await town.results([("T1", "invalid")], from: 1)
    #expect(try await town.recalls() == [])
    #expect(try await town.owed("screening.reswab") == ["T1/p1", "T1/p2"])
    var count = try await town.count()
    #expect(count.reswab == 2 && count.tested == 0)
    try await town.swab("p1", "T2")
    #expect(try await town.owed("screening.reswab") == ["T1/p2"])
    // The laboratory tests it once more.
    try await town.pass(.minutes(1))
    try await town.results([("T1", "negative")], from: 2)
    count = try await town.count()
    #expect(count.reswab == 0 && count.tested == 2)
    // Nobody owes a swab for it any more, and who gave another one is in two tubes.
    #expect(try await town.owed("screening.reswab") == [])
    #expect(try await town.conflicts() == ["second_tube p1"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("from not negative to negative it takes two people of two organisations")
  func correction() async throws {
    let town = try await pooled(2)
    try await town.results([("T1", "positive")], from: 1)
    let again = try await town.results([("T1", "negative")], from: 2)
    #expect(again.outcomes.map(\.code) == ["result.correction"])
    let asked = try await town.submit(
      AskCorrection(tube: TubeCode("T1"), result: .negative, reason: "样本编号贴错"),
      as: "investigator")
    #expect(
      await refused {
        try await town.submit(
          AskCorrection(tube: TubeCode("T1"), result: .negative, reason: "再次"))
      } == "correction.open")
    #expect(
      await refused {
        try await town.submit(
          ApproveCorrection(correction: asked.correction, approved: true), as: "investigator")
      } == "correction.samePerson")
    try await town.appoint("colleague", "investigator", at: .district)
    #expect(
      await refused {
        try await town.submit(
          ApproveCorrection(correction: asked.correction, approved: true), as: "colleague")
      } == "correction.sameOrganisation")
    #expect(try await town.recalls() == ["p1 held -", "p2 held -"])
    try await town.submit(ApproveCorrection(correction: asked.correction, approved: true))
    #expect(try await town.recalls() == ["p1 released -", "p2 released -"])
    #expect(try await restricted(town) == [])
    #expect(try await town.owed("screening.reswab") == [])
    #expect(try await town.owed("screening.correct") == [])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a person sees the result of their own tube, both times, and until when it counts")
  func certificate() async throws {
    let town = try await pooled(2)
    let sampled = town.now - .hours(2)
    try await town.results([("T1", "positive")], from: 1)
    let person = PersonID(trusted: "p1")
    var own = try await town.ask(OwnCertificate(), for: .ownFile, from: .resident(person))
    #expect(own.lines.map(\.result) == ["held"] && own.lines.map(\.isValid) == [false])
    try await town.swab("p1", "S1")
    own = try await town.ask(OwnCertificate(), for: .ownFile, from: .resident(person))
    #expect(own.waitingSince == town.now)
    try await town.pass(.hours(1))
    try await town.results([("S1", "negative")], from: 2)
    own = try await town.ask(OwnCertificate(), for: .ownFile, from: .resident(person))
    // The pool was never negative: what stands there is the person's own tube.
    #expect(own.lines.map(\.tube.text) == ["S1"] && own.lines.map(\.result) == ["negative"])
    #expect(own.lines[0].sampledAt == town.now - .hours(1))
    #expect(own.lines[0].validUntil == town.now - .hours(1) + .hours(48))
    #expect(own.lines[0].isValid)
    // A device tells later that the tube had leaked.
    try await town.swab("p3", "T2", at: sampled, device: "a")
    try await town.results([("T2", "negative")], from: 3)
    let other = PersonID(trusted: "p3")
    var theirs = try await town.ask(OwnCertificate(), for: .ownFile, from: .resident(other))
    #expect(theirs.lines.map(\.isValid) == [true])
    try await town.submit(
      VoidTube(tube: TubeCode("T2"), round: round, reason: .leaking, device: "a"))
    theirs = try await town.ask(OwnCertificate(), for: .ownFile, from: .resident(other))
    #expect(theirs.lines.map(\.result) == ["invalid"] && !theirs.lines[0].isValid)
    town.stall(.hours(47))
    own = try await town.ask(OwnCertificate(), for: .ownFile, from: .resident(person))
    #expect(!own.lines[0].isValid)
  }
}

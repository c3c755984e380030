import Gazette
import Kernel
import Testing
import Town

@testable import Detection

@Suite("Screening: controls") struct ScreeningControlTests {
  private let round = RoundID(trusted: "r1")

  /// A laboratory that has received two tubes with people and two of known content.
  private func there(hasKey: Bool = true) async throws -> DeliveryTown {
    let there = try await DeliveryTown(tubes: 3, hasKey: hasKey)
    let town = there.town
    for (tube, kind) in [("C1", ControlKind.positive), ("C2", .negative)] {
      try await town.submit(
        AddControl(round: round, tube: TubeCode(trusted: tube), kind: kind))
    }
    let codes = [TubeCode(trusted: "C1"), TubeCode(trusted: "C2")]
    let box = BoxID(trusted: "BC")
    try await town.submit(PackBox(box: box, round: round, tubes: codes))
    try await town.submit(
      GiveBox(box: box, to: Holder(kind: .laboratory, id: "lab"), count: 2))
    try await town.submit(TakeBox(box: box, count: 2), as: "lab")
    try await town.pass(.hours(2))
    return there
  }

  private func controls(_ town: Town) async throws -> [String] {
    try await town.ask(ListControls(round: round)).map {
      "\($0.tube) \($0.kind.rawValue) \($0.result?.rawValue ?? "-")\($0.isWrong ? " wrong" : "")"
    }
  }

  @Test("a list that finds a known positive negative is put aside whole, and cannot be let through")
  func wrong() async throws {
    let there = try await there()
    let town = there.town
    let negative = try await there.deliver(
      there.list(1, [there.row("T1"), there.row("C1"), there.row("T2", .positive)]))
    #expect(negative.state == "quarantined" && negative.reasons == ["control"])
    #expect(try await there.results() == 0)
    #expect(try await town.recalls() == [])
    #expect(try await controls(town) == ["C1 positive - wrong", "C2 negative -"])
    #expect(
      await refused { try await town.submit(DecideBatch(batch: negative.batch, release: true)) }
        == "batch.notReleasable")
    // A run in which everything is positive is wrong about the other one.
    let positive = try await there.deliver(
      there.list(1, [there.row("C2", .positive), there.row("T1", .positive)]))
    #expect(positive.reasons == ["control", "suspended"])
    // Without the control, or with it put right, the laboratory is believed once two people have looked.
    let without = try await there.deliver(there.list(2, [there.row("T1", .positive)]))
    #expect(without.reasons == ["suspended"])
    #expect(try await there.results() == 0)
    let right = try await there.deliver(
      there.list(1, [there.row("T1"), there.row("C1", .grey), there.row("C2")]))
    #expect(right.state == "quarantined" && right.reasons == ["suspended"])
    func decide(_ batch: BatchID, release: Bool) async throws {
      for account in ["duty", "investigator"] {
        try await town.submit(DecideBatch(batch: batch, release: release), as: account)
      }
    }
    for batch in [negative.batch, positive.batch, without.batch] {
      try await decide(batch, release: false)
    }
    // Of a known positive a weak sign is seen, too, and nobody is held for it.
    try await decide(right.batch, release: true)
    #expect(
      try await there.deliver(there.list(2, [there.row("T2")])).state == "applied")
    #expect(try await town.recalls() == [])
    #expect(try await controls(town) == ["C1 positive grey", "C2 negative negative"])
    #expect(try await town.ask(WatchRound(round: round)).tubes.holding == 0)
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "by hand and in files a control that is wrong is stopped as well, and tells nobody which it is")
  func otherWays() async throws {
    let there = try await there(hasKey: false)
    let town = there.town
    let code = TubeCode(trusted: "C1")
    let answer = try await town.submit(EnterResult(tube: code, result: .negative))
    #expect(!answer.applied && answer.quarantined != nil)
    #expect(try await there.results() == 0)
    let file = try await town.results([("T1", "negative"), ("C1", "negative")], from: 1)
    #expect(file.accepted == 0)
    #expect(file.outcomes.map(\.code) == ["result.control", "result.control"])
    let without = try await town.results([("T1", "negative")], from: 2)
    #expect(without.outcomes.map(\.code) == ["result.suspended"])
    #expect(try await town.page("/screening/tube", ["of": "C1"]).contains("known to be positive"))
    try await town.submit(
      AppointLaboratory(laboratory: there.laboratory, account: AccountID(trusted: "lab")))
    for tube in ["C1", "T1"] {
      let page = try await town.page("/screening/tube", ["of": tube], as: "lab")
      #expect(!page.contains("known to be"))
      #expect(!page.contains("/ 10"))
    }
    #expect(try await town.page("/screening/:round/boxes").contains("known to be positive"))
    #expect(
      try await !town.page("/screening/:round/boxes", as: "lab").contains("known to be positive"))
    #expect(try await town.violations().isEmpty)
  }

  @Test("whom a phone registers in a control is found in nothing, and is swabbed again")
  func registered() async throws {
    let there = try await there()
    let town = there.town
    try await town.enrol(2, prefix: "late")
    try await town.swab("late1", "C1", device: "phone")
    try await town.swab("late2", "C2", device: "phone")
    let open = try await town.ask(ListConflicts(round: round), for: .fieldwork)
    #expect(Set(open.map(\.kind)) == ["control_tube"])
    #expect(open.allSatisfy { $0.decisions == [.reswab] })
    let right = try await there.deliver(
      there.list(1, [there.row("C1", .positive), there.row("C2")]))
    #expect(right.reasons == [])
    #expect(try await town.recalls() == [])
    #expect(try await town.rows("SELECT id FROM infection").isEmpty)
    for person in ["late1", "late2"] {
      let shown = try await town.ask(
        OwnCertificate(), for: .ownFile, from: .resident(PersonID(trusted: person)))
      #expect(shown.lines.isEmpty)
    }
    for conflict in open {
      try await town.submit(SettleConflict(conflict: conflict.conflict, decision: .reswab))
    }
    let owed = try await town.owed("screening.reswab")
    #expect(owed.count == 2, "\(owed)")
    #expect(try await town.violations().isEmpty)
  }

  @Test("a control takes a new code, nobody's swab, and is made by who decides on results")
  func made() async throws {
    let town = try await Town()
    try await town.enrol(1)
    try await town.open()
    try await town.appoint("lab", "laboratory", at: .district)
    func add(_ tube: String, as account: String = "duty", point: String? = nil) async -> String? {
      await refused {
        try await town.submit(
          AddControl(
            round: round, tube: TubeCode(trusted: tube), kind: .positive,
            point: point.map { PointID(trusted: $0) }), as: account)
      }
    }
    #expect(await add("C1", as: "lab") == "duty.notHeld")
    #expect(await add("C 1") == "tube.code")
    #expect(await add("C1", point: "nowhere") == "notFound")
    #expect(await add("C1") == nil)
    #expect(await add("C1") == "tube.known")
    #expect(await refused { try await town.swab("p1", "C1") } == "tube.used")
    try await town.submit(CloseRound(round: round, confirmed: true))
    #expect(await add("C2") == "round.closed")
    #expect(try await town.violations().isEmpty)
  }
}

@Suite("Screening: results by hand") struct ScreeningByHandTests {
  @Test("too large a share by hand is put aside like a list, and let through by two people")
  func share() async throws {
    let folder = try ScreeningPolicyFolder.make([("rate_from_rows: 50", "rate_from_rows: 3")])
    let there = try await DeliveryTown(tubes: 4, policyFolder: folder)
    let town = there.town
    func enter(_ tube: String, _ result: TubeResult = .positive) async throws
      -> EnterResult.Answer
    { try await town.submit(EnterResult(tube: TubeCode(trusted: tube), result: result)) }
    #expect(try await enter("T1").applied)
    #expect(try await enter("T2").applied)
    let third = try await enter("T3")
    let batch = try #require(third.quarantined)
    #expect(!third.applied)
    #expect(try await there.results() == 2)
    // The same again is the same; another one waits for the decision on it.
    #expect(try await enter("T3").quarantined == batch)
    #expect(await refused { _ = try await enter("T3", .negative) } == "tube.aside")
    #expect(try await town.owed("screening.quarantine") == [batch.text])
    let page = try await town.page("/screening/quarantine")
    #expect(page.contains("by hand: tube T3") && page.contains("duty"))
    #expect(
      try await town.page("/screening/tube", ["of": "T3"]).contains("does not count yet"))
    try await town.submit(DecideBatch(batch: batch, release: true))
    try await town.submit(DecideBatch(batch: batch, release: true), as: "investigator")
    #expect(try await there.results() == 3)
    #expect(try await town.recalls().count == 6)
    #expect(try await town.page("/screening/tube", ["of": "T3"]).contains("entered by hand"))
    #expect(try await town.owed("screening.quarantine") == [])
    // Signed lists go on from their own number.
    try await town.pass(.hours(1))
    #expect(try await there.deliver(there.list(1, [there.row("T4")])).state == "applied")
    #expect(try await town.violations().isEmpty)
  }
}

import Foundation
import Gazette
import Kernel
import Testing
import Town

@testable import Detection

/// A round whose tubes a laboratory has received and has not tested yet.
struct DeliveryTown: Sendable {
  let town: Town
  let seed = [UInt8](repeating: 9, count: 32)
  let laboratory = LaboratoryID(trusted: "lab")

  /// - Parameters:
  ///   - tubes: so many tubes with two people each, received two hours ago.
  ///   - policyFolder: editions besides the built-in ones.
  ///   - hasKey: whether the laboratory has a key.
  init(tubes: Int, policyFolder: String? = nil, hasKey: Bool = true) async throws {
    town = try await Town(policyFolder: policyFolder)
    let round = RoundID(trusted: "r1")
    try await town.enrol(tubes * 2)
    try await town.open()
    try await town.appoint("courier", "courier", at: .district)
    try await town.appoint("lab", "laboratory", at: .district)
    let key = Hex.text(try town.desk.vault.suite.publicKey(ofSigner: seed))
    try await town.submit(
      SetLaboratory(laboratory: laboratory, name: "检测所", key: hasKey ? key : nil))
    var codes: [TubeCode] = []
    for tube in 1...tubes {
      let code = TubeCode(trusted: "T\(tube)")
      codes.append(code)
      try await town.swab("p\(2 * tube - 1)", code.text)
      try await town.swab("p\(2 * tube)", code.text)
      try await town.submit(SealTube(tube: code, round: round))
    }
    try await town.submit(PackBox(box: BoxID("B"), round: round, tubes: codes))
    try await town.submit(
      GiveBox(box: BoxID("B"), to: Holder(kind: .laboratory, id: "lab"), count: tubes))
    try await town.submit(TakeBox(box: BoxID("B"), count: tubes), as: "lab")
    try await town.pass(.hours(2))
  }

  func list(_ sequence: Int, _ rows: [ResultRow]) -> ResultList {
    ResultList(laboratory: laboratory, sequence: sequence, rows: rows)
  }

  func row(_ tube: String, _ result: TubeResult = .negative, at: Instant? = nil) -> ResultRow {
    ResultRow(tube: TubeCode(trusted: tube), result: result, reportedAt: at ?? town.now)
  }

  /// Signs a list and delivers it; or another list under the signature of the first.
  func deliver(
    _ list: ResultList, saying other: ResultList? = nil, seed: [UInt8]? = nil
  ) async throws -> DeliverResults.Answer {
    let signature = try town.desk.vault.suite.sign(
      list.signedBytes(in: .china), seed: seed ?? self.seed)
    return try await town.submit(
      DeliverResults(other ?? list, signature: Hex.text(signature)), as: "lab")
  }

  func results() async throws -> Int {
    try await town.rows("SELECT COUNT(*) FROM tube WHERE result IS NOT NULL")[0].integer(0)
  }
}

@Suite("Screening: signed lists") struct ScreeningDeliveriesTests {
  @Test("a signed list is applied whole, and the same list again is the same list")
  func applied() async throws {
    let there = try await DeliveryTown(tubes: 3)
    let list = there.list(1, [there.row("T1"), there.row("T2", .positive)])
    let answer = try await there.deliver(list)
    #expect(answer.state == "applied" && answer.reasons == [])
    #expect(try await there.deliver(list).batch == answer.batch)
    #expect(try await there.results() == 2)
    #expect(try await there.town.recalls() == ["p3 held -", "p4 held -"])
    // A number left out is told, and keeps nothing back.
    #expect(try await there.deliver(there.list(3, [there.row("T3")])).reasons == ["gap"])
    #expect(try await there.town.violations().isEmpty)
  }

  @Test("one implausible thing puts the whole list aside, and nothing of it is applied")
  func quarantined() async throws {
    let there = try await DeliveryTown(tubes: 3)
    let town = there.town
    try await town.swab("p1", "X1", device: "a")
    let good = there.list(1, [there.row("T1")])
    #expect(try await there.deliver(good).state == "applied")
    let sound = [there.row("T2")]
    let cases: [(ResultList, [String])] = [
      (there.list(1, sound), ["replay"]),
      // A number that is no count would leave no other after it.
      (there.list(1_002, sound), ["sequence"]),
      (there.list(.max, sound), ["sequence"]),
      (there.list(2, []), ["empty"]),
      (there.list(2, sound + sound), ["twice"]),
      (there.list(2, sound + [there.row("T9")]), ["unknown_tube"]),
      (there.list(2, sound + [there.row("X1")]), ["not_received"]),
      (there.list(2, [there.row("T2", at: town.now + .minutes(11))]), ["in_future"]),
      (there.list(2, [there.row("T2", at: town.now - .hours(3))]), ["before_sampling"]),
      (there.list(2, [there.row("T2", at: town.now - .minutes(91))]), ["too_fast"]),
    ]
    for (list, reasons) in cases {
      let answer = try await there.deliver(list)
      #expect(answer.state == "quarantined" && answer.reasons == reasons)
    }
    let wrongKey = try await there.deliver(
      there.list(2, sound), seed: [UInt8](repeating: 8, count: 32))
    #expect(wrongKey.reasons == ["signature"])
    let changed = try await there.deliver(
      there.list(2, sound), saying: there.list(2, [there.row("T2", .positive)]))
    #expect(changed.reasons == ["signature"])
    #expect(try await there.results() == 1)
    #expect(try await town.owed("screening.quarantine").count == cases.count + 2)
    #expect(try await there.deliver(there.list(2, sound)).state == "applied")
    #expect(try await town.violations().isEmpty)
  }

  @Test("somebody who has looked lets through what is only unusual, never what is wrong")
  func decided() async throws {
    let there = try await DeliveryTown(tubes: 2)
    let town = there.town
    let fast = try await there.deliver(
      there.list(1, [there.row("T1", at: town.now - .minutes(91))]))
    let unknown = try await there.deliver(there.list(2, [there.row("T9")]))
    #expect(
      await refused { try await town.submit(DecideBatch(batch: unknown.batch, release: true)) }
        == "batch.notReleasable")
    #expect(
      await refused {
        try await town.submit(DecideBatch(batch: fast.batch, release: true), as: "lab")
      } == "duty.notHeld")
    // One word does nothing, the same person is no second one, and who says otherwise strikes it out.
    #expect(
      try await town.submit(DecideBatch(batch: fast.batch, release: true)).state == "quarantined")
    #expect(
      await refused { try await town.submit(DecideBatch(batch: fast.batch, release: true)) }
        == "batch.samePerson")
    try await town.submit(DecideBatch(batch: fast.batch, release: false), as: "investigator")
    try await town.submit(DecideBatch(batch: fast.batch, release: true))
    #expect(try await there.results() == 0)
    #expect(
      try await town.submit(DecideBatch(batch: fast.batch, release: true), as: "investigator")
        .state == "released")
    try await town.submit(DecideBatch(batch: unknown.batch, release: false))
    try await town.submit(DecideBatch(batch: unknown.batch, release: false), as: "investigator")
    #expect(try await there.results() == 1)
    #expect(try await town.owed("screening.quarantine") == [])
    #expect(
      await refused { try await town.submit(DecideBatch(batch: fast.batch, release: true)) }
        == "batch.decided")
    #expect(try await town.violations().isEmpty)
  }

  @Test("a result entered by hand is no less plausible, and holds like any other")
  func byHand() async throws {
    let there = try await DeliveryTown(tubes: 2)
    let town = there.town
    try await town.enrol(1, prefix: "late")
    try await town.swab("late1", "T7")
    #expect(
      await refused {
        try await town.submit(EnterResult(tube: TubeCode(trusted: "T7"), result: .negative))
      } == "result.not_received")
    #expect(
      await refused {
        try await town.submit(
          EnterResult(tube: TubeCode(trusted: "T1"), result: .negative), as: "lab")
      } == "duty.notHeld")
    try await town.submit(EnterResult(tube: TubeCode(trusted: "T1"), result: .positive))
    try await town.submit(EnterResult(tube: TubeCode(trusted: "T2"), result: .negative))
    #expect(try await town.recalls() == ["p1 held -", "p2 held -"])
    #expect(
      await refused {
        try await town.submit(EnterResult(tube: TubeCode(trusted: "T1"), result: .negative))
      } == "result.correction")
    #expect(try await town.violations().isEmpty)
  }

  @Test("a list of which too large a share is not negative waits for somebody")
  func share() async throws {
    let folder = try ScreeningPolicyFolder.make([("rate_from_rows: 50", "rate_from_rows: 4")])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let policy = try await Town(policyFolder: folder).read {
      try $0.policy(ScreeningPolicy.self).plausibility
    }
    func rows(_ positive: Int, of all: Int) -> [ResultRow] {
      (0..<all).map {
        ResultRow(
          tube: TubeCode(trusted: "T\($0)"), result: $0 < positive ? .positive : .negative,
          reportedAt: Instant(seconds: 0))
      }
    }
    #expect(ResultsRules.faults(of: rows(3, of: 3), policy: policy) == [])
    #expect(ResultsRules.faults(of: rows(3, of: 10), policy: policy) == [])
    #expect(ResultsRules.faults(of: rows(4, of: 10), policy: policy) == [.tooManyAbnormal])
  }

  @Test(
    "files name their rows by number: known ones again are known, a number for another is a replay")
  func files() async throws {
    let town = try await Town()
    try await town.enrol(3)
    try await town.open()
    for person in 1...3 { try await town.swab("p\(person)", "T\(person)") }
    let early = try await town.results([("T1", "negative")], from: 1)
    #expect(early.outcomes.map(\.code) == ["result.too_fast"])
    try await town.pass(.hours(2))
    let at = town.now
    #expect(try await town.results([("T1", "negative")], from: 1, at: at).accepted == 1)
    #expect(
      try await town.results([("T1", "negative")], from: 1, at: at).outcomes.map(\.verdict) == [
        .duplicate
      ])
    #expect(
      try await town.results(
        [("T2", "negative"), ("T9", "negative"), ("T3", "maybe"), ("T3", "positive")], from: 1,
        at: at
      ).outcomes.map(\.code) == ["result.replay", "result.unknown_tube", "field.malformed"])
    #expect(
      try await town.results([("T2", "negative")], from: 9, at: at - .hours(3)).outcomes.map(
        \.code) == ["result.before_sampling"])
    #expect(
      try await town.results([("T2", "negative")], from: 9, at: at + .minutes(11)).outcomes.map(
        \.code) == ["result.in_future"])
    #expect(try await town.recalls() == ["p3 held -"])
    let exported = try await town.ask(ExportResults(), for: .exchange)
    #expect(exported.rows.map { $0[0] } == ["T1", "T3"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("what was entered by hand and what came in signed lists is exported and taken in again")
  func unnumbered() async throws {
    let there = try await DeliveryTown(tubes: 4)
    let town = there.town
    _ = try await there.deliver(there.list(1, [there.row("T1"), there.row("T2", .grey)]))
    try await town.submit(EnterResult(tube: TubeCode(trusted: "T3"), result: .negative))
    try await town.takeKey(of: there.laboratory)
    try await town.results([("T4", "negative")], from: 7)
    var rows: [[String]] = []
    var after: String?
    repeat {
      let page = try await town.ask(ExportResults(after: after), for: .exchange)
      rows += page.rows
      after = page.after
    } while after != nil
    #expect(
      rows.map { "\($0[0]) \($0[1]) \($0[4])" } == [
        "T4 negative 7", "T1 negative 0", "T2 grey 0", "T3 negative 0",
      ])
    let head = ["tube", "result", "reported_at", "laboratory", "sequence"]
    let file = rows.map { row in
      Fields.object(Dictionary(uniqueKeysWithValues: zip(head, row.map { .text($0) })))
    }
    // Here all of it is known; elsewhere it is taken in.
    #expect(
      try await town.submit(ImportResults(rows: file)).outcomes.map(\.verdict)
        == [.duplicate, .duplicate, .duplicate, .duplicate])
    let elsewhere = try await DeliveryTown(tubes: 4, hasKey: false)
    #expect(try await elsewhere.town.submit(ImportResults(rows: file)).accepted == 4)
    #expect(try await elsewhere.results() == 4)
    #expect(try await elsewhere.town.recalls() == ["p3 held -", "p4 held -"])
  }

  /// Everything that is exported, as the rows of a file.
  private func exported(from town: Town) async throws -> [Fields] {
    let head = ["tube", "result", "reported_at", "laboratory", "sequence"]
    var rows: [Fields] = []
    var after: String?
    repeat {
      let page = try await town.ask(ExportResults(after: after), for: .exchange)
      rows += page.rows.map { row in
        .object(Dictionary(uniqueKeysWithValues: zip(head, row.map { .text($0) })))
      }
      after = page.after
    } while after != nil
    return rows
  }

  private func standing(of tubes: [String], in town: Town) async throws -> [String] {
    try await town.rows(
      "SELECT code, result FROM tube WHERE code IN (\(SQL.list(tubes))) ORDER BY code"
    ).map { "\($0.text(0)) \($0.text(1))" }
  }

  @Test(
    "an export that is taken in again undoes nothing that was put right since",
    arguments: [TubeResult.positive, .grey])
  func importedAgain(_ wrong: TubeResult) async throws {
    let there = try await DeliveryTown(tubes: 3, hasKey: false)
    let town = there.town
    try await town.submit(EnterResult(tube: TubeCode(trusted: "T1"), result: wrong))
    try await town.results([("T3", "invalid")], from: 0)
    try await town.pass(.minutes(1))
    let file = try await exported(from: town)
    #expect(file.count == 2)
    let asked = try await town.submit(
      AskCorrection(tube: TubeCode(trusted: "T1"), result: .negative, reason: "样本编号贴错"),
      as: "investigator")
    try await town.submit(ApproveCorrection(correction: asked.correction, approved: true))
    try await town.results([("T3", "negative")], from: 0)
    #expect(try await standing(of: ["T1", "T3"], in: town) == ["T1 negative", "T3 negative"])
    let recalls = try await town.recalls()
    #expect(recalls == ["p1 released -", "p2 released -"])
    for file in [file, try await exported(from: town)] {
      let answer = try await town.submit(ImportResults(rows: file))
      #expect(answer.accepted == 0 && answer.outcomes.allSatisfy { $0.verdict == .duplicate })
      #expect(answer.outcomes.count == file.count)
    }
    #expect(try await standing(of: ["T1", "T3"], in: town) == ["T1 negative", "T3 negative"])
    #expect(try await town.recalls() == recalls)
    #expect(try await town.violations().isEmpty)
  }

  @Test("nobody becomes a case again by an export of before the correction")
  func caseStaysCorrected() async throws {
    let there = try await DeliveryTown(tubes: 1, hasKey: false)
    let town = there.town
    try await town.enrol(1, prefix: "own")
    try await town.open("r2", pool: 1)
    try await town.swab("own1", "S1", round: "r2")
    try await town.pass(.hours(2))
    try await town.results([("S1", "positive")], from: 0)
    #expect(try await town.recalls("r2") == ["own1 case -"])
    let file = try await exported(from: town)
    let asked = try await town.submit(
      AskCorrection(tube: TubeCode(trusted: "S1"), result: .negative, reason: "贴错"),
      as: "investigator")
    try await town.submit(ApproveCorrection(correction: asked.correction, approved: true))
    let before = try await town.recalls("r2")
    let answer = try await town.submit(ImportResults(rows: file))
    #expect(answer.accepted == 0 && answer.outcomes.map(\.verdict) == [.duplicate])
    #expect(try await standing(of: ["S1"], in: town) == ["S1 negative"])
    #expect(try await town.recalls("r2") == before)
    #expect(try await town.violations().isEmpty)
  }
}

import Gazette
import Kernel
import Testing
import Town

@testable import Detection

@Suite("Screening: what nobody undoes alone") struct ResultStepsTests {
  private let round = RoundID(trusted: "r1")

  /// `p1` and `p2` share `T1`, which is positive, and `p1` has given `S1` an hour ago.
  private func recalled() async throws -> Town {
    let town = try await Town()
    try await town.enrol(2)
    try await town.open()
    for person in 1...2 { try await town.swab("p\(person)", "T1", device: "a") }
    try await town.pass(.hours(2))
    try await town.results([("T1", "positive")], from: 1)
    try await town.swab("p1", "S1", device: "a")
    try await town.pass(.hours(1))
    return town
  }

  @Test("a laboratory that has a key is spoken for by no file without a signature")
  func unsigned() async throws {
    let there = try await DeliveryTown(tubes: 2)
    let town = there.town
    let answer = try await town.results([("T1", "positive"), ("T2", "negative")], from: 1)
    #expect(answer.accepted == 0)
    #expect(answer.outcomes.map(\.code) == ["result.unsigned", "result.unsigned"])
    let words = try #require(answer.outcomes.first?.words)
    #expect(words.chinese.contains("检测所") && words.chinese.contains("签名上报"))
    #expect(words.english.contains("检测所") && words.english.contains("take its key back"))
    #expect(try await there.results() == 0)
    #expect(try await town.recalls() == [])
    try await town.takeKey(of: there.laboratory)
    #expect(
      try await town.results([("T1", "positive"), ("T2", "negative")], from: 1).accepted == 2)
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "nothing leads away from positive without two people",
    arguments: ["grey", "single_target", "negative", "invalid"])
  func positiveStays(_ result: String) async throws {
    let town = try await recalled()
    try await town.results([("S1", "positive")], from: 2)
    let answer = try await town.results([("S1", result), ("T1", result)], from: 3)
    #expect(answer.accepted == 0)
    #expect(answer.outcomes.map(\.code) == ["result.correction", "result.correction"])
    #expect(answer.outcomes[0].words.english.contains("correction by two people"))
    #expect(try await town.recalls() == ["p1 case S1", "p2 held -"])
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "two people make a positive tube a doubtful one, and whoever was a case by it is held again")
  func corrected() async throws {
    let town = try await Town()
    try await town.enrol(1)
    try await town.open(pool: 1)
    try await town.swab("p1", "T1")
    try await town.pass(.hours(2))
    try await town.results([("T1", "positive")], from: 1)
    #expect(try await town.recalls() == ["p1 case -"])
    let asked = try await town.submit(
      AskCorrection(tube: TubeCode(trusted: "T1"), result: .grey, reason: "复核曲线"),
      as: "investigator")
    try await town.submit(ApproveCorrection(correction: asked.correction, approved: true))
    #expect(try await town.recalls() == ["p1 held -"])
    #expect(try await town.owed("screening.reswab") == ["T1/p1"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a device that calls a tube void which is not negative leaves that to a human")
  func voidAfterPositive() async throws {
    let town = try await recalled()
    let before = try await town.count()
    for device in ["a", "b"] {
      let void = VoidTube(
        tube: TubeCode(trusted: "T1"), round: round, reason: .leaking, device: device)
      #expect(try await town.submit(void).members == 0)
    }
    #expect(try await town.conflicts() == ["void_after_result T1"])
    let after = try await town.count()
    #expect(after.tested == before.tested && after.sampled == before.sampled)
    #expect(
      try await town.rows("SELECT COUNT(*) FROM tube WHERE voided_at IS NOT NULL")[0].integer(0)
        == 0)
    #expect(try await town.recalls() == ["p1 held S1", "p2 held -"])
    let found = try await town.ask(ListConflicts(round: round), for: .fieldwork)
    try await town.submit(SettleConflict(conflict: try #require(found.first).conflict))
    #expect(try await town.conflicts() == [])
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "a single tube that leaked releases nobody, whichever is told first", arguments: [true, false])
  func voidAndNegative(_ isVoidFirst: Bool) async throws {
    let town = try await recalled()
    let void = VoidTube(
      tube: TubeCode(trusted: "S1"), round: round, reason: .leaking, device: "a")
    if isVoidFirst { try await town.submit(void) }
    try await town.results([("S1", "negative")], from: 2)
    if !isVoidFirst {
      #expect(try await town.recalls() == ["p1 released S1", "p2 held -"])
      try await town.submit(void)
    }
    #expect(try await town.recalls() == ["p1 held -", "p2 held -"])
    #expect(try await town.owed("screening.reswab") == ["T1/p1", "T1/p2"])
    let held = try await town.rows(
      "SELECT person FROM restriction WHERE ended_at IS NULL ORDER BY person")
    #expect(held.map { $0.text(0) } == ["p1", "p2"])
    // Another swab of their own decides.
    try await town.swab("p1", "S2")
    try await town.pass(.hours(1))
    try await town.results([("S2", "negative")], from: 3)
    #expect(try await town.recalls() == ["p1 released S2", "p2 held -"])
    #expect(try await town.violations().isEmpty)
  }
}

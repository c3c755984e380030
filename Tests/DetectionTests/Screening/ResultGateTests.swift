import Gazette
import Kernel
import Testing
import Town

@testable import Detection

@Suite("Screening: what too large a share of is not negative") struct ResultGateTests {
  /// A round whose tubes hold one person each, sampled two hours ago.
  private func town(_ tubes: Int) async throws -> Town {
    let town = try await Town()
    try await town.enrol(tubes)
    try await town.open(pool: 1)
    for tube in 1...tubes { try await town.swab("p\(tube)", "T\(tube)") }
    try await town.pass(.hours(2))
    return town
  }

  /// Sends tubes as one part of a file, and says how many were taken and why others were not.
  private func send(
    _ tubes: ClosedRange<Int>, _ result: String, to town: Town, laboratory: String = "lab",
    whole: ImportResults.WholeList? = nil, at: Instant? = nil
  ) async throws -> String {
    let reported = (at ?? town.now).text(in: .china)
    let answer = try await town.submit(
      ImportResults(
        rows: tubes.map {
          .object([
            "tube": .text("T\($0)"), "result": .text(result), "reported_at": .text(reported),
            "laboratory": .text(laboratory), "sequence": .text(String($0)),
          ])
        }, lists: whole.map { [$0] }))
    return "\(answer.accepted) \(Set(answer.outcomes.map(\.code)).sorted())"
  }

  @Test("parts of a file are looked at together with what came before, each laboratory alone")
  func together() async throws {
    let town = try await town(110)
    let at = town.now
    #expect(try await send(1...25, "positive", to: town) == "25 []")
    #expect(try await send(26...49, "positive", to: town) == "24 []")
    let gated = #"["result.too_many_abnormal"]"#
    #expect(try await send(50...60, "positive", to: town) == "0 \(gated)")
    #expect(try await town.recalls().count == 49)
    // What is known already stays known, and is not counted again.
    #expect(try await send(1...25, "positive", to: town, at: at) == #"0 ["result.known"]"#)
    #expect(try await send(61...70, "negative", to: town, laboratory: "other") == "10 []")
    // An hour later what came before is not looked at any more.
    try await town.pass(.minutes(59))
    #expect(try await send(50...60, "positive", to: town) == "0 \(gated)")
    try await town.pass(.minutes(1))
    #expect(try await send(50...60, "positive", to: town) == "11 []")
    #expect(try await town.rows("SELECT COUNT(*) FROM result_pace")[0].integer(0) == 2)
    #expect(try await town.violations().isEmpty)
  }

  @Test("a share that is usual is no matter, however many there are")
  func usual() async throws {
    let town = try await town(100)
    #expect(try await send(1...70, "negative", to: town) == "70 []")
    #expect(try await send(71...100, "positive", to: town) == "30 []")
  }

  @Test("of a file that says how it is as a whole nothing is taken, from its first part on")
  func whole() async throws {
    let town = try await town(25)
    let whole = ImportResults.WholeList(laboratory: "lab", rows: 60, abnormal: 60)
    #expect(
      try await send(1...25, "positive", to: town, whole: whole)
        == #"0 ["result.too_many_abnormal"]"#)
    #expect(try await town.recalls() == [])
    // What another laboratory has in the same file is its own matter.
    let other = ImportResults.WholeList(laboratory: "other", rows: 60, abnormal: 60)
    #expect(try await send(1...25, "positive", to: town, whole: other) == "25 []")
  }

  @Test("signed lists that are small are looked at together, and let through by two people")
  func signed() async throws {
    let folder = try ScreeningPolicyFolder.make([("rate_from_rows: 50", "rate_from_rows: 4")])
    let there = try await DeliveryTown(tubes: 5, policyFolder: folder)
    let two = there.list(1, [there.row("T1", .positive), there.row("T2", .positive)])
    #expect(try await there.deliver(two).state == "applied")
    let more = there.list(2, [there.row("T3", .positive), there.row("T4", .positive)])
    let answer = try await there.deliver(more)
    #expect(answer.state == "quarantined" && answer.reasons == ["too_many_abnormal"])
    try await there.town.submit(DecideBatch(batch: answer.batch, release: true))
    try await there.town.submit(
      DecideBatch(batch: answer.batch, release: true), as: "investigator")
    #expect(try await there.results() == 4)
    // What two people looked at is no reason to look at the next.
    #expect(try await there.deliver(there.list(3, [there.row("T5")])).state == "applied")
    #expect(try await there.town.violations().isEmpty)
  }
}

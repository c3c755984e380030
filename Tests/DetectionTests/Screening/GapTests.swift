import Gazette
import Kernel
import Testing
import Town

@testable import Detection

@Suite("Screening: lists that are missing") struct ScreeningGapTests {
  /// The gaps that are open, as `first: numbers`.
  private func gaps(_ town: Town) async throws -> [String] {
    try await town.ask(ListGaps()).map { gap in
      "\(gap.first): \(gap.missing.map(String.init).joined(separator: " "))"
    }
  }

  @Test("numbers that are passed over are told to somebody until each has come, in whatever order")
  func comes() async throws {
    let there = try await DeliveryTown(tubes: 5)
    let town = there.town
    #expect(try await there.deliver(there.list(1, [there.row("T1")])).reasons == [])
    #expect(try await there.deliver(there.list(4, [there.row("T4")])).reasons == ["gap"])
    #expect(try await gaps(town) == ["2: 2 3"])
    #expect(try await town.owed("screening.gap") == ["lab/2"])
    #expect(try await town.page("/screening/quarantine").contains("2–3"))
    // What comes late counts, and only once.
    let late = there.list(3, [there.row("T3")])
    #expect(try await there.deliver(late).state == "applied")
    #expect(try await gaps(town) == ["2: 2"])
    #expect(try await town.owed("screening.gap") == ["lab/2"])
    #expect(try await there.deliver(there.list(3, [there.row("T5")])).reasons == ["replay"])
    #expect(try await there.deliver(there.list(2, [there.row("T2")])).state == "applied")
    #expect(try await gaps(town) == [])
    #expect(try await town.owed("screening.gap") == [])
    // The next number is the one after the last, not after the one that came late.
    #expect(try await there.deliver(there.list(5, [there.row("T5")])).reasons == [])
    #expect(try await there.results() == 5)
    #expect(try await town.violations().isEmpty)
  }

  @Test("a list that was put aside and let through after a later one came closes its gap")
  func released() async throws {
    let there = try await DeliveryTown(tubes: 2)
    let town = there.town
    let fast = try await there.deliver(
      there.list(1, [there.row("T1", at: town.now - .minutes(91))]))
    #expect(fast.state == "quarantined")
    #expect(try await there.deliver(there.list(2, [there.row("T2")])).reasons == ["gap"])
    #expect(try await gaps(town) == ["1: 1"])
    try await town.submit(DecideBatch(batch: fast.batch, release: true))
    try await town.submit(DecideBatch(batch: fast.batch, release: true), as: "investigator")
    #expect(try await gaps(town) == [])
    #expect(try await town.owed("screening.gap") == [])
    #expect(try await there.results() == 2)
    #expect(try await town.violations().isEmpty)
  }

  @Test("of what never comes somebody says why, and then it does not come any more")
  func explained() async throws {
    let there = try await DeliveryTown(tubes: 3)
    let town = there.town
    _ = try await there.deliver(there.list(3, [there.row("T1")]))
    _ = try await there.deliver(there.list(6, [there.row("T2")]))
    #expect(try await gaps(town) == ["1: 1 2", "4: 4 5"])
    func explain(_ first: Int, as account: String = "duty") async -> String? {
      await refused {
        try await town.submit(
          ExplainGap(laboratory: there.laboratory, first: first, reason: .skipped), as: account)
      }
    }
    #expect(await explain(2) == "notFound")
    #expect(await explain(1, as: "lab") == "duty.notHeld")
    #expect(await explain(1) == nil)
    #expect(await explain(1) == "notFound")
    #expect(try await gaps(town) == ["4: 4 5"])
    #expect(try await town.owed("screening.gap") == ["lab/4"])
    #expect(try await there.deliver(there.list(2, [there.row("T3")])).reasons == ["replay"])
    #expect(try await there.deliver(there.list(5, [there.row("T3")])).state == "applied")
    #expect(try await gaps(town) == ["4: 4"])
    #expect(try await town.violations().isEmpty)
  }
}

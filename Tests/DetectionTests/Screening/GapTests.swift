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
    #expect(try await gaps(town) == [])
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
    #expect(try await there.deliver(there.list(2, [there.row("T3")])).reasons == ["explained"])
    #expect(try await there.deliver(there.list(5, [there.row("T3")])).state == "applied")
    #expect(try await gaps(town) == ["4: 4"])
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "a list that waits for two people is not missing: nobody explains it away, and it is let through"
  )
  func waiting() async throws {
    let there = try await DeliveryTown(tubes: 4)
    let town = there.town
    let fast = there.row("T1", .positive, at: town.now - .minutes(91))
    let aside = try await there.deliver(there.list(1, [fast, there.row("T4")]))
    #expect(aside.reasons == ["too_fast"])
    #expect(try await there.deliver(there.list(3, [there.row("T2")])).reasons == ["gap"])
    #expect(try await gaps(town) == ["1: 2"])
    // What is let through is shown, what is not negative first.
    let page = try await town.page("/screening/quarantine")
    #expect(page.contains("positive 1") && page.contains("T4"))
    func explain() async -> String? {
      await refused {
        try await town.submit(
          ExplainGap(laboratory: there.laboratory, first: 1, reason: .skipped))
      }
    }
    #expect(await explain() == nil)
    #expect(await explain() == "notFound")
    #expect(try await gaps(town) == [])
    #expect(try await town.owed("screening.gap") == [])
    try await town.submit(DecideBatch(batch: aside.batch, release: true))
    try await town.submit(DecideBatch(batch: aside.batch, release: true), as: "investigator")
    #expect(try await town.recalls() == ["p1 held -", "p2 held -"])
    #expect(try await there.results() == 3)
    #expect(try await town.violations().isEmpty)
  }

  @Test("a list that is discarded is missing again, and one that waits where it was missed is not")
  func discarded() async throws {
    let there = try await DeliveryTown(tubes: 3)
    let town = there.town
    #expect(try await there.deliver(there.list(2, [there.row("T2")])).reasons == ["gap"])
    #expect(try await town.owed("screening.gap") == ["lab/1"])
    let aside = try await there.deliver(
      there.list(1, [there.row("T1", at: town.now - .minutes(91))]))
    #expect(try await gaps(town) == [] && aside.state == "quarantined")
    #expect(try await town.owed("screening.gap") == [])
    for account in ["duty", "investigator"] {
      try await town.submit(DecideBatch(batch: aside.batch, release: false), as: account)
    }
    #expect(try await gaps(town) == ["1: 1"])
    #expect(try await town.owed("screening.gap") == ["lab/1"])
    // Anybody may sign with any key: what nobody knows to be the laboratory's hides no gap.
    let forged = [UInt8](repeating: 7, count: 32)
    #expect(
      try await there.deliver(there.list(1, [there.row("T3")]), seed: forged).reasons
        == ["signature"])
    #expect(try await gaps(town) == ["1: 1"])
    for number in [0, -1] {
      #expect(
        try await there.deliver(there.list(number, [there.row("T3")])).reasons == ["sequence"])
    }
    #expect(try await town.violations().isEmpty)
  }
}

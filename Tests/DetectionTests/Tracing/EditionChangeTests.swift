import Gazette
import Registry
import Testing
import Town

@testable import Detection
@testable import Kernel

@Suite("Contacts across a change of editions") struct EditionChangeTests {
  @Test("an edition that determines no contacts leaves the window and the contacts as they were")
  func noWindow() async throws {
    let town = try await Town(on: "2023-01-07")
    try await town.settle("case", at: .door101)
    try await town.settle("wife", at: .door101)
    try await town.report("c1", of: "case", onset: "2023-01-06")
    try await town.pass(.days(1))
    let before = try await town.ask(InvestigationOfCase(infection: CaseID("c1")))
    let transfer = try #require(before.steps.first { $0.kind == Cases.transfer.name })
    try await town.submit(
      FinishObligation(obligation: transfer.obligation, proof: ["hospital": "h1"]))
    try await town.pass(.seconds(1))
    let after = try await town.ask(InvestigationOfCase(infection: CaseID("c1")))
    #expect(after.window == before.window && after.isolatedAt != nil)
    #expect(try await town.contacts("c1") == ["wife close 1 0 proposed"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a contact of a contact goes with the close contact, whatever the edition then determines")
  func orphan() async throws {
    let town = try await Town(on: "2022-11-10")
    try await town.visit("case", "饭店", "09T12:00", "09T13:00")
    try await town.visit("first", "饭店", "09T12:00", "09T13:00")
    try await town.visit("first", "茶馆", "09T18:00", "09T19:00")
    try await town.visit("after", "茶馆", "09T18:30", "09T20:00")
    try await town.report("c1", of: "case", onset: "2022-11-09")
    #expect(
      try await town.contacts("c1") == [
        "first close 1 3600 proposed", "after secondary 2 1800 proposed",
      ])
    // The twenty measures determine no contacts of contacts; those found before wait for a word.
    try await town.pass(.days(1))
    try await town.visit("case", "饭店", "08T12:00", "08T13:00")
    try await town.pass(.seconds(1))
    #expect(try await town.contacts("c1").count == 2)
    try await town.submit(
      SetIsolation(infection: CaseID("c1"), isolatedAt: town.moment("09T10:00")))
    try await town.pass(.seconds(1))
    #expect(try await town.contacts("c1").isEmpty)
    #expect(try await town.violations().isEmpty)
  }

  @Test("a window that was cut before the change of editions is kept after it")
  func cutLate() async throws {
    let town = try await Town(on: "2023-01-07")
    let visits = [("07T06:00", "07T07:00"), ("07T07:30", "07T07:50")]
    for person in ["case", "friend"] {
      for (from, to) in visits {
        let row = VisitRow(
          person: PersonID(trusted: person), venue: VenueID(trusted: "饭店"),
          from: try #require(Instant("2023-01-\(from)", in: .china)),
          to: try #require(Instant("2023-01-\(to)", in: .china)), source: .interview)
        try await town.submit(RecordVisit(row))
      }
    }
    try await town.report("c1", of: "case", onset: "2023-01-07")
    #expect(try await town.contacts("c1") == ["friend close 1 4800 proposed"])
    try await town.submit(
      SetIsolation(
        infection: CaseID("c1"),
        isolatedAt: try #require(Instant("2023-01-07T06:30", in: .china))))
    // The clock stood still, and computes under an edition that determines nobody.
    town.stall(.days(1))
    try await town.pass(.seconds(1))
    #expect(try await town.contacts("c1") == ["friend close 1 1800 proposed"])
    #expect(try await town.violations().isEmpty)
  }
}

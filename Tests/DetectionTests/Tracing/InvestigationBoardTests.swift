import Gazette
import Registry
import Testing
import Town

@testable import Detection
@testable import Kernel

@Suite("The investigation desk") struct InvestigationBoardTests {
  private func board(_ town: Town) async throws -> InvestigationBoard.Answer {
    try await town.ask(InvestigationBoard(place: Town.Spot.district.id), for: .investigation)
  }

  @Test("an open case stands on it, however many were concluded before it")
  func concluded() async throws {
    let town = try await Town()
    let now = town.now
    try await town.desk.storage.write { transaction in
      for number in 0..<1_001 {
        try transaction.execute(
          """
          INSERT INTO investigation (infection, person, place, path, reported_at, window_start,
            window_end, opened_at, concluded_at, stale)
          VALUES (\("a\(number)"), \("p\(number)"), \(Town.Spot.district.id), '1.1', \(now), \(now),
            \(now), \(now), \(now), 0)
          """)
      }
    }
    try await town.report("c1", of: "case", onset: "2022-11-28")
    let answer = try await board(town)
    #expect(answer.lines.map(\.infection.text) == ["c1"])
    #expect(answer.open == 1 && answer.late == 0)
  }

  @Test("its figures are of all open cases, and its lines of those that are due first")
  func totals() async throws {
    let town = try await Town()
    for number in 1...50 { try await town.report("c\(number)", of: "case\(number)") }
    try await town.pass(.hours(1))
    try await town.visit("other", "饭店", "28T10:00", "28T11:00")
    try await town.visit("last", "饭店", "28T10:00", "28T11:00")
    try await town.report("c51", of: "last", onset: "2022-11-28")
    try await town.pass(.seconds(1))
    let answer = try await board(town)
    #expect(answer.lines.count == 50 && answer.open == 51)
    #expect(!answer.lines.contains { $0.infection.text == "c51" })
    #expect(answer.proposed == 1)
    let contacts = try await town.contactIDs("c51", of: "other")
    // More than one account may tell: a second person has agreed.
    try await town.desk.storage.write { transaction in
      _ = try transaction.execute("UPDATE investigation SET doubt = NULL")
    }
    try await town.submit(ConfirmContacts(contacts: contacts))
    try await town.pass(.seconds(1))
    let handed = try await board(town)
    #expect(handed.proposed == 0 && handed.total.all == 1 && handed.total.unfound == 1)
    #expect(handed.lines.allSatisfy { $0.nextDue != nil && $0.dueAt != nil && $0.next != nil })
    // All are late two days later, whether they are shown or not.
    try await town.pass(.days(2))
    #expect(try await board(town).late == 51)
  }

  @Test("a case that asks nothing of anybody is not on it, and one of another district neither")
  func settled() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    #expect(try await board(town).lines.map(\.infection.text) == ["c1"])
    let other = try await town.ask(
      InvestigationBoard(place: Town.Spot.otherDistrict.id), for: .investigation)
    #expect(other.open == 0 && other.lines.isEmpty)
    for row in try await town.rows(
      "SELECT id FROM obligation WHERE subject = 'c1' AND closed_at IS NULL ORDER BY id")
    {
      try await town.submit(WaiveObligation(obligation: row.id(0), reason: "test"))
    }
    let after = try await board(town)
    #expect(after.open == 0 && after.lines.isEmpty)
  }
}

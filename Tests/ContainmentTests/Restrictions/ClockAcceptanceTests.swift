import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("A clock that somebody believed by hand") struct ClockAcceptanceTests {
  @Test("stands in the journal, in the public figures and before the auditor at once")
  func told() async throws {
    let town = try await Town.withZhao()
    for seconds in [3_700, -90] {
      try await town.submit(NoteClockAccepted(seconds: seconds), as: "admin")
    }
    let owed = try await town.rows(
      "SELECT seat, opened_at FROM obligation WHERE kind = 'restrictions.clock'")
    #expect(owed.map { $0.text(0) } == ["auditor@370203"])
    #expect(owed.allSatisfy { $0.instant(1) == town.now })
    let figures = try await town.ask(PublicFigures(days: 1), for: .supervision, from: .nobody)
    #expect(figures.days.first?.alarms == 2)
    let said = try await town.rows(
      "SELECT COUNT(*) FROM journal WHERE name = 'machine.clockAccepted'")
    #expect(said.first?.integer(0) == 2)
    let sent = try await town.rows(
      "SELECT DISTINCT sender FROM journal WHERE name = 'machine.clockAccepted'")
    #expect(sent.map { $0.text(0) } == ["admin"])
    for account in ["duty", "auditor", "investigator"] {
      await #expect(throws: Refusal.self) {
        try await town.submit(NoteClockAccepted(seconds: 1), as: account)
      }
    }
    #expect(try await town.violations() == [:])
  }
}

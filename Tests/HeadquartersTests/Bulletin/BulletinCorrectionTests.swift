import Detection
import Kernel
import Testing
import Town

@testable import Headquarters

@Suite("Corrections of bulletins") struct BulletinCorrectionTests {
  private let first = ("11-29T00:00", "11-30T00:00")
  private let second = ("11-30T00:00", "12-01T00:00")

  /// Three cases on the 29th, published on the 30th at 08:00; one more on the 30th.
  private func published() async throws -> BulletinTown {
    let town = try await BulletinTown()
    try await town.report("C0", at: "11-28T10:00")
    for number in 1...3 { try await town.report("C\(number)", at: "11-29T10:00") }
    try await town.publish(first.0, first.1)
    try await town.report("C4", at: "11-30T07:00")
    return town
  }

  private func withdraw(_ id: String, _ town: BulletinTown) async throws {
    try await town.town.submit(WithdrawCase(infection: CaseID(trusted: id), reason: "复核阴性"))
  }

  @Test("what was withdrawn after publication is a line of the window that recorded it")
  func withdrawn() async throws {
    let town = try await published()
    try await withdraw("C1", town)
    let kept = try await town.compose(first.0, first.1)
    #expect(kept.total == 3 && kept.corrections.isEmpty)
    let next = try await town.compose(second.0, second.1)
    #expect(next.total == 1)
    #expect(next.corrections.map(\.infection.text) == ["C1"])
    #expect(next.corrections.map(\.what) == [.withdrawn] && next.corrections.map(\.change) == [-1])
    try await town.town.pass(.hours(24))
    let bulletin = try await town.publish(second.0, second.1)
    #expect(bulletin.carried == 4 && bulletin.newInfections == 1 && bulletin.change == -1)
    #expect(bulletin.cumulative == 4)
    #expect(try await town.town.violations()["I-31"] == nil)
  }

  @Test("what was put right before publication is no correction")
  func before() async throws {
    let town = try await BulletinTown()
    for number in 1...2 { try await town.report("C\(number)", at: "11-29T10:00") }
    try await withdraw("C1", town)
    let bulletin = try await town.publish(first.0, first.1)
    #expect(bulletin.total == 1)
    #expect(try await town.compose(second.0, second.1).corrections.isEmpty)
    try await town.town.pass(.hours(24))
    #expect(try await town.publish(second.0, second.1).cumulative == 1)
    #expect(try await town.town.violations()["I-31"] == nil)
  }

  @Test("a late report, a moved one and a corrected district each have their line")
  func lines() async throws {
    let town = try await published()
    try await town.report("C5", at: "11-29T20:00")
    try await town.report("C6", at: "11-01T20:00")
    try await town.town.submit(
      CorrectCase(
        infection: CaseID(trusted: "C2"), field: .reportedAt, value: "2022-11-30T06:00+08:00",
        reason: "核实"))
    try await town.town.submit(
      CorrectCase(
        infection: CaseID(trusted: "C3"), field: .district, value: "市南区", reason: "核实"))
    let next = try await town.compose(second.0, second.1)
    #expect(next.total == 2)
    #expect(next.corrections.map(\.infection.text) == ["C5", "C6", "C2", "C3"])
    #expect(next.corrections.map(\.what) == [.late, .late, .corrected, .corrected])
    #expect(next.corrections.map(\.change) == [1, 1, -1, 0])
    try await town.town.pass(.hours(24))
    let bulletin = try await town.publish(second.0, second.1)
    // 4 before, C4 and C2 new, C5 and C6 late, C2 moved away: seven infections in the list.
    #expect(bulletin.cumulative == 7)
    #expect(try await town.town.violations()["I-31"] == nil)
  }

  @Test("a part of a day that was published is followed by the whole day without counting twice")
  func partOfDay() async throws {
    let town = try await published()
    try await town.publish("11-30T00:00", "11-30T08:00")
    try await withdraw("C4", town)
    let whole = try await town.compose(second.0, second.1)
    #expect(whole.total == 0)
    #expect(whole.corrections.map(\.change) == [0])
    try await town.town.pass(.hours(24))
    #expect(try await town.publish(second.0, second.1).cumulative == 4)
    #expect(try await town.town.violations()["I-31"] == nil)
  }

  @Test("the rows of a published bulletin are those that it counted")
  func rows() async throws {
    let town = try await published()
    try await withdraw("C1", town)
    let query = ListBulletinRows(
      from: try town.instant(first.0), to: try town.instant(first.1))
    let found = try await town.town.ask(query, for: .bulletin)
    #expect(found.rows.map(\.infection.text) == ["C1", "C2", "C3"])
  }

  @Test("a published number that was changed in the table is found")
  func tampered() async throws {
    for column in ["total = total + 1", "cumulative = cumulative - 1"] {
      let town = try await published()
      try await town.town.desk.storage.write { transaction in
        _ = try transaction.execute(SQL(stringLiteral: "UPDATE bulletin SET \(column)"))
      }
      #expect(try await town.town.violations()["I-31"]?.isEmpty == false)
    }
  }

  @Test("an entry that was taken out of the line list is found")
  func missingEntry() async throws {
    let town = try await published()
    try await town.town.desk.storage.write { transaction in
      _ = try transaction.execute("DELETE FROM bulletin_entry WHERE infection = 'C2'")
    }
    #expect(try await town.town.violations()["I-31"]?.isEmpty == false)
  }
}

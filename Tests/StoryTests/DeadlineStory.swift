import Foundation
import Kernel
import Testing
import Town

/// A quarter of Boston's requests of 2015, moved by 2,555 days (365 weeks) into 2022, under China's
/// working calendar.
@Suite(
  "A hotline's quarter", .enabled(if: SharedData.has("hotline-boston311"), "no shared data"))
struct DeadlineStory {
  private static let shift = Duration.days(2_555)

  /// The counts of a program of its own, on the day-by-day table of cn-holidays, as of
  /// 2022-04-01 00:00.
  private static let expected: [String: [DeadlineVerdict: Int]] = [
    "2h": [.breached: 16_789, .met: 5_126, .openBreached: 4_873],
    "1wd": [.breached: 12_068, .met: 9_847, .openBreached: 4_873],
    "3wd": [.breached: 9_268, .met: 12_647, .openBreached: 4_763, .openInTime: 110],
    "1wd-rolling": [.breached: 12_827, .met: 9_088, .openBreached: 4_873],
    "3wd-rolling": [.breached: 9_584, .met: 12_331, .openBreached: 4_805, .openInTime: 68],
    "target": [
      .breached: 4_640, .met: 10_273, .none: 8_645, .openBreached: 2_113, .openInTime: 1_117,
    ],
  ]

  private func requests() throws -> [DeadlineRequest] {
    let table = try PlainTable(
      csv: SharedData.bytes("hotline-boston311", "boston311_2015_q1.csv"))
    let columns = try ["request_id", "opened", "closed", "target"].map { try table.column($0) }
    return try table.rows.indices.map { row in
      let moved = try columns.dropFirst().map { column in
        let cell = table.cell(row, column)
        if cell.isEmpty { return "" }
        return (try #require(Instant(cell, in: .china)) + Self.shift).text(in: .china)
      }
      return try DeadlineRequest(
        row: row + 1, request: table.cell(row, columns[0]), openedAt: moved[0],
        closedAt: moved[1], targetAt: moved[2], zone: .china)
    }
  }

  @Test(
    "is judged as another program judges it, by the built-in calendar and by a file",
    arguments: ["built in", "file"])
  func counts(calendar: String) throws {
    let working =
      calendar == "file"
      ? try WorkingCalendar(
        days: PlainTable(csv: SharedData.bytes("cn-holidays", "cn_workdays_2020_2023.csv")))
      : try WorkingCalendar(
        holidays: PlainTable(csv: SharedData.repositoryFile("Reference/holidays.csv")))
    let requests = try requests()
    #expect(requests.count == 26_788)
    let report = DeadlineReport(
      requests, rules: try Self.expected.keys.sorted().map { try DeadlineRule($0) },
      asOf: try #require(Instant("2022-04-01", in: .china)), calendar: working, zone: .china)
    #expect(report.counts == Self.expected)
  }
}

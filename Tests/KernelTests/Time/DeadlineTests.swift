import Kernel
import Testing
import Town

@Suite("A deadline") struct DeadlineTests {
  private func calendar() throws -> WorkingCalendar {
    try WorkingCalendar(
      holidays: PlainTable(csv: SharedData.repositoryFile("Reference/holidays.csv")))
  }

  private func instant(_ text: String) throws -> Instant {
    try #require(Instant(text, in: .china))
  }

  @Test(
    "rule reads as it is written",
    arguments: [
      ("2h", .hours(2)), ("1wd", .workingDays(1)), (" 3WD ", .workingDays(3)),
      ("12wd-rolling", .rollingWorkingDays(12)), ("target", .target), ("9999h", .hours(9_999)),
    ] as [(String, DeadlineRule)])
  func reads(text: String, rule: DeadlineRule) throws {
    let read = try DeadlineRule(text)
    #expect(read == rule)
    #expect(try DeadlineRule(read.text) == rule)
  }

  @Test(
    "rule of another form is refused",
    arguments: [
      "", "2", "h", "0h", "0wd", "-1wd", "2 h", "1.5h", "3wd-", "10000h", "targets", "2target",
    ])
  func refused(text: String) {
    #expect(throws: Refusal.self) { try DeadlineRule(text) }
  }

  @Test(
    "falls when the rule says",
    arguments: [
      // Two hours run through the night and over the year's end.
      ("2h", "2022-12-31T23:30", "2023-01-01T01:30"),
      // The end of the next working day: Friday, then over the weekend that is worked (04-02, a
      // Saturday) and over Qingming (04-03 to 04-05).
      ("1wd", "2022-03-31T08:00", "2022-04-02T00:00"),
      ("1wd", "2022-04-01T23:59", "2022-04-03T00:00"),
      ("2wd", "2022-04-01T23:59", "2022-04-07T00:00"),
      // Opened on a day off: that day does not count.
      ("1wd", "2022-11-26T10:00", "2022-11-29T00:00"),
      ("1wd", "2022-11-27T23:59:59", "2022-11-29T00:00"),
      ("1wd", "2022-11-28T00:00", "2022-11-30T00:00"),
      // Rolling keeps the time of day; on a day off it starts at 00:00 of the next working day.
      ("1wd-rolling", "2022-11-25T17:30", "2022-11-28T17:30"),
      ("1wd-rolling", "2022-11-26T17:30", "2022-11-29T00:00"),
      ("3wd-rolling", "2022-11-28T09:15:30", "2022-12-01T09:15:30"),
      ("1wd-rolling", "2022-04-01T17:30", "2022-04-02T17:30"),
      // The calendar ends with 2024: up to it, and one day too far.
      ("1wd", "2026-12-30T08:00", "2027-01-01T00:00"), ("1wd", "2026-12-31T08:00", nil),
      ("1wd-rolling", "2026-12-31T08:00", nil), ("1wd-rolling", "2014-12-31T08:00", nil),
      ("2h", "2030-01-01T08:00", "2030-01-01T10:00"),
      ("target", "2022-11-28T08:00", "2022-12-24T00:00"),
    ] as [(String, String, String?)])
  func due(rule: String, opened: String, due: String?) throws {
    let found = try DeadlineRule(rule).due(
      opened: instant(opened), target: instant("2022-12-24"), calendar: calendar(), zone: .china)
    let expected: DeadlineDue = if let due { .at(try instant(due)) } else { .notCovered }
    #expect(found == expected)
  }

  @Test(
    "is judged by the first verdict that fits",
    arguments: [
      ("2022-11-28T07:59", "2022-11-28T10:00", .error), ("2022-11-28T08:00", "none", .none),
      ("2022-11-28T07:59", "none", .error), ("2022-11-28T09:00", "uncovered", .error),
      ("2022-11-28T10:00", "2022-11-28T10:00", .met),
      ("2022-11-28T10:00:01", "2022-11-28T10:00", .breached),
      (nil, "2022-11-28T12:00", .openInTime), (nil, "2022-11-28T11:59", .openBreached),
      (nil, "none", .none), (nil, "uncovered", .error),
    ] as [(String?, String, DeadlineVerdict)])
  func verdict(closed: String?, due: String, verdict: DeadlineVerdict) throws {
    let found: DeadlineDue =
      switch due {
      case "none": .noTarget
      case "uncovered": .notCovered
      default: .at(try instant(due))
      }
    #expect(
      DeadlineVerdict(
        opened: try instant("2022-11-28T08:00"), closed: try closed.map { try instant($0) },
        due: found, asOf: try instant("2022-11-28T12:00")) == verdict)
  }

  @Test("report repeats the instants as written and gives the due time with its offset")
  func report() throws {
    let text = """
      request,opened_at,closed_at,category,target_at
      R1,2022-11-28 08:00,2022-11-28 09:00,water,
      R2,1669593600,,noise,2022-11-30

      """
    let rules = [try DeadlineRule("2h"), try DeadlineRule("target")]
    let requests = try DeadlineReport.requests(
      of: PlainTable(csv: Array(text.utf8)), rules: rules, zone: .china)
    let report = DeadlineReport(
      requests, rules: rules, asOf: try instant("2022-11-29"), calendar: try calendar(),
      zone: .china)
    #expect(
      String(decoding: report.table.csv, as: UTF8.self) == """
        request,opened_at,closed_at,rule,due_at,verdict
        R1,2022-11-28 08:00,2022-11-28 09:00,2h,2022-11-28T10:00:00+08:00,met
        R1,2022-11-28 08:00,2022-11-28 09:00,target,,none
        R2,1669593600,,2h,2022-11-28T10:00:00+08:00,open_breached
        R2,1669593600,,target,2022-11-30T00:00:00+08:00,open_in_time

        """)
    #expect(report.counts["2h"] == [.met: 1, .openBreached: 1])
    let json = String(decoding: try Fields.jsonBytes(report.lines[1]), as: UTF8.self)
    #expect(
      json == """
        {"closed_at":"2022-11-28 09:00","due_at":null,"opened_at":"2022-11-28 08:00",\
        "request":"R1","rule":"target","verdict":"none"}
        """)
  }

  @Test("report names every faulty row and answers nothing")
  func faultyRows() throws {
    let text = "request,opened_at,closed_at\nA,,\nB,2022-11-28,\nC,2022-11-28,soon\n"
    let refusal = #expect(throws: Refusal.self) {
      try DeadlineReport.requests(
        of: PlainTable(csv: Array(text.utf8)), rules: [.hours(2)], zone: .china)
    }
    let words = refusal?.words.english ?? ""
    #expect(words.contains("Row 2: “opened_at”") && words.contains("Row 4: “closed_at”"))
    #expect(!words.contains("Row 3"))
    #expect(throws: Refusal.self) {
      try DeadlineReport.requests(
        of: PlainTable(csv: Array("request,opened_at,closed_at\n".utf8)), rules: [.target],
        zone: .china)
    }
  }
}

import Kernel
import Testing
import Town

@Suite("The working calendar") struct WorkingCalendarTests {
  private func builtIn() throws -> WorkingCalendar {
    try WorkingCalendar(
      holidays: PlainTable(csv: SharedData.repositoryFile("Reference/holidays.csv")))
  }

  @Test(
    "works the make-up days of 2022, rests on its holidays and knows whole years only",
    arguments: [
      // Make-up days at weekends, by the State Council's notice for 2022.
      ("2022-01-29", true), ("2022-01-30", true), ("2022-04-02", true), ("2022-04-24", true),
      ("2022-05-07", true), ("2022-10-08", true), ("2022-10-09", true),
      // Holidays on weekdays, an ordinary weekend, an ordinary week.
      ("2022-01-31", false), ("2022-10-07", false), ("2022-11-26", false), ("2022-11-28", true),
      // The edges.
      ("2014-12-31", nil), ("2015-01-01", false), ("2024-12-31", true),
      ("2025-01-26", true), ("2025-10-11", true), ("2025-10-08", false), ("2026-01-04", true),
      ("2026-02-23", false), ("2026-02-28", true), ("2026-12-31", true), ("2027-01-01", nil),
    ] as [(String, Bool?)])
  func builtInDays(day: String, worked: Bool?) throws {
    #expect(try builtIn().isWorked(#require(Day(day))) == worked)
  }

  @Test(
    "has as many working days as the years had",
    arguments: [(2020, 249), (2021, 250), (2022, 249), (2023, 249)])
  func workingDaysOfAYear(year: Int, expected: Int) throws {
    let calendar = try builtIn()
    let first = try #require(Day(year: year, month: 1, day: 1))
    let last = try #require(Day(year: year, month: 12, day: 31))
    let worked = (0...(last - first)).filter { calendar.isWorked(first + $0) == true }
    #expect(worked.count == expected)
  }

  @Test("of a person's own file knows the days it names and no other")
  func ownFile() throws {
    let text = "date,weekday,is_workday\n2022-11-28,Mon,1\n2022/11/29,Tue,否\n20221201,Thu,true\n"
    let calendar = try WorkingCalendar(days: PlainTable(csv: Array(text.utf8)))
    let monday = try #require(Day("2022-11-28"))
    #expect((0...4).map { calendar.isWorked(monday + $0) } == [true, false, nil, true, nil])
    #expect(calendar.workingDay(1, after: monday) == nil)
    #expect(calendar.workingDay(1, after: monday + 2) == monday + 3)
  }

  @Test(
    "is refused when a row cannot be read, contradicts another, or there is none",
    arguments: [
      "date,is_workday\n2022-11-31,1\n", "date,is_workday\n2022-11-30,maybe\n",
      "date,is_workday\n2022-11-30,1\n2022-11-30,0\n", "date,is_workday\n", "date\n2022-11-30\n",
    ])
  func refused(text: String) {
    #expect(throws: Refusal.self) {
      try WorkingCalendar(days: PlainTable(csv: Array(text.utf8)))
    }
  }
}

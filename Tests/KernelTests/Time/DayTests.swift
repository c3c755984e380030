import Testing

@testable import Kernel

@Suite("A calendar day") struct DayTests {
  @Test("keeps its parts", arguments: [(1880, 1, 1), (1970, 1, 1), (2020, 2, 29), (2022, 12, 31)])
  func parts(year: Int, month: Int, day: Int) throws {
    let made = try #require(Day(year: year, month: month, day: day))
    #expect(made.parts == (year, month, day))
  }

  @Test(
    "does not exist when the month is shorter",
    arguments: [
      (2022, 2, 29), (1900, 2, 29), (2022, 13, 1), (2022, 0, 1), (2022, 4, 31), (2022, 1, 0),
      (2022, 1, 32), (0, 1, 1), (10_000, 1, 1),
    ])
  func noSuchDay(year: Int, month: Int, day: Int) {
    #expect(Day(year: year, month: month, day: day) == nil)
  }

  @Test("follows the one before, from the year 1 to 9999, on the next day of the week")
  func sequence() throws {
    var day = try #require(Day(year: 1, month: 1, day: 1))
    let last = try #require(Day(year: 9999, month: 12, day: 31))
    #expect(day.weekday == 1 && Day(number: 0).weekday == 4)
    var (year, month, date) = (1, 1, 1)
    while day < last {
      day = day + 1
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      let length = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
      date += 1
      if date > length { (month, date) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
      guard day.parts == (year, month, date) else {
        Issue.record("\(day.number) is \(day.parts), not \(year)-\(month)-\(date)")
        return
      }
    }
    #expect(day.text == "9999-12-31")
  }

  @Test(
    "is read in every documented form",
    arguments: [
      ("2022-11-29", "2022-11-29"), ("2022/1/9", "2022-01-09"), ("20221129", "2022-11-29"),
      ("2022-1-9", "2022-01-09"), (" 2022-11-29 ", "2022-11-29"), ("0001-01-01", "0001-01-01"),
    ])
  func read(written: String, text: String) { #expect(Day(written)?.text == text) }

  @Test(
    "is nothing when it is not one",
    arguments: [
      "", "2022", "2022-11", "2022-11-29-1", "22-11-29", "2022-11/29", "2022--29", "2022-11-029",
      "20221329", "2022-11-31", "２０２２-11-29", "2022-11-29T00:00", "2022 11 29", "+022-11-29",
    ])
  func notRead(written: String) { #expect(Day(written) == nil) }
}

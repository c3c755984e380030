import Testing

@testable import Kernel

@Suite("A calendar day") struct DayTests {
  @Test("keeps its parts", arguments: [(1880, 1, 1), (1970, 1, 1), (2020, 2, 29), (2022, 12, 31)])
  func parts(year: Int, month: Int, day: Int) throws {
    let made = try #require(Day(year: year, month: month, day: day))
    #expect(made.parts == (year, month, day))
  }

  @Test("does not exist when the month is shorter")
  func noSuchDay() {
    #expect(Day(year: 2022, month: 2, day: 29) == nil)
    #expect(Day(year: 1900, month: 2, day: 29) == nil)
    #expect(Day(year: 2022, month: 13, day: 1) == nil)
  }
}

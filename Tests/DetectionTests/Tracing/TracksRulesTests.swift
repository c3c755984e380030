import Kernel
import Testing

@testable import Detection

@Suite("Tracks rules") struct TracksRulesTests {
  private func day(_ text: String) throws -> Day { try #require(Day(text)) }

  @Test(
    "a track's time is read to the days that it names",
    arguments: [
      ("1月20日", "2020-01-20 2020-01-20"),
      ("1月20日-25日", "2020-01-20 2020-01-25"),
      ("1月20日—25日", "2020-01-20 2020-01-25"),
      ("1月20日至2月3日", "2020-01-20 2020-02-03"),
      ("1月20日上午", "2020-01-20 2020-01-20"),
      ("1月20日上午至1月22日下午", "2020-01-20 2020-01-22"),
      ("1月21日9时45分", "2020-01-21 2020-01-21"),
      ("1月17日1", "2020-01-17 2020-01-17"),
      ("12月30日-1月2日", "2019-12-30 2020-01-02"),
      ("11月7日", "2019-11-07 2019-11-07"),
      ("1月1日至2月1日", "2020-01-01 2020-02-01"),
    ])
  func readable(time: String, days: String) throws {
    let ends = try days.split(separator: " ").map { try day(String($0)) }
    let reading = TracksRules.days(time, near: try day("2020-02-05"))
    #expect(reading == .days(ends[0]...ends[1]))
  }

  @Test(
    "a time without a day is none",
    arguments: ["", "15时42分", "26日", "同日", "上午7-8时", "1月30", "13月1日", "2月30日"])
  func unreadable(time: String) throws {
    #expect(TracksRules.days(time, near: try day("2020-02-05")) == .none)
  }

  @Test("a range that runs backwards or over 31 days is told apart")
  func refused() throws {
    let near = try day("2020-02-05")
    #expect(TracksRules.days("1月25日-20日", near: near) == .backwards)
    #expect(TracksRules.days("2月3日至1月20日", near: near) == .backwards)
    #expect(TracksRules.days("1月1日至2月2日", near: near) == .tooLong)
  }

  @Test("the median takes full dates first and reads the others near them")
  func median() throws {
    let written = ["2020/02/15", "2020/02/05", "", "2月6日", "2020/02/04"]
    #expect(TracksRules.medianDay(written) == (try day("2020-02-05")))
    #expect(TracksRules.medianDay(["2月6日", ""]) == nil)
  }

  @Test("places are trimmed, and empty ones are none")
  func places() {
    #expect(TracksRules.places("龙口| 高密 ||") == ["龙口", "高密"])
    #expect(TracksRules.places(nil).isEmpty)
  }
}

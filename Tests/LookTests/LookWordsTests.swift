import Kernel
import Testing

@testable import Look

struct LookWordsTests {
  @Test(
    "a deadline says how late it is, rounded up, and how much is left, rounded down",
    arguments: [
      (-86_400 * 2, "超 2 天", "2 d late", Look.Tone.late),
      (-86_400 * 2 - 7_201, "超 2 天 3 小时", "2 d 3 h late", .late),
      (-42 * 60, "超 42 分", "42 min late", .late),
      (-42 * 60 - 1, "超 43 分", "43 min late", .late),
      (-3_600, "超 1 小时", "1 h late", .late),
      (-90 * 60, "超 1 小时 30 分", "1 h 30 min late", .late),
      (-90 * 60 - 1, "超 2 小时", "2 h late", .late),
      (-1, "超 1 分", "1 min late", .late),
      (0, "现在到期", "due now", .soon),
      (59, "现在到期", "due now", .soon),
      (60, "剩 1 分", "1 min left", .soon),
      (25 * 60 + 59, "剩 25 分", "25 min left", .soon),
      (3_599, "剩 59 分", "59 min left", .soon),
      (3_600, "剩 1 小时", "1 h left", .today),
      (3_600 * 4 - 1, "剩 3 小时", "3 h left", .today),
      (3_600 * 6 - 1, "剩 5 小时", "5 h left", .today),
      (3_600 * 6, "今天 20:32", "today 20:32", .today),
      (3_600 * 9 + 28 * 60, "今天", "today", .today),
      (3_600 * 9 + 28 * 60 + 60, "明天 00:01", "tomorrow 00:01", .neutral),
      (86_400 * 2, "11月11日 14:32", "11 Nov 14:32", .neutral),
    ])
  func deadlines(seconds: Int, chinese: String, english: String, tone: Look.Tone) throws {
    let (zh, en) = (try look(), try look(.english))
    let deadline = zh.now + .seconds(seconds)
    #expect(zh.deadline(deadline) == .init(chinese, tone))
    #expect(en.deadline(deadline) == .init(english, tone))
  }

  @Test("done in time is green, done late is amber, waived is grey; on another day with the day")
  func closed() throws {
    let (zh, en) = (try look(), try look(.english))
    #expect(zh.closed(zh.now, deadline: zh.now) == .init("14:32 已办", .done))
    #expect(en.closed(en.now, deadline: en.now - .seconds(1)) == .init("late, done 14:32", .soon))
    #expect(zh.closed(zh.now, deadline: zh.now, waived: true) == .init("14:32 已撤销", .neutral))
    let yesterday = zh.now - .days(1)
    #expect(en.closed(yesterday, deadline: en.now) == .init("done 8 Nov", .done))
  }

  @Test(
    "thousands carry commas",
    arguments: [
      (0, "0"), (999, "999"), (1_000, "1,000"), (30_212, "30,212"), (1_000_000, "1,000,000"),
      (-1_500, "−1,500"),
    ])
  func numbers(count: Int, text: String) throws {
    let words = try look()
    #expect(words.number(count) == text)
  }

  @Test(
    "a share never says 100% while a part is missing",
    arguments: [
      (0, 0, "–"), (0, 3, "0%"), (1, 3, "33.3%"), (1, 2, "50%"), (9_999, 10_000, "99.9%"),
      (10_000, 10_000, "100%"),
    ])
  func shares(part: Int, whole: Int, text: String) throws {
    let words = try look()
    #expect(words.percent(part, of: whole) == text)
  }

  @Test("midnight belongs to the day that ends, and another year is named")
  func ends() throws {
    let (zh, en) = (try look(), try look(.english))
    let midnight = try #require(Instant("2022-11-19 00:00", in: .china))
    #expect(zh.end(midnight) == "11月18日 24:00")
    #expect(en.end(midnight) == "18 Nov 24:00")
    #expect(en.end(midnight + .minutes(1)) == "19 Nov 00:01")
    let newYear = try #require(Instant("2023-01-01 00:00", in: .china))
    #expect(zh.end(newYear) == "12月31日 24:00")
    #expect(zh.moment(newYear) == "2023年1月1日 00:00")
    #expect(en.moment(newYear) == "1 Jan 2023 00:00")
  }

  @Test("near days have names")
  func nearDays() throws {
    let (zh, en) = (try look(), try look(.english))
    #expect(zh.nearMoment(zh.now) == "今天 14:32")
    #expect(en.nearMoment(en.now - .days(1)) == "yesterday 14:32")
    #expect(en.nearMoment(en.now + .days(1)) == "tomorrow 14:32")
    #expect(zh.nearMoment(zh.now - .days(2)) == "11月7日 14:32")
  }

  @Test(
    "spans are said in two units at most",
    arguments: [
      (0, "0 分", "0 min"), (59, "0 分", "0 min"), (60, "1 分", "1 min"),
      (3_600 + 20 * 60, "1 小时 20 分", "1 h 20 min"), (86_399, "23 小时 59 分", "23 h 59 min"),
      (86_400, "1 天", "1 d"), (86_400 + 3 * 3_600 + 59, "1 天 3 小时", "1 d 3 h"),
    ])
  func durations(seconds: Int, chinese: String, english: String) throws {
    let (zh, en) = (try look(), try look(.english))
    #expect(zh.duration(.seconds(seconds)) == chinese)
    #expect(en.duration(.seconds(seconds)) == english)
  }
}

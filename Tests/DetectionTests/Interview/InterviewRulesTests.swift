import Kernel
import Testing

@testable import Detection

@Suite("Times and gaps of an interview") struct InterviewRulesTests {
  private let day = Day(year: 2022, month: 11, day: 20) ?? Day(number: 0)

  private func span(_ from: String, _ to: String) -> String {
    do {
      let span = try InterviewRules.span(
        on: day, from: from, to: to, nightHours: 14, zone: .china)
      let start = day.start(in: .china)
      return "\((span.from - start).inSeconds / 60)–\((span.to - start).inSeconds / 60)"
    } catch {
      return "\(error.code) \(error.field ?? "")"
    }
  }

  @Test(
    "a span of a day is read as it is said, over midnight when that makes a night",
    arguments: [
      ("08:00", "09:30", "480–570"), ("8:05", "0905", "485–545"), ("08:00", "08:00", "480–480"),
      ("18:00", "00:00", "1080–1440"), ("00:00", "00:00", "0–1440"), ("06:00", "24:00", "360–1440"),
      ("22:00", "07:00", "1320–1860"), ("17:00", "07:00", "1020–1860"),
      ("16:59", "07:00", "visit.reversed to"), ("09:30", "08:00", "visit.reversed to"),
      ("25:00", "26:00", "field.malformed from"), ("noon", "13:00", "field.malformed from"),
      ("12:00", "12:60", "field.malformed to"), ("24:01", "24:00", "field.malformed from"),
    ])
  func spans(from: String, to: String, expected: String) { #expect(span(from, to) == expected) }

  @Test("what nobody has said anything of is a gap, from the least length on")
  func gaps() {
    let start = day.start(in: .china)
    func span(_ from: Int, _ to: Int) -> TimeSpan {
      TimeSpan(start + .minutes(from), start + .minutes(to))
    }
    func gaps(_ known: [TimeSpan]) -> [String] {
      InterviewRules.gaps(in: span(0, 1_440), known: known, least: .minutes(120)).map {
        "\(($0.from - start).inSeconds / 60)–\(($0.to - start).inSeconds / 60)"
      }
    }
    #expect(gaps([]) == ["0–1440"])
    #expect(gaps([span(-600, 480), span(480, 850), span(1_060, 2_000)]) == ["850–1060"])
    // Of 119 minutes nobody is asked, of 120 they are.
    #expect(gaps([span(0, 600), span(719, 1_440)]) == [])
    #expect(gaps([span(0, 600), span(720, 1_440)]) == ["600–720"])
    // A longer stay that began earlier covers what comes after a shorter one.
    #expect(gaps([span(0, 1_000), span(100, 200), span(1_300, 1_440)]) == ["1000–1300"])
    #expect(gaps([span(1_500, 1_600)]) == ["0–1440"])
  }
}

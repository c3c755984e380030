import Testing

@testable import Visits

@Suite("Both sides of each boundary") struct BoundaryTests {
  private static let day: UInt32 = 19_000 * 86_400

  /// A long stay from 01:00, a crowd of short ones after it, and the case at the end of the long
  /// one: the long stay lies far from the case's row.
  private func crowd(length: UInt32, gap: UInt32) throws -> Inquiry {
    let rows = DayRows()
    let begin = Self.day + 3_600
    rows.add(Visit(person: 1, venue: 3, from: begin, to: begin + length))
    for number in 0..<min(length, 200) {
      let from = begin + length - 1 - number
      rows.add(Visit(person: 10 + number, venue: 3, from: from, to: from))
    }
    let from = begin + length - 1 + gap
    rows.add(Visit(person: 0, venue: 3, from: from, to: from + 50))
    return Inquiry(try rows.segments())
  }

  @Test(
    "a stay of any length is found by who comes in its last second, not by who comes after",
    arguments: [1, 2, 127, 128, 129, 255, 256, 10_800, 32_640, 32_767, 32_768, 50_000] as [UInt32])
  func longStays(length: UInt32) throws {
    let rule = MeetingRule(minimumTotal: 1)
    let (begin, end) = (Self.day + 3_600 + length - 1, Self.day + 3_600 + length)
    let met = try crowd(length: length, gap: 0).companions(of: 0, by: rule)
    #expect(
      met.sorted == [Companion(person: 1, overlap: 1, meetings: 1, first: begin, last: end)])
    #expect(try crowd(length: length, gap: 1).companions(of: 0, by: rule).sorted == [])
    let seen = try crowd(length: length, gap: 9).visitors(of: 3, in: SecondSpan(begin, end))
    #expect(seen.sorted.map(\.person) == [1])
    let after = try crowd(length: length, gap: 9).visitors(of: 3, in: SecondSpan(end, end + 1))
    #expect(after.sorted.map(\.person) == [])
  }

  @Test(
    "contacts of contacts over a long stay, whichever way it is looked for", arguments: [1, 400])
  func longSpread(targetCost: Int) throws {
    for length in [127, 128, 129, 10_800] as [UInt32] {
      let last = Self.day + 3_600 + length - 1
      let carrier = Carrier(person: 0, since: 0)
      for (gap, first) in [(0, [last]), (1, [])] as [(UInt32, [UInt32])] {
        let inquiry = try crowd(length: length, gap: gap)
        let found = Spread(inquiry, targetCost: targetCost).onward(from: [carrier], never: [])
        #expect(found.map(\.first) == first)
      }
    }
  }

  @Test("the second of infection and of isolation bound a carrier's time", arguments: [1, 400])
  func carrierTime(targetCost: Int) throws {
    let rows = DayRows()
    rows.add(Visit(person: 0, venue: 1, from: Self.day + 100, to: Self.day + 200))
    rows.add(Visit(person: 1, venue: 1, from: Self.day + 150, to: Self.day + 160))
    let inquiry = Inquiry(try rows.segments())
    for (since, until, first) in [
      (0, 151, 150), (0, 150, nil), (159, 999, 159), (160, 999, nil), (155, 155, nil),
    ] as [(UInt32, UInt32, UInt32?)] {
      let carrier = Carrier(person: 0, since: Self.day + since, until: Self.day + until)
      let found = Spread(inquiry, targetCost: targetCost).onward(from: [carrier], never: [])
      #expect(found.first?.first == first.map { Self.day + $0 })
    }
  }

  @Test("the places of people without rows, and of many with many")
  func places() throws {
    for (people, each) in [(1, 0), (200, 1), (70, 9), (3, 500)] as [(UInt32, UInt32)] {
      let rows = DayRows()
      for person in 0..<people where person % 3 != 1 {
        for number in 0..<each {
          rows.add(Visit(person: person, venue: number % 7, from: number, to: number + 1))
        }
      }
      for segment in try rows.segments() {
        for person in 0..<people + 2 {
          let isThere = person < people && person % 3 != 1
          let found = segment.places(of: person).map { segment.person[Int(segment.rowOf[$0])] }
          #expect(found == Array(repeating: person, count: isThere ? Int(each) : 0))
        }
      }
    }
  }

  @Test("instants are written as they are read")
  func clocks() {
    let padded = PaddedText()
    for (text, seconds) in [
      ("1669681800", 1_669_681_800), ("0", 0), ("4294967295", UInt32.max),
      ("2022-11-29T08:30+08:00", 1_669_681_800), ("2022-11-29 08:30", 1_669_681_800),
      ("2022-11-29T08:30:07", 1_669_681_807), ("2022-11-29T00:30:00Z", 1_669_681_800),
      ("2020-02-29T23:59:59-01:30", 1_583_026_199), ("1970-01-01T08:00", 0),
    ] as [(String, UInt32)] {
      var clock = ClockText(zone: 28_800)
      #expect(clock.seconds(padded.field(text)) == seconds, "\(text)")
      #expect(clock.form?.text(seconds, zone: 28_800) == text)
    }
    for text in [
      "", "x", "-5", "20221129", "4294967296", "2022-11-29", "2022-02-29T00:00",
      "2022-11-29T24:00", "2022-11-29T08:60", "2022-11-29T08:30:60", "2022-11-29T08:30+0800",
      "2022-11-29T08:30:00.5", "1969-12-31T00:00Z", "2022-13-01T00:00", "2022-11-29T08:30:",
    ] {
      var clock = ClockText(zone: 28_800)
      #expect(clock.seconds(padded.field(text)) == nil, "\(text)")
    }
  }

  @Test("numbers of cells of every length, and what is no number")
  func numbers() {
    let padded = PaddedText()
    for text in ["0", "9", "10", "1234567", "12345678", "123456789", "1234567890123456", "007"] {
      #expect(padded.field(text).number == UInt64(text), "\(text)")
    }
    for text in ["", "a", "1a", "a1", "1 ", "-1", "12345678a", "a12345678", "1234567:", "12/4"] {
      #expect(padded.field(text).number == nil, "\(text)")
    }
  }

  @Test("identifiers keep their numbers through a file, and forgotten ones do not come back")
  func names() throws {
    let folder = try Folder()
    defer { folder.clear() }
    let names = Names()
    let all = ["7", "07", "P-1", "人员", String(repeating: "long", count: 200), "16777216", "0"]
    for (number, name) in all.enumerated() { #expect(names.id(for: name) == UInt32(number)) }
    for number in 0..<5_000 { _ = names.id(for: "x\(number)") }
    try NamesFile.write(names.keeping { $0 != 2 }, to: "\(folder.path)/names")
    let read = try NamesFile.read("\(folder.path)/names")
    for (number, name) in all.enumerated() {
      #expect(read.known(name) == (number == 2 ? nil : UInt32(number)))
      #expect(names[UInt32(number)] == name)
    }
    #expect(read.known("x4999") == UInt32(all.count + 4_999) && read.known("") == nil)
    #expect(read.id(for: "new") == UInt32(names.count))
  }
}

import Testing

@testable import Kernel

@Suite("An instant") struct InstantTests {
  static let half = Int64(1_669_681_800_000)

  static let forms: [(String, Int64)] = [
    ("2022-11-29T08:30+08:00", half), ("2022-11-29T08:30", half), ("2022-11-29 08:30", half),
    ("2022-11-29T08:30:00", half), ("2022-11-29T00:30Z", half), ("2022-11-29t00:30z", half),
    ("2022-11-29T08:30:00.000+08:00", half), ("2022-11-29T08:30+0800", half),
    ("2022-11-29T08:30+08", half), ("2022-11-28T19:30-05:00", half), ("2022/11/29 8:30", half),
    ("20221129T08:30", half), ("1669681800", half), (" 2022-11-29T08:30 ", half),
    ("2022-11-29 08:30:00 +08:00", half), ("2022-11-29T08:30:00.5", half + 500),
    ("2022-11-29T08:30:00.123456789", half + 123), ("2022-11-29", half - 30_600_000),
    ("2022/11/29", half - 30_600_000), ("20221129", half - 30_600_000),
    ("2022-11-29T24:00", half - 30_600_000 + 86_400_000), ("0", 0), ("-1", -1_000),
    ("2022-11-29T23:59:59.999", half - 30_600_000 + 86_399_999),
  ]

  @Test("is read in every documented form", arguments: forms)
  func read(written: String, milliseconds: Int64) {
    #expect(Instant(written, in: .china)?.milliseconds == milliseconds)
  }

  @Test(
    "is nothing when it is not one",
    arguments: [
      "", " ", "noon", "2022-11-29T", "2022-11-29T8", "2022-11-29T25:00", "2022-11-29T24:01",
      "2022-11-29T24:00:01", "2022-11-29T24:00:00.5", "2022-11-29T08:60", "2022-11-29T08:30:60",
      "2022-02-29T08:30", "2022-11-29T08:30+19:00", "2022-11-29T08:30+08:60", "2022-11-29T08:30+8",
      "2022-11-29T08:30+", "2022-11-29T08:30:00.", "2022-11-29T08:30:00.1234567890",
      "1669681800000",
      "2022-11-29T08:30:00,5", "2022-11-29T-8:30", "12345678", "253402300800", "999999999999",
      "2022-11-29T08:30:00+08:00x", "2022-11-29T008:30", "2022-11-29T08:30+:08", "-99999999999",
    ])
  func notRead(written: String) { #expect(Instant(written, in: .china) == nil) }

  @Test("is written so that it reads back, in any zone", arguments: [0, 8, -5, 14])
  func roundTrip(hours: Int) {
    var chance = Chance(UInt64(bitPattern: Int64(hours)))
    let zone = Zone(secondsFromUTC: hours * 3_600)
    for _ in 0..<500 {
      let instant = Instant(
        milliseconds: Int64.random(in: -60_000_000_000_000...250_000_000_000_000, using: &chance))
      #expect(Instant(instant.text(in: zone), in: .china) == instant)
    }
  }

  @Test("says a zone with half hours as it is")
  func halfHours() {
    let zone = Zone(secondsFromUTC: -(9 * 3_600 + 1_800))
    let instant = Instant(milliseconds: Self.half)
    #expect(instant.text(in: zone) == "2022-11-28T15:00:00-09:30")
    #expect(instant.shortText(in: .china) == "2022-11-29 08:30")
  }

  @Test("falls on the day on which the clock on the wall shows it, to the millisecond")
  func days() throws {
    for number in [-800_000, -1, 0, 1, 19_325, 2_900_000] {
      let day = Day(number: number)
      for zone in [Zone.china, Zone(secondsFromUTC: 0), Zone(secondsFromUTC: -18_000)] {
        #expect(Day(of: day.start(in: zone), in: zone) == day)
        #expect(Day(of: day.end(in: zone) - .milliseconds(1), in: zone) == day)
        #expect(Day(of: day.end(in: zone), in: zone) == day + 1)
        #expect(day.start(in: zone).clock(in: zone).minutes == 0)
      }
    }
  }

  @Test("spans are counted exactly")
  func spans() {
    let instant = Instant(seconds: 5)
    #expect((instant + .minutes(2)).milliseconds == 125_000)
    #expect((instant - .hours(1)).milliseconds == -3_595_000)
    #expect(instant + .days(1) - instant == .hours(24))
    #expect(Duration.milliseconds(-1_500).inSeconds == -1)
    #expect(Duration.milliseconds(-1_500).inMilliseconds == -1_500)
  }
}

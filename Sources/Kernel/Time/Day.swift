/// A calendar day (proleptic Gregorian), counted from 1970-01-01.
///
/// A day has no zone; which day an instant falls on is asked with ``init(of:in:)``.
package struct Day: Hashable, Comparable, Sendable {
  /// Days since 1970-01-01.
  package var number: Int

  package init(number: Int) { self.number = number }

  /// The day on which an instant falls in a zone.
  package init(of instant: Instant, in zone: Zone) {
    let (days, rest) = instant.milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
    let local = rest + Int64(zone.secondsFromUTC) * 1_000
    // Whole numbers, because a real one rounds a millisecond before midnight to midnight.
    self.number = Int(days + (local + 2 * 86_400_000) / 86_400_000 - 2)
  }

  /// A day from its parts, or nil when there is no such day (30 February).
  package init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else {
      return nil
    }
    // Days from civil, after Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    self.number = era * 146_097 + dayOfEra - 719_468
    guard parts == (year, month, day) else { return nil }
  }

  /// Year, month 1–12 and day of month 1–31.
  package var parts: (year: Int, month: Int, day: Int) {
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// 00:00 of this day in a zone.
  package func start(in zone: Zone) -> Instant {
    Instant(milliseconds: Int64(number) * 86_400_000 - Int64(zone.secondsFromUTC) * 1_000)
  }

  /// 24:00 of this day in a zone, which is 00:00 of the next.
  package func end(in zone: Zone) -> Instant { (self + 1).start(in: zone) }

  package static func < (left: Day, right: Day) -> Bool { left.number < right.number }
  package static func + (day: Day, days: Int) -> Day { Day(number: day.number + days) }
  package static func - (day: Day, days: Int) -> Day { Day(number: day.number - days) }
  package static func - (left: Day, right: Day) -> Int { left.number - right.number }
}

/// A zone of civil time with one fixed distance from UTC, as all of China has.
package struct Zone: Hashable, Sendable {
  package let secondsFromUTC: Int

  package init(secondsFromUTC: Int) { self.secondsFromUTC = secondsFromUTC }

  /// China standard time, UTC+8 the whole year round.
  package static let china = Zone(secondsFromUTC: 8 * 3_600)
}

/// Days since the beginning of 1900, as workbooks count time.
enum SerialDate {
  private static let secondsPerDay = 86_400
  /// 9999-12-31, the last day that spreadsheets know.
  private static let last = 2_958_465.999_999_9

  /// The ISO form: a day, a day with a time, or a time alone; `nil` outside the calendar.
  static func text(_ serial: Double, startsIn1904: Bool) -> String? {
    guard serial >= 0, serial <= last else { return nil }
    // Rounded to milliseconds, because binary fractions fall short of the second they mean;
    // then cut, because 23:59:59.9 is not the next day.
    let seconds = Int((serial * Double(secondsPerDay) * 1_000).rounded()) / 1_000
    let days = seconds / secondsPerDay
    let time = seconds % secondsPerDay
    if days == 0, !startsIn1904 { return clock(time) }
    let day = startsIn1904 ? civil(days + 1_462) : civil(days)
    return time == 0 ? day : "\(day)T\(clock(time))"
  }

  private static func clock(_ seconds: Int) -> String {
    "\(two(seconds / 3_600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
  }

  /// The calendar day.
  ///
  /// Spreadsheets believe that 1900 had a 29 February, which is day 60.
  private static func civil(_ serial: Int) -> String {
    if serial == 60 { return "1900-02-29" }
    // Days since 0000-03-01 (Howard Hinnant, days_from_civil).
    let days = serial + (serial < 60 ? 1 : 0) - 25_569 + 719_468
    let era = days / 146_097
    let dayOfEra = days % 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let digits = String(year)
    return String(repeating: "0", count: 4 - digits.count) + digits + "-\(two(month))-\(two(day))"
  }

  private static func two(_ number: Int) -> String {
    number < 10 ? "0\(number)" : String(number)
  }
}

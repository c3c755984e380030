import Kernel

/// How what a caller writes down is understood.
package enum InterviewRules {
  /// The span of a day that two times of day mean. An end at 00:00 is midnight; an end before the
  /// beginning is on the next day, when that makes no more than a night.
  package static func span(
    on day: Day, from: String, to: String, nightHours: Int, zone: Zone
  ) throws(Refusal) -> TimeSpan {
    let (first, last) = (try minutes(from, field: "from"), try minutes(to, field: "to"))
    let start = day.start(in: zone)
    let over = last < first || last == 0
    let span = TimeSpan(
      start + .minutes(first), start + .minutes(over ? last + 24 * 60 : last))
    guard last == 0 || !over || span.to - span.from <= .hours(nightHours) else {
      throw Refusal(
        .invalid, "visit.reversed",
        Words(
          "离开时间早于到达时间，请核对“from”和“to”", "The visit ends before it begins; check “from” and “to”"),
        field: "to")
    }
    return span
  }

  /// A time of day in minutes: `08:05`, `8:05`, `0805`, and `24:00` at the end of a day.
  static func minutes(_ written: String, field: String) throws(Refusal) -> Int {
    let text = written.trimmingWhitespace().replacing("：", with: ":")
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let whole = parts.count == 1 && text.utf8.count == 4
    let hour = whole ? Int(text.prefix(2)) : parts.first.flatMap { Int($0) }
    let minute = whole ? Int(text.suffix(2)) : parts.dropFirst().first.flatMap { Int($0) }
    guard whole || (2...3).contains(parts.count), let hour, let minute, hour >= 0, minute >= 0,
      minute < 60, hour * 60 + minute <= 24 * 60
    else {
      throw .malformed(
        field, written, expected: Words("几点几分，如 14:10", "a time of day such as 14:10"))
    }
    return hour * 60 + minute
  }

  /// What of a day nobody has said anything of: its holes of at least so long.
  package static func gaps(
    in day: TimeSpan, known: [TimeSpan], least: Duration
  ) -> [TimeSpan] {
    var gaps: [TimeSpan] = []
    var end = day.from
    for span in known.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) {
      if span.from >= day.to { break }
      if span.from > end { gaps.append(TimeSpan(end, span.from)) }
      end = max(end, span.to)
    }
    if end < day.to { gaps.append(TimeSpan(end, day.to)) }
    return gaps.filter { $0.to - $0.from >= least }
  }

  static func requireDay(_ day: Day, today: Day) throws(Refusal) {
    guard day > today else { return }
    throw Refusal(
      .invalid, "interview.future",
      Words("日期晚于今天，请核对", "The day has not come yet; check it"), field: "day")
  }

  /// The shorter spelling by which venues are compared: no blanks, no case.
  static func folded(_ name: String) -> String {
    name.lowercased().filter { !$0.isWhitespace }
  }
}

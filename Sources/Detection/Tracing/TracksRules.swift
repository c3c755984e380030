import Kernel

/// The days that a published track names.
package enum TracksRules {
  /// What a track's time says.
  package enum Reading: Hashable, Sendable {
    case days(ClosedRange<Day>)
    /// No day can be read from it.
    case none
    /// The last day lies before the first.
    case backwards
    /// More days than a track can tell of.
    case tooLong
  }

  /// A range whose last day is more days after its first is no visit.
  package static let mostDays = 31

  /// Reads `1月20日`, `1月20日-25日`, `1月20日至2月3日`, with a time of day behind either. The year
  /// is the one that puts a day nearest to the median report date of the file.
  package static func days(_ time: String, near median: Day) -> Reading {
    guard let match = time.firstMatch(of: #/(\d{1,2})月(\d{1,2})日/#),
      let month = Int(match.1), let day = Int(match.2),
      let first = nearest(month: month, day: day, to: median)
    else { return .none }
    guard let last = lastDay(in: time[match.range.upperBound...], month: month, near: median)
    else { return .days(first...first) }
    if last < first { return .backwards }
    return last - first > mostDays ? .tooLong : .days(first...last)
  }

  /// The second day of a range, nil when what follows the first day is no range.
  private static func lastDay(in rest: Substring, month: Int, near median: Day) -> Day? {
    let range = #/(?:凌晨|早上|上午|中午|下午|傍晚|晚上|晚|夜间)?\s*[-－—–―~～至到]+\s*(?:(\d{1,2})月)?(\d{1,2})日/#
    guard let match = rest.prefixMatch(of: range), let day = Int(match.2) else { return nil }
    let named = match.1.flatMap { Int($0) } ?? month
    return nearest(month: named, day: day, to: median)
  }

  /// The day of a month in the year that puts it nearest to another day.
  package static func nearest(month: Int, day: Int, to median: Day) -> Day? {
    let year = median.parts.year
    return (year - 1...year + 1).compactMap { Day(year: $0, month: month, day: day) }
      .min { abs($0 - median) < abs($1 - median) }
  }

  /// The median of the report dates of a file of cases, the earlier of the two in the middle; dates
  /// without a year (`2月6日`) are read near those with one. Nil when none has a year.
  package static func medianDay(_ written: [String]) -> Day? {
    let full = written.compactMap(Day.init(_:))
    guard let near = middle(full) else { return nil }
    let short = written.filter { Day($0) == nil }.compactMap { text -> Day? in
      guard case .days(let days) = days(text, near: near) else { return nil }
      return days.lowerBound
    }
    return middle(full + short)
  }

  private static func middle(_ days: [Day]) -> Day? {
    days.isEmpty ? nil : days.sorted()[(days.count - 1) / 2]
  }

  /// The places of a track as printed, trimmed, without empty ones.
  package static func places(_ written: String?) -> [String] {
    (written ?? "").split(separator: "|").map { String($0).trimmingWhitespace() }
      .filter { !$0.isEmpty }
  }
}

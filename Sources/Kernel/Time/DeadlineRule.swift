/// How the moment follows by which a request must be finished.
///
/// Source of the first two: the hotline standard that Harbin published (handle within two hours,
/// result within one working day). The clock starts when a request is opened, not when a batch of
/// them is handed over.
package enum DeadlineRule: Hashable, Sendable {
  /// `2h`: so many hours on the clock, day and night.
  case hours(Int)
  /// `3wd`: the end of the n-th working day strictly after the day of opening.
  case workingDays(Int)
  /// `3wd-rolling`: n working days on, at the same time of day.
  case rollingWorkingDays(Int)
  /// `target`: the request's own target.
  case target

  /// The largest count that is taken: over a year of hours, more working days than any calendar.
  package static var largestCount: Int { 9_999 }

  /// A rule as the command line writes it.
  ///
  /// - Throws: a refusal that lists the forms.
  package init(_ written: String) throws(Refusal) {
    let text = written.trimmingWhitespace().lowercased()
    let digits = Array(text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    let count = digits.count <= 4 ? Day.number(digits[...]) ?? 0 : 0
    switch (text.dropFirst(digits.count), count) {
    case ("target", 0) where digits.isEmpty: self = .target
    case ("h", 1...): self = .hours(count)
    case ("wd", 1...): self = .workingDays(count)
    case ("wd-rolling", 1...): self = .rollingWorkingDays(count)
    default:
      throw .malformed(
        "rule", written,
        expected: Words(
          "2h、3wd、3wd-rolling 一类的时限（1 至 \(Self.largestCount)）或 target",
          "a rule such as 2h, 3wd, 3wd-rolling (1 to \(Self.largestCount)) or target"))
    }
  }

  /// The rule as the command line writes it.
  package var text: String {
    switch self {
    case .hours(let count): "\(count)h"
    case .workingDays(let count): "\(count)wd"
    case .rollingWorkingDays(let count): "\(count)wd-rolling"
    case .target: "target"
    }
  }

  /// When a request that was opened at `opened` is due.
  package func due(
    opened: Instant, target: Instant?, calendar: WorkingCalendar, zone: Zone
  ) -> DeadlineDue {
    switch self {
    case .hours(let count):
      return .at(opened + .hours(count))
    case .workingDays(let count):
      guard let day = calendar.workingDay(count, after: Day(of: opened, in: zone)) else {
        return .notCovered
      }
      return .at(day.end(in: zone))
    case .rollingWorkingDays(let count):
      return Self.rolling(count, from: opened, calendar, zone)
    case .target:
      return target.map(DeadlineDue.at) ?? .noTarget
    }
  }

  /// Opened on a day off, the clock starts at 00:00 of the next working day.
  private static func rolling(
    _ count: Int, from opened: Instant, _ calendar: WorkingCalendar, _ zone: Zone
  ) -> DeadlineDue {
    let opening = Day(of: opened, in: zone)
    guard let isWorked = calendar.isWorked(opening) else { return .notCovered }
    var start = opening
    var timeOfDay = opened - opening.start(in: zone)
    if !isWorked {
      guard let next = calendar.workingDay(1, after: opening) else { return .notCovered }
      start = next
      timeOfDay = .zero
    }
    guard let day = calendar.workingDay(count, after: start) else { return .notCovered }
    return .at(day.start(in: zone) + timeOfDay)
  }
}

/// What a rule says of one request.
package enum DeadlineDue: Hashable, Sendable {
  case at(Instant)
  /// The request has no target of its own.
  case noTarget
  /// It would take a day that the calendar does not cover.
  case notCovered

  package var instant: Instant? { if case .at(let instant) = self { instant } else { nil } }
}

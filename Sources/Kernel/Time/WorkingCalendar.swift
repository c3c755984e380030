/// Which days are worked: weekends are off, public holidays are off, make-up days (调休) are worked.
///
/// A day that the calendar does not cover has no answer: a deadline is never guessed.
package struct WorkingCalendar: Sendable {
  /// The first and the last day that are covered.
  package let covered: ClosedRange<Day>
  private let exceptions: [Day: Bool]
  private let assumesWeekends: Bool

  /// A calendar of weekends with exceptions: true for a day worked, false for a day off.
  package init(covered: ClosedRange<Day>, exceptions: [Day: Bool]) {
    self.covered = covered
    self.exceptions = exceptions
    assumesWeekends = true
  }

  /// A calendar that names every day it knows; a gap between two of them has no answer either.
  /// Nil when it names none.
  package init?(days: [Day: Bool]) {
    guard let first = days.keys.min(), let last = days.keys.max() else { return nil }
    covered = first...last
    exceptions = days
    assumesWeekends = false
  }

  /// Whether a day is worked, nil when it is not covered.
  package func isWorked(_ day: Day) -> Bool? {
    guard covered.contains(day) else { return nil }
    return exceptions[day] ?? (assumesWeekends ? day.weekday <= 5 : nil)
  }

  /// The `count`-th working day strictly after a day, nil when the calendar ends before.
  package func workingDay(_ count: Int, after day: Day) -> Day? {
    var found = 0
    var at = day
    while found < count {
      at = at + 1
      guard let worked = isWorked(at) else { return nil }
      if worked { found += 1 }
    }
    return at
  }
}

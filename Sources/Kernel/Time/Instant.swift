/// A point on the world's clock: milliseconds since 1970-01-01T00:00Z.
package struct Instant: Hashable, Comparable, Sendable {
  package var milliseconds: Int64

  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// An instant from whole seconds since 1970-01-01T00:00Z.
  package init(seconds: Int64) { self.milliseconds = seconds * 1_000 }

  package static func < (left: Instant, right: Instant) -> Bool {
    left.milliseconds < right.milliseconds
  }

  package static func + (instant: Instant, span: Duration) -> Instant {
    Instant(milliseconds: instant.milliseconds + span.inMilliseconds)
  }

  package static func - (instant: Instant, span: Duration) -> Instant {
    Instant(milliseconds: instant.milliseconds - span.inMilliseconds)
  }

  /// The time from the right instant to the left one, negative when it lies before.
  package static func - (left: Instant, right: Instant) -> Duration {
    .milliseconds(left.milliseconds - right.milliseconds)
  }
}

extension Duration {
  /// Whole milliseconds, cut towards zero.
  package var inMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
  }

  /// Whole seconds, cut towards zero.
  package var inSeconds: Int64 { components.seconds }

  /// Whole minutes.
  package static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }
  /// Whole hours.
  package static func hours(_ count: Int) -> Duration { .seconds(count * 3_600) }
  /// Days of 24 hours.
  package static func days(_ count: Int) -> Duration { .seconds(count * 86_400) }
}

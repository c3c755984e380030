/// Where the time comes from: the machine, or a script when a month is replayed.
package struct Clock: Sendable {
  /// The present moment.
  package let now: @Sendable () -> Instant
  /// Why its time is not to be decided by at the moment; nil while all is well.
  package let fault: @Sendable () -> ClockFault?

  package init(
    fault: @escaping @Sendable () -> ClockFault? = { nil }, _ now: @escaping @Sendable () -> Instant
  ) {
    self.now = now
    self.fault = fault
  }

  /// A clock that stands still.
  package static func stopped(at instant: Instant) -> Clock { Clock { instant } }
}

/// The machine's clock was set by more than is believed without asking.
package struct ClockFault: Error, Hashable, Sendable {
  /// By how much the machine's clock is ahead of what it should say; below zero when it is behind.
  package let shift: Duration

  package init(shift: Duration) { self.shift = shift }
}

extension ClockFault {
  /// Which way it jumped and how far.
  package var words: Words {
    let seconds = abs(shift.components.seconds)
    return shift < .zero
      ? Words("落后 \(seconds) 秒", "\(seconds) seconds back")
      : Words("超前 \(seconds) 秒", "\(seconds) seconds ahead")
  }
}

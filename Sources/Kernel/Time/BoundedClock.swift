import Synchronization

/// A machine's clock that is not believed when it jumps.
///
/// Each reading is compared with what was said last and the time that has passed since on the
/// machine's running time, which nobody can set. Within the bounds it follows the machine, and never
/// goes back; beyond them it goes on by the running time and says that it is at fault, until the
/// machine's clock is back or somebody accepts it (P7, I-62).
///
/// Small jumps add up: what is believed within a day of running time is no more than one jump ahead, or
/// twelve steps back, however it is split. Twelve steps are a minute: more than a day's corrections of a
/// clock that is looked after, and too little to hold anybody longer.
package final class BoundedClock: Sendable {
  /// What a machine says of the time.
  package struct Reading: Sendable {
    /// What its clock says, which can be set.
    package let wall: Instant
    /// How long it has been running, which cannot be.
    package let running: Duration

    package init(wall: Instant, running: Duration) {
      self.wall = wall
      self.running = running
    }

    /// How far the clock is ahead of the running time.
    fileprivate var offset: Duration { wall - Instant(seconds: 0) - running }
  }

  /// How far a machine's clock may jump before it is asked about.
  package struct Bounds: Sendable {
    package let back: Duration
    package let ahead: Duration

    package init(back: Duration, ahead: Duration) {
      self.back = back
      self.ahead = ahead
    }
  }

  /// How far the machine's clock was ahead of its running time at a moment of that.
  private struct Mark {
    let running: Duration
    let offset: Duration
  }

  private struct State {
    var said: Instant
    var running: Duration
    var fault: ClockFault?
    /// What was believed over the last day, an hour apart, the oldest first.
    var marks: [Mark]

    /// Follows the machine, whatever it was before.
    init(_ reading: Reading) {
      (said, running) = (reading.wall, reading.running)
      marks = [Mark(running: reading.running, offset: reading.offset)]
    }

    /// How far the clock has been set since a day ago, all jumps together.
    func drift(to reading: Reading) -> Duration { reading.offset - marks[0].offset }

    /// Remembers what is believed now, and forgets what was more than a day ago.
    mutating func note(_ reading: Reading) {
      if let last = marks.last, reading.running - last.running >= .hours(1) {
        marks.append(Mark(running: reading.running, offset: reading.offset))
      }
      while marks.count > 1, reading.running - marks[1].running >= .hours(24) {
        marks.removeFirst()
      }
    }
  }

  private static let stepsBackADay = 12

  private let bounds: Bounds
  private let read: @Sendable () -> Reading
  private let state: Mutex<State>

  package init(bounds: Bounds, read: @escaping @Sendable () -> Reading) {
    self.bounds = bounds
    self.read = read
    let first = read()
    state = Mutex(State(first))
  }

  /// The clock for a desk.
  package var clock: Clock { Clock(fault: { self.look().fault }, { self.look().now }) }

  /// What it says, and whether that is to be decided by.
  private func look() -> (now: Instant, fault: ClockFault?) {
    let reading = read()
    let bounds = self.bounds
    return state.withLock { state in
      let expected = state.said + (reading.running - state.running)
      let shift = reading.wall - expected
      let drift = state.drift(to: reading)
      let isJump = shift < .zero - bounds.back || shift > bounds.ahead
      let isDrift = drift < .zero - bounds.back * Self.stepsBackADay || drift > bounds.ahead
      let isBelieved = !isJump && !isDrift
      if isBelieved { state.note(reading) }
      state.fault = isBelieved ? nil : ClockFault(shift: isJump ? shift : drift)
      if !isBelieved {
        (state.said, state.running) = (expected, reading.running)
      } else if reading.wall > state.said {
        (state.said, state.running) = (reading.wall, reading.running)
      }
      return (state.said, state.fault)
    }
  }

  /// Takes note of the latest time that was written down; the time before it has been used up.
  package func start(after latest: Instant?) {
    guard let latest else { return }
    let running = read().running
    state.withLock { state in
      if latest > state.said { (state.said, state.running) = (latest, running) }
    }
  }

  /// Believes the machine's clock as it stands.
  ///
  /// - Returns: by how much it was off what was expected; nil when nothing was to be accepted.
  package func accept() -> Duration? {
    guard let fault = look().fault else { return nil }
    let reading = read()
    state.withLock { $0 = State(reading) }
    return fault.shift
  }
}

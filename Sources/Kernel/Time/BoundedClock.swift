import Synchronization

/// A machine's clock that is not believed when it jumps.
///
/// Each reading is compared with what was said last and the time that has passed since on the
/// machine's running time, which nobody can set. Within the bounds it follows the machine, and never
/// goes back; beyond them it goes on by the running time and says that it is at fault, until the
/// machine's clock is back or somebody accepts it (P7, I-62).
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

  private struct State {
    var said: Instant
    var running: Duration
    var fault: ClockFault?
  }

  private let bounds: Bounds
  private let read: @Sendable () -> Reading
  private let state: Mutex<State>

  package init(bounds: Bounds, read: @escaping @Sendable () -> Reading) {
    self.bounds = bounds
    self.read = read
    let first = read()
    state = Mutex(State(said: first.wall, running: first.running))
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
      let isBelieved = shift >= .zero - bounds.back && shift <= bounds.ahead
      state.fault = isBelieved ? nil : ClockFault(shift: shift)
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
    state.withLock { $0 = State(said: reading.wall, running: reading.running) }
    return fault.shift
  }
}

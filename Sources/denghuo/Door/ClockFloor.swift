import Kernel
import Synchronization

/// Keeps a clock from going back: a machine's time may be set while the server runs.
final class ClockFloor: Sendable {
  private let latest = Mutex(Instant(milliseconds: 0))

  /// The later of the given instant and every one given before.
  func raise(to instant: Instant) -> Instant {
    latest.withLock { latest in
      latest = max(latest, instant)
      return latest
    }
  }
}

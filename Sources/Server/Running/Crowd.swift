import Kernel
import Synchronization

/// Who is let in when more come than can be served: everybody up to a number, then only what is
/// more and more urgent.
///
/// Whoever is turned away is told so after a moment, and the moment grows with the number of those
/// who wait for it: a client that asks again at once would otherwise take the time of those inside.
final class Crowd: Sendable {
  private struct State {
    var inside = 0
    var turnedAway = 0
    var bytes = 0
    var refused: [Urgency: Int] = [:]
  }

  private let state = Mutex(State())
  private let limits: DistrictServer.Limits

  init(limits: DistrictServer.Limits) { self.limits = limits }

  /// How many are being served.
  var inside: Int { state.withLock { $0.inside } }

  /// How many were turned away since the start.
  var refused: [Urgency: Int] { state.withLock { $0.refused } }

  /// Lets a request in, or says how long it waits to be turned away.
  func enter(_ urgency: Urgency) -> Duration? {
    state.withLock { state in
      guard state.inside >= limits.atOnce(urgency) else {
        state.inside += 1
        return nil
      }
      state.refused[urgency, default: 0] += 1
      state.turnedAway += 1
      return limits.turningAway * state.turnedAway
    }
  }

  func leave() { state.withLock { $0.inside -= 1 } }

  /// Whoever was turned away has been told.
  func told() { state.withLock { $0.turnedAway -= 1 } }

  /// Takes room for a part of a body; false when the bodies that are being read fill it already.
  func take(bytes: Int) -> Bool {
    state.withLock { state in
      guard state.bytes + bytes <= limits.allBodyBytes else { return false }
      state.bytes += bytes
      return true
    }
  }

  func give(bytes: Int) { state.withLock { $0.bytes -= bytes } }
}

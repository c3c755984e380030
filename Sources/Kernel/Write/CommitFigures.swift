import Synchronization

/// How the queue of commands fares, for whoever watches over the machine.
package final class CommitFigures: Sendable {
  /// What has happened since the start.
  package struct Counts: Sendable {
    package var waiting = 0
    package var transactions = 0
    package var commands = 0
    package var seconds = 0.0
    /// How often an engine did not say whether it had written.
    package var unknown = 0
  }

  private let state = Mutex(Counts())

  package var counts: Counts { state.withLock { $0 } }

  func waits(_ count: Int) { state.withLock { $0.waiting = count } }

  func committed(_ commands: Int, in time: Duration) {
    state.withLock { counts in
      counts.transactions += 1
      counts.commands += commands
      counts.seconds += time / .seconds(1)
    }
  }

  func wasUnknown() { state.withLock { $0.unknown += 1 } }
}

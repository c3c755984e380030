import Kernel
import Synchronization

/// What is known of the disk under a database, and the room that is kept on it.
final class DiskCondition: Sendable {
  private struct State {
    var trouble: StorageFailure?
    var reserve: Reserve?
  }

  private let state = Mutex(State())

  var trouble: StorageFailure? { state.withLock(\.trouble) }

  /// Learns from a write that failed. Without a reserve a full disk is left to whoever writes next.
  func note(_ failure: StorageFailure) {
    state.withLock { state in
      switch failure.kind {
      case .broken: state.trouble = failure
      case .full where state.reserve != nil && state.trouble == nil:
        state.reserve?.giveUp()
        state.trouble = failure
      case .full, .constraint, .unavailable, .unknown: break
      }
    }
  }

  /// Keeps room from now on; when there is none, the disk is full already.
  func keep(_ reserve: Reserve) {
    state.withLock { state in
      state.reserve = reserve
      if !reserve.take(), state.trouble == nil {
        state.trouble = StorageFailure(.full, "no room for the reserve")
      }
    }
  }

  func giveUpReserve() {
    state.withLock { state in
      state.reserve?.giveUp()
      state.reserve = nil
    }
  }

  /// Whether the room that is kept could be had again; it is taken then.
  func hasRoom() -> Bool { state.withLock { $0.reserve?.take() ?? false } }

  /// The disk is no longer full.
  func recover() {
    state.withLock { state in
      if state.trouble?.kind == .full { state.trouble = nil }
    }
  }
}

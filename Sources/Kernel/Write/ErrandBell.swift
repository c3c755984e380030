import Synchronization

/// Rung when a command has left an errand that may be performed at once, so that nobody whose contacts
/// are to be found waits until the clock turns by itself.
///
/// One at a time waits for it. What is rung while nobody waits is heard by the next who does.
package final class ErrandBell: Sendable {
  private struct State {
    var isRung = false
    var waiting: CheckedContinuation<Bool, Never>?
    var number = 0
  }

  private let state = Mutex(State())

  package init() {}

  /// An errand waits.
  package func ring() {
    let waiting = state.withLock { state in
      let waiting = state.waiting
      state.waiting = nil
      state.isRung = waiting == nil
      return waiting
    }
    waiting?.resume(returning: true)
  }

  /// Waits until it is rung, for so long at most, or until the task is cancelled.
  ///
  /// - Returns: whether it was rung.
  @discardableResult
  package func wait(atMost limit: Duration) async -> Bool {
    let number = state.withLock { state in
      state.number += 1
      return state.number
    }
    let alarm = Task {
      try? await Task.sleep(for: limit)
      leave(number)
    }
    defer { alarm.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isRung: Bool? = state.withLock { state in
          if state.isRung {
            state.isRung = false
            return true
          }
          if state.number != number { return false }
          state.waiting = continuation
          return nil
        }
        if let isRung { continuation.resume(returning: isRung) }
      }
    } onCancel: {
      leave(number)
    }
  }

  /// Lets whoever waits under this number go; a later one is not meant.
  private func leave(_ number: Int) {
    let waiting = state.withLock { state in
      guard state.number == number else { return nil as CheckedContinuation<Bool, Never>? }
      // Whoever is about to wait is told so by the number.
      state.number += 1
      let waiting = state.waiting
      state.waiting = nil
      return waiting
    }
    waiting?.resume(returning: false)
  }
}

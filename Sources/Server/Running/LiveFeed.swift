import Synchronization

/// Tells open pages that something changed. The desk's `changed` calls it.
package final class LiveFeed: Sendable {
  /// What goes out to a page.
  enum Signal: Sendable {
    case changed
    /// Nothing new; keeps the connection alive.
    case beat
  }

  private struct State {
    var streams: [Int: AsyncStream<Signal>.Continuation] = [:]
    var next = 0
    var isOver = false
  }

  private let state = Mutex(State())

  package init() {}

  /// Something changed.
  package func changed() { send(.changed) }

  func beat() { send(.beat) }

  var listeners: Int { state.withLock { $0.streams.count } }

  /// A stream of signals; nil when there are too many already or the server shuts down.
  ///
  /// A page that is slow gets one signal for many changes.
  func listen(most: Int) -> AsyncStream<Signal>? {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Signal.self, bufferingPolicy: .bufferingNewest(1))
    let number: Int? = state.withLock { state in
      if state.isOver || state.streams.count >= most { return nil }
      state.next += 1
      state.streams[state.next] = continuation
      return state.next
    }
    guard let number else { return nil }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { _ = $0.streams.removeValue(forKey: number) }
    }
    return stream
  }

  /// Ends all streams.
  func finish() {
    let streams = state.withLock { state in
      state.isOver = true
      return Array(state.streams.values)
    }
    for stream in streams { stream.finish() }
  }

  private func send(_ signal: Signal) {
    let streams = state.withLock { Array($0.streams.values) }
    for stream in streams { stream.yield(signal) }
  }
}

import Foundation
import Kernel
import Synchronization

/// Progress of long work on standard error: a line that is overwritten on a terminal, a line every
/// ten seconds elsewhere.
final class ProgressLine: Sendable {
  private struct State {
    var last = ContinuousClock.now
    var isShown = false
  }

  private let voice: Voice
  private let label: Words
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let state = Mutex(State())

  init(_ voice: Voice, _ label: Words) {
    self.voice = voice
    self.label = label
  }

  /// Shows how much is done, as a share from 0 to 1 when it is known.
  func show(_ count: Int, share: Double?) {
    let isDue = state.withLock { state in
      let pause = isTerminal ? Duration.milliseconds(200) : .seconds(10)
      guard ContinuousClock.now - state.last >= pause else { return false }
      state = State(last: .now, isShown: true)
      return true
    }
    guard isDue else { return }
    let percent = share.map { " (\(Int($0 * 100)) %)" } ?? ""
    let text = "\(label(voice.language)) \(count)\(percent)"
    StandardError.write(isTerminal ? "\r\u{1B}[K\(text)" : "\(text)\n")
  }

  /// Takes the line away.
  func finish() {
    let isShown = state.withLock { $0.isShown }
    if isTerminal && isShown { StandardError.write("\r\u{1B}[K") }
  }
}

import Foundation
import Kernel
import Synchronization

/// Speaks to the person at the terminal in their language.
struct Voice: Sendable {
  let language: Language

  /// The language of the locale: Chinese for `zh…`, English otherwise.
  static var fromEnvironment: Voice {
    let environment = ProcessInfo.processInfo.environment
    let locale =
      ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }
      .first { !$0.isEmpty } ?? ""
    return Voice(language: locale.lowercased().hasPrefix("zh") ? .chinese : .english)
  }

  /// A sentence on standard error.
  func note(_ words: Words) {
    FileHandle.standardError.write(Data((words(language) + "\n").utf8))
  }

  /// What went wrong, on standard error.
  func complain(_ words: Words, field: String? = nil) {
    let place = field.map { " (\($0))" } ?? ""
    FileHandle.standardError.write(Data("denghuo: \(words(language))\(place)\n".utf8))
  }

  /// Text on standard output.
  func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

  /// Bytes on standard output as they are.
  func say(bytes: [UInt8]) { FileHandle.standardOutput.write(Data(bytes)) }

  /// A value as JSON on standard output.
  func say(json value: some Encodable) throws {
    say(bytes: try Fields.jsonBytes(value) + [UInt8(ascii: "\n")])
  }
}

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
    FileHandle.standardError.write(Data((isTerminal ? "\r\u{1B}[K\(text)" : "\(text)\n").utf8))
  }

  /// Takes the line away.
  func finish() {
    let isShown = state.withLock { $0.isShown }
    if isTerminal && isShown { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
  }
}

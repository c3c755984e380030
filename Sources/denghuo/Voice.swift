import Foundation
import Kernel

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
final class ProgressLine {
  private let voice: Voice
  private let label: Words
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var last: ContinuousClock.Instant
  private var isShown = false

  init(_ voice: Voice, _ label: Words) {
    self.voice = voice
    self.label = label
    last = .now
  }

  /// Shows how much is done, as a share from 0 to 1 when it is known.
  func show(_ count: Int, share: Double?) {
    guard ContinuousClock.now - last >= (isTerminal ? .milliseconds(200) : .seconds(10)) else {
      return
    }
    last = .now
    isShown = true
    let percent = share.map { " (\(Int($0 * 100)) %)" } ?? ""
    let text = "\(label(voice.language)) \(count)\(percent)"
    FileHandle.standardError.write(Data((isTerminal ? "\r\u{1B}[K\(text)" : "\(text)\n").utf8))
  }

  /// Takes the line away.
  func finish() {
    if isTerminal && isShown { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
  }
}

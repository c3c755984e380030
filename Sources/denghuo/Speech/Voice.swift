import ArgumentParser
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
  func note(_ words: Words) { StandardError.write(words(language) + "\n") }

  /// What went wrong, on standard error.
  func complain(_ words: Words, field: String? = nil) {
    let sentence = words(language)
    let isNamed = field.map { sentence.contains($0) } ?? true
    let place = isNamed ? "" : field.map { " (\($0))" } ?? ""
    StandardError.write("denghuo: \(sentence)\(place)\n")
  }

  /// Text on standard output.
  func say(_ text: String) throws { try StandardOutput.write(Array((text + "\n").utf8)) }

  /// Bytes on standard output as they are.
  func say(bytes: [UInt8]) throws { try StandardOutput.write(bytes) }

  /// A value as JSON on standard output.
  func say(json value: some Encodable) throws {
    try say(bytes: try Fields.jsonBytes(value) + [UInt8(ascii: "\n")])
  }
}

/// A sentence of the help, in the language of the terminal.
func told(_ chinese: String, _ english: String) -> String {
  Words(chinese, english)(Voice.fromEnvironment.language)
}

extension ArgumentHelp {
  /// The help of an option, in the language of the terminal.
  static func told(_ chinese: String, _ english: String) -> ArgumentHelp {
    ArgumentHelp(Words(chinese, english)(Voice.fromEnvironment.language))
  }
}

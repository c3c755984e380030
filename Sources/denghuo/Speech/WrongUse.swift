import ArgumentParser
import Kernel

/// The command was called in a way that means nothing.
struct WrongUse: Error {
  let words: Words

  init(_ chinese: String, _ english: String) { words = Words(chinese, english) }
}

extension WrongUse {
  /// An option has a value that means nothing; names those that do.
  static func noSuch(_ option: String, _ written: String, _ known: [String]) -> WrongUse {
    let names = known.joined(separator: " | ")
    return WrongUse(
      "\(option) 的值“\(written)”无效，可用：\(names)",
      "\(option): “\(written)” means nothing here; use one of: \(names)")
  }

  /// Names the first word that should be a command and is none.
  ///
  /// The argument library would complain of all words behind it at once.
  static func unknownCommand(_ arguments: [String]) -> WrongUse? {
    unknownCommand(arguments[...], below: Denghuo.configuration)
  }

  private static func unknownCommand(
    _ arguments: ArraySlice<String>, below configuration: CommandConfiguration
  ) -> WrongUse? {
    let known = configuration.subcommands.map { $0.configuration }
    guard !known.isEmpty, let word = arguments.first, !word.hasPrefix("-") else { return nil }
    if let next = known.first(where: { $0.commandName == word }) {
      return unknownCommand(arguments.dropFirst(), below: next)
    }
    guard word != "help", configuration.defaultSubcommand == nil else { return nil }
    let names = known.compactMap(\.commandName).joined(separator: ", ")
    return WrongUse(
      "没有“\(word)”这个命令，可用：\(names)", "There is no command “\(word)”; use one of: \(names)")
  }
}

/// The argument library speaks English only: its usual complaints in Chinese.
enum UsageSentences {
  static func chinese(_ message: String) -> String {
    message.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let text = String(line)
      for (pattern, sentence) in patterns {
        if let match = text.firstMatch(of: pattern) { return sentence(match.1, match.2) }
      }
      return text
    }.joined(separator: "\n")
  }

  private typealias Pattern = Regex<(Substring, Substring, Substring)>

  private static var patterns: [(Pattern, (Substring, Substring) -> String)] {
    [
      (#/^Error: Missing expected argument '(.*?)()'$/#, { what, _ in "错误：缺少“\(what)”，请补上" }),
      (#/^Error: Missing value for '(.*?)()'$/#, { what, _ in "错误：“\(what)”后面缺少值，请补上" }),
      (
        #/^Error: Unknown option '(.*?)()'/#,
        { what, _ in "错误：没有“\(what)”这个选项，请核对用法" }
      ),
      (
        #/^Error: (?:\d+ unexpected arguments|Unexpected argument):? (.*)()$/#,
        { what, _ in "错误：多余的参数 \(what)，请删去" }
      ),
      (
        #/^Error: The value '(.*?)' is invalid for '(.*?)'/#,
        { value, option in "错误：“\(option)”的值“\(value)”无效，请核对用法" }
      ),
      (#/^(?:Usage|USAGE): (.*)()$/#, { usage, _ in "用法：\(usage)" }),
      (#/^Help:\s+(.*)()$/#, { what, _ in "说明：\(what)" }),
      (#/^OVERVIEW: (.*)()$/#, { what, _ in "概要：\(what)" }),
      (#/^ARGUMENTS:()()$/#, { _, _ in "参数：" }),
      (#/^OPTIONS:()()$/#, { _, _ in "选项：" }),
      (#/^SUBCOMMANDS:()()$/#, { _, _ in "命令：" }),
      (#/^(  -h, --help +)()Show help information\.$/#, { head, _ in "\(head)显示帮助。" }),
      (#/^  See '(.*)()' for more information\.$/#, { what, _ in "  详见：\(what)" }),
    ]
  }
}

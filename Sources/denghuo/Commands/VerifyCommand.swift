import ArgumentParser
import District
import Kernel

/// `denghuo verify`: the journal's chain and every invariant.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: told(
      "核对日志链与全部不变式。", "Check the journal's chain and every invariant."))

  @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text
  @OptionGroup var folder: FolderOptions

  func run() async throws {
    let voice = Voice.fromEnvironment
    let door = try await folder.door(voice)
    let answer = try await door.ask(
      VerifyEverything.name, .object([:]), purpose: .audit, as: VerifyEverything.Answer.self)
    switch format {
    case .json: try voice.say(json: answer)
    case .text:
      try voice.say(
        Words(
          "日志 \(answer.entries) 条，链首 \(answer.head.prefix(16))…；检查 \(answer.checked) 条不变式，"
            + "\(answer.violated.count) 条不成立",
          "journal of \(answer.entries) entries, head \(answer.head.prefix(16))…; "
            + "\(answer.checked) invariants checked, \(answer.violated.count) violated")(
            voice.language))
      for invariant in District.assembly.invariants { try tell(invariant, answer, voice) }
    }
    if !answer.violated.isEmpty { throw ExitCode(1) }
  }

  /// One line an invariant, with what violates it.
  private func tell(
    _ invariant: Invariant, _ answer: VerifyEverything.Answer, _ voice: Voice
  ) throws {
    let violated = answer.violated.first { $0.sentence == invariant.sentence }
    let verdict = violated == nil ? Words("成立", "holds") : Words("不成立", "VIOLATED")
    let line = "\(invariant.number)  \(verdict(voice.language))  \(invariant.sentence)"
    let examples = violated.map { ": " + $0.violations.prefix(5).joined(separator: ", ") }
    try voice.say(line + (examples ?? ""))
  }
}

import ArgumentParser
import Kernel

/// `denghuo verify`: the journal's chain and every invariant.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check the journal's chain and every invariant.")

  @Option(help: "text or json.") var format = TextOrJSON.text
  @OptionGroup var folder: FolderOptions

  func run() async throws {
    let voice = Voice.fromEnvironment
    let door = try await folder.door(voice)
    let answer = try await door.ask(
      VerifyEverything.name, .object([:]), purpose: .audit, as: VerifyEverything.Answer.self)
    switch format {
    case .json: try voice.say(json: answer)
    case .text:
      voice.say(
        Words(
          "日志 \(answer.entries) 条，链首 \(answer.head.prefix(16))…；检查 \(answer.checked) 条不变式，"
            + "\(answer.violated.count) 条不成立",
          "journal of \(answer.entries) entries, head \(answer.head.prefix(16))…; "
            + "\(answer.checked) invariants checked, \(answer.violated.count) violated")(
            voice.language))
      for violated in answer.violated {
        let examples = violated.violations.prefix(5).joined(separator: ", ")
        voice.say("\(violated.invariant) \(violated.sentence): \(examples)")
      }
    }
    if !answer.violated.isEmpty { throw ExitCode(1) }
  }
}

import ArgumentParser
import Kernel

/// `denghuo perform NAME --json '{…}'`: any command, as programs send it.
struct PerformCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "perform",
    abstract: told("执行一条命令并打印回执。", "Perform a command and print its receipt."))

  @Argument(help: .told("命令名，如 cases.report。", "The command's name, such as cases.report."))
  var name: String
  @Option(help: .told("命令内容（JSON）。", "The command as JSON.")) var json: String
  @OptionGroup var folder: FolderOptions

  private struct Shown: Encodable {
    let receipt: String
    let at: Instant
    let policy: String
    let checkpoint: String?
    let answer: Fields
  }

  func run() async throws {
    let voice = Voice.fromEnvironment
    let body = try Fields.json(Array(json.utf8))
    let receipt = try await folder.door(voice).perform(name, body)
    try voice.say(
      json: Shown(
        receipt: receipt.command.text, at: receipt.at, policy: receipt.policy,
        checkpoint: receipt.checkpoint,
        answer: Fields.json(receipt.answer)))
  }
}

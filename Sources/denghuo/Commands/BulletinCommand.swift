import ArgumentParser
import District
import Foundation
import Headquarters
import Kernel
import Spreadsheets

/// `denghuo bulletin`: the figures of a window; `denghuo bulletin check`: a published text read back.
struct BulletinCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bulletin", abstract: "The bulletin of a window, or published ones checked.",
    subcommands: [Compose.self, Check.self], defaultSubcommand: Compose.self)

  struct Compose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "window", abstract: "The figures of a window [from, to).")

    @Option(help: "The window's beginning.") var from: String
    @Option(help: "The window's end, which is outside.") var to: String
    @Option(help: "text, json or csv.") var format = AnyFormat.text
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let query = WordBulletin(
        from: try instantArgument(from, "from"), to: try instantArgument(to, "to"))
      let door = try await folder.door(voice)
      let answer = try await door.ask(
        WordBulletin.name, Fields.json(Fields.jsonBytes(query)), purpose: .bulletin,
        as: WordBulletin.Answer.self)
      switch format {
      case .json: try voice.say(json: answer.figures)
      case .text: voice.say(voice.language == .chinese ? answer.chinese : answer.english)
      case .csv:
        var writer = DelimitedWriter(lineEnd: "\n")
        for row in answer.table { try writer.append(row) }
        voice.say(bytes: writer.takeBytes())
      }
      if !answer.figures.reconciles { throw ExitCode(1) }
    }
  }

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read published bulletin texts back into numbers and see whether they add up.")

    @Argument(help: "Text files.") var files: [String]
    @Option(help: "A table date,district,confirmed,asymptomatic to compare with.")
    var against: String?
    @Option(help: "text or json.") var format = TextOrJSON.text

    func run() async throws {
      let voice = Voice.fromEnvironment
      let table = try against.map { path in
        try BulletinTable(
          FileTable.read(
            path,
            columns: [
              Column("date", aliases: ["日期"]), Column("district", aliases: ["区", "区县"]),
              Column("confirmed", aliases: ["确诊"]), Column("asymptomatic", aliases: ["无症状"]),
            ], voice: voice))
      }
      let checks = try files.map { file in
        try FileTable.exists(file)
        guard let bytes = FileManager.default.contents(atPath: file) else {
          throw SpreadsheetFault(.fileUnreadable)
        }
        let text = BulletinText(file: file, bytes: Array(bytes))
        return BulletinTextCheck(text, against: table)
      }
      switch format {
      case .json: try voice.say(json: checks)
      case .text: for check in checks { voice.say(check.text(voice.language)) }
      }
      if checks.contains(where: { !$0.reconciles }) { throw ExitCode(1) }
    }
  }
}

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
    subcommands: [Check.self])

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

import ArgumentParser
import Headquarters
import Kernel
import Spreadsheets

/// `denghuo bulletin`: the figures of a window; `denghuo bulletin check`: a published text read back.
struct BulletinCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bulletin",
    abstract: told(
      "一段时间的通报，或核对已发布的通报。", "The bulletin of a window, or published ones checked."),
    subcommands: [Compose.self, Check.self], defaultSubcommand: Compose.self)

  struct Compose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "window",
      abstract: told("时间段 [from, to) 的数字。", "The figures of a window [from, to)."))

    @Option(help: .told("起始时间。", "The window's beginning.")) var from: String
    @Option(help: .told("结束时间（不含）。", "The window's end, which is outside.")) var to: String
    @Option(help: .told("text、json 或 csv。", "text, json or csv.")) var format = AnyFormat.text
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
      case .text: try voice.say(voice.language == .chinese ? answer.chinese : answer.english)
      case .csv:
        var writer = DelimitedWriter(lineEnd: "\n")
        for row in answer.table { try writer.append(row) }
        try voice.say(bytes: writer.takeBytes())
      }
      if answer.figures.reconciles { return }
      if format != .json {
        for difference in answer.figures.differences { voice.complain(difference.words) }
      }
      throw ExitCode(1)
    }
  }

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check",
      abstract: told(
        "把已发布的通报读回数字并核对。",
        "Read published bulletin texts back into numbers and see whether they add up."))

    @Argument(help: .told("文本文件或文件夹。", "Text files, or folders of them.")) var files: [String]
    @Option(
      help: .told(
        "对照表 date,district,confirmed,asymptomatic。",
        "A table date,district,confirmed,asymptomatic to compare with."))
    var against: String?
    @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text

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
      let found = try NamedFile.all(files)
      guard !found.isEmpty else {
        throw WrongUse("文件夹里没有文件", "There is no file in the folder")
      }
      let checks = try found.map { file in
        let path = try NamedFile.path(file)
        let text = try FaultyFile.naming(file) { try WholeText.read(path: path) }
        return BulletinTextCheck(BulletinText(file: file, text: text), against: table)
      }
      switch format {
      case .json: try voice.say(json: checks)
      case .text:
        for check in checks {
          try voice.say(check.text(voice.language).trimmingWhitespace())
        }
      }
      if checks.contains(where: { !$0.reconciles }) { throw ExitCode(1) }
    }
  }
}

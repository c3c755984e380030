import ArgumentParser
import District
import Foundation
import Kernel
import Spreadsheets

/// `denghuo import KIND FILE…`: right rows are kept, wrong ones are written to a file.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: told(
      "导入文件：places、residents、cases、visits、scans、encounters、tracks、leads、registrations、results、zones。",
      "Take in files: places, residents, cases, visits, scans, encounters, tracks, leads, registrations, results, zones."
    ))

  @Argument(help: .told("文件的种类。", "What the files hold.")) var kind: String
  @Argument(help: .told("CSV 或 XLSX 文件，- 为标准输入。", "CSV or XLSX files; - is standard input."))
  var files: [String]
  @OptionGroup var folder: FolderOptions
  @Flag(help: .told("只检查，不写入。", "Check everything and write nothing.")) var dryRun = false
  @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text
  @Option(help: .told("XLSX 文件的工作表。", "The sheet of an XLSX file.")) var sheet: String?
  @Option(help: .told("被拒绝的行写到哪里。", "Where rejected rows go.")) var rejected: String?

  func run() async throws {
    let voice = Voice.fromEnvironment
    guard let kind = District.assembly.imports[kind] else {
      let kinds = District.assembly.imports.keys.sorted().joined(separator: ", ")
      throw WrongUse("不能导入“\(kind)”，可用：\(kinds)", "There is no import “\(kind)”; use \(kinds)")
    }
    let prepared = try kind.kind == "tracks" ? TrackFiles.prepare(files) : nil
    let sources = try sources(of: kind, files: prepared.map { [$0.tracks] } ?? files, voice)
    let door = try await folder.door(voice)
    if kind.kind == "scans", !dryRun, let lists = ScanLists(files, voice) {
      let summary = try await lists.load(through: door)
      return try tell(summary, voice)
    }
    var importing = Importing(
      kind: kind, sources: sources, door: door, voice: voice, isRehearsal: dryRun,
      rejectedPath: rejected, shared: prepared?.shared ?? [:])
    let (summary, stopped, unwritten) = await importing.takeAll()
    if stopped == nil || summary.read > 0 { try tell(summary, voice) }
    if let stopped {
      if summary.read > 0 {
        voice.note(
          Words(
            "导入中途停止；排除故障后把同一文件再导入一次，已导入的行会算作重复",
            "The import stopped half-way; when it is mended import the same file again: rows that "
              + "were taken in count as duplicates"))
      }
      throw stopped
    }
    if let unwritten {
      throw FaultyFile(file: rejected ?? sources[0].rejectedName, fault: unwritten)
    }
    if summary.rejected > 0 { throw ExitCode(1) }
  }

  /// Looks at every file before anything is written.
  private func sources(
    of kind: ImportKind, files: [String], _ voice: Voice
  ) throws -> [ImportSource] {
    let columns = kind.columns.map {
      Column($0.name, aliases: $0.aliases, required: $0.isRequired)
    }
    let sources = try files.map { try ImportSource($0, sheet: sheet, columns: columns) }
    if let rejected, let same = sources.first(where: { $0.isSame(as: rejected) }) {
      throw WrongUse(
        "--rejected 不能是导入的文件“\(same.file)”本身，请换一个文件名",
        "--rejected cannot be the imported file “\(same.file)” itself; choose another name")
    }
    // The columns of an export, and of a file of rejected rows, are nobody's mistake.
    let known = Set((District.assembly.exports[kind.kind]?.header ?? []) + ["row", "reason"])
    var told = known
    FileTable.noteExtra(
      sources.flatMap(\.extraColumns).filter { told.insert($0).inserted }, voice)
    return sources
  }

  private func tell(_ summary: ImportSummary, _ voice: Voice) throws {
    switch format {
    case .json: try voice.say(json: summary)
    case .text: try voice.say(summary.sentence(voice.language, dryRun: dryRun))
    }
  }
}

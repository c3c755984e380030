import ArgumentParser
import District
import Foundation
import Kernel

/// `denghuo import KIND FILE…`: right rows are kept, wrong ones are written to a file.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Take in files: places, residents, cases, visits, …")

  @Argument(help: "What the files hold.") var kind: String
  @Argument(help: "CSV or XLSX files.") var files: [String]
  @OptionGroup var folder: FolderOptions
  @Flag(help: "Check everything and write nothing.") var dryRun = false
  @Option(help: "text or json.") var format = TextOrJSON.text
  @Option(help: "The sheet of an XLSX file.") var sheet: String?
  @Option(help: "Where rejected rows go.") var rejected: String?

  func run() async throws {
    let voice = Voice.fromEnvironment
    guard let kind = District.assembly.imports[kind] else {
      let kinds = District.assembly.imports.keys.sorted().joined(separator: ", ")
      throw WrongUse("不能导入“\(kind)”，可用：\(kinds)", "There is no import “\(kind)”; use \(kinds)")
    }
    var files = self.files
    var shared: [String: Fields] = [:]
    if kind.kind == "tracks" {
      let prepared = try TrackFiles.prepare(files, voice: voice)
      files = [prepared.tracks]
      shared = prepared.shared
    }
    let door = try await folder.door(voice)
    var importing = Importing(
      kind: kind, door: door, voice: voice, isRehearsal: dryRun, rejectedPath: rejected,
      shared: shared)
    for file in files { try await importing.take(file: file, sheet: sheet) }
    let summary = try await importing.finish()
    switch format {
    case .json: try voice.say(json: summary)
    case .text: voice.say(summary.sentence(voice.language, dryRun: dryRun))
    }
    if summary.rejected > 0 { throw ExitCode(1) }
  }
}

/// What became of the rows: `read = accepted + rejected + duplicate + leads`.
struct ImportSummary: Encodable {
  let kind: String
  var read = 0
  var accepted = 0
  var rejected = 0
  var duplicate = 0
  var leads = 0
  var rejectedFile: String?

  init(kind: String) { self.kind = kind }

  func sentence(_ language: Language, dryRun: Bool) -> String {
    let words = Words(
      """
      \(dryRun ? "试运行（未写入）：" : "")\(kind)：读取 \(read) 行 = 接受 \(accepted) + 拒绝 \(rejected) + 重复 \
      \(duplicate) + 线索 \(leads)\(rejectedFile.map { "；被拒绝的行在 \($0)，更正后可再次导入" } ?? "")
      """,
      """
      \(dryRun ? "rehearsal, nothing written: " : "")\(kind): \(read) rows read = \(accepted) accepted \
      + \(rejected) rejected + \(duplicate) duplicate + \(leads) leads\
      \(rejectedFile.map { "; rejected rows are in \($0): correct them and import that file" } ?? "")
      """)
    return words(language)
  }

  private enum CodingKeys: String, CodingKey {
    case kind
    case read
    case accepted
    case rejected
    case duplicate
    case leads
    case rejectedFile = "rejected_file"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(read, forKey: .read)
    try container.encode(accepted, forKey: .accepted)
    try container.encode(rejected, forKey: .rejected)
    try container.encode(duplicate, forKey: .duplicate)
    try container.encode(leads, forKey: .leads)
    try container.encode(rejectedFile, forKey: .rejectedFile)
  }
}

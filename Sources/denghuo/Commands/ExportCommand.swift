import ArgumentParser
import District
import Kernel
import Spreadsheets

/// `denghuo export KIND`: the same headers as import, so that what was exported imports back.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: told("导出，格式与导入相同。", "Give out what import takes in."))

  @Argument(help: .told("导出什么。", "What to export.")) var kind: String
  @OptionGroup var folder: FolderOptions
  @Option(help: .told("csv 或 json。", "csv or json.")) var format = CSVOrJSON.csv

  func run() async throws {
    let voice = Voice.fromEnvironment
    guard let kind = District.assembly.exports[kind] else {
      let kinds = District.assembly.exports.keys.sorted().joined(separator: ", ")
      throw WrongUse("不能导出“\(kind)”，可用：\(kinds)", "There is no export “\(kind)”; use \(kinds)")
    }
    let door = try await folder.door(voice)
    var output = ExportOutput(header: kind.header, format: format)
    var after: String?
    repeat {
      let body = Fields.object(after.map { ["after": .text($0)] } ?? [:])
      let page = try await door.ask(
        kind.query, body, purpose: .exchange, as: ExportAnswer.self)
      // A refusal of the first page leaves standard output empty.
      try voice.say(bytes: try output.page(page.rows))
      after = page.after
    } while after != nil
    try voice.say(bytes: output.end())
  }
}

/// Rows as CSV or as a JSON array of objects, page by page.
private struct ExportOutput {
  private let header: [String]
  private let format: CSVOrJSON
  private var writer = DelimitedWriter(lineEnd: "\n")
  private var hasBegun = false
  private var count = 0

  init(header: [String], format: CSVOrJSON) {
    self.header = header
    self.format = format
  }

  /// The bytes of a page, with what stands before the first.
  mutating func page(_ rows: [[String]]) throws -> [UInt8] {
    defer { hasBegun = true }
    switch format {
    case .csv:
      if !hasBegun { try writer.append(header) }
      for row in rows { try writer.append(row) }
      return writer.takeBytes()
    case .json:
      var bytes = hasBegun ? [] : Array("[".utf8)
      for row in rows {
        let members = Dictionary(zip(header, row)) { first, _ in first }
        bytes += Array((count == 0 ? "\n" : ",\n").utf8) + (try Fields.jsonBytes(members))
        count += 1
      }
      return bytes
    }
  }

  func end() -> [UInt8] { format == .json ? Array("\n]\n".utf8) : [] }
}

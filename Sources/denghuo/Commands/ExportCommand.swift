import ArgumentParser
import District
import Foundation
import Kernel
import Spreadsheets

/// `denghuo export KIND`: the same headers as import, so that what was exported imports back.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Give out what import takes in.")

  @Argument(help: "What to export.") var kind: String
  @OptionGroup var folder: FolderOptions
  @Option(help: "csv or json.") var format = CSVOrJSON.csv

  func run() async throws {
    let voice = Voice.fromEnvironment
    guard let kind = District.assembly.exports[kind] else {
      let kinds = District.assembly.exports.keys.sorted().joined(separator: ", ")
      throw WrongUse("不能导出“\(kind)”，可用：\(kinds)", "There is no export “\(kind)”; use \(kinds)")
    }
    let door = try await folder.door(voice)
    var output = ExportOutput(header: kind.header, format: format, voice: voice)
    try output.begin()
    var after: String?
    repeat {
      let body = Fields.object(after.map { ["after": .text($0)] } ?? [:])
      let page = try await door.ask(
        kind.query, body, purpose: .exchange, as: ExportAnswer.self)
      for row in page.rows { try output.add(row) }
      after = page.after
    } while after != nil
    try output.end()
  }
}

/// Rows as CSV or as a JSON array of objects, written as they come.
private struct ExportOutput {
  let header: [String]
  let format: CSVOrJSON
  let voice: Voice
  private var writer = DelimitedWriter(lineEnd: "\n")
  private var count = 0

  init(header: [String], format: CSVOrJSON, voice: Voice) {
    self.header = header
    self.format = format
    self.voice = voice
  }

  mutating func begin() throws {
    if format == .csv { try add(cells: header) } else { voice.say(bytes: Array("[".utf8)) }
  }

  mutating func add(_ row: [String]) throws {
    guard format == .json else { return try add(cells: row) }
    let members = Dictionary(zip(header, row)) { first, _ in first }
    let comma = count == 0 ? "\n" : ",\n"
    voice.say(bytes: Array(comma.utf8) + (try Fields.jsonBytes(members)))
    count += 1
  }

  func end() throws {
    if format == .json { voice.say(bytes: Array("\n]\n".utf8)) }
  }

  private mutating func add(cells: [String]) throws {
    try writer.append(cells)
    voice.say(bytes: writer.takeBytes())
  }
}

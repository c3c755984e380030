import ArgumentParser
import Detection
import Kernel
import Spreadsheets

/// `denghuo contacts CASE`: who was near, in the columns of the contacts file.
struct ContactsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contacts",
    abstract: told("病例的接触者及依据。", "The contacts of a case with their evidence."))

  @Argument(help: .told("病例编号。", "The case's number.")) var infection: String
  @Option(help: .told("text、json 或 csv。", "text, json or csv.")) var format = AnyFormat.text
  @OptionGroup var folder: FolderOptions

  func run() async throws {
    let voice = Voice.fromEnvironment
    let door = try await folder.door(voice)
    let query = ContactsOfCase(infection: try CaseID(infection, field: "case"))
    let answer = try await door.ask(
      ContactsOfCase.name, Fields.json(Fields.jsonBytes(query)), purpose: .investigation,
      as: ContactsOfCase.Answer.self)
    let rows = answer.rows(in: .china)
    switch format {
    case .csv:
      var writer = DelimitedWriter(lineEnd: "\n")
      for row in [answer.header] + rows { try writer.append(row) }
      try voice.say(bytes: writer.takeBytes())
    case .json:
      try voice.say(json: rows.map { ContactLine(header: answer.header, cells: $0) })
    case .text:
      if rows.isEmpty {
        return try voice.say(Words("没有接触者", "nobody was near")(voice.language))
      }
      for row in rows { try voice.say(row.dropFirst().joined(separator: "  ")) }
    }
  }
}

/// A line of the contacts file as an object: counts are numbers, the rest is text.
private struct ContactLine: Encodable {
  let header: [String]
  let cells: [String]

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private static let numbers: Set<String> = ["degree", "overlap_seconds", "visits"]

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for (name, cell) in zip(header, cells) {
      if Self.numbers.contains(name), let number = Int(cell) {
        try container.encode(number, forKey: Key(name))
      } else {
        try container.encode(cell, forKey: Key(name))
      }
    }
  }
}

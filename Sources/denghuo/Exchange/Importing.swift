import Foundation
import Kernel
import Spreadsheets

/// One import: rows go to the district in commands of a few hundred; what it refuses goes to a file.
struct Importing {
  private let kind: ImportKind
  private let door: any Door
  private let voice: Voice
  private let isRehearsal: Bool
  private let rejectedPath: String?
  private let run = UUID().uuidString.lowercased()
  /// Values that every command of this import carries besides its rows.
  private let shared: [String: Fields]
  private var summary: ImportSummary
  private var rejects: RejectedRows?
  private var rejectsHeader: [String] = []
  private var waiting: [Spreadsheets.Row] = []
  private var rehearsed: [(rows: [Spreadsheets.Row], body: Fields)] = []
  private let progress: ProgressLine
  private var toldExtra: Set<String> = []
  private var shownReasons = 0

  /// So many reasons are shown on the terminal; all are in the file.
  private static let mostReasonsShown = 20

  init(
    kind: ImportKind, door: any Door, voice: Voice, isRehearsal: Bool, rejectedPath: String?,
    shared: [String: Fields] = [:]
  ) {
    self.kind = kind
    self.door = door
    self.voice = voice
    self.isRehearsal = isRehearsal
    self.rejectedPath = rejectedPath
    self.shared = shared
    summary = ImportSummary(kind: kind.kind)
    progress = ProgressLine(voice, Words("已读取行数", "rows read:"))
  }

  private var columns: [Column] {
    kind.columns.map { Column($0.name, aliases: $0.aliases, required: $0.isRequired) }
  }

  /// Takes in one file.
  ///
  /// - Throws: a fault when the file as a whole cannot be read; rows before it are kept.
  mutating func take(file: String, sheet: String?) async throws {
    guard FileManager.default.fileExists(atPath: file) else {
      throw WrongUse("没有文件“\(file)”", "There is no file “\(file)”")
    }
    var table = try Table(path: file, sheet: sheet, columns: columns)
    noteExtra(table.extraColumns)
    if rejects == nil {
      rejectsHeader = table.header
      summary.rejectedFile = nil
      pathOfRejects = rejectedPath ?? Self.rejectedName(of: file)
    }
    while let entry = try table.next() {
      summary.read += 1
      switch entry {
      case .faulty(let faulty):
        let reason = Words(faulty.fault.chinese, faulty.fault.english)
        try reject(number: faulty.number, reason) { try $0.append(faulty, reason: $1) }
      case .row(let row):
        if let column = kind.columns.first(where: { row.hasLostDigits($0.name) }) {
          try reject(row, Self.lostDigits(column.name))
        } else {
          waiting.append(row)
        }
      }
      progress.show(summary.read, share: table.progress.fraction)
      if waiting.count == kind.rowsPerCommand { try await flush() }
    }
    try await flush()
  }

  private var pathOfRejects = ""

  /// Ends the import and says what became of the rows.
  mutating func finish() async throws -> ImportSummary {
    if isRehearsal && !rehearsed.isEmpty {
      let commands = rehearsed.map { (name: kind.command, body: $0.body) }
      let answers = try await door.rehearse(commands)
      for (part, answer) in zip(rehearsed, answers) { try settle(part.rows, answer) }
    }
    try rejects?.finish()
    progress.finish()
    return summary
  }

  private mutating func flush() async throws {
    guard !waiting.isEmpty else { return }
    let rows = waiting
    waiting = []
    var body = shared
    body["rows"] = .list(rows.map { .object($0.fields.mapValues { .text($0) }) })
    body["run"] = .text(run)
    if isRehearsal {
      rehearsed.append((rows, .object(body)))
    } else {
      try settle(rows, try await door.submit(kind.command, .object(body)).answer)
    }
  }

  private mutating func settle(_ rows: [Spreadsheets.Row], _ answer: [UInt8]) throws {
    let answer = try Fields.json(answer).decoded(ImportAnswer.self, strict: false)
    summary.accepted += answer.accepted
    for outcome in answer.outcomes {
      switch outcome.verdict {
      case .duplicate: summary.duplicate += 1
      case .lead: summary.leads += 1
      case .rejected:
        let field = outcome.field.map { "\($0): " } ?? ""
        try reject(
          rows[outcome.row],
          Words(field + outcome.words.chinese, field + outcome.words.english))
      }
    }
  }

  private mutating func reject(_ row: Spreadsheets.Row, _ reason: Words) throws {
    try reject(number: row.number, reason) { try $0.append(row, reason: $1) }
  }

  private mutating func reject(
    number: Int, _ reason: Words, write: (inout RejectedRows, String) throws -> Void
  ) throws {
    summary.rejected += 1
    if shownReasons < Self.mostReasonsShown {
      progress.finish()
      voice.note(Words("第 \(number) 行：\(reason.chinese)", "row \(number): \(reason.english)"))
      shownReasons += 1
    }
    if rejects == nil {
      rejects = try RejectedRows(path: pathOfRejects, header: rejectsHeader)
      summary.rejectedFile = pathOfRejects
    }
    guard var file = rejects else { return }
    try write(&file, reason(voice.language))
    rejects = file
  }

  private mutating func noteExtra(_ extra: [String]) {
    let new = extra.filter { toldExtra.insert($0).inserted && !["row", "reason"].contains($0) }
    guard !new.isEmpty else { return }
    let names = new.joined(separator: ", ")
    voice.note(Words("忽略了不认识的列：\(names)", "columns that mean nothing here were ignored: \(names)"))
  }

  private static func rejectedName(of file: String) -> String {
    let name = URL(filePath: file).deletingPathExtension().lastPathComponent
    return "\(name).rejected.csv"
  }

  private static func lostDigits(_ column: String) -> Words {
    Words(
      "\(column)：号码被电子表格按数字保存，末几位已丢失；请把该列设为“文本”后重新填写",
      "\(column): the spreadsheet kept this as a number and lost its last digits; format the column "
        + "as text and enter it again")
  }
}

import Foundation
import Kernel
import Spreadsheets

/// One import: rows go to the district in commands of a few hundred; what it refuses goes to a file.
struct Importing {
  /// A row on its way, and where it stands.
  private struct Waiting {
    let fields: [String: String]
    let cells: [String]
    let number: Int
    let file: Int
  }

  private let kind: ImportKind
  private let door: any Door
  private let voice: Voice
  private let isRehearsal: Bool
  private let sources: [ImportSource]
  private let run = UUID().uuidString.lowercased()
  /// Values that every command of this import carries besides its rows.
  private let shared: [String: Fields]
  private var whole: WholeFile?
  private var summary: ImportSummary
  private var rejects: RejectsFile
  private var waiting: [Waiting] = []
  private var rehearsed: [(rows: [Waiting], body: Fields)] = []
  private let progress: ProgressLine
  private var count = 0
  private var shownReasons = 0

  /// So many reasons are shown on the terminal; all are in the file.
  private static let mostReasonsShown = 20

  init(
    kind: ImportKind, sources: [ImportSource], door: any Door, voice: Voice, isRehearsal: Bool,
    rejectedPath: String?, shared: [String: Fields] = [:]
  ) {
    self.kind = kind
    self.sources = sources
    self.door = door
    self.voice = voice
    self.isRehearsal = isRehearsal
    self.shared = shared
    summary = ImportSummary(kind: kind.kind)
    progress = ProgressLine(voice, Words("已读取行数", "rows read:"))
    // A rehearsal writes nothing unless it is told where.
    let usual = isRehearsal ? nil : sources.first?.rejectedName
    rejects = RejectsFile(path: rejectedPath ?? usual, header: Self.header(sources, kind))
  }

  /// The columns of the file of rejected rows: those of the input, or the kind's own when several
  /// files have different ones.
  private static func header(_ sources: [ImportSource], _ kind: ImportKind) -> [String] {
    let first = sources.first?.header ?? []
    return sources.allSatisfy { $0.header == first } ? first : kind.columns.map(\.name)
  }

  private var isMixed: Bool { !sources.allSatisfy { $0.header == sources.first?.header } }

  /// Takes in every file; says what became of the rows even when something stopped it.
  mutating func takeAll() async -> (
    summary: ImportSummary, stopped: (any Error)?, unwritten: SpreadsheetFault?
  ) {
    var stopped: (any Error)?
    do {
      whole = try WholeFile(kind, sources)
      for index in sources.indices { try await take(index) }
      try await settleRehearsal()
      if !isRehearsal { try await door.followUp() }
    } catch {
      stopped = error
    }
    rejects.finish()
    summary.rejectedFile = rejects.writtenPath
    progress.finish()
    return (summary, stopped, rejects.fault)
  }

  private mutating func take(_ index: Int) async throws {
    var table = try sources[index].table()
    while true {
      let entry: TableEntry
      do throws(SpreadsheetFault) {
        guard let next = try table.next() else { break }
        entry = next
      } catch {
        try await flush()
        throw FaultyFile(
          file: sources[index].file, fault: error,
          consequence: Words(
            "此前的行已处理，此后的行没有读。", " The rows before it were dealt with; none behind it was read."))
      }
      try keep(entry, index, table)
      count += 1
      progress.show(count, share: table.progress.fraction)
      if waiting.count == kind.rowsPerCommand { try await flush() }
    }
    try await flush()
  }

  private mutating func keep(_ entry: TableEntry, _ index: Int, _ table: Table) throws {
    switch entry {
    case .faulty(let faulty):
      let cells = aligned(faulty.cells, table, isWhole: faulty.cells.count >= table.header.count)
      reject(
        Waiting(fields: [:], cells: cells, number: faulty.number, file: index),
        faulty.fault.words, namesRow: true)
    case .row(let row):
      let cells = aligned(row.cells, table, isWhole: true)
      let waits = Waiting(fields: row.fields, cells: cells, number: row.number, file: index)
      if let column = kind.columns.first(where: { row.hasLostDigits($0.name) }) {
        reject(waits, Self.lostDigits(column.name))
      } else {
        waiting.append(waits)
      }
    }
  }

  /// The cells in the order of the file of rejected rows.
  private func aligned(_ cells: [String], _ table: Table, isWhole: Bool) -> [String] {
    guard isMixed, isWhole else { return cells }
    return kind.columns.map { table.position(of: $0.name).map { cells[$0] } ?? "" }
  }

  private mutating func flush() async throws {
    guard !waiting.isEmpty else { return }
    let rows = waiting
    waiting = []
    var body = shared
    body["rows"] = .list(rows.map { .object($0.fields.mapValues { .text($0) }) })
    body["run"] = .text(run)
    if let whole { body.merge(whole.said(with: rows.map(\.fields))) { own, _ in own } }
    if isRehearsal {
      rehearsed.append((rows, .object(body)))
    } else {
      try settle(rows, try await door.submit(kind.command, .object(body)).answer)
    }
  }

  private mutating func settleRehearsal() async throws {
    guard !rehearsed.isEmpty else { return }
    let commands = rehearsed.map { (name: kind.command, body: $0.body) }
    let answers = try await door.rehearse(commands)
    for (part, answer) in zip(rehearsed, answers) { try settle(part.rows, answer) }
  }

  private mutating func settle(_ rows: [Waiting], _ answer: [UInt8]) throws {
    let answer = try Fields.json(answer).decoded(ImportAnswer.self, strict: false)
    summary.accepted += answer.accepted
    for outcome in answer.outcomes {
      switch outcome.verdict {
      case .duplicate: summary.duplicate += 1
      case .lead: summary.leads += 1
      case .rejected: reject(rows[outcome.row], outcome.reason)
      }
    }
  }

  private mutating func reject(_ row: Waiting, _ reason: Words, namesRow: Bool = false) {
    summary.rejected += 1
    rejects.append(row.cells, number: row.number, reason: reason(voice.language))
    guard shownReasons < Self.mostReasonsShown || !rejects.isKept else { return }
    shownReasons += 1
    progress.finish()
    let file = sources.count > 1 ? "\(sources[row.file].file) " : ""
    voice.note(
      Words(
        file + (namesRow ? "" : "第 \(row.number) 行：") + reason.chinese,
        file + (namesRow ? "" : "row \(row.number): ") + reason.english))
  }

  private static func lostDigits(_ column: String) -> Words {
    Words(
      "\(column)：号码被电子表格按数字保存，末几位已丢失；请把该列设为“文本”后重新填写",
      "\(column): the spreadsheet kept this as a number and lost its last digits; format the column "
        + "as text and enter it again")
  }
}

extension ImportAnswer.Outcome {
  /// Why a row was not taken, with the column when the words do not name it.
  fileprivate var reason: Words {
    guard let field, !words.english.contains(field) else { return words }
    return Words("\(field)：\(words.chinese)", "\(field): \(words.english)")
  }
}

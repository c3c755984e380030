import District
import Foundation
import Kernel
import Spreadsheets
import Visits

/// A file whose rows come past a search: fast when it is plain text in UTF-8, otherwise by way of
/// the reader that knows every encoding, workbooks and how to explain what is wrong.
struct SearchRows {
  /// The number of rows that are named before a file is refused.
  private static let mostFaults = 100

  let file: String
  let path: String
  let columns: [Column]
  let voice: Voice

  /// A row of the slower reader: cells in the order of the columns asked for.
  typealias Take = (_ row: Spreadsheets.Row) throws(RowFault) -> Void

  init(_ file: String, columns: [Column], voice: Voice) throws {
    self.file = file
    self.columns = columns
    self.voice = voice
    path = try NamedFile.path(file)
  }

  /// The columns of a kind of file that can be imported, of which a search needs only some.
  static func columns(of kind: String, needed: Set<String>) -> [Column] {
    let known = District.assembly.imports[kind]?.columns ?? []
    return known.map {
      Column($0.name, aliases: $0.aliases, required: needed.contains($0.name))
    }
  }

  /// Whether the rows can be read more than once.
  var isRepeatable: Bool {
    var facts = stat()
    return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
  }

  /// Reads all rows with the slower reader.
  ///
  /// - Throws: the fault of the file, or a refusal when rows are wrong: all of them are named.
  func read(noting isFirst: Bool, progress: ProgressLine, _ take: Take) throws {
    var faults = 0
    try FaultyFile.naming(file) {
      var table = try Table(path: path, columns: columns)
      if isFirst { FileTable.noteExtra(table.extraColumns, voice) }
      var count = 0
      while let entry = try table.next(), faults < Self.mostFaults {
        count += 1
        if count % 4_096 == 0 { progress.show(count, share: nil) }
        switch entry {
        case .faulty(let faulty):
          faults += 1
          voice.complain(
            Words("\(file)：\(faulty.fault.chinese)", "\(file): \(faulty.fault.english)"))
        case .row(let row):
          do throws(RowFault) { try take(row) } catch {
            faults += 1
            voice.complain(error.words(in: file, row: row.number))
          }
        }
      }
    }
    guard faults > 0 else { return }
    throw Refusal(
      .invalid, "search.rowsWrong",
      Words(
        "\(file)有\(faults)行不对，没有给出结果；请改正后重试",
        "\(file): \(faults) rows are wrong and nothing was answered; correct them and try again"))
  }
}

/// What is wrong with a row of a search; cells are never quoted.
struct RowFault: Error {
  let field: String
  let problem: Words

  func words(in file: String, row: Int) -> Words {
    Words(
      "\(file)：第\(row)行“\(field)”：\(problem.chinese)",
      "\(file): row \(row), “\(field)”: \(problem.english)")
  }

  static func missing(_ field: String) -> RowFault {
    RowFault(field: field, problem: Words("没有填，请补上", "is empty; fill it in"))
  }

  static func noTime(_ field: String) -> RowFault {
    RowFault(
      field: field,
      problem: Words(
        "不是 1970 至 2106 年间的时间，应如 2022-11-29T08:30+08:00",
        "is no time between 1970 and 2106; write it like 2022-11-29T08:30+08:00"))
  }

  static let reversed = RowFault(
    field: "to", problem: Words("早于“from”，请核对两个时间", "is before “from”; check both times"))
  static let noSeconds = RowFault(
    field: "seconds", problem: Words("不是秒数，应为 0 以上的整数", "is no number of seconds, 0 or more"))
}

/// Instants of a file, in the forms that programs write and in those that people write.
struct SearchClock {
  var text = ClockText(zone: SearchClock.zone)
  private let padded = PaddedText()

  /// Without a data folder the zone is China's.
  static let zone = Zone.china.secondsFromUTC

  mutating func seconds(_ row: Spreadsheets.Row, _ field: String) throws(RowFault) -> UInt32 {
    guard let cell = row[field]?.trimmingWhitespace() else { throw RowFault.missing(field) }
    if let seconds = text.seconds(padded.field(cell)) { return seconds }
    guard let instant = Instant(cell, in: .china),
      let seconds = UInt32(exactly: instant.milliseconds / 1_000), instant.milliseconds >= 0
    else { throw RowFault.noTime(field) }
    return seconds
  }

  /// How instants are written in the answer.
  func written(_ seconds: UInt32) -> String {
    let usual = InstantForm.clock(
      separator: UInt8(ascii: "T"), showsSeconds: true, offset: Self.zone)
    return (text.form ?? usual).text(seconds, zone: Self.zone)
  }
}

/// A window of time on the command line.
struct SearchWindow {
  let span: SecondSpan?

  init(from: String?, to: String?) throws {
    guard from != nil || to != nil else {
      span = nil
      return
    }
    let low = try from.map { try Self.second($0, "from") } ?? 0
    let high = try to.map { try Self.second($0, "to") } ?? .max
    guard low <= high else {
      throw WrongUse("--to 早于 --from，请核对", "--to is before --from; check both")
    }
    span = SecondSpan(low, high)
  }

  private static func second(_ written: String, _ option: String) throws -> UInt32 {
    let instant = try instantArgument(written, option)
    return UInt32(clamping: instant.milliseconds / 1_000)
  }
}

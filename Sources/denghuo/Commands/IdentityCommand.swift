import ArgumentParser
import District
import Kernel
import Registry
import Spreadsheets

/// `denghuo identity check FILE`.
struct IdentityCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identity", abstract: told("身份证件号码。", "Identity numbers."),
    subcommands: [Check.self])

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check",
      abstract: told(
        "核对身份证号，每行一个或在某一列（GB 11643）。",
        "Judge identity numbers, one a line or in a column (GB 11643)."))

    @Argument(
      help: .told(
        "每行一个号码的文件，或 CSV、XLSX 加 --column。",
        "A list, or a CSV or XLSX file with --column."))
    var file: String
    @Option(
      help: .told(
        "按哪一天判断，默认今天。", "The day on which they are judged; today unless given."))
    var asOf: String?
    @Option(help: .told("号码所在的列。", "The column that holds the numbers.")) var column: String?
    @Option(help: .told("csv 或 json。", "csv or json.")) var format = CSVOrJSON.csv

    private struct Shown: Encodable {
      let number: String
      let verdict: String
      let reason: String
      let normalised: String
    }

    func run() async throws {
      let voice = Voice.fromEnvironment
      let day = try day()
      let table = IdentityReport.table(
        of: try cells(voice), areas: try areas(), asOf: day, language: voice.language)
      guard format == .json else { return try voice.say(bytes: table.csv) }
      try voice.say(
        json: table.rows.map {
          Shown(number: $0[0], verdict: $0[1], reason: $0[2], normalised: $0[3])
        })
    }

    private func cells(_ voice: Voice) throws -> [String] {
      let path = try NamedFile.path(file)
      if let column { return try cells(of: column, path) }
      return try FaultyFile.naming(file) {
        if try isWorkbook(path) { return try firstCells(path) }
        if path != "/dev/stdin" { try refuseTable(path) }
        return IdentityReport.lines(of: Array(try WholeText.read(path: path).utf8))
      }
    }

    private func cells(of column: String, _ path: String) throws -> [String] {
      try FaultyFile.naming(file) {
        var options = ReadingOptions()
        options.keepsEmptyRows = true
        var table = try Table(path: path, columns: [Column(column)], options: options)
        var cells: [String] = []
        while let entry = try table.next() {
          switch entry {
          case .faulty(let faulty): throw faulty.fault
          case .row(let row): cells.append(row[column] ?? "")
          }
        }
        return cells
      }
    }

    /// A file with several columns is no list.
    private func refuseTable(_ path: String) throws {
      guard try !FileHead.of(path, count: 1).isEmpty else { return }
      var list = try RecordList(path: path)
      guard let cells = try list.next()?.cells, cells.count > 1 else { return }
      throw WrongUse(
        "“\(file)”有 \(cells.count) 列，请用 --column 指定号码所在的列",
        "“\(file)” has \(cells.count) columns; name the one with the numbers with --column")
    }

    /// Whether the file is a workbook, whose rows have no delimiter.
    private func isWorkbook(_ path: String) throws -> Bool {
      guard path != "/dev/stdin" else { return false }
      return try FileHead.of(path, count: 4) == [0x50, 0x4B, 3, 4]
    }

    /// The first column of a workbook, as a plain list.
    private func firstCells(_ path: String) throws -> [String] {
      var list = try RecordList(path: path)
      var lines: [String] = []
      while let row = try list.next() { lines.append(row.cells.first ?? "") }
      return IdentityReport.lines(of: Array(lines.joined(separator: "\n").utf8))
    }

    private func areas() throws -> AreaCodes {
      try AreaCodes(csv: Assets.bytes("Reference/areacodes.csv") ?? [])
    }

    private func day() throws -> Day {
      guard let asOf else { return Day(of: Clock.machine.now(), in: .china) }
      guard let day = Day(asOf) else {
        throw WrongUse("--as-of 的“\(asOf)”不是日期", "--as-of “\(asOf)” is no day")
      }
      return day
    }
  }
}

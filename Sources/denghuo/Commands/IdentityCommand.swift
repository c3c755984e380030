import ArgumentParser
import District
import Foundation
import Kernel
import Registry
import Spreadsheets

/// `denghuo identity check FILE`.
struct IdentityCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identity", abstract: "Identity numbers.", subcommands: [Check.self])

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Judge identity numbers, one a line or in a column (GB 11643).")

    @Argument(help: "A list, or a CSV or XLSX file with --column.") var file: String
    @Option(help: "The day on which they are judged; today unless given.") var asOf: String?
    @Option(help: "The column that holds the numbers.") var column: String?
    @Option(help: "csv.") var format = CSVOrJSON.csv

    private struct Shown: Encodable {
      let number: String
      let verdict: String
      let reason: String
      let normalised: String
    }

    func run() async throws {
      let voice = Voice.fromEnvironment
      let table = IdentityReport.table(
        of: try cells(voice), areas: try areas(), asOf: try day(), language: voice.language)
      guard format == .json else { return voice.say(bytes: table.csv) }
      try voice.say(
        json: table.rows.map {
          Shown(number: $0[0], verdict: $0[1], reason: $0[2], normalised: $0[3])
        })
    }

    private func cells(_ voice: Voice) throws -> [String] {
      try FileTable.exists(file)
      guard let column else {
        guard let bytes = FileManager.default.contents(atPath: file) else {
          throw SpreadsheetFault(.fileUnreadable)
        }
        return IdentityReport.lines(of: Array(bytes))
      }
      var options = ReadingOptions()
      options.keepsEmptyRows = true
      var table = try Table(path: file, columns: [Column(column)], options: options)
      var cells: [String] = []
      while let entry = try table.next() {
        switch entry {
        case .faulty(let faulty): throw faulty.fault
        case .row(let row): cells.append(row[column] ?? "")
        }
      }
      return cells
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

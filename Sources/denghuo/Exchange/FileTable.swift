import Foundation
import Kernel
import Spreadsheets

/// A file read whole into a small table, whatever its encoding and form.
enum FileTable {
  /// So many faulty rows are named before a file is refused.
  private static let mostFaults = 100

  /// Reads the columns that are asked for, as far as the file has them.
  ///
  /// - Throws: the fault of the file, or its faulty rows: a file command answers for the whole
  ///   file or not at all.
  static func read(
    _ file: String, columns: [Column], voice: Voice, options: ReadingOptions = .init()
  ) throws -> PlainTable {
    let path = try NamedFile.path(file)
    return try FaultyFile.naming(file) {
      var table = try Table(path: path, columns: columns, options: options)
      noteExtra(table.extraColumns, voice)
      let present = columns.map(\.name).filter { table.position(of: $0) != nil }
      var rows: [[String]] = []
      var numbers: [Int] = []
      var faults: [SpreadsheetFault] = []
      while let entry = try table.next() {
        switch entry {
        case .faulty(let faulty): faults.append(faulty.fault)
        case .row(let row):
          rows.append(present.map { row[$0] ?? "" })
          numbers.append(row.number)
        }
        if faults.count == mostFaults { break }
      }
      for fault in faults.dropLast() { voice.complain(fault.words) }
      if let last = faults.last { throw last }
      return PlainTable(header: present, rows: rows, numbers: numbers)
    }
  }

  /// Names the columns that mean nothing, once.
  static func noteExtra(_ columns: [String], _ voice: Voice) {
    guard !columns.isEmpty else { return }
    let names = columns.joined(separator: ", ")
    voice.note(Words("忽略了不认识的列：\(names)", "columns that mean nothing here were ignored: \(names)"))
  }
}

/// An instant on the command line, in China's zone unless it says otherwise.
func instantArgument(_ written: String, _ option: String) throws -> Instant {
  guard let instant = Instant(written, in: .china) else {
    throw WrongUse(
      "--\(option) 的“\(written)”不是时间，应如 2022-11-29T08:30+08:00",
      "--\(option) “\(written)” is no time; write it like 2022-11-29T08:30+08:00")
  }
  return instant
}

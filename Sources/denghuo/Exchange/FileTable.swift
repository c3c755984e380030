import Foundation
import Kernel
import Spreadsheets

/// A file read whole into a small table, whatever its encoding and form.
enum FileTable {
  /// Reads the columns that are asked for, as far as the file has them.
  ///
  /// - Throws: the fault of the file, or of its first faulty row: a file command answers for the
  ///   whole file or not at all.
  static func read(_ path: String, columns: [Column], voice: Voice) throws -> PlainTable {
    try exists(path)
    var table = try Table(path: path, columns: columns)
    if !table.extraColumns.isEmpty {
      let names = table.extraColumns.joined(separator: ", ")
      voice.note(
        Words("忽略了不认识的列：\(names)", "columns that mean nothing here were ignored: \(names)"))
    }
    let present = columns.map(\.name).filter { table.position(of: $0) != nil }
    var rows: [[String]] = []
    while let entry = try table.next() {
      switch entry {
      case .faulty(let faulty): throw faulty.fault
      case .row(let row): rows.append(present.map { row[$0] ?? "" })
      }
    }
    return PlainTable(header: present, rows: rows)
  }

  /// Checks that a file is there.
  static func exists(_ path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      throw WrongUse("没有文件“\(path)”", "There is no file “\(path)”")
    }
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

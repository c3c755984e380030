import Foundation
import Kernel
import Spreadsheets

/// A file to be imported whose header was looked at before anything is written.
struct ImportSource {
  let file: String
  let header: [String]
  let extraColumns: [String]
  private let path: String
  private let sheet: String?
  private let columns: [Column]
  /// A pipe can be read once only.
  private let opened: Table?

  /// Opens a file and binds its header.
  ///
  /// - Throws: the fault of the file or its header.
  init(_ file: String, sheet: String?, columns: [Column]) throws {
    self.file = file
    self.sheet = sheet
    self.columns = columns
    let path = try NamedFile.path(file)
    self.path = path
    let table = try FaultyFile.naming(file) {
      try Table(path: path, sheet: sheet, columns: columns)
    }
    header = table.header
    extraColumns = table.extraColumns
    opened = FileIdentity(path)?.isRegular == true ? nil : table
  }

  /// Whether its rows can be read more than once.
  var isReadAgain: Bool { opened == nil }

  /// The table from its first row on.
  func table() throws -> Table {
    if let opened { return opened }
    return try FaultyFile.naming(file) { try Table(path: path, sheet: sheet, columns: columns) }
  }

  /// Whether another path is this very file.
  func isSame(as other: String) -> Bool {
    FileIdentity(path).map { $0 == FileIdentity(other) } ?? false
  }

  /// The name by which the file of its rejected rows is known.
  var rejectedName: String {
    let name = URL(filePath: file == "-" ? "stdin" : file).deletingPathExtension()
    return "\(name.lastPathComponent).rejected.csv"
  }
}

/// What makes a file itself, whatever it is called.
private struct FileIdentity: Equatable {
  let device: UInt
  let number: UInt
  let isRegular: Bool

  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt(status.st_dev)
    number = UInt(status.st_ino)
    isRegular = status.st_mode & S_IFMT == S_IFREG
  }
}

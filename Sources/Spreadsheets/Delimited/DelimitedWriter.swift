import Foundation

/// A cell on its way out.
package enum OutgoingCell: Sendable, Equatable {
  /// Text that must not run as a formula.
  case text(String)
  /// A number or date made by the program, written as it is.
  case plain(String)
}

/// Writes comma separated text (RFC 4180, UTF-8) to memory or to a file.
package struct DelimitedWriter {
  private let delimiter: UInt8
  private let lineEnd: [UInt8]
  private let file: FileHandle?
  private var pending: [UInt8] = []

  /// How much is gathered before it goes to the file.
  private static let pieceBytes = 1 << 16

  /// Gathers the text in memory; `takeBytes` hands it over.
  package init(delimiter: Delimiter = .comma, lineEnd: String = "\r\n", mark: Bool = false) {
    self.delimiter = delimiter.rawValue
    self.lineEnd = Array(lineEnd.utf8)
    file = nil
    if mark { pending = [0xEF, 0xBB, 0xBF] }
  }

  /// Writes to a file that only its owner may read, until `finish` is called.
  ///
  /// With `mark` the file begins with the byte order mark by which Excel knows UTF-8.
  package init(
    path: String, delimiter: Delimiter = .comma, lineEnd: String = "\r\n", mark: Bool = false
  ) throws(SpreadsheetFault) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SpreadsheetFault(.fileUnwritable) }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    self.delimiter = delimiter.rawValue
    self.lineEnd = Array(lineEnd.utf8)
    if mark { pending = [0xEF, 0xBB, 0xBF] }
  }

  /// Writes one row of texts.
  package mutating func append(_ cells: [String]) throws(SpreadsheetFault) {
    for (position, cell) in cells.enumerated() {
      if position > 0 { pending.append(delimiter) }
      add(cell, isGuarded: FormulaGuard.isDangerous(cell), isAlone: cells.count == 1)
    }
    try endRow()
  }

  /// Writes one row of texts and plain values.
  package mutating func append(_ cells: [OutgoingCell]) throws(SpreadsheetFault) {
    for (position, cell) in cells.enumerated() {
      if position > 0 { pending.append(delimiter) }
      switch cell {
      case .text(let text):
        add(text, isGuarded: FormulaGuard.isDangerous(text), isAlone: cells.count == 1)
      case .plain(let text):
        add(text, isGuarded: false, isAlone: cells.count == 1)
      }
    }
    try endRow()
  }

  private mutating func endRow() throws(SpreadsheetFault) {
    pending += lineEnd
    if pending.count >= Self.pieceBytes { try flush() }
  }

  private mutating func add(_ cell: String, isGuarded: Bool, isAlone: Bool) {
    var cell = cell
    let delimiter = delimiter
    cell.withUTF8 { bytes in
      // A lone empty cell would be a blank line; blanks at the ends would be lost by others.
      let needsQuotes =
        bytes.isEmpty
        ? isAlone
        : bytes.first == 0x20 || bytes.last == 0x20
          || bytes.contains { $0 == delimiter || $0 == 0x22 || $0 == 10 || $0 == 13 }
      if needsQuotes { pending.append(0x22) }
      if isGuarded { pending.append(FormulaGuard.mark) }
      if needsQuotes {
        for byte in bytes {
          if byte == 0x22 { pending.append(0x22) }
          pending.append(byte)
        }
        pending.append(0x22)
      } else {
        pending.append(contentsOf: bytes)
      }
    }
  }

  /// Hands over what was gathered in memory.
  package mutating func takeBytes() -> [UInt8] {
    defer { pending = [] }
    return pending
  }

  /// Writes what is left and makes sure that it is on the disk.
  package mutating func finish() throws(SpreadsheetFault) {
    try flush()
    if let file, fsync(file.fileDescriptor) != 0, errno != EINVAL, errno != EROFS {
      throw SpreadsheetFault(.fileUnwritable)
    }
  }

  private mutating func flush() throws(SpreadsheetFault) {
    guard let file else { return }
    var done = 0
    while done < pending.count {
      let wrote = pending.withUnsafeBytes { bytes in
        write(file.fileDescriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      }
      if wrote < 0, errno == EINTR { continue }
      guard wrote > 0 else { throw SpreadsheetFault(.fileUnwritable) }
      done += wrote
    }
    pending.removeAll(keepingCapacity: true)
  }
}

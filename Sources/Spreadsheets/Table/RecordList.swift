/// The bare rows of a file, for lists that may have no header.
package struct RecordList {
  private var reader: any RecordReading
  package let encoding: TextEncoding?
  package let delimiter: Delimiter?

  /// Opens a file without looking for a header.
  package init(
    path: String, sheet: String? = nil, options: ReadingOptions = .init()
  ) throws(SpreadsheetFault) {
    let source = try ByteSource(path: path, limits: options.limits)
    try self.init(source, sheet: sheet, options: options)
  }

  /// Opens bytes that are in memory without looking for a header.
  package init(
    bytes: [UInt8], sheet: String? = nil, options: ReadingOptions = .init()
  ) throws(SpreadsheetFault) {
    try self.init(ByteSource(bytes: bytes), sheet: sheet, options: options)
  }

  private init(
    _ source: ByteSource, sheet: String?, options: ReadingOptions
  ) throws(SpreadsheetFault) {
    let opened = try OpenedFile(source, sheet: sheet, options: options)
    reader = opened.reader
    encoding = opened.encoding
    delimiter = opened.delimiter
  }

  /// How much of the file was read.
  package var progress: ReadingProgress { reader.progress }

  /// The next row as it stands; blank lines are passed over but counted.
  package mutating func next() throws(SpreadsheetFault) -> BareRow? {
    guard let record = try reader.next() else { return nil }
    return BareRow(
      number: record.number, line: record.line, cells: record.cells, kinds: record.kinds,
      fault: record.fault)
  }
}

/// A row of a file that has no header.
package struct BareRow: Sendable {
  package let number: Int
  package let line: Int
  package let cells: [String]
  package let kinds: [CellKind]
  /// What is wrong with this row alone.
  package let fault: SpreadsheetFault?
}

/// A table with a header, read row by row from CSV, TSV or XLSX.
///
/// ```
/// var table = try Table(path: path, columns: columns)
/// while let entry = try table.next() {
///   switch entry {
///   case .row(let row): row["phone"]
///   case .faulty(let faulty): faulty.fault
///   }
/// }
/// ```
package struct Table {
  private var reader: any RecordReading
  private let binding: HeaderBinding
  private let keepsEmptyRows: Bool
  /// The encoding of a text file; `nil` for a workbook.
  package let encoding: TextEncoding?
  /// The delimiter of a text file; `nil` for a workbook.
  package let delimiter: Delimiter?
  /// The sheet of a workbook that is read.
  package let sheet: String?
  /// Rows without anything in them that were passed over so far.
  package private(set) var emptyRows = 0

  /// Opens a file; the sheet is the first visible one unless named.
  package init(
    path: String, sheet: String? = nil, columns: [Column], options: ReadingOptions = .init()
  ) throws(SpreadsheetFault) {
    let source = try ByteSource(path: path, limits: options.limits)
    try self.init(source, sheet: sheet, columns: columns, options: options)
  }

  /// Opens a table that is in memory.
  package init(
    bytes: [UInt8], sheet: String? = nil, columns: [Column], options: ReadingOptions = .init()
  ) throws(SpreadsheetFault) {
    try self.init(ByteSource(bytes: bytes), sheet: sheet, columns: columns, options: options)
  }

  private init(
    _ source: ByteSource, sheet: String?, columns: [Column], options: ReadingOptions
  ) throws(SpreadsheetFault) {
    let opened = try OpenedFile(source, sheet: sheet, options: options)
    reader = opened.reader
    encoding = opened.encoding
    delimiter = opened.delimiter
    self.sheet = opened.sheet
    keepsEmptyRows = options.keepsEmptyRows
    while true {
      guard let record = try reader.next() else { throw SpreadsheetFault(.fileEmpty) }
      if let fault = record.fault { throw fault }
      if record.cells.allSatisfy({ HeaderName.trimmed($0).isEmpty }) { continue }
      binding = try HeaderBinding(record, columns: columns)
      break
    }
  }

  /// The file's own headers in their order.
  package var header: [String] { binding.header }

  /// Headers that nobody asked for; they are ignored and should be named once in a note.
  package var extraColumns: [String] { binding.extra }

  /// Where a column stands, by its exact name; `nil` when the file does not have it.
  package func position(of name: String) -> Int? { binding.positions[name] }

  /// How much of the file was read.
  package var progress: ReadingProgress { reader.progress }

  /// The next row, or `nil` at the end; a thrown fault ends the file.
  package mutating func next() throws(SpreadsheetFault) -> TableEntry? {
    while let record = try reader.next() {
      if !keepsEmptyRows, binding.header.count > 1, record.isEmpty {
        emptyRows += 1
        continue
      }
      return entry(for: record)
    }
    return nil
  }

  private func entry(for record: Record) -> TableEntry {
    if let fault = record.fault ?? widthFault(of: record) ?? kindFault(of: record) {
      return .faulty(
        FaultyRow(
          number: record.number, line: record.line, cells: record.cells,
          fault: fault.naming(binding.header)))
    }
    var cells = record.cells
    let missing = binding.header.count - cells.count
    if missing > 0 {
      cells += [String](repeating: "", count: missing)
    } else if missing < 0 {
      cells.removeLast(-missing)
    }
    return .row(
      Row(
        number: record.number, line: record.line, cells: cells, kinds: record.kinds,
        positions: binding.positions))
  }

  /// Rows of text must fit the header; empty cells behind it do no harm.
  private func widthFault(of record: Record) -> SpreadsheetFault? {
    guard reader.isStrictWidth else { return nil }
    let count = record.cells.count
    if count < binding.width {
      return SpreadsheetFault(.rowTooShort, at: place(record, column: count + 1))
    }
    guard count > binding.header.count,
      let surplus = record.cells[binding.header.count...].firstIndex(where: { !$0.isEmpty })
    else { return nil }
    return SpreadsheetFault(.rowTooLong, at: place(record, column: surplus + 1))
  }

  /// Only errors in columns that are read matter.
  private func kindFault(of record: Record) -> SpreadsheetFault? {
    guard !record.kinds.isEmpty else { return nil }
    for position in binding.positions.values.sorted() where position < record.kinds.count {
      switch record.kinds[position] {
      case .error: return SpreadsheetFault(.cellError, at: place(record, column: position + 1))
      case .formulaWithoutValue:
        return SpreadsheetFault(.formulaWithoutValue, at: place(record, column: position + 1))
      case .text, .number, .impreciseNumber, .date, .boolean: continue
      }
    }
    return nil
  }

  private func place(_ record: Record, column: Int) -> SpreadsheetPlace {
    SpreadsheetPlace(row: record.number, line: record.line, column: column)
  }
}

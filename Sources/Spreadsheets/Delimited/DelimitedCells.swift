/// Collects the cells of one record and the first thing wrong with them.
struct DelimitedCells {
  private let limits: ReadingLimits
  private var cells: [String] = []
  private var fault: SpreadsheetFault?
  private var fatal: SpreadsheetFault?

  init(limits: ReadingLimits, width: Int) {
    self.limits = limits
    cells.reserveCapacity(width)
  }

  var count: Int { cells.count }

  /// Keeps the first fault of the record.
  mutating func note(_ code: SpreadsheetFaultCode, column: Int) {
    if let known = fault?.place.column, known <= column { return }
    fault = SpreadsheetFault(code, at: SpreadsheetPlace(column: column))
  }

  /// Adds a cell: checks its text and takes off the formula guard.
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, mayHoldNulls: Bool = false) {
    let column = cells.count + 1
    if bytes.isEmpty {
      cells.append("")
    } else {
      let bytes = bytes[0] == FormulaGuard.mark ? FormulaGuard.removed(from: bytes) : bytes
      if let text = try? UTF8Span(validating: bytes.span) {
        cells.append(String(copying: text))
      } else {
        cells.append(String(decoding: bytes, as: UTF8.self))
        note(.encodingDamaged, column: column)
      }
      if mayHoldNulls, bytes.contains(0) { note(.nullByte, column: column) }
      if bytes.count > limits.fieldBytes { stop(.fieldTooLong, column: column) }
    }
    if column > limits.columns { stop(.columnsTooMany, column: column) }
  }

  private mutating func stop(_ code: SpreadsheetFaultCode, column: Int) {
    if fatal == nil { fatal = SpreadsheetFault(code, at: SpreadsheetPlace(column: column)) }
  }

  /// Names the first cell of an unquoted record that holds a NUL.
  mutating func noteNulls(
    _ base: UnsafePointer<UInt8>, start: Int, end: Int, delimiter: Int32
  ) {
    let null = ByteFinder.position(of: 0, from: start, in: base, end: end)
    var column = 1
    var cut = ByteFinder.position(of: delimiter, from: start, in: base, end: null)
    while cut < null {
      column += 1
      cut = ByteFinder.position(of: delimiter, from: cut + 1, in: base, end: null)
    }
    note(.nullByte, column: column)
  }

  /// The finished record.
  func outcome(consumed: Int, lines: Int) -> DelimitedRecordParser.Outcome {
    if let fatal { return .fatal(fatal) }
    let record = Record(number: 0, line: 0, cells: cells, fault: fault)
    return .record(record, consumed: consumed, lines: lines)
  }
}

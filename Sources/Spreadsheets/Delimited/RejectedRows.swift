/// The file of rows that were not taken: the input's columns and two more, `row` and `reason`.
///
/// It can be corrected and imported again. When the input is itself such a file, its old `row` and
/// `reason` are replaced.
package struct RejectedRows {
  private var writer: DelimitedWriter
  private let keptColumns: [Int]
  private let width: Int
  /// How many rows were written.
  package private(set) var count = 0

  /// Begins the file with the header; it has a byte order mark, because people open it in Excel.
  package init(
    path: String, header: [String], delimiter: Delimiter = .comma
  ) throws(SpreadsheetFault) {
    let writer = try DelimitedWriter(path: path, delimiter: delimiter, mark: true)
    try self.init(writer, header: header)
  }

  /// Begins the file in memory.
  package init(header: [String], delimiter: Delimiter = .comma) throws(SpreadsheetFault) {
    try self.init(DelimitedWriter(delimiter: delimiter, mark: true), header: header)
  }

  private init(_ writer: DelimitedWriter, header: [String]) throws(SpreadsheetFault) {
    self.writer = writer
    let isRejectedFile = Array(header.suffix(2)) == ["row", "reason"]
    keptColumns = Array(header.indices.dropLast(isRejectedFile ? 2 : 0))
    width = header.count
    try self.writer.append(keptColumns.map { header[$0] } + ["row", "reason"])
  }

  /// Adds a row that a rule refused.
  package mutating func append(_ row: Row, reason: String) throws(SpreadsheetFault) {
    try append(cells: row.cells, number: row.number, reason: reason)
  }

  /// Adds a row that could not be read.
  package mutating func append(_ row: FaultyRow, reason: String) throws(SpreadsheetFault) {
    try append(cells: row.cells, number: row.number, reason: reason)
  }

  /// Adds a row by its cells. One with too few or too many keeps them: filled up it could pass
  /// uncorrected.
  package mutating func append(
    cells: [String], number: Int, reason: String
  ) throws(SpreadsheetFault) {
    let kept = cells.count == width ? keptColumns.map { cells[$0] } : cells
    count += 1
    try writer.append(kept + [String(number), reason])
  }

  /// Writes what is left to the disk.
  package mutating func finish() throws(SpreadsheetFault) {
    try writer.finish()
  }

  /// Hands over what was gathered in memory.
  package mutating func takeBytes() -> [UInt8] { writer.takeBytes() }
}

/// What is wrong with a table, where, and what the person who sent it can do.
///
/// Cells are never quoted: they may hold names, phones or identity numbers. Only the names of
/// columns and sheets appear.
package struct SpreadsheetFault: Error, Equatable, Sendable {
  /// The stable name of the problem, for programs.
  package let code: SpreadsheetFaultCode
  /// Where the problem is, as far as it is known.
  package let place: SpreadsheetPlace
  /// Names of columns or sheets that the sentence lists.
  package let names: [String]
  /// Names that are there instead, where that helps.
  package let present: [String]

  package init(
    _ code: SpreadsheetFaultCode, at place: SpreadsheetPlace = SpreadsheetPlace(),
    names: [String] = [], present: [String] = []
  ) {
    self.code = code
    self.place = place
    self.names = names
    self.present = present
  }

  /// The row that a person sees in the spreadsheet; the header is row 1.
  package var row: Int? { place.row }

  /// The column, counted from 1.
  package var column: Int? { place.column }

  /// The same fault with the column's name from the header.
  func naming(_ header: [String]) -> SpreadsheetFault {
    guard let column = place.column, header.indices.contains(column - 1) else { return self }
    var place = place
    place.columnName = header[column - 1].isEmpty ? nil : header[column - 1]
    return SpreadsheetFault(code, at: place, names: names, present: present)
  }
}

/// A place in a table, as a person would look for it.
package struct SpreadsheetPlace: Equatable, Sendable {
  /// The record's number, where the header is 1.
  package var row: Int?
  /// The line of the file on which the record begins; differs from the row after quoted newlines.
  package var line: Int?
  /// The column, counted from 1.
  package var column: Int?
  /// The column's name in the header.
  package var columnName: String?

  package init(
    row: Int? = nil, line: Int? = nil, column: Int? = nil, columnName: String? = nil
  ) {
    self.row = row
    self.line = line
    self.column = column
    self.columnName = columnName
  }

  /// The letters that spreadsheet programs show over a column: 1 is `A`, 27 is `AA`.
  package static func letters(of column: Int) -> String {
    var rest = column
    var letters: [UInt8] = []
    while rest > 0 {
      letters.append(UInt8(ascii: "A") + UInt8((rest - 1) % 26))
      rest = (rest - 1) / 26
    }
    return String(decoding: letters.reversed(), as: UTF8.self)
  }
}

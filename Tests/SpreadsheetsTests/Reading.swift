@testable import Spreadsheets

/// The columns that most tests ask for.
let testColumns = [
  Column("person", aliases: ["人员", "编号"]),
  Column("name", aliases: ["姓名"]),
  Column("phone", aliases: ["电话", "手机号"], required: false),
]

/// Reads everything, and stops at the first fault of any kind.
func firstFault(_ bytes: [UInt8], options: ReadingOptions = .init()) -> SpreadsheetFault? {
  do throws(SpreadsheetFault) {
    var table = try Table(bytes: bytes, columns: testColumns, options: options)
    while let entry = try table.next() {
      if case .faulty(let faulty) = entry { return faulty.fault }
    }
    return nil
  } catch {
    return error
  }
}

/// The good rows of a table.
func rows(
  _ bytes: [UInt8], sheet: String? = nil, columns: [Column] = testColumns,
  options: ReadingOptions = .init()
) throws(SpreadsheetFault) -> [Row] {
  var table = try Table(bytes: bytes, sheet: sheet, columns: columns, options: options)
  var rows: [Row] = []
  while let entry = try table.next() {
    if case .row(let row) = entry { rows.append(row) }
  }
  return rows
}

/// The good rows of a text.
func rows(_ text: String) throws(SpreadsheetFault) -> [Row] { try rows(Array(text.utf8)) }

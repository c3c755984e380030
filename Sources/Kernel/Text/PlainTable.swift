/// A small table held whole in memory: a reference file that is part of the product, or the answer
/// of a file command.
///
/// Files that people bring, in whatever encoding and shape, go through the Spreadsheets target;
/// their header and rows make a `PlainTable` just as well.
package struct PlainTable: Hashable, Sendable {
  package let header: [String]
  package let rows: [[String]]
  /// The number of each row in the file it came from, where blank lines count too.
  private let numbers: [Int]?

  package init(header: [String], rows: [[String]], numbers: [Int]? = nil) {
    self.header = header
    self.rows = rows
    self.numbers = numbers
  }

  /// The number under which a person finds a row in a spreadsheet; the header is row 1.
  package func number(of row: Int) -> Int { numbers?[row] ?? row + 2 }

  /// Reads comma-separated UTF-8 (RFC 4180, with or without BOM); the first record is the header.
  ///
  /// - Throws: a refusal when a quotation mark is never closed.
  package init(csv bytes: [UInt8]) throws(Refusal) {
    var records = try PlainTableReader(bytes).records()
    header = records.isEmpty ? [] : records.removeFirst().map { $0.trimmingWhitespace() }
    rows = records
    numbers = nil
  }

  /// The place of a column.
  ///
  /// - Throws: a refusal when the column is missing or there twice.
  package func column(_ name: String) throws(Refusal) -> Int {
    let places = header.indices.filter { header[$0] == name }
    guard let place = places.first else {
      throw Refusal(
        .invalid, "table.columnMissing",
        Words("表中缺少“\(name)”一列，请补上", "The table has no column “\(name)”; add it"), field: name)
    }
    guard places.count == 1 else {
      throw Refusal(
        .invalid, "table.columnDoubled",
        Words(
          "表中“\(name)”一列出现了两次，请只留一列", "The table has the column “\(name)” twice; keep one"),
        field: name)
    }
    return place
  }

  /// The text of a cell without surrounding white space; a row that ends early has empty cells.
  package func cell(_ row: Int, _ column: Int) -> String {
    column < rows[row].count ? rows[row][column].trimmingWhitespace() : ""
  }

  /// The table as UTF-8 comma-separated lines.
  ///
  /// A cell that a spreadsheet would take for a formula gets a leading `'`, which import takes off.
  package var csv: [UInt8] {
    var bytes: [UInt8] = []
    for record in [header] + rows {
      bytes.append(contentsOf: record.map(Self.written).joined(separator: ",").utf8)
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }

  private static func written(_ cell: String) -> String {
    var text = cell
    if let first = text.utf8.first, "=+-@\t\r\n".utf8.contains(first) { text = "'" + text }
    guard text.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}

/// Cuts comma-separated bytes into records.
private struct PlainTableReader {
  private let bytes: ArraySlice<UInt8>
  private var cell: [UInt8] = []
  private var record: [String] = []
  private var finished: [[String]] = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
  }

  func records() throws(Refusal) -> [[String]] {
    var reader = self
    return try reader.read()
  }

  private mutating func read() throws(Refusal) -> [[String]] {
    var isQuoted = false
    var at = bytes.startIndex
    while at < bytes.endIndex {
      let byte = bytes[at]
      at += 1
      if byte == UInt8(ascii: "\"") {
        let isDoubled = isQuoted && at < bytes.endIndex && bytes[at] == UInt8(ascii: "\"")
        if isDoubled {
          cell.append(byte)
          at += 1
        } else if isQuoted || cell.isEmpty {
          isQuoted.toggle()
        } else {
          cell.append(byte)
        }
      } else if isQuoted {
        cell.append(byte)
      } else if byte == UInt8(ascii: ",") {
        endCell()
      } else if byte == UInt8(ascii: "\n") {
        endRecord()
      } else {
        cell.append(byte)
      }
    }
    guard !isQuoted else {
      throw Refusal(
        .invalid, "table.quoteOpen",
        Words("表中有一个引号没有配对，请更正", "A quotation mark in the table is never closed; correct it"))
    }
    endRecord()
    return finished
  }

  private mutating func endCell() {
    if cell.last == UInt8(ascii: "\r") { cell.removeLast() }
    record.append(String(decoding: cell, as: UTF8.self))
    cell = []
  }

  private mutating func endRecord() {
    endCell()
    if record != [""] { finished.append(record) }
    record = []
  }
}

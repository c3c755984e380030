/// A row whose cells have names.
package struct Row: Sendable {
  /// The row's number as a person sees it; the header is row 1.
  package let number: Int
  /// The line of the file on which it begins; differs after quoted newlines.
  package let line: Int
  /// Every cell in the file's order, as many as the header has.
  package let cells: [String]
  /// What a workbook says each cell is; empty for text files.
  package let kinds: [CellKind]
  let positions: [String: Int]

  /// The text of a column by its exact name; `nil` when the cell is blank, which means unknown.
  package subscript(name: String) -> String? {
    guard let position = positions[name] else { return nil }
    return Self.text(cells[position])
  }

  /// The text of a cell by its position, `nil` when it is blank.
  package subscript(position position: Int) -> String? {
    Self.text(cells[position])
  }

  /// The known columns that are filled in, by their exact names.
  package var fields: [String: String] {
    positions.compactMapValues { Self.text(cells[$0]) }
  }

  /// What kind of cell a column has in this row.
  package func kind(_ name: String) -> CellKind {
    guard let position = positions[name], kinds.indices.contains(position) else { return .text }
    return kinds[position]
  }

  /// Whether a spreadsheet has destroyed digits of a number here: an identity number kept as a
  /// number ends in 000, or was saved as `3.70203E+17`.
  package func hasLostDigits(_ name: String) -> Bool {
    if kind(name) == .impreciseNumber { return true }
    guard let text = self[name] else { return false }
    return LostDigits.isScientific(text)
  }

  private static func text(_ cell: String) -> String? {
    if cell.isEmpty { return nil }
    // A letter or digit in front settles it without looking at every character.
    if let first = cell.utf8.first, first > 0x20, first < 0x80 { return cell }
    return cell.unicodeScalars.allSatisfy { $0.properties.isWhitespace } ? nil : cell
  }
}

/// A row that cannot be taken as it is, kept so that it can be counted and sent back.
package struct FaultyRow: Sendable {
  package let number: Int
  package let line: Int
  /// The cells as far as they could be read.
  package let cells: [String]
  package let fault: SpreadsheetFault
}

/// What a table hands out next.
package enum TableEntry: Sendable {
  case row(Row)
  case faulty(FaultyRow)
}

/// Signs that a spreadsheet destroyed a long number.
package enum LostDigits {
  /// Whether a text is a number in scientific notation, such as `3.70203E+17`.
  package static func isScientific(_ text: String) -> Bool {
    var rest = Substring(text).utf8
    let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
    let whole = rest.prefix(while: isDigit)
    guard whole.count == 1 else { return false }
    rest = rest.dropFirst()
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      rest = rest.drop(while: isDigit)
    }
    guard let letter = rest.popFirst(), letter == UInt8(ascii: "E") || letter == UInt8(ascii: "e")
    else { return false }
    if rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    return (1...3).contains(rest.count) && rest.allSatisfy(isDigit)
  }
}

import Foundation

/// A cell as the markup states it.
struct CellValue {
  let type: String
  let style: Int
  var raw = ""
  var hasValue = false
  var hasFormula = false

  /// Digits beyond which a spreadsheet's numbers are no longer exact.
  private static let exactBelow = 1e15
  private static let longestNumber = 40

  init(type: String, style: Int) {
    self.type = type
    self.style = style
  }

  /// The column of a reference such as `AB12`, from 1; 0 when it is none.
  static func column(_ reference: String) -> Int {
    var column = 0
    for byte in reference.utf8.prefix(4) {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): column = column * 26 + Int(byte) - 0x40
      case UInt8(ascii: "a")...UInt8(ascii: "z"): column = column * 26 + Int(byte) - 0x60
      default: return column
      }
    }
    return column
  }

  /// The text that stands for the cell, and what kind of cell it is.
  func resolved(
    texts: [String], styles: CellStyles, fault: inout SpreadsheetFaultCode?
  ) -> (String, CellKind) {
    guard hasValue else { return ("", hasFormula ? .formulaWithoutValue : .text) }
    switch type {
    case "s":
      guard let index = Int(raw), texts.indices.contains(index) else {
        fault = .cellDamaged
        return ("", .text)
      }
      return (texts[index], .text)
    case "inlineStr": return (raw, .text)
    case "str": return (FormulaGuard.removed(from: MarkupText.unescaped(raw)), .text)
    case "b": return (raw == "1" || raw == "true" ? "true" : "false", .boolean)
    case "e": return (raw, .error)
    case "d": return (raw, .date)
    default: return number(styles: styles, fault: &fault)
    }
  }

  private func number(
    styles: CellStyles, fault: inout SpreadsheetFaultCode?
  ) -> (String, CellKind) {
    if raw.isEmpty { return ("", hasFormula ? .formulaWithoutValue : .text) }
    guard let number = Double(raw), number.isFinite else {
      fault = .cellDamaged
      return ("", .number)
    }
    if styles.form(style) == .date {
      guard let date = SerialDate.text(number, startsIn1904: styles.startsIn1904) else {
        fault = .cellDamaged
        return ("", .date)
      }
      return (date, .date)
    }
    if abs(number) >= Self.exactBelow { return (Self.writtenOut(raw), .impreciseNumber) }
    if number == number.rounded() { return (String(Int(number)), .number) }
    return ("\(number)", .number)
  }

  /// The digits as the workbook has them, not those of the nearest binary number.
  private static func writtenOut(_ raw: String) -> String {
    guard raw.utf8.count <= longestNumber, let decimal = Decimal(string: raw) else { return raw }
    return decimal.description
  }
}

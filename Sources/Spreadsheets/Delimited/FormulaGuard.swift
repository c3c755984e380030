/// The `'` before a text that a spreadsheet program would run as a formula.
///
/// Written before a text that begins with `= + - @`, a tab, a line end or the full-width forms
/// (OWASP, CSV injection), and taken off again on reading. A text that has its own `'` there gets
/// one more, so that every text comes back as it was.
enum FormulaGuard {
  static let mark = UInt8(ascii: "'")

  /// Whether the text must be written with one more `'`, or has one to be taken off when it
  /// begins with `'`.
  static func isDangerous(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var position = 0
    while position < text.count, text[position] == mark { position += 1 }
    guard position < text.count else { return false }
    switch text[position] {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 9, 10, 13:
      return true
    case 0xEF where position + 2 < text.count && text[position + 1] == 0xBC:
      // ＋ EF BC 8B, － EF BC 8D, ＝ EF BC 9D, ＠ EF BC A0
      return [0x8B, 0x8D, 0x9D, 0xA0].contains(text[position + 2])
    default:
      return false
    }
  }

  /// The text without the guard.
  static func removed(from text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    guard text.first == mark, isDangerous(text) else { return text }
    return UnsafeBufferPointer(rebasing: text[1...])
  }

  /// The text without the guard.
  static func removed(from text: String) -> String {
    text.utf8.first == mark && isDangerous(text) ? String(text.dropFirst()) : text
  }

  static func isDangerous(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { isDangerous($0) }
  }
}

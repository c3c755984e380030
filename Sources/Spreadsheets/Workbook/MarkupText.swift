/// Texts, names and attributes of markup.
enum MarkupText {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  /// Text with its entities replaced.
  static func decoded(_ bytes: Bytes) throws(SpreadsheetFault) -> String {
    var ampersand = position(of: UInt8(ascii: "&"), from: 0, in: bytes)
    guard ampersand < bytes.count else { return try plain(bytes) }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var start = 0
    while ampersand < bytes.count {
      result += bytes[start..<ampersand]
      let stop = position(of: UInt8(ascii: ";"), from: ampersand, in: bytes)
      guard stop < bytes.count, stop - ampersand <= longestEntity else {
        throw SpreadsheetFault(.markupDamaged)
      }
      let name = String(decoding: bytes[(ampersand + 1)..<stop], as: UTF8.self)
      result += Array(String(try character(name)).utf8)
      start = stop + 1
      ampersand = position(of: UInt8(ascii: "&"), from: start, in: bytes)
    }
    result += bytes[start...]
    return try result.withUnsafeBufferPointer { bytes throws(SpreadsheetFault) in
      try plain(bytes)
    }
  }

  private static let longestEntity = 12

  private static func character(_ name: String) throws(SpreadsheetFault) -> Unicode.Scalar {
    switch name {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    case let name where name.hasPrefix("#"):
      let digits = name.dropFirst()
      let value =
        digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
      guard let value, value != 0, let scalar = Unicode.Scalar(value) else {
        throw SpreadsheetFault(.markupDamaged)
      }
      return scalar
    default: throw SpreadsheetFault(.markupForbidden)
    }
  }

  /// Text as it stands, which must be UTF-8 without NUL.
  static func plain(_ bytes: Bytes) throws(SpreadsheetFault) -> String {
    guard let text = try? UTF8Span(validating: bytes.span),
      position(of: 0, from: 0, in: bytes) == bytes.count
    else { throw SpreadsheetFault(.markupDamaged) }
    return String(copying: text)
  }

  private static func position(of byte: UInt8, from start: Int, in bytes: Bytes) -> Int {
    guard let base = bytes.baseAddress else { return bytes.count }
    return ByteFinder.position(of: Int32(byte), from: start, in: base, end: bytes.count)
  }

  /// A name without its namespace prefix and without blanks behind it.
  static func localName(_ bytes: Bytes) -> String {
    var start = 0
    var stop = 0
    while stop < bytes.count, !isBlank(bytes[stop]) {
      if bytes[stop] == UInt8(ascii: ":") { start = stop + 1 }
      stop += 1
    }
    return String(decoding: part(of: bytes, start, stop), as: UTF8.self)
  }

  private static func part(of bytes: Bytes, _ start: Int, _ stop: Int) -> Bytes {
    Bytes(start: bytes.baseAddress.map { $0 + start }, count: stop - start)
  }

  /// A tag from what stands between `<` and `>`.
  static func tag(_ bytes: Bytes) throws(SpreadsheetFault) -> MarkupTag {
    guard let first = bytes.first, first > 0x40 else { throw SpreadsheetFault(.markupDamaged) }
    var attributes: [(name: String, value: String)] = []
    var cursor = 0
    while cursor < bytes.count, !isBlank(bytes[cursor]) { cursor += 1 }
    let name = localName(part(of: bytes, 0, cursor))
    cursor = skipBlanks(bytes, from: cursor)
    while cursor < bytes.count {
      let equals = position(of: UInt8(ascii: "="), from: cursor, in: bytes)
      let opening = skipBlanks(bytes, from: equals + 1)
      guard opening < bytes.count, bytes[opening] == 0x22 || bytes[opening] == 0x27 else {
        throw SpreadsheetFault(.markupDamaged)
      }
      let closing = position(of: bytes[opening], from: opening + 1, in: bytes)
      guard closing < bytes.count else { throw SpreadsheetFault(.markupDamaged) }
      let value = try decoded(part(of: bytes, opening + 1, closing))
      attributes.append((localName(part(of: bytes, cursor, equals)), value))
      cursor = skipBlanks(bytes, from: closing + 1)
    }
    return MarkupTag(name: name, attributes: attributes)
  }

  private static func skipBlanks(_ bytes: Bytes, from start: Int) -> Int {
    var cursor = start
    while cursor < bytes.count, isBlank(bytes[cursor]) { cursor += 1 }
    return cursor
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (byte >= 9 && byte <= 13)
  }

  /// Replaces `_x000D_`, by which workbooks write characters that XML cannot hold.
  static func unescaped(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "_")) else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var position = 0
    while position < bytes.count {
      if position + 7 <= bytes.count, bytes[position] == 0x5F, bytes[position + 1] == 0x78,
        bytes[position + 6] == 0x5F,
        let value = UInt32(
          String(decoding: bytes[position + 2..<position + 6], as: UTF8.self), radix: 16),
        value != 0, let scalar = Unicode.Scalar(value)
      {
        result += Array(String(scalar).utf8)
        position += 7
      } else {
        result.append(bytes[position])
        position += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

/// Keeps track of quoted values while the end of a tag is looked for.
struct MarkupQuotes {
  private var quote: UInt8 = 0

  /// Whether a quoted value is still open.
  var isOpen: Bool { quote != 0 }

  mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
    var cursor = 0
    while cursor < bytes.count {
      let byte = bytes[cursor]
      if quote == 0 {
        if byte == 0x22 || byte == 0x27 { quote = byte }
      } else if quote == byte {
        quote = 0
      }
      cursor += 1
    }
  }
}

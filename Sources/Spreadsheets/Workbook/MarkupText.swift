/// Texts, names and attributes of markup.
enum MarkupText {
  /// Text with its entities replaced.
  static func decoded(_ bytes: ArraySlice<UInt8>) throws(SpreadsheetFault) -> String {
    guard bytes.contains(UInt8(ascii: "&")) else { return try plain(bytes) }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var rest = bytes
    while let ampersand = rest.firstIndex(of: UInt8(ascii: "&")) {
      result += rest[..<ampersand]
      let name = rest[(ampersand + 1)...].prefix(12)
      guard let stop = name.firstIndex(of: UInt8(ascii: ";")) else {
        throw SpreadsheetFault(.markupDamaged)
      }
      result += Array(String(try character(rest[(ampersand + 1)..<stop])).utf8)
      rest = rest[(stop + 1)...]
    }
    result += rest
    return try plain(result[...])
  }

  private static func character(
    _ name: ArraySlice<UInt8>
  ) throws(SpreadsheetFault) -> Unicode.Scalar {
    switch String(decoding: name, as: UTF8.self) {
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
  static func plain(_ bytes: ArraySlice<UInt8>) throws(SpreadsheetFault) -> String {
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw SpreadsheetFault(.markupDamaged)
    }
    return text
  }

  /// A name without its namespace prefix and without blanks behind it.
  static func localName(_ bytes: ArraySlice<UInt8>) -> String {
    let name = bytes.prefix { !isBlank($0) }
    let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
    return String(decoding: local, as: UTF8.self)
  }

  /// A tag from what stands between `<` and `>`.
  static func tag(_ bytes: ArraySlice<UInt8>) throws(SpreadsheetFault) -> MarkupTag {
    let name = bytes.prefix { !isBlank($0) }
    guard let first = name.first, first > 0x40 else { throw SpreadsheetFault(.markupDamaged) }
    var attributes: [(name: String, value: String)] = []
    var rest = bytes[name.endIndex...].drop(while: isBlank)
    while !rest.isEmpty {
      guard let equals = rest.firstIndex(of: UInt8(ascii: "=")) else {
        throw SpreadsheetFault(.markupDamaged)
      }
      let value = rest[(equals + 1)...].drop(while: isBlank)
      guard let quote = value.first, quote == 0x22 || quote == 0x27,
        let stop = value.dropFirst().firstIndex(of: quote)
      else { throw SpreadsheetFault(.markupDamaged) }
      attributes.append(
        (localName(rest[..<equals]), try decoded(value[(value.startIndex + 1)..<stop])))
      rest = value[(stop + 1)...].drop(while: isBlank)
    }
    return MarkupTag(name: localName(name), attributes: attributes)
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (9...13).contains(byte)
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

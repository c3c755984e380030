/// Reads one JSON text (RFC 8259) to ``Fields``, strictly: what two readers could understand in two
/// ways is refused, and so is what could exhaust the stack.
struct JSONReader {
  /// How deep lists and objects may lie in each other; deeper than any form, map or policy.
  static let deepest = 100

  private let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0
  private var depth = 0

  /// Reads a whole text.
  static func read(_ bytes: [UInt8]) throws(Refusal) -> Fields {
    let result = bytes.withUnsafeBufferPointer { buffer in
      var reader = JSONReader(buffer)
      return Result { () throws(Refusal) in try reader.whole() }
    }
    return try result.get()
  }

  private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private mutating func whole() throws(Refusal) -> Fields {
    let fields = try value()
    skipSpace()
    guard at == bytes.count else { throw malformed() }
    return fields
  }

  private mutating func value() throws(Refusal) -> Fields {
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try list()
    case UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "t"): return try word("true", .flag(true))
    case UInt8(ascii: "f"): return try word("false", .flag(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func object() throws(Refusal) -> Fields {
    try descend()
    var members: [String: Fields] = [:]
    if skip(UInt8(ascii: "}")) { return ascend(.object(members)) }
    repeat {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw malformed() }
      let key = try text()
      guard skip(UInt8(ascii: ":")) else { throw malformed() }
      guard members.updateValue(try value(), forKey: key) == nil else {
        throw Refusal(
          .invalid, "json.doubled",
          Words("JSON 中同一名称出现两次，请删去一个", "A name stands twice in this JSON; remove one"),
          field: String(key.prefix(60)))
      }
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "}")) else { throw malformed() }
    return ascend(.object(members))
  }

  private mutating func list() throws(Refusal) -> Fields {
    try descend()
    var list: [Fields] = []
    if skip(UInt8(ascii: "]")) { return ascend(.list(list)) }
    repeat { list.append(try value()) } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "]")) else { throw malformed() }
    return ascend(.list(list))
  }

  private mutating func word(_ word: StaticString, _ fields: Fields) throws(Refusal) -> Fields {
    let length = word.utf8CodeUnitCount
    guard at + length <= bytes.count,
      bytes[at..<(at + length)].elementsEqual(
        UnsafeBufferPointer(start: word.utf8Start, count: length))
    else { throw malformed() }
    at += length
    return fields
  }

  private mutating func number() throws(Refusal) -> Fields {
    let start = at
    if peek == UInt8(ascii: "-") { at += 1 }
    let first = at
    skipDigits()
    guard at > first, bytes[first] != UInt8(ascii: "0") || at == first + 1 else {
      throw malformed()
    }
    let isWhole = peek != UInt8(ascii: ".") && peek | 0x20 != UInt8(ascii: "e")
    if peek == UInt8(ascii: ".") { try part() }
    if peek | 0x20 == UInt8(ascii: "e") {
      if at + 1 < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[at + 1]) {
        at += 1
      }
      try part()
    }
    let written = String(decoding: bytes[start..<at], as: UTF8.self)
    if isWhole, let number = Int64(written) { return .integer(number) }
    guard let number = Double(written), number.isFinite else { throw malformed() }
    // 1.0 is 1: spreadsheets write either. Larger numbers keep their fraction's form, being inexact.
    if abs(number) < 9_007_199_254_740_992, let integer = Int64(exactly: number) {
      return .integer(integer)
    }
    return .real(number)
  }

  /// A mark and the digits that must follow it.
  private mutating func part() throws(Refusal) {
    at += 1
    let first = at
    skipDigits()
    guard at > first else { throw malformed() }
  }

  private var peek: UInt8 { at < bytes.count ? bytes[at] : 0 }

  private mutating func skipDigits() {
    while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(peek) { at += 1 }
  }

  private mutating func skipSpace() {
    while [0x20, 0x0A, 0x0D, 0x09].contains(peek) { at += 1 }
  }

  /// Whether the next character is the given one, which is then passed.
  private mutating func skip(_ character: UInt8) -> Bool {
    skipSpace()
    guard peek == character else { return false }
    at += 1
    return true
  }

  private mutating func descend() throws(Refusal) {
    guard depth < Self.deepest else {
      throw Refusal(
        .invalid, "json.deep",
        Words(
          "JSON 嵌套超过 \(Self.deepest) 层，请减少层数",
          "This JSON is nested deeper than \(Self.deepest) levels; make it flatter"))
    }
    depth += 1
    at += 1
  }

  private mutating func ascend(_ fields: Fields) -> Fields {
    depth -= 1
    return fields
  }

  private func malformed() -> Refusal {
    Refusal(
      .invalid, "json.malformed",
      Words(
        "第 \(at + 1) 个字节处不是有效的 JSON，请检查括号和引号",
        "This is not valid JSON at byte \(at + 1); check its brackets and quotes"))
  }
}

extension JSONReader {
  private mutating func text() throws(Refusal) -> String {
    at += 1
    let start = at
    while at < bytes.count, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\"),
      bytes[at] >= 0x20
    { at += 1 }
    // Most texts hold no escape and are taken as they stand.
    if peek == UInt8(ascii: "\"") {
      let end = at
      at += 1
      return try valid(bytes[start..<end])
    }
    return try escapedText(Array(bytes[start..<at]))
  }

  private mutating func escapedText(_ start: [UInt8]) throws(Refusal) -> String {
    var text = start
    while at < bytes.count, bytes[at] >= 0x20 {
      let byte = bytes[at]
      at += 1
      switch byte {
      case UInt8(ascii: "\""): return try valid(text[...])
      case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
      default: text.append(byte)
      }
    }
    throw malformed()
  }

  private mutating func escape() throws(Refusal) -> Unicode.Scalar {
    let byte = peek
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try codedScalar()
    default: throw malformed()
    }
  }

  /// `\u674e`, or two of them for a character beyond the first plane.
  private mutating func codedScalar() throws(Refusal) -> Unicode.Scalar {
    let unit = try hexadecimal()
    if let scalar = Unicode.Scalar(unit) {
      // The character that ends a text in a database would cut what follows it.
      guard unit != 0 else { throw malformed() }
      return scalar
    }
    guard unit < 0xDC00, peek == UInt8(ascii: "\\"), at + 1 < bytes.count,
      bytes[at + 1] == UInt8(ascii: "u")
    else { throw malformed() }
    at += 2
    let second = try hexadecimal()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00))
    else { throw malformed() }
    return scalar
  }

  private mutating func hexadecimal() throws(Refusal) -> UInt32 {
    guard at + 4 <= bytes.count else { throw malformed() }
    var value: UInt32 = 0
    for byte in bytes[at..<(at + 4)] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw malformed() }
      value = value << 4 | UInt32(digit)
    }
    at += 4
    return value
  }

  private func valid(_ bytes: some Collection<UInt8>) throws(Refusal) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw malformed() }
    return text
  }
}

/// The name of one thing of one kind, made anywhere: by a phone without network, by a spreadsheet,
/// or by the desk. Compared as bytes.
package struct ID<Tag>: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let text: String

  /// The longest identifier that is taken, in bytes of UTF-8.
  package static var longest: Int { 200 }

  /// An identifier as somebody wrote it, with surrounding white space taken off.
  ///
  /// - Throws: a refusal when it is empty, longer than ``longest`` or holds what nobody sees.
  package init(_ written: String, field: String? = nil) throws(Refusal) {
    let trimmed = written.trimmingWhitespace()
    guard !trimmed.isEmpty else { throw .missing(field ?? "id") }
    guard trimmed.utf8.count <= Self.longest, !trimmed.unicodeScalars.contains(where: \.isUnseen)
    else {
      throw Refusal(
        .invalid, "id.malformed",
        Words(
          "编号过长或含有不可见字符，请更正后再提交",
          "The identifier is too long or holds invisible characters; correct it and send it again"),
        field: field)
    }
    text = trimmed
  }

  /// An identifier that the product made or has checked before.
  package init(trusted text: String) { self.text = text }

  // Two spellings of one letter are equal texts in Swift and different ones in the database.
  package static func == (left: ID, right: ID) -> Bool {
    left.text == right.text && left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// Hashes the bytes, as equality compares them.
  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }

  package static func < (left: ID, right: ID) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  package var description: String { text }
}

extension ID: Codable {
  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    try self.init(text, field: decoder.codingPath.last?.stringValue)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

extension ID: SQLArgument { package var sqlValue: SQLValue { .text(text) } }

extension Unicode.Scalar {
  /// Whether it is a control character: category Cc has exactly these (U+0000–1F, U+7F–9F).
  package var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
  /// Control characters, and those that change how others are shown: two identifiers that look the
  /// same must be the same.
  fileprivate var isUnseen: Bool {
    if isASCII { return value < 0x20 || value == 0x7F }
    return properties.generalCategory == .control || properties.generalCategory == .format
  }
}

extension String {
  /// The text without white space (ideographic spaces included) at either end.
  package func trimmingWhitespace() -> String {
    // Files bring millions of cells: most have visible ASCII at both ends, and the others are looked
    // at by scalars, which costs a fraction of looking at characters.
    let visible = UInt8(ascii: "!")...UInt8(ascii: "~")
    if let first = utf8.first, let last = utf8.last, visible.contains(first),
      visible.contains(last)
    {
      return self
    }
    var rest = unicodeScalars[...]
    while let first = rest.first, first.properties.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.properties.isWhitespace { rest.removeLast() }
    if rest.endIndex == unicodeScalars.endIndex, rest.startIndex == unicodeScalars.startIndex {
      return self
    }
    return String(rest)
  }
}

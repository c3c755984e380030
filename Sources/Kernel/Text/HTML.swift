/// A piece of a page. What is interpolated is escaped; there is no other way to build one.
package struct HTML: ExpressibleByStringInterpolation, Sendable {
  /// The markup as UTF-8.
  package private(set) var bytes: [UInt8]

  package init(stringLiteral value: String) { bytes = Array(value.utf8) }
  package init(stringInterpolation: StringInterpolation) { bytes = stringInterpolation.bytes }
  package init() { bytes = [] }

  /// Several pieces one after another.
  package init(_ parts: some Sequence<HTML>) {
    bytes = []
    for part in parts { bytes.append(contentsOf: part.bytes) }
  }

  package static func + (left: HTML, right: HTML) -> HTML {
    var both = left
    both.bytes.append(contentsOf: right.bytes)
    return both
  }

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// One piece after another.
  package struct StringInterpolation: StringInterpolationProtocol {
    var bytes: [UInt8] = []

    package init(literalCapacity: Int, interpolationCount: Int) {
      bytes.reserveCapacity(literalCapacity + interpolationCount * 16)
    }

    package mutating func appendLiteral(_ literal: String) {
      bytes.append(contentsOf: literal.utf8)
    }

    package mutating func appendInterpolation(_ part: HTML) { bytes.append(contentsOf: part.bytes) }

    package mutating func appendInterpolation(_ part: HTML?) {
      if let part { bytes.append(contentsOf: part.bytes) }
    }

    package mutating func appendInterpolation(_ parts: [HTML]) {
      for part in parts { bytes.append(contentsOf: part.bytes) }
    }

    package mutating func appendInterpolation(_ number: Int) {
      bytes.append(contentsOf: String(number).utf8)
    }

    package mutating func appendInterpolation<Tag>(_ id: ID<Tag>) { escape(id.text) }

    package mutating func appendInterpolation(_ text: String) { escape(text) }

    private mutating func escape(_ text: String) {
      for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "&"): bytes.append(contentsOf: "&amp;".utf8)
        case UInt8(ascii: "<"): bytes.append(contentsOf: "&lt;".utf8)
        case UInt8(ascii: ">"): bytes.append(contentsOf: "&gt;".utf8)
        case UInt8(ascii: "\""): bytes.append(contentsOf: "&quot;".utf8)
        case UInt8(ascii: "'"): bytes.append(contentsOf: "&#39;".utf8)
        default: bytes.append(byte)
        }
      }
    }
  }
}

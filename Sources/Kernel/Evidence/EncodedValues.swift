/// Values and texts as bytes, each with its length, the same whichever engine they come from.
extension SQLValue {
  /// The value with its kind in front.
  package var encoded: [UInt8] {
    switch self {
    case .null: [UInt8(ascii: "n")]
    case .integer(let number): [UInt8(ascii: "i")] + number.bigEndianBytes
    case .real(let number): [UInt8(ascii: "r")] + number.bitPattern.bigEndianBytes
    case .text(let text): [UInt8(ascii: "t")] + text.encoded
    case .bytes(let bytes):
      [UInt8(ascii: "b")] + UInt32(bytes.count).bigEndianBytes + bytes
    }
  }
}

extension String {
  /// The text with its length in front.
  package var encoded: [UInt8] { UInt32(utf8.count).bigEndianBytes + Array(utf8) }
}

extension FixedWidthInteger {
  /// The bytes from the highest to the lowest.
  package var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian, Array.init) }
}

/// Encoded values and texts, taken from the front.
package struct EncodedValues {
  /// They end too soon, or are of no kind.
  package struct Damaged: Error {}

  package private(set) var rest: ArraySlice<UInt8>

  package init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// So many bytes.
  package mutating func take(_ count: Int) throws(Damaged) -> ArraySlice<UInt8> {
    guard count >= 0, rest.count >= count else { throw Damaged() }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  /// A number of so many bytes.
  package mutating func number(_ bytes: Int) throws(Damaged) -> UInt64 {
    try take(bytes).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A text with its length in front.
  package mutating func text() throws(Damaged) -> String {
    String(decoding: try take(Int(try number(4))), as: UTF8.self)
  }

  /// A value with its kind in front.
  package mutating func value() throws(Damaged) -> SQLValue {
    switch try take(1).first {
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "i"): return .integer(Int64(bitPattern: try number(8)))
    case UInt8(ascii: "r"): return .real(Double(bitPattern: try number(8)))
    case UInt8(ascii: "t"): return .text(try text())
    case UInt8(ascii: "b"): return .bytes(Array(try take(Int(try number(4)))))
    default: throw Damaged()
    }
  }
}

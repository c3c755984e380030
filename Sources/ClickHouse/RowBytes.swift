import NIOCore

/// Rows in the form that ClickHouse calls `RowBinary`: numbers as they lie in memory, texts behind
/// their lengths.
enum RowBytes {
  static func append(_ number: some FixedWidthInteger, to buffer: inout ByteBuffer) {
    buffer.writeInteger(number, endianness: .little)
  }

  static func append(_ text: String, to buffer: inout ByteBuffer) {
    var rest = text.utf8.count
    while rest >= 0x80 {
      buffer.writeInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    buffer.writeInteger(UInt8(rest))
    buffer.writeString(text)
  }

  static func texts(_ texts: some Sequence<String>) -> ByteBuffer {
    var buffer = ByteBuffer()
    for text in texts { append(text, to: &buffer) }
    return buffer
  }
}

/// Reads rows one column after another; every read is nil once the rows are not what was asked for.
struct RowReader {
  private var buffer: ByteBuffer

  init(_ buffer: ByteBuffer) { self.buffer = buffer }

  var isAtEnd: Bool { buffer.readableBytes == 0 }

  mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) -> Number? {
    buffer.readInteger(endianness: .little)
  }

  mutating func text() -> String? {
    var length = 0
    for shift in stride(from: 0, to: 35, by: 7) {
      guard let byte = buffer.readInteger(as: UInt8.self) else { return nil }
      length |= Int(byte & 0x7F) << shift
      if byte < 0x80 { return buffer.readString(length: length) }
    }
    return nil
  }
}

/// Reads a source piece by piece as UTF-8, whatever its encoding.
struct TextStream {
  /// How much is read at once.
  static let chunkBytes = 1 << 18

  let source: ByteSource
  let encoding: TextEncoding
  /// Bytes of the source that were read.
  private(set) var offset: Int
  private var raw: [UInt8]

  init(_ source: ByteSource, encoding: DetectedEncoding) {
    self.source = source
    self.encoding = encoding.encoding
    offset = encoding.markLength
    raw = encoding.encoding == .utf8 ? [] : [UInt8](repeating: 0, count: Self.chunkBytes)
  }

  /// Whether everything was read.
  var isAtEnd: Bool { offset >= source.size }

  /// Room that one piece can need.
  static let pieceCapacity = Transcoder.capacity(for: chunkBytes)

  /// Writes the next piece to `target`, which has room for `pieceCapacity`; answers its length.
  mutating func read(into target: UnsafeMutableRawPointer) throws(SpreadsheetFault) -> Int {
    if encoding == .utf8 {
      let count = try source.read(at: offset, count: Self.chunkBytes, into: target)
      advance(by: count)
      return count
    }
    let start = offset
    let source = source
    let transcoder = Transcoder(encoding)
    var consumed = 0
    let written = try raw.reading { bytes throws(SpreadsheetFault) in
      let count = try source.read(at: start, count: Self.chunkBytes, into: bytes)
      let conversion = try transcoder.convert(
        bytes, count: count, into: target, isLast: start + count >= source.size)
      consumed = conversion.consumed
      return conversion.written
    }
    advance(by: consumed)
    return written
  }

  private mutating func advance(by count: Int) {
    // A file that became shorter while it was read ends here.
    offset = count == 0 ? source.size : offset + count
  }
}

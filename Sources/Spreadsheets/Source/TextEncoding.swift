/// The text encodings in which tables arrive.
package enum TextEncoding: String, CaseIterable, Sendable {
  case utf8 = "UTF-8"
  case gb18030 = "GB18030"
  case utf16LittleEndian = "UTF-16LE"
  case utf16BigEndian = "UTF-16BE"
}

/// An encoding together with the mark that may precede the text.
struct DetectedEncoding: Equatable {
  let encoding: TextEncoding
  /// Bytes of the byte order mark to be skipped.
  let markLength: Int
}

extension DetectedEncoding {
  /// How much is looked at to tell damaged UTF-8 from GB18030.
  private static let windowBytes = 1 << 16
  private static let chunkBytes = 1 << 18

  /// Recognises the encoding of a text.
  ///
  /// A text that is valid UTF-8 to its end is UTF-8. Otherwise the first bytes that are not decide:
  /// UTF-8 with a few broken characters stays UTF-8 (read as GB18030 it would turn into other,
  /// plausible Chinese), text that GB18030 can read is GB18030, anything else is refused.
  static func detect(in source: ByteSource) throws(SpreadsheetFault) -> DetectedEncoding {
    let head = try source.bytes(at: 0, count: 3)
    if head.starts(with: [0xEF, 0xBB, 0xBF]) {
      return DetectedEncoding(encoding: .utf8, markLength: 3)
    }
    if head.starts(with: [0xFF, 0xFE]) {
      return DetectedEncoding(encoding: .utf16LittleEndian, markLength: 2)
    }
    if head.starts(with: [0xFE, 0xFF]) {
      return DetectedEncoding(encoding: .utf16BigEndian, markLength: 2)
    }
    guard let broken = try firstBreak(in: source) else {
      return DetectedEncoding(encoding: .utf8, markLength: 0)
    }
    let from = max(0, broken - windowBytes / 2)
    let window = try source.bytes(at: from, count: windowBytes)
    if isMostlyUTF8(window) { return DetectedEncoding(encoding: .utf8, markLength: 0) }
    let start = lineStart(in: window, before: broken - from)
    if try isMostlyGB18030(Array(window[start...])) {
      return DetectedEncoding(encoding: .gb18030, markLength: 0)
    }
    throw SpreadsheetFault(.encodingUnknown)
  }

  /// The offset of the first piece that is not UTF-8.
  private static func firstBreak(in source: ByteSource) throws(SpreadsheetFault) -> Int? {
    var chunk = [UInt8](repeating: 0, count: chunkBytes)
    var offset = 0
    while offset < source.size {
      let count = try chunk.reading { target throws(SpreadsheetFault) in
        try source.read(at: offset, count: chunkBytes, into: target)
      }
      guard count > 0 else { return nil }
      let atEnd = offset + count >= source.size
      let broken: Int? = chunk.withUnsafeBufferPointer { buffer in
        let whole = atEnd ? count : count - incompleteTail(of: buffer, count: count)
        let piece = UnsafeBufferPointer(rebasing: buffer[..<whole])
        do throws(UTF8.ValidationError) {
          _ = try UTF8Span(validating: piece.span)
          offset += whole
          return nil
        } catch {
          return offset + error.byteOffsets.lowerBound
        }
      }
      if let broken { return broken }
    }
    return nil
  }

  /// Bytes at the end of a piece that begin a character which the next piece completes.
  private static func incompleteTail(of buffer: UnsafeBufferPointer<UInt8>, count: Int) -> Int {
    for back in 1...3 where back < count {
      let byte = buffer[count - back]
      if byte < 0x80 { return 0 }
      guard byte >= 0xC0 else { continue }
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
      return length > back ? back : 0
    }
    return 0
  }

  /// Whether wide characters read as UTF-8 outnumber what is broken.
  private static func isMostlyUTF8(_ window: [UInt8]) -> Bool {
    var wide = 0
    var broken = 0
    for scalar in String(decoding: window, as: UTF8.self).unicodeScalars {
      if scalar == "\u{FFFD}" {
        broken += 1
      } else if scalar.value >= 0x800 {
        wide += 1
      }
    }
    return wide > broken * 4
  }

  private static func isMostlyGB18030(_ window: [UInt8]) throws(SpreadsheetFault) -> Bool {
    var text = [UInt8](repeating: 0, count: Transcoder.capacity(for: window.count))
    let (count, broken) = try Transcoder(.gb18030).convert(window, into: &text)
    var wide = 0
    for scalar in String(decoding: text[..<count], as: UTF8.self).unicodeScalars
    where scalar.value >= 0x80 && scalar != "\u{FFFD}" {
      wide += 1
    }
    return wide > broken * 10
  }

  /// GB18030 can only be entered at the beginning of a line: its second bytes look like letters.
  private static func lineStart(in window: [UInt8], before offset: Int) -> Int {
    window[..<offset].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
  }
}

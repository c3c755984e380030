import Foundation

/// Turns pieces of text in another encoding into UTF-8 by the C library's strict `iconv`.
///
/// The encodings here keep no state between characters, so that each piece opens its own
/// conversion and nothing has to be closed later.
struct Transcoder {
  private let encoding: TextEncoding

  /// The byte that marks a broken character in the output; UTF-8 never contains it, so that the
  /// cell which holds it is found when its text is checked.
  static let brokenMark: UInt8 = 0xFF

  init(_ encoding: TextEncoding) {
    self.encoding = encoding
  }

  /// Room that the UTF-8 form of `count` bytes can need: at most 3 for 2, or a mark for 1.
  static func capacity(for count: Int) -> Int { count * 2 + 16 }

  /// Converts a whole text; answers the bytes written and the number of broken characters.
  func convert(
    _ input: [UInt8], into output: inout [UInt8]
  ) throws(SpreadsheetFault) -> (written: Int, broken: Int) {
    var broken = 0
    var input = input
    let count = input.count
    let written = try input.reading { source throws(SpreadsheetFault) in
      try output.reading { target throws(SpreadsheetFault) in
        let result = try convert(source, count: count, into: target, isLast: true)
        broken = result.broken
        return result.written
      }
    }
    return (written, broken)
  }

  /// What one piece became.
  struct Conversion {
    var consumed = 0
    var written = 0
    var broken = 0
  }

  /// Converts one piece; a character cut off at its end is left for the next piece unless it is
  /// the last one.
  func convert(
    _ source: UnsafeMutableRawPointer, count: Int, into target: UnsafeMutableRawPointer,
    isLast: Bool
  ) throws(SpreadsheetFault) -> Conversion {
    let conversion = iconv_open("UTF-8", encoding.rawValue)
    guard conversion != iconv_t(bitPattern: -1) else {
      throw SpreadsheetFault(.encodingUnavailable)
    }
    defer { iconv_close(conversion) }
    var from: UnsafeMutablePointer<CChar>? = source.assumingMemoryBound(to: CChar.self)
    var to: UnsafeMutablePointer<CChar>? = target.assumingMemoryBound(to: CChar.self)
    var left = count
    let room = Self.capacity(for: count)
    var free = room
    var result = Conversion()
    while left > 0 {
      guard iconv(conversion, &from, &left, &to, &free) == -1 else { break }
      if errno == EINVAL, !isLast { break }
      guard errno == EILSEQ || errno == EINVAL else {
        throw SpreadsheetFault(.encodingDamaged)
      }
      to?.pointee = CChar(bitPattern: Self.brokenMark)
      to = to?.advanced(by: 1)
      free -= 1
      from = from?.advanced(by: 1)
      left -= 1
      result.broken += 1
    }
    result.consumed = count - left
    result.written = room - free
    return result
  }
}

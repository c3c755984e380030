/// The whole text of a file that is no table, whatever its encoding.
package enum WholeText {
  /// Reads a file, a pipe too. Characters that its encoding does not have become U+FFFD; bytes of no
  /// known encoding are read as UTF-8.
  package static func read(
    path: String, limits: ReadingLimits = .init()
  ) throws(SpreadsheetFault) -> String {
    let source = try ByteSource(path: path, limits: limits)
    guard source.size <= limits.heldBytes else { throw SpreadsheetFault(.fieldTooLong) }
    var text = try TextStream(source, encoding: encoding(of: source))
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: TextStream.pieceCapacity)
    while !text.isAtEnd {
      let count = try piece.reading { target throws(SpreadsheetFault) in
        try text.read(into: target)
      }
      bytes += piece[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func encoding(
    of source: ByteSource
  ) throws(SpreadsheetFault) -> DetectedEncoding {
    do {
      return try DetectedEncoding.detect(in: source)
    } catch  where error.code == .encodingUnknown {
      return DetectedEncoding(encoding: .utf8, markLength: 0)
    }
  }
}

/// Walks through the lines of a plain text file and finds the cells of a few columns.
///
/// Plain means: no quotation marks. A file with one is for a slower reader.
struct LineScanner {
  /// The places of the columns that are wanted, by their order in the file.
  let wanted: [Int]
  /// How many cells every line has.
  let width: Int
  let delimiter: UInt8

  /// What a line turned out to be.
  enum Outcome {
    case cells
    case blank
    case otherWidth
    case quoted
  }

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highs: UInt64 = 0x8080_8080_8080_8080

  /// Marks the bytes of a word that equal a byte, by their highest bits; only the first mark is
  /// sure.
  @inline(__always)
  private static func marks(_ word: UInt64, _ pattern: UInt64) -> UInt64 {
    let difference = word ^ pattern
    return (difference &- ones) & ~difference & highs
  }

  /// Finds the end of a cell: the next delimiter, line feed, or quotation mark.
  @inline(__always)
  private static func cellEnd(
    _ start: UnsafePointer<UInt8>, _ delimiters: UInt64
  ) -> UnsafePointer<UInt8> {
    var at = start
    let lineFeeds = ones &* UInt64(UInt8(ascii: "\n"))
    while true {
      let word = UnsafeRawPointer(at).loadUnaligned(as: UInt64.self)
      let found = marks(word, delimiters) | marks(word, lineFeeds)
      if found != 0 { return at.advanced(by: found.trailingZeroBitCount >> 3) }
      at = at.advanced(by: 8)
    }
  }

  /// Reads one line, whose last byte is a line feed, and gives where the next begins.
  ///
  /// Cells come in the file's order; `cells` has a place for each wanted column.
  @inline(__always)
  func line(
    _ start: UnsafePointer<UInt8>, into cells: UnsafeMutablePointer<FieldText>
  ) -> (outcome: Outcome, next: UnsafePointer<UInt8>) {
    let delimiters = Self.ones &* UInt64(delimiter)
    var at = start
    var column = 0
    var found = 0
    let wantedCount = wanted.count
    return wanted.withUnsafeBufferPointer { wanted in
      while true {
        // Most cells are short numbers; what they are and where they end comes from one load.
        let short = FieldText(digitsAt: at).flatMap { isEnd($0.end[0]) ? $0 : nil }
        let end = short?.end ?? Self.cellEnd(at, delimiters)
        let isLast = end[0] == UInt8(ascii: "\n")
        if found < wantedCount, wanted[found] == column {
          if let short {
            cells[found] = short
          } else {
            var count = end - at
            if isLast, count > 0, end[-1] == UInt8(ascii: "\r") { count &-= 1 }
            if count > 0, at[0] == UInt8(ascii: "\"") { return (.quoted, at) }
            cells[found] = FieldText(start: at, count: count).trimmed
          }
          found &+= 1
        }
        at = end.advanced(by: 1)
        column &+= 1
        if isLast { break }
      }
      if column == width { return (.cells, at) }
      let length = at - start
      let isBlank = column == 1 && (length == 1 || (length == 2 && start[0] == UInt8(ascii: "\r")))
      return (isBlank ? .blank : .otherWidth, at)
    }
  }

  @inline(__always)
  private func isEnd(_ byte: UInt8) -> Bool { byte == delimiter || byte == UInt8(ascii: "\n") }
}

import Foundation

/// Reads rows of comma, semicolon or tab separated text (RFC 4180) with bounded memory.
struct DelimitedReader: RecordReading {
  let limits: ReadingLimits
  let delimiter: Delimiter
  private var text: TextStream
  private var storage: [UInt8]
  private var start = 0
  private var end = 0
  private var marks = DelimitedMarks()
  private var number = 0
  private var line = 1
  private var width = 0

  let isStrictWidth = true

  init(
    _ source: ByteSource, encoding: DetectedEncoding, delimiter: Delimiter?, limits: ReadingLimits
  ) throws(SpreadsheetFault) {
    self.limits = limits
    text = TextStream(source, encoding: encoding)
    storage = [UInt8](repeating: 0, count: 2 * TextStream.pieceCapacity)
    // `delimiter` is known only after the first piece, which the stream's state must outlive.
    end = try Self.readPiece(&text, into: &storage, at: 0)
    let announced = Self.announcedDelimiter(storage[..<end])
    if let announced {
      start = announced.length
      line = 2
    }
    self.delimiter =
      delimiter ?? announced?.delimiter ?? Delimiter.detect(in: storage[start..<end])
  }

  var encoding: TextEncoding { text.encoding }

  var progress: ReadingProgress {
    ReadingProgress(bytesRead: text.offset, bytesTotal: text.source.size)
  }

  /// Spreadsheet programs write and obey a first line `sep=;`.
  private static func announcedDelimiter(
    _ bytes: ArraySlice<UInt8>
  ) -> (delimiter: Delimiter, length: Int)? {
    let head = Array(bytes.prefix(7))
    guard head.count >= 6, head.starts(with: Array("sep=".utf8)),
      let delimiter = Delimiter(rawValue: head[4])
    else { return nil }
    if head[5] == 10 { return (delimiter, 6) }
    guard head[5] == 13 else { return nil }
    return (delimiter, head.count == 7 && head[6] == 10 ? 7 : 6)
  }

  private static func readPiece(
    _ text: inout TextStream, into storage: inout [UInt8], at position: Int
  ) throws(SpreadsheetFault) -> Int {
    try storage.reading { base throws(SpreadsheetFault) in
      try text.read(into: base + position)
    }
  }

  mutating func next() throws(SpreadsheetFault) -> Record? {
    while true {
      if start == end {
        guard !text.isAtEnd else { return nil }
        try refill()
        continue
      }
      switch parse() {
      case .blank(let consumed, let lines):
        advance(by: consumed, lines: lines)
      case .record(var record, let consumed, let lines):
        record.number = number + 1
        record.line = line
        record.fault = record.fault.map { self.placed($0) }
        width = max(width, record.cells.count)
        advance(by: consumed, lines: lines)
        return record
      case .incomplete:
        try refill()
      case .fatal(let fault):
        throw placed(fault)
      }
    }
  }

  private mutating func advance(by consumed: Int, lines: Int) {
    start += consumed
    line += lines
    number += 1
  }

  private func placed(_ fault: SpreadsheetFault) -> SpreadsheetFault {
    SpreadsheetFault(
      fault.code,
      at: SpreadsheetPlace(row: number + 1, line: line, column: fault.place.column))
  }

  private mutating func parse() -> DelimitedRecordParser.Outcome {
    let start = start
    let end = end
    let isAtEnd = text.isAtEnd
    let parser = DelimitedRecordParser(delimiter: delimiter, limits: limits, width: width)
    return storage.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return .incomplete }
      return parser.parse(base, start: start, end: end, isAtEnd: isAtEnd, marks: &marks)
    }
  }

  /// Moves what is left to the front and reads the next piece behind it.
  private mutating func refill() throws(SpreadsheetFault) {
    let rest = end - start
    guard rest <= limits.recordBytes else {
      throw placed(SpreadsheetFault(.recordTooLong))
    }
    let start = start
    storage.withUnsafeMutableBytes { buffer in
      if let base = buffer.baseAddress { memmove(base, base + start, rest) }
    }
    let needed = rest + TextStream.pieceCapacity
    if storage.count < needed {
      storage += [UInt8](repeating: 0, count: 2 * needed - storage.count)
    }
    self.start = 0
    end = rest
    end += try Self.readPiece(&text, into: &storage, at: rest)
    marks.reset()
  }
}

/// Where the next bytes with a meaning are.
struct DelimitedMarks {
  var lineFeed = ByteFinder(10)
  var carriageReturn = ByteFinder(13)
  var quote = ByteFinder(UInt8(ascii: "\""))
  var null = ByteFinder(0)

  mutating func reset() {
    lineFeed.reset()
    carriageReturn.reset()
    quote.reset()
    null.reset()
  }
}

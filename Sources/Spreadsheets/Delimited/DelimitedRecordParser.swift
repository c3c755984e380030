import Foundation

/// Cuts one record out of a buffer of UTF-8.
struct DelimitedRecordParser {
  let delimiter: Delimiter
  let limits: ReadingLimits
  /// How many cells to make room for.
  let width: Int

  /// What was found at the start of the buffer.
  enum Outcome {
    /// An empty line.
    case blank(consumed: Int, lines: Int)
    case record(Record, consumed: Int, lines: Int)
    /// The record goes on behind the buffer's end.
    case incomplete
    /// The file cannot be read any further.
    case fatal(SpreadsheetFault)
  }

  /// The common case, a record without quotes, takes one search for each cell; anything else is
  /// left to the careful reading of quotes.
  func parse(
    _ base: UnsafePointer<UInt8>, start: Int, end: Int, isAtEnd: Bool,
    marks: inout DelimitedMarks
  ) -> Outcome {
    let feed = marks.lineFeed.next(from: start, in: base, end: end)
    let carriage = marks.carriageReturn.next(from: start, in: base, end: end)
    let quote = marks.quote.next(from: start, in: base, end: end)
    let stop = min(feed, carriage)
    if quote < stop {
      return parseQuoted(base, start: start, end: end, isAtEnd: isAtEnd, marks: &marks)
    }
    if stop == end, !isAtEnd { return .incomplete }
    if stop == carriage, stop + 1 == end, !isAtEnd { return .incomplete }
    let next = Self.lineEnd(at: stop, in: base, end: end)
    let lines = stop == end ? 0 : 1
    if stop == start { return .blank(consumed: next - start, lines: lines) }

    var cells = DelimitedCells(limits: limits, width: width)
    let byte = Int32(delimiter.rawValue)
    var position = start
    while true {
      let cut = ByteFinder.position(of: byte, from: position, in: base, end: stop)
      cells.append(UnsafeBufferPointer(start: base + position, count: cut - position))
      if cut == stop { break }
      position = cut + 1
    }
    if marks.null.next(from: start, in: base, end: end) < stop {
      cells.noteNulls(base, start: start, end: stop, delimiter: byte)
    }
    return cells.outcome(consumed: next - start, lines: lines)
  }

  /// The position behind the line end at `stop`.
  static func lineEnd(at stop: Int, in base: UnsafePointer<UInt8>, end: Int) -> Int {
    guard stop < end else { return end }
    let isPair = base[stop] == 13 && stop + 1 < end && base[stop + 1] == 10
    return stop + (isPair ? 2 : 1)
  }
}

extension DelimitedRecordParser {
  private func parseQuoted(
    _ base: UnsafePointer<UInt8>, start: Int, end: Int, isAtEnd: Bool,
    marks: inout DelimitedMarks
  ) -> Outcome {
    var cells = DelimitedCells(limits: limits, width: width)
    var position = start
    while true {
      var field = QuotedField(base: base, end: end, isAtEnd: isAtEnd)
      let column = cells.count + 1
      if position < end, base[position] == UInt8(ascii: "\"") {
        position = field.readQuoted(from: position, marks: &marks)
      }
      position = field.readPlain(from: position, delimiter: delimiter, marks: &marks)
      if field.length > limits.fieldBytes {
        return .fatal(SpreadsheetFault(.fieldTooLong, at: SpreadsheetPlace(column: column)))
      }
      switch field.state {
      case .incomplete: return .incomplete
      case .unterminated:
        return .fatal(SpreadsheetFault(.quoteUnterminated, at: SpreadsheetPlace(column: column)))
      case .complete: break
      }
      field.withText { cells.append($0, mayHoldNulls: true) }
      if field.hasTextAfterQuote { cells.note(.textAfterQuote, column: column) }
      if position < end, base[position] == delimiter.rawValue {
        position += 1
        continue
      }
      let next = Self.lineEnd(at: position, in: base, end: end)
      let lines = Self.lineEnds(in: base, start: start, end: next)
      return cells.outcome(consumed: next - start, lines: lines)
    }
  }

  /// How many lines end between two positions.
  private static func lineEnds(in base: UnsafePointer<UInt8>, start: Int, end: Int) -> Int {
    var count = 0
    var position = ByteFinder.position(of: 10, from: start, in: base, end: end)
    while position < end {
      count += 1
      position = ByteFinder.position(of: 10, from: position + 1, in: base, end: end)
    }
    position = ByteFinder.position(of: 13, from: start, in: base, end: end)
    while position < end {
      if position + 1 == end || base[position + 1] != 10 { count += 1 }
      position = ByteFinder.position(of: 13, from: position + 1, in: base, end: end)
    }
    return count
  }
}

/// One cell of a record in which quotes occur.
struct QuotedField {
  enum State {
    case complete
    case incomplete
    case unterminated
  }

  let base: UnsafePointer<UInt8>
  let end: Int
  let isAtEnd: Bool
  private(set) var state = State.complete
  private(set) var hasTextAfterQuote = false
  /// Bytes read so far.
  private(set) var length = 0
  private var wasQuoted = false
  private var pieces: [UnsafeBufferPointer<UInt8>] = []

  init(base: UnsafePointer<UInt8>, end: Int, isAtEnd: Bool) {
    self.base = base
    self.end = end
    self.isAtEnd = isAtEnd
  }

  private mutating func add(from start: Int, to stop: Int) {
    guard stop > start else { return }
    pieces.append(UnsafeBufferPointer(start: base + start, count: stop - start))
    length += stop - start
  }

  /// Reads from an opening quote to behind the closing one.
  mutating func readQuoted(from opening: Int, marks: inout DelimitedMarks) -> Int {
    wasQuoted = true
    var position = opening + 1
    while true {
      let quote = marks.quote.next(from: position, in: base, end: end)
      guard quote < end else {
        length += end - position
        state = isAtEnd ? .unterminated : .incomplete
        return end
      }
      // At the buffer's end it is not yet known whether another quote follows.
      if quote + 1 == end, !isAtEnd {
        state = .incomplete
        return end
      }
      guard quote + 1 < end, base[quote + 1] == UInt8(ascii: "\"") else {
        add(from: position, to: quote)
        return quote + 1
      }
      add(from: position, to: quote + 1)
      position = quote + 2
    }
  }

  /// Reads plain text up to the delimiter or the line's end.
  mutating func readPlain(
    from start: Int, delimiter: Delimiter, marks: inout DelimitedMarks
  ) -> Int {
    guard state == .complete else { return start }
    let feed = marks.lineFeed.next(from: start, in: base, end: end)
    let carriage = marks.carriageReturn.next(from: start, in: base, end: end)
    let stop = min(feed, carriage)
    let cut = ByteFinder.position(
      of: Int32(delimiter.rawValue), from: start, in: base, end: stop)
    if cut == stop, !isAtEnd, stop == end || (stop == carriage && stop + 1 == end) {
      state = .incomplete
      return start
    }
    if cut > start, wasQuoted { hasTextAfterQuote = true }
    add(from: start, to: cut)
    return cut
  }

  /// Lends the cell's text without its quotes.
  func withText(_ use: (UnsafeBufferPointer<UInt8>) -> Void) {
    guard pieces.count != 1 else { return use(pieces[0]) }
    var joined: [UInt8] = []
    joined.reserveCapacity(length)
    for piece in pieces { joined.append(contentsOf: piece) }
    joined.withUnsafeBufferPointer(use)
  }
}

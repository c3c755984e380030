import Foundation

/// A piece of a workbook's markup.
enum MarkupToken {
  case start(MarkupTag)
  case end(String)
  case text(String)
}

/// An opening tag without its namespace prefix.
struct MarkupTag {
  let name: String
  let attributes: [(name: String, value: String)]

  /// The value of an attribute, by its name without a prefix.
  func value(_ name: String) -> String? {
    for attribute in attributes where attribute.name == name { return attribute.value }
    return nil
  }
}

/// Reads XML tag by tag with bounded memory.
///
/// It knows no document type and no entities but the five of XML, so that nothing can be fetched
/// or expanded; Foundation's parser is not meant for files from strangers.
struct MarkupReader {
  private var stream: EntryStream
  private var storage = [UInt8](repeating: 0, count: 1 << 18)
  private var start = 0
  private var end = 0
  private var openTags: [String] = []
  private var pendingEnd: String?
  private var hasRoot = false

  /// Longest tag or text between two tags.
  private static let longestPiece = 4 << 20
  private static let deepest = 64

  init(_ stream: EntryStream) {
    self.stream = stream
  }

  var progress: ReadingProgress { stream.progress }

  /// The next piece, `nil` behind the last.
  mutating func next() throws(SpreadsheetFault) -> MarkupToken? {
    if let name = pendingEnd {
      pendingEnd = nil
      openTags.removeLast()
      return .end(name)
    }
    while true {
      if start == end, try !refill() {
        guard openTags.isEmpty, hasRoot else { throw SpreadsheetFault(.markupDamaged) }
        return nil
      }
      if storage[start] != UInt8(ascii: "<") {
        if let text = try readText() { return .text(text) }
      } else if let token = try readTag() {
        return token
      }
    }
  }

  /// Reads until the tag of this name that was opened last is closed, handing over what is inside.
  mutating func inside(
    _ name: String, _ take: (MarkupToken) throws(SpreadsheetFault) -> Void
  ) throws(SpreadsheetFault) {
    let depth = openTags.count
    while let token = try next() {
      if case .end = token, openTags.count < depth { return }
      try take(token)
    }
    throw SpreadsheetFault(.markupDamaged)
  }

  private mutating func refill() throws(SpreadsheetFault) -> Bool {
    guard !stream.isAtEnd else { return false }
    let rest = end - start
    guard rest <= Self.longestPiece else { throw SpreadsheetFault(.markupDamaged) }
    if start > 0 {
      let start = start
      storage.withUnsafeMutableBytes { buffer in
        if let base = buffer.baseAddress { memmove(base, base + start, rest) }
      }
    }
    start = 0
    end = rest
    if storage.count - end < 1 << 17 {
      storage += [UInt8](repeating: 0, count: storage.count)
    }
    let free = storage.count - end
    let position = end
    end += try storage.reading { base throws(SpreadsheetFault) in
      try stream.read(into: base + position, count: free)
    }
    return true
  }

  /// The position of a byte, reading on as far as needed; `nil` when the file ends before it.
  private mutating func find(
    _ byte: UInt8, from offset: Int
  ) throws(SpreadsheetFault) -> Int? {
    var offset = offset
    while true {
      let from = start + offset
      let end = end
      let hit = storage.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map {
          ByteFinder.position(of: Int32(byte), from: from, in: $0, end: end)
        } ?? end
      }
      if hit < end { return hit }
      offset = end - start
      if try !refill() { return nil }
    }
  }

  private mutating func readText() throws(SpreadsheetFault) -> String? {
    let stop = try find(UInt8(ascii: "<"), from: 0) ?? end
    defer { start = stop }
    if openTags.isEmpty {
      try checkOutside(storage[start..<stop])
      return nil
    }
    return try lend(start, stop) { bytes throws(SpreadsheetFault) in
      try MarkupText.decoded(bytes)
    }
  }

  /// Outside the root there is nothing but blanks and a byte order mark.
  private func checkOutside(_ bytes: ArraySlice<UInt8>) throws(SpreadsheetFault) {
    let mark: [UInt8] = hasRoot ? [] : [0xEF, 0xBB, 0xBF]
    let rest = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes
    guard rest.allSatisfy({ $0 == 0x20 || (9...13).contains($0) }) else {
      throw SpreadsheetFault(.markupDamaged)
    }
  }

  /// Lends a part of the buffer.
  private func lend<Result>(
    _ from: Int, _ to: Int,
    _ use: (UnsafeBufferPointer<UInt8>) throws(SpreadsheetFault) -> Result
  ) throws(SpreadsheetFault) -> Result {
    try storage.withUnsafeBufferPointer { buffer throws(SpreadsheetFault) in
      try use(UnsafeBufferPointer(start: buffer.baseAddress.map { $0 + from }, count: to - from))
    }
  }

  private mutating func readTag() throws(SpreadsheetFault) -> MarkupToken? {
    while end - start < 2, try refill() {}
    guard end - start >= 2 else { throw SpreadsheetFault(.markupDamaged) }
    let second = storage[start + 1]
    if second == UInt8(ascii: "!") || second == UInt8(ascii: "?") { return try readSpecial() }
    guard let close = try tagEnd() else { throw SpreadsheetFault(.markupDamaged) }
    let from = start + 1
    start = close + 1
    if second == UInt8(ascii: "/") {
      let name = try lend(from + 1, close) { bytes in MarkupText.localName(bytes) }
      guard openTags.popLast() == name else { throw SpreadsheetFault(.markupDamaged) }
      return .end(name)
    }
    let isEmpty = storage[close - 1] == UInt8(ascii: "/")
    let tag = try lend(from, isEmpty ? close - 1 : close) { bytes throws(SpreadsheetFault) in
      try MarkupText.tag(bytes)
    }
    guard openTags.count < Self.deepest, !openTags.isEmpty || !hasRoot else {
      throw SpreadsheetFault(.markupDamaged)
    }
    hasRoot = true
    openTags.append(tag.name)
    if isEmpty { pendingEnd = tag.name }
    return .start(tag)
  }

  /// Comments and instructions are passed over; character data are text.
  private mutating func readSpecial() throws(SpreadsheetFault) -> MarkupToken? {
    while end - start < 9, try refill() {}
    let head = storage[start..<min(end, start + 9)]
    if head.starts(with: "<!--".utf8) { return try skip(behind: "-->") }
    if head.starts(with: "<?".utf8) { return try skip(behind: "?>") }
    if head.starts(with: "<![CDATA[".utf8) { return try readCharacterData() }
    // A document type, whose entities could be bombs or reach outside.
    throw SpreadsheetFault(.markupForbidden)
  }

  /// The `>` that ends the tag; one inside a quoted value does not.
  private mutating func tagEnd() throws(SpreadsheetFault) -> Int? {
    var offset = 1
    var quotes = MarkupQuotes()
    while let hit = try find(UInt8(ascii: ">"), from: offset) {
      try lend(start + offset, hit) { bytes in quotes.read(bytes) }
      if !quotes.isOpen { return hit }
      offset = hit - start + 1
      guard offset <= Self.longestPiece else { return nil }
    }
    return nil
  }

  private mutating func skip(behind mark: StaticString) throws(SpreadsheetFault) -> MarkupToken? {
    _ = try take(behind: mark)
    return nil
  }

  /// The bytes before a closing mark; the reading goes on behind it.
  private mutating func take(
    behind mark: StaticString
  ) throws(SpreadsheetFault) -> ArraySlice<UInt8> {
    let mark = mark.withUTF8Buffer { Array($0) }
    var offset = 2
    while let hit = try find(UInt8(ascii: ">"), from: offset) {
      if hit - start + 1 >= mark.count, storage[start...hit].suffix(mark.count) == mark[...] {
        let bytes = storage[start..<hit + 1 - mark.count]
        start = hit + 1
        return bytes
      }
      offset = hit - start + 1
    }
    throw SpreadsheetFault(.markupDamaged)
  }

  private mutating func readCharacterData() throws(SpreadsheetFault) -> MarkupToken? {
    guard !openTags.isEmpty else { throw SpreadsheetFault(.markupDamaged) }
    let bytes = Array(try take(behind: "]]>").dropFirst("<![CDATA[".utf8.count))
    return try bytes.withUnsafeBufferPointer { bytes throws(SpreadsheetFault) in
      .text(try MarkupText.plain(bytes))
    }
  }
}

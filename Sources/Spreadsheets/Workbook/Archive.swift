/// The directory of a ZIP archive; names are only compared, never used as paths.
struct Archive {
  /// One packed file.
  struct Entry {
    let method: Int
    let isEncrypted: Bool
    let checksum: UInt32
    let packedBytes: Int
    let plainBytes: Int
    let offset: Int
  }

  let source: ByteSource
  let limits: ReadingLimits
  private(set) var entries: [String: Entry] = [:]

  /// The end record with its longest comment.
  private static let longestTail = 22 + 65_535

  init(_ source: ByteSource, limits: ReadingLimits) throws(SpreadsheetFault) {
    self.source = source
    self.limits = limits
    let tailStart = max(0, source.size - Self.longestTail)
    let tail = try LittleEndian(source.bytes(at: tailStart, count: Self.longestTail))
    guard let end = Self.endRecord(in: tail) else { throw SpreadsheetFault(.archiveDamaged) }
    let count = tail.integer16(end + 10)
    let size = tail.integer32(end + 12)
    let start = tail.integer32(end + 16)
    guard count <= limits.archiveEntries else { throw SpreadsheetFault(.archiveTooLarge) }
    guard start + size <= tailStart + end else { throw SpreadsheetFault(.archiveDamaged) }
    let directory = try LittleEndian(source.bytes(at: start, count: size))
    try read(directory, count: count)
  }

  private static func endRecord(in tail: LittleEndian) -> Int? {
    var position = tail.bytes.count - 22
    while position >= 0 {
      if tail.integer32(position) == 0x0605_4B50 { return position }
      position -= 1
    }
    return nil
  }

  private mutating func read(
    _ directory: LittleEndian, count: Int
  ) throws(SpreadsheetFault) {
    var position = 0
    for _ in 0..<count {
      guard position + 46 <= directory.bytes.count, directory.integer32(position) == 0x0201_4B50
      else { throw SpreadsheetFault(.archiveDamaged) }
      let nameLength = directory.integer16(position + 28)
      let extraLength = directory.integer16(position + 30)
      let commentLength = directory.integer16(position + 32)
      let nameStart = position + 46
      let next = nameStart + nameLength + extraLength + commentLength
      guard next <= directory.bytes.count else { throw SpreadsheetFault(.archiveDamaged) }
      let name = String(
        decoding: directory.bytes[nameStart..<nameStart + nameLength], as: UTF8.self)
      let extra = nameStart + nameLength..<nameStart + nameLength + extraLength
      let sizes = LargeSizes(
        plain: directory.integer32(position + 24), packed: directory.integer32(position + 20),
        offset: directory.integer32(position + 42), extra: extra, in: directory)
      entries[Self.comparable(name)] = Entry(
        method: directory.integer16(position + 10),
        isEncrypted: directory.integer16(position + 8) & 1 == 1,
        checksum: UInt32(truncatingIfNeeded: directory.integer32(position + 16)),
        packedBytes: sizes.packed, plainBytes: sizes.plain, offset: sizes.offset)
      position = next
    }
  }

  /// Part names are compared without regard to case, as the format says.
  private static func comparable(_ name: String) -> String {
    (name.hasPrefix("/") ? String(name.dropFirst()) : name).lowercased()
  }

  func entry(_ name: String) -> Entry? { entries[Self.comparable(name)] }

  /// Opens a file for reading from its beginning.
  func open(_ entry: Entry, most bytes: Int) throws(SpreadsheetFault) -> EntryStream {
    guard !entry.isEncrypted else { throw SpreadsheetFault(.encrypted) }
    guard entry.method == 0 || entry.method == 8 else {
      throw SpreadsheetFault(.archiveUnsupported)
    }
    guard entry.plainBytes <= bytes else { throw SpreadsheetFault(.archiveTooLarge) }
    let head = try LittleEndian(source.bytes(at: entry.offset, count: 30))
    guard head.bytes.count == 30, head.integer32(0) == 0x0403_4B50 else {
      throw SpreadsheetFault(.archiveDamaged)
    }
    let start = entry.offset + 30 + head.integer16(26) + head.integer16(28)
    guard start + entry.packedBytes <= source.size else {
      throw SpreadsheetFault(.archiveDamaged)
    }
    return try EntryStream(source, entry: entry, start: start, ratio: limits.ratio)
  }
}

/// Sizes that may stand in the extra field of large archives (ZIP64).
private struct LargeSizes {
  var plain: Int
  var packed: Int
  var offset: Int

  private static let elsewhere = 0xFFFF_FFFF

  init(plain: Int, packed: Int, offset: Int, extra: Range<Int>, in directory: LittleEndian) {
    self.plain = plain
    self.packed = packed
    self.offset = offset
    var position = extra.lowerBound
    while position + 4 <= extra.upperBound {
      let length = directory.integer16(position + 2)
      let end = min(position + 4 + length, extra.upperBound)
      if directory.integer16(position) == 1 {
        var field = position + 4
        Self.replace(&self.plain, field: &field, end: end, in: directory)
        Self.replace(&self.packed, field: &field, end: end, in: directory)
        Self.replace(&self.offset, field: &field, end: end, in: directory)
      }
      position += 4 + length
    }
  }

  private static func replace(
    _ value: inout Int, field: inout Int, end: Int, in directory: LittleEndian
  ) {
    guard value == elsewhere, field + 8 <= end else { return }
    // Anything beyond 52 bits is damage; the value that stays is refused as too large.
    let high = directory.integer32(field + 4)
    if high < 1 << 20 { value = high << 32 | directory.integer32(field) }
    field += 8
  }
}

/// Numbers in the byte order of archives; outside the bytes everything is 0.
struct LittleEndian {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  func integer16(_ position: Int) -> Int {
    guard position >= 0, position + 2 <= bytes.count else { return 0 }
    return Int(bytes[position]) | Int(bytes[position + 1]) << 8
  }

  func integer32(_ position: Int) -> Int {
    integer16(position) | integer16(position + 2) << 16
  }
}

import CZlib

/// The unpacked bytes of one file of an archive, with its checksum and a watch on bombs.
struct EntryStream {
  private let source: ByteSource
  private let entry: Archive.Entry
  private let ratio: Int
  private let inflater: Inflater?
  private var offset: Int
  private let packedEnd: Int
  private var checksum: UInt = 0
  /// Bytes unpacked so far.
  private(set) var plainBytes = 0
  private(set) var isAtEnd = false

  private static let pieceBytes = 1 << 16
  /// Small files may be packed as tightly as they like.
  private static let harmlessBytes = 1 << 20

  init(
    _ source: ByteSource, entry: Archive.Entry, start: Int, ratio: Int
  ) throws(SpreadsheetFault) {
    self.source = source
    self.entry = entry
    self.ratio = ratio
    offset = start
    packedEnd = start + entry.packedBytes
    if entry.method == 8 {
      guard let inflater = Inflater() else { throw SpreadsheetFault(.archiveUnsupported) }
      self.inflater = inflater
    } else {
      inflater = nil
    }
  }

  /// Packed bytes taken so far, of all there are.
  var progress: ReadingProgress {
    ReadingProgress(
      bytesRead: entry.packedBytes - (packedEnd - offset), bytesTotal: entry.packedBytes)
  }

  /// Fills `target` as far as it goes; fewer bytes than asked do not mean the end.
  mutating func read(
    into target: UnsafeMutableRawPointer, count: Int
  ) throws(SpreadsheetFault) -> Int {
    let got =
      try inflater == nil ? stored(into: target, count: count) : inflated(into: target, count)
    plainBytes += got
    checksum = crc32(checksum, target.assumingMemoryBound(to: UInt8.self), UInt32(got))
    guard plainBytes <= entry.plainBytes else { throw SpreadsheetFault(.archiveDamaged) }
    if plainBytes > Self.harmlessBytes, plainBytes / ratio > entry.packedBytes {
      throw SpreadsheetFault(.archiveTooLarge)
    }
    if isAtEnd, plainBytes != entry.plainBytes || checksum != UInt(entry.checksum) {
      throw SpreadsheetFault(.archiveDamaged)
    }
    return got
  }

  private mutating func stored(
    into target: UnsafeMutableRawPointer, count: Int
  ) throws(SpreadsheetFault) -> Int {
    let got = try source.read(at: offset, count: min(count, packedEnd - offset), into: target)
    offset += got
    isAtEnd = offset >= packedEnd || got == 0
    return got
  }

  private mutating func inflated(
    into target: UnsafeMutableRawPointer, _ count: Int
  ) throws(SpreadsheetFault) -> Int {
    guard let inflater else { return 0 }
    while !inflater.isFinished {
      if inflater.needsInput {
        let piece = try source.bytes(
          at: offset, count: min(Self.pieceBytes, packedEnd - offset))
        guard !piece.isEmpty else { throw SpreadsheetFault(.archiveDamaged) }
        offset += piece.count
        inflater.feed(piece)
      }
      guard let got = inflater.unpack(into: target, count: count) else {
        throw SpreadsheetFault(.archiveDamaged)
      }
      if inflater.isFinished { isAtEnd = true }
      if got > 0 { return got }
    }
    isAtEnd = true
    return 0
  }
}

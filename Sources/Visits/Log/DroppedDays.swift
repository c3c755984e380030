import Glibc

/// What stays of a day that was deleted: when it was, and what was there.
package struct DroppedDay: Hashable, Sendable {
  package var day: UInt32
  package var at: UInt32
  package var rows: Int
  /// The checksum of the segment that was deleted, by which a copy of it would be known.
  package var sum: UInt64

  package init(day: UInt32, at: UInt32, rows: Int, sum: UInt64) {
    self.day = day
    self.at = at
    self.rows = rows
    self.sum = sum
  }
}

/// The list of deleted days on the disk.
enum DroppedDays {
  private static let wordsPerDay = 4

  static func write(_ days: [DroppedDay], to path: String) throws(VisitFault) {
    var bytes: [UInt8] = []
    for day in days {
      for word in [UInt64(day.day), UInt64(day.at), UInt64(day.rows), day.sum] {
        EntryBytes.append(word, to: &bytes)
      }
    }
    EntryBytes.append(bytes.withUnsafeBytes { Checksum.of($0) }, to: &bytes)
    let result = bytes.withUnsafeBytes { raw -> Result<Void, VisitFault> in
      do throws(VisitFault) {
        return .success(try DurableFile.write(raw, to: path))
      } catch { return .failure(error) }
    }
    try result.get()
  }

  static func read(_ path: String) throws(VisitFault) -> [DroppedDay] {
    guard access(path, F_OK) == 0 else { return [] }
    let region = try Region(mapping: path)
    let size = wordsPerDay * 8
    guard region.count >= 8, (region.count - 8) % size == 0 else {
      throw VisitFault(.torn, at: path)
    }
    let bytes = region.bytes(0..<region.count)
    let word = { (at: Int) in
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
    }
    guard word(region.count - 8) == Checksum.of(region.bytes(0..<region.count - 8)) else {
      throw VisitFault(.damaged, at: path, part: "days")
    }
    return stride(from: 0, to: region.count - 8, by: size).map { at in
      DroppedDay(
        day: UInt32(truncatingIfNeeded: word(at)), at: UInt32(truncatingIfNeeded: word(at + 8)),
        rows: Int(word(at + 16)), sum: word(at + 24))
    }
  }
}

extension VisitFolder {
  var logPath: String { "\(path)/visits.log" }
  var droppedPath: String { "\(path)/dropped.days" }
}

extension SegmentForm {
  /// One checksum for the whole segment.
  var sum: UInt64 { sums.reduce(UInt64(rows)) { ($0 ^ $1) &* 0x9E37_79B9_7F4A_7C15 } }
}

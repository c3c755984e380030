import Glibc

/// The file to which entries go before they are acknowledged.
///
/// One frame holds what came together and is synced together: its length, how many entries, its
/// number, a checksum, the entries. A frame that is cut off at the end was never acknowledged and is
/// taken away; one that is damaged before the end is named.
final class VisitLog {
  private static let magic: UInt64 = 0x3147_4F4C_5649_4844
  private static let magicBytes = 8
  private static let headBytes = 24

  let path: String
  private var file: Int32
  /// The number of the last frame.
  private(set) var sequence: UInt64
  /// How many bytes are in the file.
  private(set) var size: Int
  /// Set when a write failed: what is in the file is not known any more.
  private var isBroken = false

  /// Opens or makes the log and hands out what is in it.
  init(
    path: String, replay: (_ sequence: UInt64, [VisitEntry]) throws(VisitFault) -> Void
  ) throws(VisitFault) {
    self.path = path
    file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw VisitFault(.unwritable, at: path, system: errno) }
    sequence = 0
    size = 0
    do throws(VisitFault) {
      let region = try Region(mapping: path)
      if region.count < Self.magicBytes {
        try begin()
      } else {
        try read(region, replay)
      }
    } catch {
      close(file)
      throw error
    }
  }

  deinit { close(file) }

  private func begin() throws(VisitFault) {
    guard ftruncate(file, 0) == 0 else {
      throw VisitFault(.unwritable, at: path, system: errno)
    }
    var bytes: [UInt8] = []
    EntryBytes.append(Self.magic, to: &bytes)
    try write(bytes)
    size = bytes.count
  }

  private func read(
    _ region: Region, _ replay: (UInt64, [VisitEntry]) throws(VisitFault) -> Void
  ) throws(VisitFault) {
    let bytes = region.bytes(0..<region.count)
    guard bytes.loadUnaligned(as: UInt64.self) == Self.magic.littleEndian else {
      throw VisitFault(.notALog, at: path)
    }
    var at = Self.magicBytes
    while at < bytes.count {
      guard let frame = Self.frame(bytes, at) else {
        if Self.hasFrame(bytes, after: at) {
          throw VisitFault(.damaged, at: path, part: "byte \(at)")
        }
        break
      }
      try replay(frame.sequence, frame.entries)
      sequence = max(sequence, frame.sequence)
      at = frame.end
    }
    if at < bytes.count {
      guard ftruncate(file, off_t(at)) == 0, fdatasync(file) == 0 else {
        throw VisitFault(.unwritable, at: path, system: errno)
      }
    }
    size = at
    guard lseek(file, off_t(at), SEEK_SET) >= 0 else {
      throw VisitFault(.unwritable, at: path, system: errno)
    }
  }

  /// The frame at a place, when it is whole.
  private static func frame(
    _ bytes: UnsafeRawBufferPointer, _ at: Int
  ) -> (sequence: UInt64, entries: [VisitEntry], end: Int)? {
    guard at + headBytes <= bytes.count else { return nil }
    let length = Int(bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self).littleEndian)
    let count = Int(bytes.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self).littleEndian)
    let sequence = bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self).littleEndian
    let sum = bytes.loadUnaligned(fromByteOffset: at + 16, as: UInt64.self).littleEndian
    let end = at + headBytes + length
    guard end <= bytes.count else { return nil }
    let head = UnsafeRawBufferPointer(rebasing: bytes[at..<at + 16])
    let body = UnsafeRawBufferPointer(rebasing: bytes[at + headBytes..<end])
    guard sum == Checksum.of(head) ^ Checksum.of(body),
      let entries = EntryBytes.entries(body, count: count)
    else { return nil }
    return (sequence, entries, end)
  }

  /// Whether a whole frame follows a damaged one, so that it was not just cut off.
  private static func hasFrame(_ bytes: UnsafeRawBufferPointer, after damaged: Int) -> Bool {
    var at = damaged + 1
    while at + headBytes <= bytes.count {
      let length = Int(bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self).littleEndian)
      if length > 0, at + headBytes + length <= bytes.count, frame(bytes, at) != nil { return true }
      at += 1
    }
    return false
  }

  /// Writes entries as one frame and waits until the disk has it.
  ///
  /// - Parameter number: the number of the frame, larger than any before; the next one when nil.
  func append(
    _ entries: [VisitEntry], as number: UInt64? = nil
  ) throws(VisitFault) -> UInt64 {
    guard !isBroken else { throw VisitFault(.unwritable, at: path, system: EIO) }
    let number = max(number ?? 0, sequence + 1)
    let bytes = Self.bytes(entries, sequence: number)
    isBroken = true
    try write(bytes)
    isBroken = false
    sequence = number
    size += bytes.count
    return sequence
  }

  private static func bytes(_ entries: [VisitEntry], sequence: UInt64) -> [UInt8] {
    var body: [UInt8] = []
    for entry in entries { EntryBytes.append(entry, to: &body) }
    var frame: [UInt8] = []
    EntryBytes.append(UInt32(body.count), to: &frame)
    EntryBytes.append(UInt32(entries.count), to: &frame)
    EntryBytes.append(sequence, to: &frame)
    let sum = frame.withUnsafeBytes { Checksum.of($0) } ^ body.withUnsafeBytes { Checksum.of($0) }
    EntryBytes.append(sum, to: &frame)
    return frame + body
  }

  private func write(_ bytes: [UInt8]) throws(VisitFault) {
    let (file, path) = (file, path)
    let result = bytes.withUnsafeBytes { raw -> Result<Void, VisitFault> in
      do throws(VisitFault) {
        return .success(try DurableFile.writeAll(raw, to: file, path: path))
      } catch { return .failure(error) }
    }
    try result.get()
    guard fdatasync(file) == 0 else { throw VisitFault(.unwritable, at: path, system: errno) }
  }

  /// Puts a log in the place of this one that holds only these entries.
  func replace(with entries: [VisitEntry]) throws(VisitFault) {
    var bytes: [UInt8] = []
    EntryBytes.append(Self.magic, to: &bytes)
    // The number goes on, so that no segment takes later frames for ones it has.
    bytes += Self.bytes(entries, sequence: sequence)
    let path = path
    let result = bytes.withUnsafeBytes { raw -> Result<Void, VisitFault> in
      do throws(VisitFault) {
        return .success(try DurableFile.write(raw, to: path))
      } catch { return .failure(error) }
    }
    try result.get()
    let fresh = open(path, O_RDWR | O_APPEND | O_CLOEXEC)
    guard fresh >= 0 else {
      isBroken = true
      throw VisitFault(.unwritable, at: path, system: errno)
    }
    close(file)
    file = fresh
    size = bytes.count
  }
}

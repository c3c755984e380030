import Foundation

/// Finds the next occurrence of one byte, looking at each byte of a buffer only once.
struct ByteFinder {
  private let byte: Int32
  private var found = -1

  init(_ byte: UInt8) {
    self.byte = Int32(byte)
  }

  /// The first position at or after `start`, or `end`.
  @inline(__always)
  mutating func next(from start: Int, in base: UnsafePointer<UInt8>, end: Int) -> Int {
    if found >= start { return found }
    found = Self.position(of: byte, from: start, in: base, end: end)
    return found
  }

  /// Forgets what was found, because the buffer moved.
  mutating func reset() {
    found = -1
  }

  /// The first position of a byte at or after `start`, or `end`.
  @inline(__always)
  static func position(
    of byte: Int32, from start: Int, in base: UnsafePointer<UInt8>, end: Int
  ) -> Int {
    guard start < end, let hit = memchr(base + start, byte, end - start) else { return end }
    return UnsafeRawPointer(hit) - UnsafeRawPointer(base)
  }
}

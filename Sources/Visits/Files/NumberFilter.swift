/// Says of most numbers that are not in a small set that they are not, from eight kilobytes.
final class NumberFilter {
  private static let bits = 16
  private let words: GrowingMemory<UInt64>

  init() {
    let count = 1 << (Self.bits - 6)
    words = GrowingMemory(capacity: count)
    words.base.update(repeating: 0, count: count)
  }

  /// Adds a number.
  func add(_ number: UInt64) {
    let place = Self.place(number)
    words.base[place >> 6] |= 1 << UInt64(place & 63)
  }

  /// Whether a number may be in the set.
  @inline(__always)
  func mayHold(_ number: UInt64) -> Bool {
    let place = Self.place(number)
    return words.base[place >> 6] >> UInt64(place & 63) & 1 != 0
  }

  @inline(__always)
  private static func place(_ number: UInt64) -> Int {
    Int(truncatingIfNeeded: (number &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - bits))
  }
}

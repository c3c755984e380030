/// The different values of one column, each kept once and known by a small number.
///
/// Number 0 is the empty value, which means unknown.
struct ValueTable: Sendable {
  private(set) var symbols: [UInt16] = []
  private(set) var ends: [UInt32] = [0]
  /// How many rows have each value.
  private(set) var counts: [UInt32] = [0]
  /// Hash and number of each value in one, so that finding one seldom waits for memory twice.
  private var slots = [UInt64](repeating: 0, count: 1_024)

  /// How many values there are, the unknown one included.
  var count: Int { counts.count }

  /// Where the symbols of a value stand.
  func range(of value: UInt32) -> Range<Int> {
    guard value > 0 else { return 0..<0 }
    return Int(ends[Int(value) - 1])..<Int(ends[Int(value)])
  }

  /// The number of a value, which is kept when it is new; counts one more row.
  mutating func number(of text: [UInt16]) -> UInt32 {
    guard !text.isEmpty else { return 0 }
    if 2 * count > slots.count { widen() }
    let hash = Self.hash(text)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let value = UInt32(truncatingIfNeeded: slots[slot])
      if slots[slot] >> 32 == hash, holds(value, text) {
        counts[Int(value)] += 1
        return value
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    let value = UInt32(count)
    slots[slot] = hash << 32 | UInt64(value)
    symbols += text
    ends.append(UInt32(symbols.count))
    counts.append(1)
    return value
  }

  /// The number of a value, 0 when it is not there.
  func known(_ text: [UInt16]) -> UInt32 {
    let hash = Self.hash(text)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let value = UInt32(truncatingIfNeeded: slots[slot])
      if slots[slot] >> 32 == hash, holds(value, text) { return value }
      slot = (slot + 1) & (slots.count - 1)
    }
    return 0
  }

  /// Gives back the room that only finding numbers needs.
  mutating func close() { slots = [] }

  private func holds(_ value: UInt32, _ text: [UInt16]) -> Bool {
    let range = range(of: value)
    guard range.count == text.count else { return false }
    for offset in 0..<text.count where symbols[range.lowerBound + offset] != text[offset] {
      return false
    }
    return true
  }

  private mutating func widen() {
    let held = slots
    slots = [UInt64](repeating: 0, count: 4 * held.count)
    for entry in held where entry != 0 {
      var slot = Int(entry >> 32) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = entry
    }
  }

  /// 32 bits that tell texts apart.
  private static func hash(_ text: [UInt16]) -> UInt64 {
    var mixed = Mix.start
    for symbol in text { mixed = Mix.added(UInt64(symbol), to: mixed) }
    return Mix.finished(mixed) >> 32
  }
}

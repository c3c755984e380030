/// The different values of one column, each kept once and known by a small number.
///
/// Number 0 is the empty value, which means unknown.
struct ValueTable: Sendable {
  private(set) var symbols: [UInt16] = []
  private(set) var ends: [UInt32] = [0]
  /// How many rows have each value.
  private(set) var counts: [UInt32] = [0]
  private var hashes: [UInt32] = [0]
  private var slots = [UInt32](repeating: 0, count: 1_024)

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
      let value = slots[slot]
      if hashes[Int(value)] == hash, holds(value, text) {
        counts[Int(value)] += 1
        return value
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    let value = UInt32(count)
    slots[slot] = value
    symbols += text
    ends.append(UInt32(symbols.count))
    counts.append(1)
    hashes.append(hash)
    return value
  }

  /// The number of a value, 0 when it is not there.
  func known(_ text: [UInt16]) -> UInt32 {
    let hash = Self.hash(text)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      if hashes[Int(slots[slot])] == hash, holds(slots[slot], text) { return slots[slot] }
      slot = (slot + 1) & (slots.count - 1)
    }
    return 0
  }

  /// Gives back the room that only finding numbers needs.
  mutating func close() {
    slots = []
    hashes = []
  }

  private func holds(_ value: UInt32, _ text: [UInt16]) -> Bool {
    let range = range(of: value)
    guard range.count == text.count else { return false }
    for offset in 0..<text.count where symbols[range.lowerBound + offset] != text[offset] {
      return false
    }
    return true
  }

  private mutating func widen() {
    slots = [UInt32](repeating: 0, count: 4 * slots.count)
    for value in 1..<count {
      var slot = Int(hashes[value]) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(value)
    }
  }

  private static func hash(_ text: [UInt16]) -> UInt32 {
    var mixed = Mix.start
    for symbol in text { mixed = Mix.added(UInt64(symbol), to: mixed) }
    return UInt32(truncatingIfNeeded: Mix.finished(mixed) >> 32)
  }
}

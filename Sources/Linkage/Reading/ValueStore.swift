/// The values of all columns one behind another, for fast comparing.
struct ValueStore: Sendable {
  let symbols: [UInt16]
  private let ends: [UInt32]
  /// Where the values of each slot begin.
  private let bases: [Int]

  init(_ tables: [ValueTable]) {
    var symbols: [UInt16] = []
    var ends: [UInt32] = []
    var bases: [Int] = []
    for table in tables {
      bases.append(ends.count)
      let offset = UInt32(symbols.count)
      ends += table.ends.map { $0 + offset }
      symbols += table.symbols
    }
    self.symbols = symbols
    self.ends = ends
    self.bases = bases
  }

  /// Where the symbols of a known value stand.
  @inline(__always)
  func range(_ slot: Int, _ value: UInt32) -> Range<Int> {
    let place = bases[slot] + Int(value)
    return Int(ends[place - 1])..<Int(ends[place])
  }
}

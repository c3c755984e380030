/// How often each digit stands in a number, in 30 bits: tells most numbers apart without looking
/// at their digits, which lie somewhere else in memory.
enum DigitCounts {
  /// The bit that says that a number is an identity number with the right check digit.
  private static let valid: UInt32 = 1 << 31
  private static let lowBits: UInt32 = 0o1_111_111_111

  static func of(_ text: ArraySlice<UInt16>) -> UInt32 {
    var counts: UInt32 = 0
    for unit in text where TextFolding.isDigit(unit) {
      let shift = 3 * UInt32(unit - 0x30)
      let count = (counts >> shift + 1) & 7
      counts = counts & ~(7 << shift) | count << shift
    }
    return Digits.isValidIdentity(text) ? counts | valid : counts
  }

  /// Whether one slip of the pen may lie between two numbers: it changes at most two counts.
  @inline(__always)
  static func mayBeOneSlip(_ one: UInt32, _ other: UInt32) -> Bool {
    let changed = one ^ other
    return ((changed | changed >> 1 | changed >> 2) & lowBits).nonzeroBitCount <= 2
  }

  @inline(__always)
  static func areBothValid(_ one: UInt32, _ other: UInt32) -> Bool { one & other & valid != 0 }
}

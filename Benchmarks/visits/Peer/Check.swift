import Visits

/// The number to which all peers reduce their answers, so that they can be compared.
enum Check {
  @inline(__always)
  static func of(_ row: Companion, index: UInt32, number: UInt32) -> UInt64 {
    let weight = (31 * UInt64(number) &+ UInt64(index)) % 1_000_003 &+ 1
    let value =
      UInt64(row.overlap) &+ 3 &* UInt64(row.meetings) &+ 5 &* UInt64(row.first % 1009)
      &+ 7 &* UInt64(row.last % 1013)
    return weight &* value
  }

  static func sum(_ table: CompanionTable, index: UInt32, numbers: [UInt32]) -> UInt64 {
    var sum: UInt64 = 0
    for row in 0..<table.count {
      let companion = table[row]
      sum &+= of(companion, index: index, number: numbers[Int(companion.person)])
    }
    return sum
  }
}

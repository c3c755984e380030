import Visits

/// The number to which all peers reduce their answers, so that they can be compared.
enum Check {
  /// - Parameter numbers: what the ids stand for; empty when they stand for themselves.
  static func sum(_ table: CompanionTable, index: UInt32, numbers: [UInt32]) -> UInt64 {
    let columns = table.columns
    if numbers.isEmpty { return sum(columns, table.count, index) { $0 } }
    return numbers.withUnsafeBufferPointer { numbers in
      sum(columns, table.count, index) { numbers[Int($0)] }
    }
  }

  /// The check of rows of which only the person and the first second count.
  static func sum(_ rows: [Onward], index: UInt32, numbers: [UInt32]) -> UInt64 {
    var sum: UInt64 = 0
    for row in rows {
      let number = numbers.isEmpty ? row.person : numbers[Int(row.person)]
      sum &+= weight(number, index) &* (5 &* UInt64(row.first % 1009))
    }
    return sum
  }

  @inline(__always)
  private static func sum(
    _ columns: CompanionTable.Columns, _ count: Int, _ index: UInt32, _ number: (UInt32) -> UInt32
  ) -> UInt64 {
    var sum: UInt64 = 0
    for row in 0..<count {
      let value =
        UInt64(columns.overlap[row]) &+ 3 &* UInt64(columns.meetings[row])
        &+ UInt64(5 &* (columns.first[row] % 1009) &+ 7 &* (columns.last[row] % 1013))
      sum &+= weight(number(columns.person[row]), index) &* value
    }
    return sum
  }

  @inline(__always)
  private static func weight(_ number: UInt32, _ index: UInt32) -> UInt64 {
    (31 &* UInt64(number) &+ UInt64(index)) % 1_000_003 &+ 1
  }
}

/// A stable sort by the bits of a key, in passes of about ten bits.
enum RadixSort {
  /// Sorts rows by bits of their key.
  ///
  /// - Returns: whether the sorted rows ended in `scratch`.
  @inline(__always)
  static func sort<Element>(
    _ rows: UnsafeMutablePointer<Element>, scratch: UnsafeMutablePointer<Element>, count: Int,
    bits: Range<Int>, key: (Element) -> UInt64
  ) -> Bool {
    guard count > 1, !bits.isEmpty else { return false }
    let passes = (bits.count + widest - 1) / widest
    let width = (bits.count + passes - 1) / passes
    let mask = (UInt64(1) << UInt64(width)) - 1
    var from = rows
    var to = scratch
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 1 << width) { places in
      guard let place = places.baseAddress else { return }
      for pass in 0..<passes {
        let shift = UInt64(bits.lowerBound + pass * width)
        place.initialize(repeating: 0, count: 1 << width)
        for index in 0..<count { place[Int((key(from[index]) >> shift) & mask)] &+= 1 }
        var sum = 0
        for digit in 0..<(1 << width) {
          let size = place[digit]
          place[digit] = sum
          sum &+= size
        }
        for index in 0..<count {
          let row = from[index]
          let digit = Int((key(row) >> shift) & mask)
          let at = place[digit]
          place[digit] = at &+ 1
          to[at] = row
        }
        swap(&from, &to)
      }
    }
    return passes % 2 == 1
  }

  private static let widest = 11

  /// How many bits numbers below a bound take.
  static func bits(below bound: Int) -> Int {
    bound <= 1 ? 0 : Int.bitWidth - (bound - 1).leadingZeroBitCount
  }
}

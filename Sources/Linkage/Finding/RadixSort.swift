/// Sorts whole numbers by some of their bits without comparing them.
enum RadixSort {
  private static let digit = 11
  private static let few = 1_024

  /// Sorts by the bits from `low` up to `high`; the bits below stand in rising order already.
  static func sort(_ numbers: inout [UInt64], low: Int, high: Int) {
    guard numbers.count > few else { return numbers.sort() }
    var other = [UInt64](repeating: 0, count: numbers.count)
    var shift = low
    while shift < high {
      pass(numbers, into: &other, shift: UInt64(shift))
      swap(&numbers, &other)
      shift += digit
    }
  }

  private static func pass(_ source: [UInt64], into target: inout [UInt64], shift: UInt64) {
    let mask: UInt64 = (1 << UInt64(digit)) - 1
    var places = [Int](repeating: 0, count: 1 << digit)
    for number in source { places[Int(number >> shift & mask)] += 1 }
    var sum = 0
    for place in places.indices {
      let count = places[place]
      places[place] = sum
      sum += count
    }
    target.withUnsafeMutableBufferPointer { target in
      for number in source {
        let place = Int(number >> shift & mask)
        target[places[place]] = number
        places[place] += 1
      }
    }
  }
}

/// Finds the pairs worth comparing, so that not everybody is compared with everybody.
///
/// People who share a mark form a block. A small block gives all its pairs; a larger one is
/// divided by each further mark, so that those who share a common surname meet when they also share
/// a day of birth, a street, anything that makes the block small. A pair is missed only when
/// everything that it shares is shared by many. The cost grows with the number of people, not with
/// its square, because no block gives more than ``most`` partners to anybody.
struct Candidates {
  private let columns: [[UInt32]]
  private let isSecond: [Bool]
  private let isAcross: Bool
  private let rowBits: Int
  /// Blocks up to this size are small.
  private let most: Int
  /// How many marks one after another divide a block.
  private static let deepest = 4
  /// A mark shared by this share of a block does not divide it.
  private static let uselessShare = 0.8
  /// Short lists can afford larger blocks, and need them: they have fewer pairs to learn from.
  private static let budget = 2_000_000
  private static let blocks = 12...60
  private(set) var pairs: [UInt64] = []

  init(_ people: PeopleList, most: Int? = nil) {
    columns = Marks(people).columns
    isSecond = people.isSecond
    isAcross = people.hasSecond
    rowBits = max(UInt64.bitWidth - UInt64(people.count).leadingZeroBitCount, 1)
    self.most = most ?? Self.most(for: people.count)
    let everybody = (0..<UInt32(people.count)).map { $0 }
    divide(everybody, from: 0, depth: 1)
    settle()
  }

  private static func most(for people: Int) -> Int {
    min(max(budget / max(people, 1), blocks.lowerBound), blocks.upperBound)
  }

  /// The two rows of a pair.
  @inline(__always)
  func rows(_ pair: UInt64) -> (Int, Int) {
    (Int(pair >> UInt64(rowBits)), Int(pair & ((1 << UInt64(rowBits)) - 1)))
  }

  private mutating func divide(_ rows: [UInt32], from start: Int, depth: Int) {
    var isDivided = false
    var isStuck = false
    for position in start..<columns.count {
      let marked = sorted(rows, by: position)
      var low = 0
      while low < marked.count {
        let mark = marked[low] >> 32
        var high = low + 1
        while high < marked.count, marked[high] >> 32 == mark { high += 1 }
        if high - low > 1 {
          let isUseless = Double(high - low) > Self.uselessShare * Double(rows.count)
          if high - low <= most {
            emit(marked, low..<high)
            isDivided = true
          } else if isUseless {
            isStuck = true
          } else {
            let block = marked[low..<high].map { UInt32(truncatingIfNeeded: $0) }
            if depth < Self.deepest { divide(block, from: position + 1, depth: depth + 1) }
            isDivided = true
          }
        }
        low = high
      }
    }
    if isStuck, !isDivided, depth > 1 { emitNeighbours(rows) }
  }

  /// The rows that have a mark, as mark and row in one number, sorted.
  private func sorted(_ rows: [UInt32], by position: Int) -> [UInt64] {
    let column = columns[position]
    var marked: [UInt64] = []
    marked.reserveCapacity(rows.count)
    var highest: UInt32 = 0
    for row in rows {
      let mark = column[Int(row)]
      if mark == 0 { continue }
      highest = max(highest, mark)
      marked.append(UInt64(mark) << 32 | UInt64(row))
    }
    let bits = UInt32.bitWidth - highest.leadingZeroBitCount
    RadixSort.sort(&marked, low: 32, high: 32 + bits)
    return marked
  }

  private mutating func emit(_ marked: [UInt64], _ block: Range<Int>) {
    for one in block {
      for other in (one + 1)..<block.upperBound {
        add(UInt32(truncatingIfNeeded: marked[one]), UInt32(truncatingIfNeeded: marked[other]))
      }
    }
  }

  /// What cannot be divided any further gives each row some neighbours.
  private mutating func emitNeighbours(_ rows: [UInt32]) {
    for one in rows.indices {
      for other in (one + 1)..<min(one + most / 2, rows.count) { add(rows[one], rows[other]) }
    }
  }

  @inline(__always)
  private mutating func add(_ one: UInt32, _ other: UInt32) {
    if isAcross, isSecond[Int(one)] == isSecond[Int(other)] { return }
    pairs.append(UInt64(min(one, other)) << UInt64(rowBits) | UInt64(max(one, other)))
  }

  /// Each pair once, in order.
  private mutating func settle() {
    RadixSort.sort(&pairs, low: 0, high: 2 * rowBits)
    var kept = 0
    for pair in pairs where kept == 0 || pairs[kept - 1] != pair {
      pairs[kept] = pair
      kept += 1
    }
    pairs.removeLast(pairs.count - kept)
  }
}

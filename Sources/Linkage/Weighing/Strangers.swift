/// How often people who are not the same agree, counted in the list itself.
struct Strangers {
  /// Pairs of all people, those that a search looks at.
  let pairs: Double
  /// Pairs in which both sides say something, for each aspect.
  private(set) var known: [Double] = []
  /// Pairs with equal values by code: all of them, exactly.
  private(set) var same: [[Double]] = []
  /// Pairs in which a value of a code had the opportunity to be met again.
  private(set) var opportunities: [[Double]] = []
  /// Shares of the other levels among known pairs, from pairs drawn at random.
  private(set) var unequal: [[Double]] = []
  /// How many pairs were drawn.
  private(set) var drawn: Double = 0

  /// So many pairs are drawn for each person, within these bounds.
  private static let drawnEach = 100
  private static let drawnBounds = 50_000...400_000

  init(_ people: PeopleList, _ agreement: Agreement) {
    let firsts = people.isSecond.count { !$0 }
    let seconds = people.count - firsts
    let count = Double(people.count)
    pairs =
      people.hasSecond ? Double(firsts) * Double(seconds) : count * max(count - 1, 1) / 2
    for aspect in Aspect.allCases { countSame(people, aspect) }
    draw(people, agreement)
  }

  private mutating func countSame(
    _ people: PeopleList, _ aspect: Aspect
  ) {
    let slot = aspect.rawValue
    var first = [UInt32](repeating: 0, count: people.tables[slot].count)
    var second = first
    for row in 0..<people.count {
      let value = Int(people.values[row * Slot.count + slot])
      if people.isSecond[row] { second[value] += 1 } else { first[value] += 1 }
    }
    let firsts = Double(first.dropFirst().reduce(0) { $0 + Int($1) })
    let seconds = Double(second.dropFirst().reduce(0) { $0 + Int($1) })
    var same = [Double](repeating: 0, count: AgreementCode.count)
    var opportunities = same
    for value in 1..<max(first.count, 1) {
      let code = AgreementCode.ofSame(rows: people.tables[slot].counts[value])
      let (one, other) = (Double(first[value]), Double(second[value]))
      if people.hasSecond {
        same[code] += one * other
        opportunities[code] += (one * seconds + other * firsts) / 2
      } else {
        same[code] += one * (one - 1) / 2
        opportunities[code] += one * (firsts - 1) / 2
      }
    }
    self.same.append(same)
    self.opportunities.append(opportunities)
    known.append(people.hasSecond ? firsts * seconds : firsts * max(firsts - 1, 0) / 2)
  }

  /// Compares people with others at growing distances; their order is as good as shuffled.
  private mutating func draw(_ people: PeopleList, _ agreement: Agreement) {
    var counts = [[Double]](
      repeating: [Double](repeating: 0, count: AgreementCode.count), count: Aspect.count)
    var similarity = Similarity()
    let count = people.count
    let most = min(
      max(Self.drawnEach * count, Self.drawnBounds.lowerBound), Self.drawnBounds.upperBound)
    for distance in stride(from: 1, through: count / 2, by: 1) {
      for row in 0..<count {
        let other = (row + distance) % count
        if 2 * distance == count, row >= distance { break }
        if people.hasSecond, people.isSecond[row] == people.isSecond[other] { continue }
        let codes = agreement.codes(row, other, &similarity)
        drawn += 1
        for aspect in 0..<Aspect.count {
          let code = Int(codes >> UInt64(aspect * AgreementCode.bits)) & (AgreementCode.count - 1)
          counts[aspect][code] += 1
        }
        if Int(drawn) >= most { break }
      }
      if Int(drawn) >= most { break }
    }
    unequal = counts.map { counts in
      let known = counts[1...].reduce(0, +)
      return counts[..<AgreementCode.firstSame].enumerated().map { code, number in
        code == 0 || known == 0 ? 0 : number / known
      }
    }
  }
}

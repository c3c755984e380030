/// Days of birth: one digit wrong, day and month swapped, two of three parts the same.
enum DayComparison {
  static func level(
    _ symbols: Span<UInt16>, _ first: Range<Int>, _ second: Range<Int>
  ) -> Int {
    if Similarity.isOneSlip(symbols, first, second) { return Level.close }
    guard first.count == 8, second.count == 8 else { return Level.different }
    let (one, other) = (first.lowerBound, second.lowerBound)
    let isYear = Similarity.rest(symbols, one..<one + 4, other..<other + 4)
    let isMonth = Similarity.rest(symbols, one + 4..<one + 6, other + 4..<other + 6)
    let isDay = Similarity.rest(symbols, one + 6..<one + 8, other + 6..<other + 8)
    let isTurned =
      Similarity.rest(symbols, one + 4..<one + 6, other + 6..<other + 8)
      && Similarity.rest(symbols, one + 6..<one + 8, other + 4..<other + 6)
    if isYear && isTurned { return Level.close }
    switch (isYear, isMonth, isDay) {
    case (true, true, false), (true, false, true), (false, true, true): return Level.alike
    case (true, false, false): return Level.related
    case (false, _, _), (true, true, true): return isTurned ? Level.partly : Level.different
    }
  }
}

/// Addresses: the same street and numbers, the same street, some likeness.
struct AddressComparison {
  /// The numbers of each address in one number, 0 where it has none.
  let numbers: [UInt32]
  private static let closeLikeness: Float = 0.9
  private static let alikeLikeness: Float = 0.8
  /// So many characters at the end make an address that lacks only its beginning.
  private static let tail = 6

  /// Takes the numbers out of all addresses once.
  init(_ table: ValueTable) {
    numbers = (0..<UInt32(table.count)).map { value in
      var mixed = Mix.start
      var hasDigits = false
      var isInside = false
      for position in table.range(of: value) {
        let unit = table.symbols[position]
        let isDigit = TextFolding.isDigit(unit)
        if isDigit {
          mixed = Mix.added(UInt64(unit), to: mixed)
          hasDigits = true
        } else if isInside {
          mixed = Mix.added(0, to: mixed)
        }
        isInside = isDigit
      }
      if isInside { mixed = Mix.added(0, to: mixed) }
      return hasDigits ? UInt32(truncatingIfNeeded: Mix.finished(mixed)) | 1 : 0
    }
  }

  /// The level of two different addresses.
  func level(
    _ table: Span<UInt16>, _ first: (value: UInt32, range: Range<Int>),
    _ second: (value: UInt32, range: Range<Int>), _ similarity: inout Similarity
  ) -> Int {
    if isTail(table, first.range, second.range) { return Level.close }
    let likeness = similarity.jaroWinkler(table, first.range, second.range)
    let hasSameNumbers = numbers[Int(first.value)] == numbers[Int(second.value)]
    if likeness >= Self.closeLikeness { return hasSameNumbers ? Level.close : Level.alike }
    if likeness >= Self.alikeLikeness { return hasSameNumbers ? Level.partly : Level.related }
    return Level.different
  }

  private func isTail(
    _ symbols: Span<UInt16>, _ first: Range<Int>, _ second: Range<Int>
  ) -> Bool {
    let length = min(first.count, second.count)
    guard length >= Self.tail else { return false }
    return Similarity.rest(
      symbols, first.upperBound - length..<first.upperBound,
      second.upperBound - length..<second.upperBound)
  }
}

/// Localities and postcodes together, since one mostly follows from the other.
enum AreaComparison {
  /// The level of two areas by how their parts agree (`Level.unknown`, `.same`, `.close` or
  /// `.different` each).
  static func level(locality: Int, postcode: Int) -> Int {
    let (low, high) = (min(locality, postcode), max(locality, postcode))
    switch (low, high) {
    case (Level.unknown, Level.unknown): return Level.unknown
    case (Level.same, Level.same): return Level.same
    case (Level.same, Level.close): return Level.close
    case (Level.unknown, Level.same): return Level.alike
    case (Level.same, _): return Level.partly
    case (Level.unknown, Level.close), (Level.close, Level.close): return Level.crossed
    case (Level.close, _): return Level.related
    default: return Level.different
    }
  }
}

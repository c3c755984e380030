/// Compares given names with given names, surnames with surnames.
///
/// Characters are compared by themselves and by their sound, letters by Jaro–Winkler.
struct NameComparison {
  let readings: HanReadings
  private static let closeLikeness: Float = 0.92
  private static let alikeLikeness: Float = 0.82
  /// So many letters in front make a short form of a name (ann, annabelle).
  private static let shortForm = 3

  /// The level of two different names.
  func level(
    _ symbols: Span<UInt16>, _ first: Range<Int>, _ second: Range<Int>,
    _ similarity: inout Similarity
  ) -> Int {
    let isHan = TextFolding.isHan(symbols[first.lowerBound])
    guard isHan == TextFolding.isHan(symbols[second.lowerBound]) else {
      return isHan
        ? romanised(symbols, first, second) : romanised(symbols, second, first)
    }
    return isHan
      ? hanLevel(symbols, first, second) : latinLevel(symbols, first, second, &similarity)
  }

  private func latinLevel(
    _ symbols: Span<UInt16>, _ first: Range<Int>, _ second: Range<Int>,
    _ similarity: inout Similarity
  ) -> Int {
    let likeness = similarity.jaroWinkler(symbols, first, second)
    if likeness >= Self.closeLikeness { return Level.close }
    let shorter = min(first.count, second.count)
    let isBeginning = Similarity.rest(
      symbols, first.lowerBound..<first.lowerBound + shorter,
      second.lowerBound..<second.lowerBound + shorter)
    if isBeginning, shorter == 1 || shorter >= Self.shortForm { return Level.partly }
    return likeness >= Self.alikeLikeness ? Level.alike : Level.different
  }

  private func hanLevel(
    _ symbols: Span<UInt16>, _ first: Range<Int>, _ second: Range<Int>
  ) -> Int {
    guard first.count == second.count else { return uneven(symbols, first, second) }
    var sameCharacters = 0
    var sound = Level.close
    for offset in 0..<first.count {
      let one = symbols[first.lowerBound + offset]
      let other = symbols[second.lowerBound + offset]
      if one == other {
        sameCharacters += 1
        continue
      }
      let (one8, other8) = (Int(one), Int(other))
      if readings.toned[one8] != 0, readings.toned[one8] == readings.toned[other8] { continue }
      let isAlike = readings.broad[one8] != 0 && readings.broad[one8] == readings.broad[other8]
      sound = isAlike ? max(sound, Level.alike) : Level.different
      if !isAlike { break }
    }
    if sound != Level.different { return sound }
    if isTurned(symbols, first, second) { return Level.partly }
    return sharesCharacter(symbols, first, second) ? Level.related : Level.different
  }

  /// Names of different length: one has lost a character, or they differ.
  private func uneven(
    _ symbols: Span<UInt16>, _ first: Range<Int>, _ second: Range<Int>
  ) -> Int {
    let (long, short) = first.count > second.count ? (first, second) : (second, first)
    var place = short.lowerBound
    for position in long where place < short.upperBound {
      let (one, other) = (symbols[position], symbols[place])
      let isHeard =
        readings.plain[Int(one)] != 0 && readings.plain[Int(one)] == readings.plain[Int(other)]
      if one == other || isHeard { place += 1 }
    }
    if place == short.upperBound { return Level.partly }
    return sharesCharacter(symbols, first, second) ? Level.related : Level.different
  }

  private func isTurned(
    _ symbols: Span<UInt16>, _ first: Range<Int>, _ second: Range<Int>
  ) -> Bool {
    guard first.count > 1 else { return false }
    for offset in 0..<first.count
    where symbols[first.lowerBound + offset] != symbols[second.upperBound - 1 - offset] {
      return false
    }
    return true
  }

  private func sharesCharacter(
    _ symbols: Span<UInt16>, _ first: Range<Int>, _ second: Range<Int>
  ) -> Bool {
    for position in first {
      for place in second where symbols[position] == symbols[place] { return true }
    }
    return false
  }

  /// A name in characters against one in letters, as from a passport.
  private func romanised(
    _ symbols: Span<UInt16>, _ characters: Range<Int>, _ letters: Range<Int>
  ) -> Int {
    var place = letters.lowerBound
    for position in characters {
      let reading = readings.letters[Int(readings.plain[Int(symbols[position])])]
      if place < letters.upperBound, symbols[place] == TextFolding.blank { place += 1 }
      guard !reading.isEmpty, place + reading.count <= letters.upperBound else {
        return Level.different
      }
      for letter in reading {
        guard symbols[place] == letter else { return Level.different }
        place += 1
      }
    }
    return place == letters.upperBound ? Level.close : Level.different
  }
}

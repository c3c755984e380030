/// Likeness of two short texts.
struct Similarity {
  /// Positions in the first text by the low bits of a unit; empty between two calls.
  private var positions = InlineArray<128, UInt64>(repeating: 0)
  /// Longer texts are compared by their beginnings.
  private static let longest = 64
  /// How much a common beginning adds, and how much of it counts (Winkler 1990).
  private static let prefixWeight: Float = 0.1
  private static let prefixLength = 4

  /// The Jaro–Winkler similarity, 0 to 1.
  mutating func jaroWinkler(
    _ symbols: Span<UInt16>, _ first: Range<Int>, _ second: Range<Int>
  ) -> Float {
    let start = first.lowerBound
    let other = second.lowerBound
    let length = min(first.count, Self.longest)
    let otherLength = min(second.count, Self.longest)
    guard length > 0, otherLength > 0 else { return 0 }
    for offset in 0..<length {
      positions[Int(symbols[start + offset] & 127)] |= 1 << UInt64(offset)
    }
    let reach = max(max(length, otherLength) / 2 - 1, 0)
    var used: UInt64 = 0
    var matched: UInt64 = 0
    for offset in 0..<otherLength {
      let unit = symbols[other + offset]
      var open =
        positions[Int(unit & 127)] & ~used & Self.window(around: offset, reach: reach)
      while open != 0 {
        let place = open.trailingZeroBitCount
        if symbols[start + place] == unit {
          used |= 1 << UInt64(place)
          matched |= 1 << UInt64(offset)
          break
        }
        open &= open - 1
      }
    }
    for offset in 0..<length { positions[Int(symbols[start + offset] & 127)] = 0 }
    let common = used.nonzeroBitCount
    guard common > 0 else { return 0 }
    var swapped = 0
    while used != 0 {
      if symbols[start + used.trailingZeroBitCount]
        != symbols[other + matched.trailingZeroBitCount]
      {
        swapped += 1
      }
      used &= used - 1
      matched &= matched - 1
    }
    let count = Float(common)
    let jaro =
      (count / Float(length) + count / Float(otherLength)
        + (count - Float(swapped / 2)) / count) / 3
    var prefix = 0
    while prefix < min(length, otherLength, Self.prefixLength),
      symbols[start + prefix] == symbols[other + prefix]
    {
      prefix += 1
    }
    return jaro + Float(prefix) * Self.prefixWeight * (1 - jaro)
  }

  /// The bits of the places that are near enough to count as the same place.
  @inline(__always)
  private static func window(around offset: Int, reach: Int) -> UInt64 {
    let low = max(offset - reach, 0)
    let high = min(offset + reach, longest - 1)
    guard low <= high else { return 0 }
    let upper: UInt64 = high == longest - 1 ? .max : (1 << UInt64(high + 1)) - 1
    return upper & ~((1 << UInt64(low)) - 1)
  }

  /// Whether one slip of the pen lies between two numbers: a digit wrong, one too many or too few,
  /// or two neighbours swapped.
  static func isOneSlip(
    _ symbols: Span<UInt16>, _ first: Range<Int>, _ second: Range<Int>
  ) -> Bool {
    let (long, short) = first.count >= second.count ? (first, second) : (second, first)
    guard long.count - short.count <= 1, short.count > 1 else { return false }
    var offset = 0
    while offset < short.count,
      symbols[long.lowerBound + offset] == symbols[short.lowerBound + offset]
    {
      offset += 1
    }
    let longPlace = long.lowerBound + offset
    let shortPlace = short.lowerBound + offset
    if long.count > short.count {
      return rest(symbols, longPlace + 1..<long.upperBound, shortPlace..<short.upperBound)
    }
    guard offset < short.count else { return true }
    if rest(symbols, longPlace + 1..<long.upperBound, shortPlace + 1..<short.upperBound) {
      return true
    }
    guard offset + 1 < short.count, symbols[longPlace] == symbols[shortPlace + 1],
      symbols[longPlace + 1] == symbols[shortPlace]
    else { return false }
    return rest(symbols, longPlace + 2..<long.upperBound, shortPlace + 2..<short.upperBound)
  }

  /// Whether two stretches are the same.
  static func rest(_ symbols: Span<UInt16>, _ first: Range<Int>, _ second: Range<Int>) -> Bool {
    guard first.count == second.count else { return false }
    for offset in 0..<first.count
    where symbols[first.lowerBound + offset] != symbols[second.lowerBound + offset] {
      return false
    }
    return true
  }
}

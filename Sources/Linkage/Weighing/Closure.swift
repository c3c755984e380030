/// Draws the conclusion that whoever is the same as one person is the same as each other.
///
/// Two damaged copies of one record may have little in common and still both be near the third.
enum Closure {
  /// Only near certain pairs lead further.
  private static let certain = 0.9
  /// A record with more partners than this is no ordinary person.
  private static let mostPartners = 30

  static func of(_ scored: [ScoredPair], _ agreement: Agreement) -> [ScoredPair] {
    var partners: [Int: [(row: Int, probability: Double)]] = [:]
    var places: [RowPair: Int] = [:]
    for (place, pair) in scored.enumerated() {
      places[RowPair(pair.first, pair.second)] = place
      guard pair.probability >= certain else { continue }
      partners[pair.first, default: []].append((pair.second, pair.probability))
      partners[pair.second, default: []].append((pair.first, pair.probability))
    }
    var closed = scored
    for row in partners.keys.sorted() {
      guard let known = partners[row], known.count > 1, known.count <= mostPartners else {
        continue
      }
      for one in known.indices {
        for other in known[(one + 1)...] {
          let probability = known[one].probability * other.probability
          let pair = RowPair(known[one].row, other.row)
          if agreement.isContradicted(pair.low, pair.high) { continue }
          if let place = places[pair] {
            closed[place].probability = max(closed[place].probability, probability)
          } else {
            places[pair] = closed.count
            closed.append(
              ScoredPair(first: pair.low, second: pair.high, probability: probability))
          }
        }
      }
    }
    return closed
  }

  private struct RowPair: Hashable {
    let low: Int
    let high: Int

    init(_ one: Int, _ other: Int) {
      low = min(one, other)
      high = max(one, other)
    }
  }
}

import Foundation

/// Weighs pairs, and leaves a pair as soon as it can no longer become likely.
struct Scorer {
  private let agreement: Agreement
  private let weights: Weights
  private let highest: [Float]
  /// The odds, as a logarithm, below which nothing is told.
  private let least: Float

  init(_ agreement: Agreement, _ weights: Weights, threshold: Double) {
    self.agreement = agreement
    self.weights = weights
    highest = weights.highestUnequal
    let bounded = min(max(threshold, 1e-6), 1 - 1e-6)
    least = Float(log(bounded / (1 - bounded)))
  }

  /// The probability that two rows are one person, `nil` below the threshold.
  func probability(_ one: Int, _ other: Int, _ similarity: inout Similarity) -> Double? {
    var sums = weights.odds.logarithms
    var open: UInt32 = 0
    for place in 0..<Aspect.count {
      let code = agreement.quickCode(place, one, other)
      if code >= 0 {
        sums += weights[place, code].logarithms
      } else {
        sums.x += highest[place]
        open |= 1 << UInt32(place)
      }
    }
    while open != 0, sums.x >= least {
      let place = open.trailingZeroBitCount
      open &= open - 1
      guard let aspect = Aspect(rawValue: place) else { break }
      sums.x -= highest[place]
      let code = agreement.code(aspect, one, other, &similarity)
      sums += weights[place, code].logarithms
    }
    return sums.x >= least ? PairSums(logarithms: sums).matchedShare : nil
  }
}

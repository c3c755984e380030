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
    var sums = weights.odds
    var open: UInt32 = 0
    for aspect in Aspect.allCases {
      let place = aspect.rawValue
      if let code = agreement.quickCode(aspect, one, other) {
        add(place, code, to: &sums)
      } else {
        sums.matched += highest[place]
        open |= 1 << UInt32(place)
      }
    }
    for aspect in Aspect.allCases where open & (1 << UInt32(aspect.rawValue)) != 0 {
      guard sums.matched >= least else { return nil }
      let place = aspect.rawValue
      sums.matched -= highest[place]
      add(place, agreement.code(aspect, one, other, &similarity), to: &sums)
    }
    return sums.matched >= least ? sums.matchedShare : nil
  }

  @inline(__always)
  private func add(_ place: Int, _ code: Int, to sums: inout PairSums) {
    sums.matched += weights.matched[place][code]
    sums.household += weights.household[place][code]
    sums.twins += weights.twins[place][code]
  }
}

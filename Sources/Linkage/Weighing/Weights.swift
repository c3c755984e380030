import Foundation

/// What each agreement says about whether two records are one person.
///
/// Fellegi and Sunter's weights (1969) with a third class beside matched and unrelated pairs:
/// people who belong together and are not the same, such as a household that shares surname,
/// address and telephone.
struct Weights: Sendable {
  /// What each code of each aspect adds.
  private var table = [SIMD4<Float>](repeating: .zero, count: Aspect.count * AgreementCode.count)
  /// The odds before anything is compared.
  let odds: PairSums

  init(odds: PairSums) { self.odds = odds }

  /// What a code of an aspect adds, each the logarithm of a class against strangers.
  @inline(__always)
  subscript(aspect: Int, code: Int) -> PairSums {
    get { PairSums(logarithms: table[aspect &* AgreementCode.count &+ code]) }
    set { table[aspect &* AgreementCode.count &+ code] = newValue.logarithms }
  }

  /// The probability that two records with these codes are one person.
  func probability(_ codes: UInt64) -> Double { sums(codes).matchedShare }

  /// The weights of all codes together.
  func sums(_ codes: UInt64) -> PairSums {
    var sums = odds
    for aspect in 0..<Aspect.count {
      let code = Int(codes >> UInt64(aspect * AgreementCode.bits)) & (AgreementCode.count - 1)
      sums.logarithms += self[aspect, code].logarithms
    }
    return sums
  }

  /// The highest weight of values that are not equal, for each aspect.
  var highestUnequal: [Float] {
    (0..<Aspect.count).map { aspect in
      (1..<AgreementCode.firstSame).map { self[aspect, $0].matched }.max() ?? 0
    }
  }
}

/// Logarithms of how much likelier each class is than two strangers.
struct PairSums: Sendable {
  var logarithms: SIMD4<Float>

  init(logarithms: SIMD4<Float>) { self.logarithms = logarithms }

  init(matched: Float, household: Float, twins: Float) {
    logarithms = [matched, household, twins, 0]
  }

  var matched: Float { logarithms.x }

  /// How likely the two are one person.
  var matchedShare: Double { shares.matched }

  /// How likely the two belong to each class.
  var shares: (matched: Double, household: Double, twins: Double) {
    let highest = logarithms.max()
    let matched = exp(Double(logarithms.x - highest))
    let household = exp(Double(logarithms.y - highest))
    let twins = exp(Double(logarithms.z - highest))
    let sum = matched + household + twins + exp(Double(-highest))
    return (matched / sum, household / sum, twins / sum)
  }
}

/// What is supposed of each level before the data speak: shares among matched pairs.
enum Supposition {
  /// By aspect; the places are levels 1 to 7.
  static let matched: [[Double]] = Aspect.allCases.map { aspect in
    switch aspect {
    case .identity: [0.90, 0.06, 0, 0, 0, 0.002, 0.038]
    case .phone: [0.75, 0.05, 0, 0, 0, 0, 0.20]
    case .birth: [0.90, 0.05, 0.02, 0.003, 0, 0.007, 0.02]
    case .surname: [0.90, 0.05, 0.015, 0.005, 0.01, 0.002, 0.018]
    case .given: [0.86, 0.06, 0.02, 0.02, 0.01, 0.01, 0.02]
    case .sex: [0.985, 0, 0, 0, 0, 0, 0.015]
    case .area: [0.80, 0.06, 0.03, 0.06, 0.01, 0.01, 0.03]
    case .address: [0.75, 0.08, 0.02, 0.02, 0, 0.02, 0.11]
    }
  }
  /// What a household shares.
  static let household: [Aspect: Double] = [
    .surname: 0.5, .phone: 0.3, .area: 0.95, .address: 0.85,
  ]
  /// What twins share: the day of birth for certain, so that a twin whose number is missing is not
  /// taken for a copy with another given name.
  static let twins: [Aspect: Double] = [
    .birth: 0.98, .surname: 0.98, .phone: 0.6, .area: 0.95, .address: 0.9,
  ]
  /// The most that may differ between two records of one person, as a share of matched pairs.
  ///
  /// A list has more pairs of one household than of one person. Without a bound the matched class
  /// would become the household, which explains more pairs.
  static let mostDifferent: [Aspect: Double] = [
    .identity: 0.1, .birth: 0.1, .surname: 0.15, .given: 0.15, .sex: 0.03,
  ]
  /// The most for identity numbers that are both right and not the same.
  static let mostContradicted = 0.0001
  /// Shares of levels 1 to 6 among strangers, which matter in short lists only.
  static let strangers: [[Double]] = Aspect.allCases.map { aspect in
    switch aspect {
    case .identity: [1e-7, 1e-5, 0, 0, 0, 0.45]
    case .phone: [1e-5, 1e-5, 0, 0, 0, 0]
    case .birth: [1e-4, 1e-3, 4e-3, 1e-4, 0, 1.5e-2]
    case .surname: [1e-2, 5e-3, 1e-2, 2e-3, 1e-4, 2e-3]
    case .given: [5e-3, 3e-3, 6e-3, 5e-3, 1e-4, 3e-2]
    case .sex: [0.5, 0, 0, 0, 0, 0]
    case .area: [0.05, 0.01, 0.05, 0.05, 5e-3, 0.01]
    case .address: [1e-3, 3e-3, 0.01, 0.01, 0, 0.03]
    }
  }
  /// So many pairs of strangers' worth of trust is put into the supposition.
  static let strangersTrust = 300.0
  /// So many pairs of strangers may always agree by an accident that the list does not show.
  static let accident = 0.05
  /// So many matched pairs' worth of trust is put into the supposition.
  static let matchedTrust = 15.0
  /// So many pairs' worth of trust is put into what households share.
  static let householdTrust = 50.0
  /// The same for twins, who are few.
  static let twinsTrust = 500.0
  /// The share of equal identity numbers that are one person's, to begin with.
  static let identityHolds = 0.99
  /// Pairs of each class for each person, to begin with.
  static let matchedEach = 0.05
  static let householdEach = 0.2
  static let twinsEach = 0.002
  /// Aspects in which people who belong together agree no more than strangers do.
  static let personal: Set<Aspect> = [.identity, .given, .sex]
}

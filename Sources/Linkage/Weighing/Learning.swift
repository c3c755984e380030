import Foundation

/// Learns the weights from the candidates by expectation and maximisation, without any truth.
///
/// Matched pairs are supposed to be among the candidates; how strangers agree is counted over all
/// pairs of the list, less those that are held to be matched or related. So the weights do not
/// depend on how candidates were found.
struct Learning {
  private let strangers: Strangers
  /// Different codes and how many pairs have them.
  private let patterns: [(codes: UInt64, pairs: Double)]
  /// All patterns together, and how many pairs each of them stands for.
  private let seen: Sums
  private let share: Double
  private var matched: Sums
  private var household: Sums
  private var twins: Sums
  private let people: Double
  private static let rounds = 40
  private static let enough = 1e-4
  /// A level that was drawn less often than this was not drawn by chance.
  private static let leastDrawn = 0.3
  /// How far a count from a sample may be off, in standard deviations.
  private static let deviations = 3.0
  /// Nothing is held to be impossible.
  private static let leastShare = 1e-7

  /// Expected numbers of pairs of a class by aspect and code.
  private struct Sums {
    var pairs: Double
    var codes = [[Double]](
      repeating: [Double](repeating: 0, count: AgreementCode.count), count: Aspect.count)

    mutating func add(_ codes: UInt64, _ pairs: Double) {
      self.pairs += pairs
      for aspect in 0..<Aspect.count {
        let code = Int(codes >> UInt64(aspect * AgreementCode.bits)) & (AgreementCode.count - 1)
        self.codes[aspect][code] += pairs
      }
    }
  }

  /// Takes the codes of candidates, each of which stands for so many.
  init(_ strangers: Strangers, codes: [UInt64], standingFor share: Double, people: Int) {
    self.strangers = strangers
    self.people = Double(people)
    var patterns: [(codes: UInt64, pairs: Double)] = []
    for code in codes.sorted() {
      if patterns.last?.codes == code {
        patterns[patterns.count - 1].pairs += share
      } else {
        patterns.append((code, share))
      }
    }
    self.patterns = patterns
    self.share = share
    var seen = Sums(pairs: 0)
    for pattern in patterns { seen.add(pattern.codes, pattern.pairs) }
    self.seen = seen
    matched = Sums(pairs: Supposition.matchedEach * Double(people))
    household = Sums(pairs: Supposition.householdEach * Double(people))
    twins = Sums(pairs: Supposition.twinsEach * Double(people))
    // Most equal identity numbers are held to be one person's until something speaks against it.
    let identity = Aspect.identity.rawValue
    matched.codes[identity] = seen.codes[identity].enumerated().map { code, pairs in
      code < AgreementCode.firstSame ? 0 : pairs * Supposition.identityHolds
    }
    matched.pairs = max(matched.pairs, matched.codes[identity].reduce(0, +))
  }

  /// The weights when nothing changes any more.
  mutating func learn() -> Weights {
    var weights = weights()
    for _ in 0..<Self.rounds {
      let before = matched.pairs
      expect(weights)
      weights = self.weights()
      if abs(matched.pairs - before) < Self.enough * before { break }
    }
    return weights
  }

  private mutating func expect(_ weights: Weights) {
    matched = Sums(pairs: 0)
    household = Sums(pairs: 0)
    twins = Sums(pairs: 0)
    for pattern in patterns {
      let shares = weights.sums(pattern.codes).shares
      matched.add(pattern.codes, pattern.pairs * shares.matched)
      household.add(pattern.codes, pattern.pairs * shares.household)
      twins.add(pattern.codes, pattern.pairs * shares.twins)
    }
  }

  private func weights() -> Weights {
    let odds = { (pairs: Double) in Float(log(max(pairs, 0.5) / strangers.pairs)) }
    var weights = Weights(
      odds: PairSums(
        matched: odds(matched.pairs), household: odds(household.pairs), twins: odds(twins.pairs)))
    for aspect in Aspect.allCases {
      let place = aspect.rawValue
      let strange = strange(aspect)
      let usual = usual(aspect, strange)
      let match = Self.bounded(
        shares(
          matched.codes[place], Supposition.matched[place], trust: Supposition.matchedTrust),
        aspect)
      let kin = { (seen: Sums, supposed: [Aspect: Double], trust: Double) -> [Double]? in
        guard !Supposition.personal.contains(aspect) else { return nil }
        return shares(
          seen.codes[place], Self.expected(supposed[aspect], usual), trust: trust)
      }
      let home = kin(household, Supposition.household, Supposition.householdTrust)
      let twin = kin(twins, Supposition.twins, Supposition.twinsTrust)
      for code in 1..<AgreementCode.count where strange[code] > 0 {
        weights[place, code] = PairSums(
          matched: Self.logarithm(match, code, strange),
          household: home.map { Self.logarithm($0, code, strange) } ?? 0,
          twins: twin.map { Self.logarithm($0, code, strange) } ?? 0)
      }
    }
    return weights
  }

  /// How often strangers agree, by code; for equal values, how often a value of that frequency is
  /// met again in a stranger.
  private func strange(_ aspect: Aspect) -> [Double] {
    let place = aspect.rawValue
    let known = strangers.known[place]
    var strange = [Double](repeating: 0, count: AgreementCode.count)
    guard known > 0 else { return strange }
    let supposed = Supposition.strangers[place]
    let trust = Supposition.strangersTrust
    for code in 1..<AgreementCode.count {
      let explained = [matched, household, twins].reduce(0) { $0 + $1.codes[place][code] }
      if code < AgreementCode.firstSame {
        let expected = code < supposed.count ? supposed[code] : 1 - supposed.reduce(0, +)
        let pairs = max(strangers.unequal[place][code] * known - explained, 0)
        let least = Self.leastDrawn / max(strangers.drawn, 1)
        strange[code] = max((pairs + trust * expected) / (known + trust), least)
      } else {
        let opportunities = strangers.opportunities[place][code]
        guard opportunities > 0 else { continue }
        let pairs =
          strangers.same[place][code] * unexplained(place, code, explained)
          + Supposition.accident
        strange[code] = min((pairs + trust * supposed[0]) / (opportunities + trust), 1)
      }
    }
    return strange
  }

  /// The share of all pairs with equal values of a code that are strangers: those that are no
  /// candidates, and those candidates that nothing explains.
  private func unexplained(_ place: Int, _ code: Int, _ explained: Double) -> Double {
    let seen = seen.codes[place][code]
    let all = strangers.same[place][code]
    guard seen > 0, all > 0 else { return 1 }
    // Candidates are counted from a sample: what looks like nearly all of them is all of them.
    let doubt = Self.deviations * (share / seen).squareRoot()
    let candidates = seen / all > 1 - doubt ? 1 : seen / all
    return 1 - candidates * min(explained / seen, 1)
  }

  /// The shares of levels 1 to 7 among strangers.
  private func usual(_ aspect: Aspect, _ strange: [Double]) -> [Double] {
    let place = aspect.rawValue
    let known = max(strangers.known[place], 1)
    var same = 0.0
    for code in AgreementCode.firstSame..<AgreementCode.count {
      same += strange[code] * strangers.opportunities[place][code] / known
    }
    let shares = [same] + strange[1..<AgreementCode.firstSame]
    let sum = shares.reduce(0, +)
    return sum > 0 ? shares.map { $0 / sum } : shares
  }

  /// What is supposed of people who belong together: more of the same than among strangers.
  private static func expected(_ same: Double?, _ usual: [Double]) -> [Double] {
    guard let same else { return usual }
    return usual.enumerated().map { place, share in
      place == 0 ? max(same, share) : share * (1 - same) / max(1 - usual[0], 1e-9)
    }
  }

  /// Shares of a class in which not more than so much may differ.
  private static func bounded(_ shares: [Double], _ aspect: Aspect) -> [Double] {
    guard let most = Supposition.mostDifferent[aspect] else { return shares }
    var bounded = shares
    let related = Level.related - 1
    let different = Level.different - 1
    if aspect == .identity {
      bounded[related] = min(bounded[related], Supposition.mostContradicted)
    }
    let excess = (bounded[related] + bounded[different]) / most
    if excess > 1 {
      bounded[related] /= excess
      bounded[different] /= excess
    }
    let rest = 1 - bounded[related] - bounded[different]
    let kept = bounded.reduce(0, +) - bounded[related] - bounded[different]
    for place in bounded.indices where place != related && place != different {
      bounded[place] *= rest / max(kept, 1e-9)
    }
    return bounded
  }

  /// The shares of levels 1 to 7 in a class, by what was seen and what was supposed.
  private func shares(_ seen: [Double], _ supposed: [Double], trust: Double) -> [Double] {
    let same = seen[AgreementCode.firstSame...].reduce(0, +)
    let levels = [same] + seen[1..<AgreementCode.firstSame]
    let sum = levels.reduce(0, +) + trust
    return zip(levels, supposed).map { ($0 + trust * $1) / sum }
  }

  private static func logarithm(_ shares: [Double], _ code: Int, _ strange: [Double]) -> Float {
    let share = code < AgreementCode.firstSame ? shares[code] : shares[0]
    return Float(log(max(share, leastShare) / strange[code]))
  }
}

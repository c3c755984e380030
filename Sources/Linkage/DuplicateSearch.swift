/// Two records that are likely one person.
package struct LikelyPair: Equatable, Sendable {
  /// The smaller identifier, or with a second file the one of the first file.
  package let first: String
  package let second: String
  /// How likely they are the same person; 0.5 is as likely as not.
  package let probability: Double

  package init(first: String, second: String, probability: Double) {
    self.first = first
    self.second = second
    self.probability = probability
  }
}

/// What a search is busy with.
package enum SearchStage: Sendable {
  case gathering
  case learning
  case comparing
}

/// Finds records of one person in a list of people, or in two of them.
package struct DuplicateSearch {
  private let people: PeopleList
  private let threshold: Double
  private static let mostLearnt = 600_000
  private static let progressStep = 1 << 18
  /// Probabilities are told to six places.
  private static let steps = 1e6

  package init(_ people: PeopleList, threshold: Double) {
    var people = people
    people.settle()
    self.people = people
    self.threshold = threshold
  }

  /// All pairs at or above the threshold, the likeliest first, then by identifiers as bytes.
  package func pairs(
    progress: (SearchStage, _ done: Int, _ of: Int) -> Void = { _, _, _ in }
  ) -> [LikelyPair] {
    guard people.count > 1 else { return [] }
    progress(.gathering, 0, people.count)
    let candidates = Candidates(people)
    progress(.learning, 0, candidates.pairs.count)
    let agreement = Agreement(people)
    let weights = learn(candidates, agreement)
    let scored = compare(candidates, agreement, weights, progress)
    let closed = people.hasSecond ? scored : Closure.of(scored, agreement)
    return named(closed.filter { $0.probability >= threshold })
  }

  private func learn(_ candidates: Candidates, _ agreement: Agreement) -> Weights {
    let strangers = Strangers(people, agreement)
    let share = min(1, Double(Self.mostLearnt) / Double(max(candidates.pairs.count, 1)))
    let limit = share == 1 ? UInt64.max : UInt64(share * Double(UInt64.max))
    var similarity = Similarity()
    var codes: [UInt64] = []
    for pair in candidates.pairs where Mix.finished(Mix.added(pair, to: Mix.start)) <= limit {
      let (one, other) = candidates.rows(pair)
      codes.append(agreement.codes(one, other, &similarity))
    }
    var learning = Learning(
      strangers, codes: codes, standingFor: 1 / share, people: people.count)
    return learning.learn()
  }

  private func compare(
    _ candidates: Candidates, _ agreement: Agreement, _ weights: Weights,
    _ progress: (SearchStage, Int, Int) -> Void
  ) -> [ScoredPair] {
    let scorer = Scorer(agreement, weights, threshold: threshold)
    var similarity = Similarity()
    var scored: [ScoredPair] = []
    for (position, pair) in candidates.pairs.enumerated() {
      if position % Self.progressStep == 0 {
        progress(.comparing, position, candidates.pairs.count)
      }
      let (one, other) = candidates.rows(pair)
      guard let probability = scorer.probability(one, other, &similarity) else { continue }
      scored.append(ScoredPair(first: one, second: other, probability: probability))
    }
    return scored
  }

  private func named(_ scored: [ScoredPair]) -> [LikelyPair] {
    let pairs = scored.map { pair in
      let one = people.identifiers[pair.first]
      let other = people.identifiers[pair.second]
      let isTurned =
        people.hasSecond
        ? people.isSecond[pair.first] : other.utf8.lexicographicallyPrecedes(one.utf8)
      return LikelyPair(
        first: isTurned ? other : one, second: isTurned ? one : other,
        probability: (pair.probability * Self.steps).rounded() / Self.steps)
    }
    return pairs.sorted { one, other in
      if one.probability != other.probability { return one.probability > other.probability }
      if one.first != other.first {
        return one.first.utf8.lexicographicallyPrecedes(other.first.utf8)
      }
      return one.second.utf8.lexicographicallyPrecedes(other.second.utf8)
    }
  }
}

/// Two rows and how likely they are one person.
struct ScoredPair {
  let first: Int
  let second: Int
  var probability: Double
}

import Foundation
import Testing

/// Five hundred town-days in which everybody does what they like, and everything is checked after each
/// of them. `DENGHUO_TOWNS=100` plays a thousand, `DENGHUO_SEED=17` one town alone.
@Suite("Simulation") struct SimulationTests {
  private static let towns: UInt64 = 50
  private static let days = 10

  @Test("Whatever people do for hundreds of town-days, every invariant holds")
  func everyInvariantHolds() async throws {
    let environment = ProcessInfo.processInfo.environment
    let named = environment["DENGHUO_SEED"].flatMap { UInt64($0) }
    let towns = environment["DENGHUO_TOWNS"].flatMap { UInt64($0) } ?? Self.towns
    let seeds = named.map { [$0] } ?? Array(1...max(1, towns))
    let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { group in
      // As many towns at once as there are processors; more would only wait for each other.
      var waiting = seeds[...]
      var outcomes: [Outcome] = []
      func next() {
        guard let seed = waiting.popFirst() else { return }
        group.addTask { try await Self.play(seed) }
      }
      for _ in 0..<ProcessInfo.processInfo.activeProcessorCount { next() }
      while let outcome = try await group.next() {
        outcomes.append(outcome)
        next()
      }
      return outcomes
    }
    for case .failed(let report) in outcomes { Issue.record(Comment(rawValue: report)) }
    // A simulation in which everything is refused, or nothing, would prove little.
    let (acknowledged, refused) = outcomes.reduce((0, 0)) { sums, outcome in
      if case .played(let one, let other) = outcome { (sums.0 + one, sums.1 + other) } else { sums }
    }
    if outcomes.count == seeds.count && outcomes.allSatisfy(\.isPlayed) {
      #expect(acknowledged > seeds.count * 60)
      #expect(refused > seeds.count * 25)
    }
  }

  @Test("Thirty days of people, homes and sites: nobody is free early and nobody is held late")
  func thirtyDays() async throws {
    // Months across the change to the ninth edition, to the twenty measures and the ten, and to nothing.
    try await withThrowingTaskGroup(of: Outcome.self) { group in
      for seed in [UInt64(100), 101, 104, 105, 107] {
        group.addTask { try await Self.play(seed, days: 30) }
      }
      for try await case .failed(let report) in group { Issue.record(Comment(rawValue: report)) }
    }
  }

  /// How one town went.
  private enum Outcome: Sendable {
    case played(acknowledged: Int, refused: Int)
    case failed(String)

    var isPlayed: Bool { if case .played = self { true } else { false } }
  }

  private static func play(_ seed: UInt64, days: Int = Self.days) async throws -> Outcome {
    do {
      var town = try await TownDays(seed: seed)
      let (acknowledged, refused) = try await town.play(days: days)
      return .played(acknowledged: acknowledged, refused: refused)
    } catch let failure as TownDays.Failure {
      let shrunk = try await Shrinking.shortest(failure)
      return .failed(Shrinking.report(failure, shrunk))
    }
  }
}

import Gazette
import Kernel
import Registry

/// The rounds whose area the sender may look at, the latest first.
package struct ListRounds: Query {
  /// One round.
  package struct Line: Codable, Sendable {
    package let round: RoundID
    package let name: String
    package let area: PlaceID
    package let areaName: String
    package let pool: Int
    package let openedAt: Instant
    package let dueAt: Instant
    package let closedAt: Instant?
    package let frozen: Bool
    package let listed: Int
    /// When the list began to be deleted; the totals stay.
    package let erasedAt: Instant?

    private enum CodingKeys: String, CodingKey {
      case round
      case name
      case area
      case pool
      case frozen
      case listed
      case areaName = "area_name"
      case openedAt = "opened_at"
      case dueAt = "due_at"
      case closedAt = "closed_at"
      case erasedAt = "erased_at"
    }

    init(_ round: ScreeningRound, in reading: Reading) throws {
      self.round = round.id
      name = round.name
      area = round.area
      areaName = try reading.name(of: round.area)
      pool = round.pool
      openedAt = round.openedAt
      dueAt = round.dueAt
      closedAt = round.closedAt
      frozen = round.frozenAt != nil
      listed = round.listed
      erasedAt = round.erasedAt
    }
  }

  package static let name = "screening.rounds"
  package static let duty: Duty = "screening.count"
  package static let purposes: [Purpose] = []
  private static let most = 100

  package init() {}

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> [Line] {
    try ScreeningRoundStore(reading.transaction).latest(limit: Self.most).compactMap { round in
      // Whoever answers for a part of a round's area has to know that it runs.
      let concerns = reading.authority.areas(for: Self.duty).contains {
        $0.holds(round.path) || round.path.holds($0)
      }
      return concerns ? try Line(round, in: reading) : nil
    }
  }
}

/// How a round goes: the list, the pace, when it will be done, tubes on their way, laboratories, and who
/// is held. Shows nobody's data.
package struct WatchRound: Query {
  /// How many swabs were taken in a quarter of an hour.
  package struct Quarter: Codable, Sendable {
    package let at: Instant
    package let swabs: Int
  }

  package struct Answer: Codable, Sendable {
    package let round: ListRounds.Line
    package let coverage: CountRound.Answer
    package let tubes: TubeCounts
    package let pace: [Quarter]
    /// Swabs of the last hour.
    package let perHour: Int
    /// What it takes each hour to be done in time.
    package let neededPerHour: Int
    /// When the last will be sampled at the pace of the last hour; nil when nobody is.
    package let forecast: Instant?
    /// Minutes from the first swab, or the receipt where it is known, to the report: the middle and the
    /// slowest tenth.
    package let turnaroundMedian: Int?
    package let turnaroundSlow: Int?
    package let held: Int
    package let released: Int
    package let cases: Int
    package let conflicts: Int

    private enum CodingKeys: String, CodingKey {
      case round
      case coverage
      case tubes
      case pace
      case forecast
      case held
      case released
      case cases
      case conflicts
      case perHour = "per_hour"
      case neededPerHour = "needed_per_hour"
      case turnaroundMedian = "turnaround_median"
      case turnaroundSlow = "turnaround_slow"
    }
  }

  package static let name = "screening.watch"
  package static let duty: Duty = "screening.count"
  package static let purposes: [Purpose] = []
  private static let mostConflicts = 1_000
  package let round: RoundID

  package init(round: RoundID) { self.round = round }

  package func area(in reading: Reading) throws -> Area {
    .path(try ScreeningRoundStore(reading.transaction).get(round).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let round = try ScreeningRoundStore(reading.transaction).get(round)
    let coverage = try reading.ask(CountRound(round: round.id, by: .street))
    let swabs = SwabsStore(reading.transaction)
    let pace = try swabs.pace(of: round.id)
    let hour = TubesRules.quarter(of: reading.now) - 4
    let perHour = pace.filter { $0.quarter > hour }.reduce(0) { $0 + $1.swabs }
    let left = coverage.missing + coverage.reswab
    let hours = max(1, Double((round.dueAt - reading.now).inSeconds) / 3_600)
    let turnaround = try TubesStore(reading.transaction).turnaround(of: round.id)
    let recalls = try RecallsStore(reading.transaction).counts(of: round.id)
    return Answer(
      round: try ListRounds.Line(round, in: reading),
      coverage: coverage, tubes: try TubesStore(reading.transaction).counts(of: round.id),
      pace: pace.map {
        Quarter(at: Instant(milliseconds: Int64($0.quarter) * 900_000), swabs: $0.swabs)
      }, perHour: perHour, neededPerHour: Int((Double(left) / hours).rounded(.up)),
      forecast: perHour == 0
        ? nil : reading.now + .seconds(left * 3_600 / perHour),
      turnaroundMedian: turnaround?.median, turnaroundSlow: turnaround?.slow,
      held: recalls.held, released: recalls.released, cases: recalls.cases,
      conflicts: try ConflictsStore(reading.transaction).open(
        in: round.id, limit: Self.mostConflicts
      ).count)
  }
}

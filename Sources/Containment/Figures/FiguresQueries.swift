import Kernel

/// What anybody may know of restrictions and of how they are decided: numbers by day, of nobody in
/// particular. Open without signing in.
package struct PublicFigures: Query {
  /// A name with its number.
  package struct Count: Codable, Sendable {
    package let code: String
    package let words: Words
    package let count: Int
  }

  /// What one day brought.
  package struct OneDay: Codable, Sendable {
    package let day: Day
    /// People newly restricted.
    package let started: Int
    package let ended: Int
    package let objections: Int
    /// Objections that were decided, and those of them that were upheld.
    package let decided: Int
    package let upheld: Int
    /// Objections that were not decided in time: the restriction was lifted meanwhile.
    package let lapsed: Int
    /// Decisions on many at once by a second person, approved and declined.
    package let approved: Int
    package let declined: Int
    /// Alarms because an account tried to restrict many.
    package let alarms: Int
  }

  package struct Answer: Codable, Sendable {
    /// The youngest first.
    package let days: [OneDay]
    /// Of all the days, by clause: the most first.
    package let clauses: [Count]
    /// Why restrictions of all the days ended: the most first.
    package let reasons: [Count]
    /// In whole per cent; nil when none was decided.
    package let upheldPercent: Int?
    /// In minutes, of those that ended by themselves; nil when none did.
    package let medianDelayMinutes: Int?
    /// Since when figures are kept; nil while there are none.
    package let since: Day?
  }

  package static let name = "figures.public"
  package static let duty: Duty = .anyone
  package static let purposes: [Purpose] = []
  /// Two weeks, as long as the longest measure.
  package static let usualDays = 14
  package static let mostDays = 366
  /// How many days to look back, today included; two weeks when nothing is said.
  package let days: Int?

  package init(days: Int? = nil) { self.days = days }

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    let count = days ?? Self.usualDays
    guard (1...Self.mostDays).contains(count) else {
      throw Refusal.malformed(
        "days", String(count),
        expected: Words("1 至 \(Self.mostDays)", "1 to \(Self.mostDays)"))
    }
    let store = FiguresStore(reading.transaction)
    let since = try store.firstDay()
    let first = max(reading.today - (count - 1), since ?? reading.today)
    let lines = try store.lines(from: first, to: reading.today)
    let policy = try? reading.policy(RestrictionsPolicy.self)
    let upheld = sum(lines, .objectionUpheld)
    var delays: [Int: Int] = [:]
    for line in lines where line.kind == .delay {
      delays[Int(line.about) ?? 0, default: 0] += line.count
    }
    return Answer(
      days: days(first, lines, in: reading),
      clauses: counts(lines, .started) { policy?.clause($0)?.words },
      reasons: counts(lines, .ended) { EndReason(rawValue: $0)?.words },
      upheldPercent: FiguresRules.percent(upheld, of: upheld + sum(lines, .objectionRejected)),
      medianDelayMinutes: FiguresRules.median(delays), since: since)
  }

  private func days(
    _ first: Day, _ lines: [FiguresStore.Line], in reading: Reading
  ) -> [OneDay] {
    let byDay = Dictionary(grouping: lines, by: \.day)
    return (first.number...reading.today.number).reversed().map { number in
      let day = Day(number: number)
      let lines = byDay[day] ?? []
      let upheld = sum(lines, .objectionUpheld)
      return OneDay(
        day: day, started: sum(lines, .started), ended: sum(lines, .ended),
        objections: sum(lines, .objectionRaised),
        decided: upheld + sum(lines, .objectionRejected), upheld: upheld,
        lapsed: sum(lines, .objectionLapsed), approved: sum(lines, .approved),
        declined: sum(lines, .declined), alarms: sum(lines, .alarm))
    }
  }

  private func sum(_ lines: [FiguresStore.Line], _ kind: FigureKind) -> Int {
    lines.filter { $0.kind == kind }.map(\.count).reduce(0, +)
  }

  private func counts(
    _ lines: [FiguresStore.Line], _ kind: FigureKind, _ words: (String) -> Words?
  ) -> [Count] {
    var counts: [String: Int] = [:]
    for line in lines where line.kind == kind { counts[line.about, default: 0] += line.count }
    return counts.map { Count(code: $0, words: words($0) ?? Words($0, $0), count: $1) }
      .sorted { ($1.count, $0.code) < ($0.count, $1.code) }
  }
}

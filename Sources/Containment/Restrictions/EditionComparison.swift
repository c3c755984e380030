import Kernel

/// What one edition asks otherwise than another, clause by clause and level by level.
package struct EditionComparison: Codable, Sendable {
  /// A clause in both editions, or in one of them.
  package struct ClauseChange: Codable, Sendable {
    package let clause: String
    package let words: Words
    /// What it asks, such as `central_isolation 14 + home_monitoring 7`; nil where it is not known.
    package let before: String?
    package let after: String?
    /// How many run under it now; nil without a district.
    package var running: Int?

    /// What becomes of those who are restricted under it on the day of the change.
    package var isEnding: Bool { before != nil && after == nil }
    package var isChanged: Bool { before != after }
  }

  /// A level of zones in both editions, or in one of them.
  package struct LevelChange: Codable, Sendable {
    package let level: String
    package let before: String?
    package let after: String?
    /// The level as which zones that stand go on; nil when they end.
    package let goesOnAs: String?
    package var standing: Int?
  }

  package let from: String
  package let to: String
  package var clauses: [ClauseChange]
  package var levels: [LevelChange]

  /// Compares what two editions say; sections that an edition does not have say nothing.
  package init(_ from: PolicyEdition, _ to: PolicyEdition) {
    self.from = from.reference
    self.to = to.reference
    let before = from.sections[RestrictionsPolicy.key] as? RestrictionsPolicy
    let after = to.sections[RestrictionsPolicy.key] as? RestrictionsPolicy
    let ids = Set((before?.clauses ?? []).map(\.id) + (after?.clauses ?? []).map(\.id))
    clauses = ids.sorted().map { id in
      let old = before?.clause(id)
      let new = after?.clause(id)
      return ClauseChange(
        clause: id, words: (new ?? old)?.words ?? Words(id, id), before: old.map(Self.asked),
        after: new.map(Self.asked))
    }
    let zones = from.sections[ZonesPolicy.key] as? ZonesPolicy
    let next = to.sections[ZonesPolicy.key] as? ZonesPolicy
    let levels = ZoneLevel.allCases.filter { zones?.level($0) != nil || next?.level($0) != nil }
    self.levels = levels.map { level in
      LevelChange(
        level: level.rawValue, before: zones?.level(level).map(Self.released),
        after: next?.level(level).map(Self.released),
        goesOnAs: zones?.level(level) == nil
          ? nil : next?.successor(of: level)?.level.rawValue)
    }
  }

  private static func asked(_ clause: RestrictionsPolicy.Clause) -> String {
    clause.phases.map { phase in
      let tests = phase.testDays.map(String.init).joined(separator: ",")
      return "\(phase.kind.rawValue) \(phase.days)" + (tests.isEmpty ? "" : " (tests \(tests))")
    }.joined(separator: " + ")
  }

  private static func released(_ level: ZonesPolicy.Level) -> String {
    level.release.map { clause in
      let number = clause.days ?? clause.onDay ?? clause.withinDays
      return clause.kind.rawValue + (number.map { " \($0)" } ?? "")
    }.joined(separator: " + ")
  }
}

/// How many restrictions run under each clause, and how many zones stand at each level.
package struct CountByClause: Query {
  /// One clause or level with its number.
  package struct Count: Codable, Sendable {
    package let name: String
    package let count: Int
  }

  package struct Answer: Codable, Sendable {
    package let clauses: [Count]
    package let levels: [Count]
  }

  package static let name = "restrictions.byClause"
  package static let duty: Duty = CountRestrictions.duty
  package static let purposes: [Purpose] = []
  package static let isCount = true

  package init() {}

  package func area(in reading: Reading) -> Area { .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let clauses = try RestrictionsStore(reading.transaction).runningByClause(at: reading.now)
    let zones = Dictionary(
      grouping: try ZonesStore(reading.transaction).standing(), by: \.level.rawValue)
    return Answer(
      clauses: clauses.map { Count(name: $0.clause, count: $0.count) },
      levels: zones.sorted { $0.key < $1.key }.map { Count(name: $0.key, count: $0.value.count) })
  }
}

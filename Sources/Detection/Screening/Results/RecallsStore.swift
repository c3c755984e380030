import Gazette
import Kernel

/// Statements about who is held for a tube.
package struct RecallsStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL =
    "tube, person, round, result, held_since, state, single, decided_at"

  /// Holds somebody; false when they are held for the tube already.
  func insert(_ recall: Recall) throws -> Bool {
    try transaction.execute(
      """
      INSERT INTO recall (tube, person, round, result, held_since, state)
      VALUES (\(recall.tube), \(recall.person), \(recall.round), \(recall.result.rawValue),
        \(recall.heldSince), 'held')
      ON CONFLICT (tube, person) DO NOTHING
      """) > 0
  }

  func update(_ recall: Recall) throws {
    try transaction.put(
      """
      UPDATE recall
      SET state = \(recall.state.rawValue), single = \(recall.single),
        decided_at = \(recall.decidedAt)
      WHERE tube = \(recall.tube) AND person = \(recall.person)
      """)
  }

  /// What a person with these identifiers is held for in a round.
  package func held(of people: [PersonID], in round: RoundID) throws -> [Recall] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM recall
      WHERE person IN (\(SQL.list(people))) AND round = \(round) AND state = 'held'
      ORDER BY held_since, tube
      LIMIT 100
      """
    ).map(Self.recall)
  }

  /// Since when a person with these identifiers is held, in whatever round; nil for whoever is not.
  func heldSince(of people: [PersonID]) throws -> Instant? {
    try transaction.row(
      """
      SELECT MIN(held_since)
      FROM recall
      WHERE person IN (\(SQL.list(people))) AND state = 'held'
      """)?.optionalInstant(0)
  }

  /// Who is or was held for a tube.
  package func of(_ tube: TubeCode) throws -> [Recall] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM recall
      WHERE tube = \(tube)
      ORDER BY person
      LIMIT 1000
      """
    ).map(Self.recall)
  }

  /// What a person with these identifiers is or was held for and has a tube of their own for.
  func withSingle(of people: [PersonID]) throws -> [Recall] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM recall
      WHERE person IN (\(SQL.list(people))) AND single IS NOT NULL
      ORDER BY held_since, tube, person
      LIMIT 1000
      """
    ).map(Self.recall)
  }

  /// Those whose own tube it is.
  func decided(by single: TubeCode) throws -> [Recall] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM recall
      WHERE single = \(single) AND single IS NOT NULL
      ORDER BY tube, person
      LIMIT 1000
      """
    ).map(Self.recall)
  }

  /// A place in the list of a round.
  package struct Cursor: Sendable {
    package let heldSince: Instant
    package let tube: TubeCode
    package let person: PersonID
  }

  /// Everybody who is or was held in a round, the earliest first.
  package func of(
    _ round: RoundID, after: Cursor? = nil, limit: Int
  ) throws -> [Recall] {
    let following: SQL =
      after.map { "(held_since, tube, person) > (\($0.heldSince), \($0.tube), \($0.person))" }
      ?? "1 = 1"
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM recall
      WHERE round = \(round) AND \(following)
      ORDER BY held_since, tube, person
      LIMIT \(limit)
      """
    ).map(Self.recall)
  }

  /// How many of a round are held, of those without a swab of their own, released, and cases.
  package struct Counts: Sendable {
    package let held: Int
    package let unswabbed: Int
    package let released: Int
    package let cases: Int
  }

  /// How many of a round stand how.
  package func counts(of round: RoundID) throws -> Counts {
    let row = try transaction.row(
      """
      SELECT COUNT(CASE WHEN state = 'held' THEN 1 END),
        COUNT(CASE WHEN state = 'released' THEN 1 END), COUNT(CASE WHEN state = 'case' THEN 1 END),
        COUNT(CASE WHEN state = 'held' AND single IS NULL THEN 1 END)
      FROM recall
      WHERE round = \(round)
      """)
    return Counts(
      held: row?.integer(0) ?? 0, unswabbed: row?.integer(3) ?? 0, released: row?.integer(1) ?? 0,
      cases: row?.integer(2) ?? 0)
  }

  /// Deletes the recalls of people in a round, or of the whole round; answers how many.
  func erase(_ people: [PersonID]?, of round: RoundID) throws -> Int {
    guard let people else {
      return try transaction.execute("DELETE FROM recall WHERE round = \(round)")
    }
    if people.isEmpty { return 0 }
    return try transaction.execute(
      "DELETE FROM recall WHERE person IN (\(SQL.list(people))) AND round = \(round)")
  }

  private static func recall(_ row: Row) -> Recall {
    Recall(
      tube: row.id(0), person: row.id(1), round: row.id(2),
      result: TubeResult(rawValue: row.text(3)) ?? .positive, heldSince: row.instant(4),
      state: Recall.State(rawValue: row.text(5)) ?? .held, single: row.optionalID(6),
      decidedAt: row.optionalInstant(7))
  }
}

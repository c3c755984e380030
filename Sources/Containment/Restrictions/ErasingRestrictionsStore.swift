import Kernel

/// Statements that delete what was asked of people and is over.
struct ErasingRestrictionsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let indices = Migration(
    "restrictions-0007",
    "CREATE INDEX restriction_over ON restriction (ended_at, id) WHERE ended_at IS NOT NULL",
    "CREATE INDEX restriction_request_asked ON restriction_request (asked_at)",
    "CREATE INDEX evidence_noted ON evidence (noted_at)",
    "CREATE INDEX restriction_held_at ON restriction_held (at)",
    "CREATE INDEX restriction_cause_at ON restriction_cause (at)")

  /// Restrictions that ended before a moment, the first first.
  func due(before limit: Instant, limit count: Int) throws -> [RestrictionID] {
    try transaction.rows(
      """
      SELECT id
      FROM restriction
      WHERE ended_at IS NOT NULL AND ended_at < \(limit)
      ORDER BY ended_at, id
      LIMIT \(count)
      """
    ).map { $0.id(0) }
  }

  /// Deletes restrictions with everything that hangs on them.
  func erase(_ restrictions: [RestrictionID]) throws {
    for part in restrictions.sorted().chunks(of: 500) {
      let listed = SQL.list(part)
      try transaction.execute("DELETE FROM restriction_phase WHERE restriction IN (\(listed))")
      try transaction.execute("DELETE FROM restriction_evidence WHERE restriction IN (\(listed))")
      try transaction.execute("DELETE FROM restriction_change WHERE restriction IN (\(listed))")
      try transaction.execute("DELETE FROM objection WHERE restriction IN (\(listed))")
      try transaction.execute("DELETE FROM restriction_cause WHERE restriction IN (\(listed))")
      try transaction.execute("DELETE FROM restriction_freed WHERE restriction IN (\(listed))")
      try transaction.execute("DELETE FROM restriction WHERE id IN (\(listed))")
    }
  }

  /// Deletes what was asked for, or waited for a second person, before a moment.
  func eraseRequests(before limit: Instant) throws {
    try transaction.execute("DELETE FROM restriction_request WHERE asked_at < \(limit)")
    try transaction.execute("DELETE FROM restriction_held WHERE at < \(limit)")
    // Of what is younger than a day the limits ask; of what has no restriction any more nobody does.
    try transaction.execute("DELETE FROM restriction_cause WHERE at < \(limit)")
    try transaction.execute("DELETE FROM restriction_joined WHERE at < \(limit)")
  }

  /// Deletes evidence that was noted before a moment and on which nothing rests; answers how many pieces.
  func eraseEvidence(before limit: Instant, limit count: Int) throws -> Int {
    let rows = try transaction.rows(
      """
      SELECT evidence.kind, evidence.reference, evidence.person, evidence.infection
      FROM evidence
      WHERE evidence.noted_at < \(limit) AND \(Self.isIdle)
      ORDER BY evidence.noted_at, evidence.kind, evidence.reference, evidence.person,
        evidence.infection
      LIMIT \(count)
      """)
    for row in rows {
      try transaction.execute(
        """
        DELETE FROM evidence
        WHERE kind = \(row.text(0)) AND reference = \(row.text(1)) AND person = \(row.text(2))
          AND infection = \(row.text(3))
        """)
    }
    return rows.count
  }

  private static let isIdle: SQL = """
    evidence.waiting_under IS NULL AND NOT EXISTS (
      SELECT 1
      FROM restriction_evidence AS link
      WHERE link.kind = evidence.kind AND link.reference = evidence.reference
        AND link.person = evidence.person AND link.infection = evidence.infection)
    """

  /// What was to be gone before a moment and is still there.
  func kept(before limit: Instant) throws -> [String] {
    try transaction.rows(
      """
      SELECT id FROM restriction WHERE ended_at < \(limit)
      UNION ALL
      SELECT id FROM restriction_request WHERE asked_at < \(limit)
      UNION ALL
      SELECT evidence.reference FROM evidence WHERE evidence.noted_at < \(limit) AND \(Self.isIdle)
      ORDER BY 1
      LIMIT 20
      """
    ).map { $0.text(0) }
  }
}

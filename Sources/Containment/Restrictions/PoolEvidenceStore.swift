import Kernel

/// Statements about evidence that several people share, such as a tube, of which one is freed.
struct PoolEvidenceStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  /// A person's restrictions that nobody has ended and that rest, among others, on a piece of evidence.
  func restrictions(
    restingOn evidence: Evidence, about people: [PersonID]
  ) throws -> [RestrictionID] {
    try transaction.rows(
      """
      SELECT DISTINCT link.restriction
      FROM restriction_evidence AS link
      JOIN restriction ON restriction.id = link.restriction
      WHERE link.kind = \(evidence.kind.rawValue) AND link.reference = \(evidence.reference)
        AND link.person IN (\(SQL.list(people))) AND restriction.ended_at IS NULL
      ORDER BY link.restriction
      LIMIT 100
      """
    ).map { $0.id(0) }
  }

  func withdraw(_ evidence: Evidence, about people: [PersonID], at now: Instant) throws {
    try transaction.execute(
      """
      UPDATE evidence
      SET withdrawn_at = \(now), waiting_under = NULL
      WHERE kind = \(evidence.kind.rawValue) AND reference = \(evidence.reference)
        AND person IN (\(SQL.list(people))) AND withdrawn_at IS NULL
      """)
  }
}

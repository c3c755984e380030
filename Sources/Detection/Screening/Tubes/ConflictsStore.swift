import Gazette
import Kernel

/// Statements about contradictions that a human has to look at.
package struct ConflictsStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  /// Notes a contradiction; false when it stands there already.
  func note(
    _ kind: ConflictKind, about: String, in round: RoundID, id: ConflictID, at now: Instant
  ) throws -> Bool {
    try transaction.execute(
      """
      INSERT INTO swab_conflict (id, round, kind, about, noted_at)
      VALUES (\(id), \(round), \(kind.rawValue), \(about), \(now))
      ON CONFLICT (kind, round, about) DO NOTHING
      """) > 0
  }

  /// Takes back a contradiction that is none any more and that nobody has looked at.
  func drop(_ kind: ConflictKind, about: String, in round: RoundID) throws {
    try transaction.put(
      """
      DELETE FROM swab_conflict
      WHERE kind = \(kind.rawValue) AND round = \(round) AND about = \(about)
        AND settled_at IS NULL
      """)
  }

  /// Lets the contradictions of a tube be those of another round, to which it belongs after all.
  func move(_ tube: TubeCode, from: RoundID, to round: RoundID) throws {
    try transaction.put(
      """
      UPDATE swab_conflict
      SET round = \(round)
      WHERE kind <> 'second_tube' AND round = \(from) AND about = \(tube)
      """)
  }

  func find(_ id: ConflictID) throws -> SwabConflict? {
    try transaction.row(
      """
      SELECT id, round, kind, about, noted_at, settled_at
      FROM swab_conflict
      WHERE id = \(id)
      """
    ).map(Self.conflict)
  }

  /// Lets somebody look again at what was decided when more of it comes to light, unless they found that
  /// all stands; false when nobody has.
  func reopen(_ kind: ConflictKind, about: String, in round: RoundID) throws -> ConflictID? {
    let found = try transaction.row(
      """
      SELECT id
      FROM swab_conflict
      WHERE kind = \(kind.rawValue) AND round = \(round) AND about = \(about)
        AND settled_at IS NOT NULL AND decision <> 'stands'
      """)
    guard let id: ConflictID = found?.id(0) else { return nil }
    try transaction.put(
      """
      UPDATE swab_conflict
      SET settled_at = NULL, settled_by = NULL, tube = NULL, decision = NULL
      WHERE id = \(id)
      """)
    return id
  }

  func settle(
    _ id: ConflictID, _ decision: ConflictDecision, tube: TubeCode?, at now: Instant,
    by sender: String
  ) throws {
    try transaction.put(
      """
      UPDATE swab_conflict
      SET settled_at = \(now), settled_by = \(sender), tube = \(tube),
        decision = \(decision.rawValue)
      WHERE id = \(id)
      """)
  }

  /// What nobody has looked at yet, the oldest first.
  package func open(in round: RoundID, limit: Int) throws -> [SwabConflict] {
    try transaction.rows(
      """
      SELECT id, round, kind, about, noted_at, settled_at
      FROM swab_conflict
      WHERE round = \(round) AND settled_at IS NULL
      ORDER BY noted_at, id
      LIMIT \(limit)
      """
    ).map(Self.conflict)
  }

  private static func conflict(_ row: Row) -> SwabConflict {
    SwabConflict(
      id: row.id(0), round: row.id(1), kind: ConflictKind(rawValue: row.text(2)) ?? .overfull,
      about: row.text(3), notedAt: row.instant(4), settledAt: row.optionalInstant(5))
  }
}

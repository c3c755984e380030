import Gazette
import Kernel

/// Statements about contradictions that a human has to look at.
package struct ConflictsStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL = "id, round, kind, about, noted_at, settled_at, known, decision"

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
      SELECT \(Self.columns)
      FROM swab_conflict
      WHERE id = \(id)
      """
    ).map(Self.conflict)
  }

  /// Lets somebody look again at what was decided.
  func reopen(_ id: ConflictID) throws {
    try transaction.put(
      """
      UPDATE swab_conflict
      SET settled_at = NULL, settled_by = NULL, tube = NULL, decision = NULL, ground = NULL
      WHERE id = \(id)
      """)
  }

  /// A contradiction by what it is about.
  func find(_ kind: ConflictKind, about: String, in round: RoundID) throws -> SwabConflict? {
    try transaction.row(
      """
      SELECT \(Self.columns)
      FROM swab_conflict
      WHERE kind = \(kind.rawValue) AND round = \(round) AND about = \(about)
      """
    ).map(Self.conflict)
  }

  /// Notes what was known of a contradiction when it was decided: what comes later is new.
  func keep(_ known: Set<String>, of id: ConflictID) throws {
    try transaction.put(
      "UPDATE swab_conflict SET known = \(known.sorted().joined(separator: "\n")) WHERE id = \(id)")
  }

  /// Decides with a tube everything else that contradicts in it.
  func settleRest(
    of tube: TubeCode, _ decision: ConflictDecision, at now: Instant, by sender: String
  )
    throws
  {
    try transaction.put(
      """
      UPDATE swab_conflict
      SET settled_at = \(now), settled_by = \(sender), decision = \(decision.rawValue)
      WHERE kind <> 'second_tube' AND about = \(tube) AND settled_at IS NULL
      """)
  }

  func settle(
    _ id: ConflictID, _ decision: ConflictDecision, tube: TubeCode?, ground: LateGround?,
    at now: Instant, by sender: String
  ) throws {
    try transaction.put(
      """
      UPDATE swab_conflict
      SET settled_at = \(now), settled_by = \(sender), tube = \(tube),
        decision = \(decision.rawValue), ground = \(ground?.rawValue)
      WHERE id = \(id)
      """)
  }

  /// What nobody has looked at yet, the oldest first.
  package func open(in round: RoundID, limit: Int) throws -> [SwabConflict] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
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
      about: row.text(3), notedAt: row.instant(4), settledAt: row.optionalInstant(5),
      known: row.optionalText(6).map { Set($0.split(separator: "\n").map(String.init)) },
      decision: row.optionalText(7).flatMap(ConflictDecision.init))
  }
}

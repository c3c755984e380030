import Kernel

/// Statements about delegations.
struct DelegationsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL =
    "id, giver, taker, role, place, from_at, until_at, reason, ended_at"

  func insert(_ one: Delegation, path: PlacePath) throws {
    try transaction.execute(
      """
      INSERT INTO delegation (id, giver, taker, role, place, path, from_at, until_at, reason)
      VALUES (\(one.delegation), \(one.giver), \(one.taker), \(one.role), \(one.place), \(path),
        \(one.from), \(one.until), \(one.reason))
      """)
  }

  func find(_ id: DelegationID) throws -> Delegation? {
    try transaction.row("SELECT \(Self.columns) FROM delegation WHERE id = \(id)")
      .map(Self.delegation)
  }

  func end(_ id: DelegationID, at: Instant) throws {
    try transaction.execute("UPDATE delegation SET ended_at = \(at) WHERE id = \(id)")
  }

  /// Whether a colleague has an office of a giver at some moment of a span.
  func overlaps(
    giver: AccountID, taker: AccountID, role: String, place: PlaceID, from: Instant,
    until: Instant
  ) throws -> Bool {
    try transaction.row(
      """
      SELECT 1
      FROM delegation
      WHERE giver = \(giver) AND taker = \(taker) AND role = \(role) AND place = \(place)
        AND ended_at IS NULL AND from_at < \(until) AND until_at > \(from)
      LIMIT 1
      """) != nil
  }

  /// What an account gave and was given, the youngest first.
  func about(_ account: AccountID, limit: Int) throws -> [Delegation] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM delegation
      WHERE giver = \(account) OR taker = \(account)
      ORDER BY from_at DESC, id DESC
      LIMIT \(limit)
      """
    ).map(Self.delegation)
  }

  private static func delegation(_ row: Row) -> Delegation {
    Delegation(
      delegation: row.id(0), giver: row.id(1), taker: row.id(2), role: row.text(3),
      place: row.id(4), from: row.instant(5), until: row.instant(6), reason: row.text(7),
      endedAt: row.optionalInstant(8))
  }
}

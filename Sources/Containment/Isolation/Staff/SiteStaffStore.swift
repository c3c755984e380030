import Kernel

extension Isolation {
  static let staff = Migration(
    "isolation-0006",
    """
    CREATE TABLE isolation_loop (
      id TEXT PRIMARY KEY, site TEXT NOT NULL REFERENCES isolation_site (place),
      account TEXT NOT NULL, entered_at BIGINT NOT NULL, entered_by TEXT NOT NULL,
      tested_at BIGINT NOT NULL, tests_until BIGINT NOT NULL, left_at BIGINT, left_by TEXT,
      edition TEXT, open_from BIGINT, CHECK (tested_at <= entered_at),
      CHECK ((left_at IS NULL) = (open_from IS NULL)), CHECK (open_from >= left_at))
    """,
    "CREATE UNIQUE INDEX isolation_loop_inside ON isolation_loop (account) WHERE left_at IS NULL",
    "CREATE INDEX isolation_loop_account ON isolation_loop (account, entered_at)",
    "CREATE INDEX isolation_loop_site ON isolation_loop (site, left_at)",
    """
    CREATE TABLE isolation_turn (
      id TEXT PRIMARY KEY, site TEXT NOT NULL REFERENCES isolation_site (place),
      post TEXT NOT NULL, account TEXT NOT NULL, in_loop BIGINT NOT NULL, from_at BIGINT NOT NULL,
      until_at BIGINT NOT NULL, removed_at BIGINT, CHECK (from_at < until_at))
    """,
    "CREATE INDEX isolation_turn_site ON isolation_turn (site, until_at) WHERE removed_at IS NULL",
    """
    CREATE INDEX isolation_turn_account ON isolation_turn (account, until_at)
    WHERE removed_at IS NULL
    """)
}

/// Statements about who works at a site: turns, and who is in its closed loop.
package struct SiteStaffStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let turnColumns: SQL = "id, site, post, account, from_at, until_at"
  private static let loopColumns: SQL =
    "id, site, account, entered_at, tested_at, left_at, edition, open_from"

  func insert(_ turn: SiteTurn, isInLoop: Bool) throws {
    try transaction.execute(
      """
      INSERT INTO isolation_turn (id, site, post, account, in_loop, from_at, until_at)
      VALUES (\(turn.id), \(turn.site), \(turn.post), \(turn.account), \(isInLoop ? 1 : 0),
        \(turn.from), \(turn.until))
      """)
  }

  func remove(_ id: SiteTurnID, at now: Instant) throws {
    try transaction.execute("UPDATE isolation_turn SET removed_at = \(now) WHERE id = \(id)")
  }

  /// Ends a turn that has begun.
  func cut(_ id: SiteTurnID, at now: Instant) throws {
    try transaction.execute("UPDATE isolation_turn SET until_at = \(now) WHERE id = \(id)")
  }

  /// A turn that nobody has taken off.
  package func turn(_ id: SiteTurnID) throws -> SiteTurn? {
    try transaction.row(
      """
      SELECT \(Self.turnColumns) FROM isolation_turn WHERE id = \(id) AND removed_at IS NULL
      """
    ).map(Self.turn)
  }

  /// The turns of a site that touch a span.
  package func turns(at site: PlaceID, from: Instant, until: Instant) throws -> [SiteTurn] {
    try transaction.rows(
      """
      SELECT \(Self.turnColumns)
      FROM isolation_turn
      WHERE site = \(site) AND until_at > \(from) AND from_at < \(until) AND removed_at IS NULL
      ORDER BY from_at, post, account, id
      LIMIT 2000
      """
    ).map(Self.turn)
  }

  /// Turns of an account, at whichever site, that touch a span.
  func turns(of account: AccountID, from: Instant, until: Instant) throws -> [SiteTurn] {
    try transaction.rows(
      """
      SELECT \(Self.turnColumns)
      FROM isolation_turn
      WHERE account = \(account) AND until_at > \(from) AND from_at < \(until)
        AND removed_at IS NULL
      ORDER BY from_at, id
      LIMIT 1000
      """
    ).map(Self.turn)
  }

  /// Turns of an account, at whichever site, that are not over.
  func turns(of account: AccountID, notOverAt now: Instant) throws -> [SiteTurn] {
    try transaction.rows(
      """
      SELECT \(Self.turnColumns)
      FROM isolation_turn
      WHERE account = \(account) AND until_at > \(now) AND removed_at IS NULL
      ORDER BY from_at, id
      LIMIT 1000
      """
    ).map(Self.turn)
  }

  func insert(_ loop: SiteLoop, by sender: String) throws {
    try transaction.execute(
      """
      INSERT INTO isolation_loop (id, site, account, entered_at, entered_by, tested_at, tests_until)
      VALUES (\(loop.id), \(loop.site), \(loop.account), \(loop.enteredAt), \(sender),
        \(loop.testedAt), \(loop.enteredAt))
      """)
  }

  func leave(
    _ id: SiteLoopID, by sender: String, at now: Instant, edition: String?, openFrom: Instant
  ) throws {
    try transaction.execute(
      """
      UPDATE isolation_loop
      SET left_at = \(now), left_by = \(sender), edition = \(edition), open_from = \(openFrom)
      WHERE id = \(id)
      """)
  }

  func noteTests(_ id: SiteLoopID, until moment: Instant) throws {
    try transaction.execute(
      "UPDATE isolation_loop SET tests_until = \(moment) WHERE id = \(id)")
  }

  /// Somebody's time in a loop, nil when there is none.
  package func loop(_ id: SiteLoopID) throws -> SiteLoop? {
    try transaction.row("SELECT \(Self.loopColumns) FROM isolation_loop WHERE id = \(id)")
      .map(Self.loop)
  }

  /// The loop in which an account is now.
  package func inside(_ account: AccountID) throws -> SiteLoop? {
    try transaction.row(
      """
      SELECT \(Self.loopColumns)
      FROM isolation_loop
      WHERE account = \(account) AND left_at IS NULL
      """
    ).map(Self.loop)
  }

  /// The last loop of an account that keeps it from open posts in some part of a span.
  func keeping(_ account: AccountID, from: Instant, until: Instant) throws -> SiteLoop? {
    try transaction.row(
      """
      SELECT \(Self.loopColumns)
      FROM isolation_loop
      WHERE account = \(account) AND entered_at < \(until)
        AND (open_from IS NULL OR open_from > \(from))
      ORDER BY entered_at DESC, id
      LIMIT 1
      """
    ).map(Self.loop)
  }

  /// Who is in the loop of a site, or was and takes no open post yet.
  package func loops(of site: PlaceID, at now: Instant) throws -> [SiteLoop] {
    try transaction.rows(
      """
      SELECT \(Self.loopColumns)
      FROM isolation_loop
      WHERE site = \(site) AND (left_at IS NULL OR open_from > \(now))
      ORDER BY CASE WHEN left_at IS NULL THEN 0 ELSE 1 END, entered_at, id
      LIMIT 1000
      """
    ).map(Self.loop)
  }

  /// Who is in the loop of a site and whose tests are not opened up to a moment.
  func untested(at site: PlaceID, until moment: Instant) throws -> [SiteLoop] {
    try transaction.rows(
      """
      SELECT \(Self.loopColumns)
      FROM isolation_loop
      WHERE site = \(site) AND left_at IS NULL AND tests_until < \(moment)
      ORDER BY entered_at, id
      LIMIT 1000
      """
    ).map(Self.loop)
  }

  private static func turn(_ row: Row) -> SiteTurn {
    SiteTurn(
      id: row.id(0), site: row.id(1), post: row.text(2), account: row.id(3),
      from: row.instant(4), until: row.instant(5))
  }

  private static func loop(_ row: Row) -> SiteLoop {
    SiteLoop(
      id: row.id(0), site: row.id(1), account: row.id(2), enteredAt: row.instant(3),
      testedAt: row.instant(4), leftAt: row.optionalInstant(5), edition: row.optionalText(6),
      openFrom: row.optionalInstant(7))
  }
}

import Kernel

/// Statements about what was done in the street and did not go in.
struct UnsentStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL = """
    id, device, account, command, cause, code, subject, place, path, done_at, reported_at,
    settled_at, settled_by, outcome
    """

  func insert(_ entry: UnsentEntry, content: [UInt8]?) throws {
    try transaction.execute(
      """
      INSERT INTO unsent (id, device, account, command, cause, code, subject, place, path,
        done_at, reported_at, content)
      VALUES (\(entry.id), \(entry.device), \(entry.account), \(entry.command),
        \(entry.cause.rawValue), \(entry.code), \(entry.subject), \(entry.place), \(entry.path),
        \(entry.doneAt), \(entry.reportedAt), \(content))
      """)
  }

  func find(_ id: CommandID) throws -> UnsentEntry? {
    try transaction.row("SELECT \(Self.columns) FROM unsent WHERE id = \(id)").map(Self.entry)
  }

  /// Whether a command has gone in: it has a receipt.
  func isDone(_ id: CommandID) throws -> Bool {
    try transaction.row("SELECT 1 FROM receipt WHERE command = \(id)") != nil
  }

  /// What entries say, sealed; nothing of those whose time of keeping is over or that did not open.
  func contents(of entries: [CommandID]) throws -> [CommandID: [UInt8]] {
    if entries.isEmpty { return [:] }
    let rows = try transaction.rows(
      """
      SELECT id, content
      FROM unsent
      WHERE id IN (\(SQL.list(entries))) AND content IS NOT NULL
      """)
    let known = rows.compactMap { row in
      row.bytes(1).map { (CommandID(trusted: row.text(0)), $0) }
    }
    return Dictionary(known) { first, _ in first }
  }

  /// What nobody has settled yet inside an area, the oldest first.
  func open(inside area: PlacePath, limit: Int) throws -> [UnsentEntry] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM unsent
      WHERE settled_at IS NULL AND \(SQL.inside(area, column: "path"))
      ORDER BY reported_at, id
      LIMIT \(limit)
      """
    ).map(Self.entry)
  }

  /// How many entries nobody has settled inside an area.
  func count(inside area: PlacePath) throws -> Int {
    try transaction.row(
      """
      SELECT COUNT(*)
      FROM unsent
      WHERE settled_at IS NULL AND \(SQL.inside(area, column: "path"))
      """)?.integer(0) ?? 0
  }

  /// How many of an account's entries nobody has settled.
  func open(of account: AccountID) throws -> Int {
    try transaction.row(
      "SELECT COUNT(*) FROM unsent WHERE account = \(account) AND settled_at IS NULL")?
      .integer(0) ?? 0
  }

  func settle(
    _ id: CommandID, outcome: UnsentEntry.Outcome, by sender: String, at: Instant
  ) throws {
    try transaction.execute(
      """
      UPDATE unsent
      SET settled_at = \(at), settled_by = \(sender), outcome = \(outcome.rawValue)
      WHERE id = \(id)
      """)
  }

  /// Deletes what settled entries say.
  func forgetContents(settledBefore limit: Instant) throws -> Int {
    try transaction.execute(
      "UPDATE unsent SET content = NULL WHERE settled_at < \(limit) AND content IS NOT NULL")
  }

  private static func entry(_ row: Row) -> UnsentEntry {
    UnsentEntry(
      id: row.id(0), device: row.optionalID(1), account: row.id(2), command: row.text(3),
      cause: UnsentEntry.Cause(rawValue: row.text(4)) ?? .refused, code: row.text(5),
      subject: row.optionalText(6), place: row.optionalID(7), path: PlacePath(row.text(8)),
      doneAt: row.optionalInstant(9), reportedAt: row.instant(10),
      settledAt: row.optionalInstant(11), settledBy: row.optionalText(12),
      outcome: row.optionalText(13).flatMap(UnsentEntry.Outcome.init))
  }
}

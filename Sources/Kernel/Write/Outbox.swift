/// A command that waits to be performed after the transaction that asked for it: long work such as
/// tracing leaves the transaction this way. Performed at least once by the pump, applied once by
/// its command id.
package struct Errand: Sendable {
  package let command: CommandID
  package let name: String
  package let body: String
  package let dueAt: Instant
  package let attempts: Int
}

/// Statements about the outbox.
package struct OutboxStore {
  package let transaction: any Transaction

  package init(transaction: any Transaction) { self.transaction = transaction }

  func put(_ errand: Errand) throws {
    try transaction.put(
      """
      INSERT INTO outbox (command, name, body, due_at, attempts)
      VALUES (\(errand.command), \(errand.name), \(errand.body), \(errand.dueAt), 0)
      ON CONFLICT (command) DO NOTHING
      """)
  }

  /// The names of the commands whose time has come.
  func namesDue(at now: Instant) throws -> [String] {
    try transaction.rows(
      """
      SELECT DISTINCT name
      FROM outbox
      WHERE failed_at IS NULL AND due_at <= \(now)
      ORDER BY name
      """
    ).map { $0.text(0) }
  }

  /// Errands of some names whose time has come, oldest first.
  func due(at now: Instant, named names: [String], limit: Int) throws -> [Errand] {
    try transaction.rows(
      """
      SELECT command, name, body, due_at, attempts
      FROM outbox
      WHERE failed_at IS NULL AND due_at <= \(now) AND name IN (\(SQL.list(names)))
      ORDER BY due_at, command
      LIMIT \(limit)
      """
    ).map { row in
      Errand(
        command: row.id(0), name: row.text(1), body: row.text(2), dueAt: row.instant(3),
        attempts: row.integer(4))
    }
  }

  func remove(_ command: CommandID) throws {
    try transaction.put("DELETE FROM outbox WHERE command = \(command)")
  }

  func postpone(_ command: CommandID, until: Instant, attempts: Int, failure: String) throws {
    try transaction.put(
      """
      UPDATE outbox
      SET due_at = \(until), attempts = \(attempts), failure = \(failure)
      WHERE command = \(command)
      """)
  }

  func giveUp(_ command: CommandID, at: Instant, failure: String) throws {
    try transaction.put(
      """
      UPDATE outbox
      SET failed_at = \(at), failure = \(failure)
      WHERE command = \(command)
      """)
  }

  /// How many errands wait, and how many were given up.
  package func counts() throws -> (waiting: Int, failed: Int) {
    let row = try transaction.row(
      "SELECT COUNT(*), COUNT(failed_at) FROM outbox")
    let all = row?.integer(0) ?? 0
    let failed = row?.integer(1) ?? 0
    return (all - failed, failed)
  }
}

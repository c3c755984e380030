import Kernel

/// Statements about accounts and the offices they hold.
package struct OfficesStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  /// Whether there is an open account.
  package func hasAccount(_ account: AccountID) throws -> Bool {
    try transaction.row("SELECT 1 FROM account WHERE id = \(account) AND closed_at IS NULL") != nil
  }

  /// Opens an account.
  package func insertAccount(_ account: AccountID, title: String, at: Instant) throws {
    try transaction.execute(
      """
      INSERT INTO account (id, title, opened_at)
      VALUES (\(account), \(title), \(at))
      """)
  }

  /// Notes that an account holds an office.
  package func insertOffice(_ office: Office) throws {
    try transaction.execute(
      """
      INSERT INTO office (account, role, place, path, from_at, until_at)
      VALUES (\(office.account), \(office.role), \(office.place), \(office.path), \(office.from),
        \(office.until))
      """)
  }

  /// The offices that an account holds at a moment.
  package func offices(of account: AccountID, at now: Instant) throws -> [Office] {
    try transaction.rows(
      """
      SELECT account, role, place, path, from_at, until_at
      FROM office
      WHERE account = \(account) AND from_at <= \(now) AND (until_at IS NULL OR until_at > \(now))
      ORDER BY path, role
      LIMIT 500
      """
    ).map(Self.office)
  }

  private static func office(_ row: Row) -> Office {
    Office(
      account: row.id(0), role: row.text(1), place: row.id(2), path: PlacePath(row.text(3)),
      from: row.instant(4), until: row.optionalInstant(5))
  }
}

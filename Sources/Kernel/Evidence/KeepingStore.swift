/// Statements about where the journal is kept, and the changes that wait to be sent there.
package struct KeepingStore {
  package let transaction: any Transaction

  package init(transaction: any Transaction) { self.transaction = transaction }

  /// Where the journal is kept, nil when nowhere else.
  package func keeping() throws -> JournalKeeping? {
    try transaction.row(Self.keeping).map(Self.keeping)
  }

  static let keeping: SQL = "SELECT place, key, run FROM journal_keeping LIMIT 1"

  static func keeping(_ row: Row) -> JournalKeeping {
    JournalKeeping(place: row.text(0), key: row.optionalText(1), run: row.text(2))
  }

  func insert(_ keeping: JournalKeeping) throws {
    try transaction.put(
      """
      INSERT INTO journal_keeping (run, place, key)
      VALUES (\(keeping.run), \(keeping.place), \(keeping.key))
      """)
  }

  /// Keeps the journal nowhere else, and forgets what waited.
  package func clear() throws {
    try transaction.put("DELETE FROM journal_keeping")
    try transaction.put("DELETE FROM journal_tail")
  }

  /// How many changes wait to be kept elsewhere; the youngest stays when it has been.
  package func waiting() throws -> Int {
    try transaction.row("SELECT COUNT(*) FROM journal_tail")?.integer(0) ?? 0
  }

  /// The number of the youngest change; 0 before the first.
  package func lastNumber() throws -> Int {
    try transaction.row("SELECT number FROM journal_tail ORDER BY number DESC LIMIT 1")?
      .integer(0) ?? 0
  }

  func append(_ record: TailRecord) throws {
    try transaction.put(
      """
      INSERT INTO journal_tail (number, at, entries, head, changes)
      VALUES (\(record.number), \(record.at), \(record.entries), \(record.head),
        \(record.changes))
      """)
  }

  /// The changes after a number, the oldest first.
  package func records(after number: Int, limit: Int) throws -> [TailRecord] {
    try transaction.rows(
      """
      SELECT number, at, entries, head, changes
      FROM journal_tail
      WHERE number > \(number)
      ORDER BY number
      LIMIT \(limit)
      """
    ).map { row in
      TailRecord(
        number: row.integer(0), at: row.instant(1), entries: row.integer(2), head: row.text(3),
        changes: row.bytes(4) ?? [])
    }
  }

  /// Forgets what has arrived elsewhere; the youngest stays, so that numbers go on.
  package func forget(before number: Int) throws {
    try transaction.put("DELETE FROM journal_tail WHERE number < \(number)")
  }
}

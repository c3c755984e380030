/// Statements about checkpoints.
package struct CheckpointStore {
  package let transaction: any Transaction

  package init(transaction: any Transaction) { self.transaction = transaction }

  /// The youngest checkpoint.
  package func last() throws -> Checkpoint? {
    try transaction.row(Self.last).map(Self.checkpoint)
  }

  static let last: SQL = """
    SELECT size, at, head, key, signature
    FROM journal_checkpoint
    ORDER BY size DESC
    LIMIT 1
    """

  func insert(_ checkpoint: Checkpoint) throws {
    try transaction.put(
      """
      INSERT INTO journal_checkpoint (size, at, head, key, signature)
      VALUES (\(checkpoint.size), \(checkpoint.at), \(checkpoint.head), \(checkpoint.key),
        \(checkpoint.signature))
      """)
  }

  /// Checkpoints of more entries than so many, the oldest first.
  package func after(_ size: Int, limit: Int) throws -> [Checkpoint] {
    try transaction.rows(
      """
      SELECT size, at, head, key, signature
      FROM journal_checkpoint
      WHERE size > \(size)
      ORDER BY size
      LIMIT \(limit)
      """
    ).map(Self.checkpoint)
  }

  /// Hands over each checkpoint with the head that the journal has there, nil where it has no entry.
  func eachBesideJournal(_ body: (Checkpoint, String?) throws -> Void) throws {
    try transaction.eachRow(
      """
      SELECT journal_checkpoint.size, journal_checkpoint.at, journal_checkpoint.head,
        journal_checkpoint.key, journal_checkpoint.signature, journal.head
      FROM journal_checkpoint LEFT JOIN journal ON journal.sequence = journal_checkpoint.size
      ORDER BY journal_checkpoint.size
      """
    ) { try body(Self.checkpoint($0), $0.optionalText(5)) }
  }

  static func checkpoint(_ row: Row) -> Checkpoint {
    Checkpoint(
      size: row.integer(0), at: Int64(row.integer(1)), head: row.text(2), key: row.text(3),
      signature: row.text(4))
  }
}

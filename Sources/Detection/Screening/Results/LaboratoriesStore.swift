import Gazette
import Kernel

/// Statements about which accounts speak for which laboratory, and what each has sent.
struct LaboratoriesStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  /// The laboratory for which an account speaks.
  func laboratory(of account: String) throws -> Laboratory? {
    let row = try transaction.row(
      "SELECT laboratory FROM laboratory_account WHERE account = \(account)")
    guard let id: LaboratoryID = row?.id(0) else { return nil }
    return try ResultsStore(transaction).laboratory(id)
  }

  /// Lets an account speak for a laboratory, and for no other one any more.
  func appoint(
    _ account: String, for laboratory: LaboratoryID, at now: Instant, by sender: String
  ) throws {
    try transaction.put(
      """
      INSERT INTO laboratory_account (account, laboratory, appointed_at, appointed_by)
      VALUES (\(account), \(laboratory), \(now), \(sender))
      ON CONFLICT (account) DO UPDATE
      SET laboratory = excluded.laboratory, appointed_at = excluded.appointed_at,
        appointed_by = excluded.appointed_by
      """)
  }

  /// The laboratories with the accounts that speak for each, by identifier.
  func all(limit: Int) throws -> [(laboratory: Laboratory, accounts: [String])] {
    let laboratories = try transaction.rows(
      "SELECT id FROM laboratory ORDER BY id LIMIT \(limit)"
    ).map { row -> LaboratoryID in row.id(0) }
    return try laboratories.compactMap { id in
      guard let found = try ResultsStore(transaction).laboratory(id) else { return nil }
      let accounts = try transaction.rows(
        """
        SELECT account
        FROM laboratory_account
        WHERE laboratory = \(id)
        ORDER BY account
        LIMIT 100
        """)
      return (found, accounts.map { $0.text(0) })
    }
  }

  /// The lists that a laboratory sent, the latest first.
  func batches(of laboratory: LaboratoryID, limit: Int) throws -> [ResultBatch] {
    try transaction.rows(
      """
      SELECT \(ResultsStore.batchColumns)
      FROM result_batch
      WHERE laboratory = \(laboratory)
      ORDER BY sequence DESC, id DESC
      LIMIT \(limit)
      """
    ).map(ResultsStore.batch)
  }

  /// The tubes that a laboratory has and of which it has said nothing yet, the longest there first.
  func waiting(at laboratory: LaboratoryID, limit: Int) throws -> [Tube] {
    try transaction.rows(
      """
      SELECT \(TubesStore.columns)
      FROM tube
      WHERE laboratory = \(laboratory) AND result IS NULL AND voided_at IS NULL
        AND received_at IS NOT NULL
      ORDER BY received_at, code
      LIMIT \(limit)
      """
    ).map { TubesStore.tube($0) }
  }

  /// Lets an account speak for no laboratory any more.
  func dismiss(_ account: String) throws {
    try transaction.put("DELETE FROM laboratory_account WHERE account = \(account)")
  }

  func setKey(_ key: String?, of laboratory: LaboratoryID) throws {
    try transaction.put("UPDATE laboratory SET key = \(key) WHERE id = \(laboratory)")
  }
}

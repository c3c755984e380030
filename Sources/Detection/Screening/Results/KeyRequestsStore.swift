import Gazette
import Kernel

/// What the district wants a laboratory's key to be.
struct KeyRequest: Sendable {
  let laboratory: LaboratoryID
  /// Nil to take the key back.
  let key: String?
  let askedBy: String
  let organisations: Set<String>
  let askedAt: Instant
}

/// Statements about keys that wait for a second person.
struct KeyRequestsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  /// Keeps what is asked for; of two requests the later one.
  func ask(_ request: KeyRequest) throws {
    try transaction.put(
      """
      INSERT INTO laboratory_key_request (laboratory, key, asked_by, organisations, asked_at)
      VALUES (\(request.laboratory), \(request.key), \(request.askedBy),
        \(request.organisations.sorted().joined(separator: "|")), \(request.askedAt))
      ON CONFLICT (laboratory) DO UPDATE
      SET key = excluded.key, asked_by = excluded.asked_by,
        organisations = excluded.organisations, asked_at = excluded.asked_at
      """)
  }

  func find(_ laboratory: LaboratoryID) throws -> KeyRequest? {
    try transaction.row(
      """
      SELECT laboratory, key, asked_by, organisations, asked_at
      FROM laboratory_key_request
      WHERE laboratory = \(laboratory)
      """
    ).map(Self.request)
  }

  func all(limit: Int) throws -> [KeyRequest] {
    try transaction.rows(
      """
      SELECT laboratory, key, asked_by, organisations, asked_at
      FROM laboratory_key_request
      ORDER BY laboratory
      LIMIT \(limit)
      """
    ).map(Self.request)
  }

  func remove(_ laboratory: LaboratoryID) throws {
    try transaction.put("DELETE FROM laboratory_key_request WHERE laboratory = \(laboratory)")
  }

  private static func request(_ row: Row) -> KeyRequest {
    KeyRequest(
      laboratory: row.id(0), key: row.optionalText(1), askedBy: row.text(2),
      organisations: Set(row.text(3).split(separator: "|").map(String.init)),
      askedAt: row.instant(4))
  }
}

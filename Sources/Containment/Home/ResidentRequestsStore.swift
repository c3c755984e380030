import Kernel
import Registry

/// Statements about what residents asked for on their own pages.
package struct ResidentRequestsStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL =
    "id, person, place, path, kind, asked_at, due_at, answered_at"

  func insert(_ request: ResidentRequest, sealedText: [UInt8]?) throws {
    try transaction.execute(
      """
      INSERT INTO home_request (id, person, place, path, kind, sealed_text, asked_at, due_at)
      VALUES (\(request.id), \(request.person), \(request.place), \(request.path),
        \(request.kind), \(sealedText), \(request.askedAt), \(request.dueAt))
      """)
  }

  func answer(_ id: ResidentRequestID, at now: Instant) throws {
    try transaction.execute("UPDATE home_request SET answered_at = \(now) WHERE id = \(id)")
  }

  /// Forgets what was written and answered before a moment.
  func forgetTexts(before moment: Instant) throws {
    try transaction.execute(
      """
      UPDATE home_request
      SET sealed_text = NULL
      WHERE answered_at IS NOT NULL AND answered_at < \(moment) AND sealed_text IS NOT NULL
      """)
  }

  /// The request with an identifier, nil when there is none.
  package func find(_ id: ResidentRequestID) throws -> ResidentRequest? {
    try transaction.row("SELECT \(Self.columns) FROM home_request WHERE id = \(id)")
      .map(Self.request)
  }

  /// What the person wrote, locked; nil when nothing was written or it was forgotten.
  package func sealedText(of id: ResidentRequestID) throws -> [UInt8]? {
    try transaction.row("SELECT sealed_text FROM home_request WHERE id = \(id)")?.bytes(0)
  }

  /// What somebody asked for, the youngest first.
  package func all(of person: PersonID, limit: Int) throws -> [ResidentRequest] {
    let people = try ResidentsStore(transaction).identifiers(of: person)
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM home_request
      WHERE person IN (\(SQL.list(people)))
      ORDER BY asked_at DESC, id DESC
      LIMIT \(limit)
      """
    ).map(Self.request)
  }

  /// How many of a person wait, and how many they asked since a moment.
  func counts(of person: PersonID, since: Instant) throws -> (open: Int, asked: Int) {
    let people = try ResidentsStore(transaction).identifiers(of: person)
    let row = try transaction.row(
      """
      SELECT COUNT(CASE WHEN answered_at IS NULL THEN 1 END),
        COUNT(CASE WHEN asked_at > \(since) THEN 1 END)
      FROM home_request
      WHERE person IN (\(SQL.list(people))) AND (answered_at IS NULL OR asked_at > \(since))
      """)
    return (row?.integer(0) ?? 0, row?.integer(1) ?? 0)
  }

  /// Where the text of a request is locked.
  static func place(of id: ResidentRequestID) -> String { "home_request/sealed_text/\(id)" }

  private static func request(_ row: Row) -> ResidentRequest {
    ResidentRequest(
      id: row.id(0), person: row.id(1), place: row.id(2), path: PlacePath(row.text(3)),
      kind: row.text(4), askedAt: row.instant(5), dueAt: row.instant(6),
      answeredAt: row.optionalInstant(7))
  }
}

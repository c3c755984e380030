import Kernel

/// Statements about pieces of proof.
struct ProofsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL = """
    id, obligation, person, path, kind, account, taken_at, added_at, bytes,
    CASE WHEN content IS NULL THEN 0 ELSE 1 END
    """

  func insert(_ piece: ProofPiece, content: [UInt8]?) throws {
    try transaction.execute(
      """
      INSERT INTO proof_piece (id, obligation, person, path, kind, account, taken_at, added_at,
        bytes, content)
      VALUES (\(piece.id), \(piece.obligation), \(piece.person), \(piece.path),
        \(piece.kind.rawValue), \(piece.account), \(piece.takenAt), \(piece.addedAt),
        \(piece.bytes), \(content))
      """)
  }

  func find(_ id: ProofPieceID) throws -> ProofPiece? {
    try transaction.row("SELECT \(Self.columns) FROM proof_piece WHERE id = \(id)")
      .map(Self.piece)
  }

  /// The picture as it is locked; nil when there is none any more.
  func content(of id: ProofPieceID) throws -> [UInt8]? {
    try transaction.row("SELECT content FROM proof_piece WHERE id = \(id)")?.bytes(0)
  }

  /// What was brought for an obligation, in the order in which it came.
  func all(for obligation: ObligationID) throws -> [ProofPiece] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM proof_piece
      WHERE obligation = \(obligation)
      ORDER BY added_at, id
      LIMIT 100
      """
    ).map(Self.piece)
  }

  /// Deletes pictures that came in before a moment.
  func forget(before limit: Instant) throws -> Int {
    try transaction.execute(
      "UPDATE proof_piece SET content = NULL WHERE added_at < \(limit) AND content IS NOT NULL")
  }

  private static func piece(_ row: Row) -> ProofPiece {
    ProofPiece(
      id: row.id(0), obligation: row.id(1), person: row.optionalID(2), path: PlacePath(row.text(3)),
      kind: ProofPiece.Kind(rawValue: row.text(4)) ?? .photo, account: row.id(5),
      takenAt: row.optionalInstant(6), addedAt: row.instant(7), bytes: row.integer(8),
      isKept: row.integer(9) == 1)
  }
}

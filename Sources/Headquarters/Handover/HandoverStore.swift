import Kernel

/// Statements about changes of shift.
package struct HandoverStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL =
    "id, place, at, giver, note, owed, late, promised, taker, taken_at, path"

  func insert(_ note: HandoverNote, path: PlacePath) throws {
    try transaction.put(
      """
      INSERT INTO handover (id, place, path, at, giver, note, owed, late, promised)
      VALUES (\(note.handover), \(note.place), \(path), \(note.at), \(note.giver), \(note.note),
        \(note.owed), \(note.late), \(note.promised))
      """)
  }

  func add(_ obligation: ObligationID, deadline: Instant, to handover: HandoverID) throws {
    try transaction.put(
      """
      INSERT INTO handover_item (handover, obligation, deadline)
      VALUES (\(handover), \(obligation), \(deadline))
      ON CONFLICT (handover, obligation) DO NOTHING
      """)
  }

  func take(_ id: HandoverID, by account: AccountID, at: Instant) throws {
    try transaction.put(
      "UPDATE handover SET taker = \(account), taken_at = \(at) WHERE id = \(id)")
  }

  /// A hand-over that must be there, and its area.
  func get(_ id: HandoverID) throws -> (note: HandoverNote, path: PlacePath) {
    let found = try transaction.row("SELECT \(Self.columns) FROM handover WHERE id = \(id)")
    guard let found else {
      throw Refusal.notFound(Words("交接", "hand-over"), id.text, field: "handover")
    }
    return (Self.note(found), PlacePath(found.text(10)))
  }

  /// The hand-overs of exactly one area, the youngest first.
  func of(_ path: PlacePath, limit: Int) throws -> [HandoverNote] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM handover
      WHERE path = \(path)
      ORDER BY at DESC
      LIMIT \(limit)
      """
    ).map(Self.note)
  }

  /// The obligations that went with one, by deadline.
  func items(of id: HandoverID) throws -> [ObligationID] {
    try transaction.rows(
      """
      SELECT obligation
      FROM handover_item
      WHERE handover = \(id)
      ORDER BY deadline, obligation
      LIMIT 1000
      """
    ).map { $0.id(0) }
  }

  private static func note(_ row: Row) -> HandoverNote {
    HandoverNote(
      handover: row.id(0), place: row.optionalID(1), at: row.instant(2), giver: row.id(3),
      note: row.text(4), owed: row.integer(5), late: row.integer(6), promised: row.integer(7),
      taker: row.optionalID(8), takenAt: row.optionalInstant(9))
  }
}

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

  /// How many obligations of an area somebody has taken on and not done yet.
  func promised(in path: PlacePath) throws -> Int {
    try transaction.row(
      """
      SELECT COUNT(*)
      FROM obligation
      WHERE closed_at IS NULL AND claimed_by IS NOT NULL AND \(SQL.inside(path, column: "path"))
      """)?.integer(0) ?? 0
  }

  /// Gives what was promised in an area along with a note.
  func addPromised(in path: PlacePath, to handover: HandoverID) throws {
    try transaction.put(
      """
      INSERT INTO handover_item (handover, obligation, deadline)
      SELECT \(handover), id, deadline
      FROM obligation
      WHERE closed_at IS NULL AND claimed_by IS NOT NULL AND \(SQL.inside(path, column: "path"))
      ON CONFLICT (handover, obligation) DO NOTHING
      """)
  }

  /// Gives what is late in an area along with a note, what is late longest first.
  func addLate(
    in path: PlacePath, at now: Instant, most: Int, to handover: HandoverID
  ) throws {
    try transaction.put(
      """
      INSERT INTO handover_item (handover, obligation, deadline)
      SELECT \(handover), id, deadline
      FROM obligation
      WHERE closed_at IS NULL AND deadline < \(now) AND \(SQL.inside(path, column: "path"))
      ORDER BY deadline, id
      LIMIT \(most)
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

  /// The obligations that went with one, by deadline, after an earlier page.
  func items(
    of id: HandoverID, after: ObligationStore.Cursor?, limit: Int
  ) throws -> [ObligationStore.Cursor] {
    let following: SQL =
      after.map { "(deadline, obligation) > (\($0.deadline), \($0.id))" } ?? "1 = 1"
    return try transaction.rows(
      """
      SELECT deadline, obligation
      FROM handover_item
      WHERE handover = \(id) AND \(following)
      ORDER BY deadline, obligation
      LIMIT \(limit)
      """
    ).map { ObligationStore.Cursor(deadline: $0.instant(0), id: $0.id(1)) }
  }

  /// How many obligations went with one, and how many of them are owed still.
  func standing(of id: HandoverID) throws -> (all: Int, owed: Int) {
    let row = try transaction.row(
      """
      SELECT COUNT(*), COUNT(CASE WHEN obligation.closed_at IS NULL THEN 1 END)
      FROM handover_item
      JOIN obligation ON obligation.id = handover_item.obligation
      WHERE handover_item.handover = \(id)
      """)
    return (row?.integer(0) ?? 0, row?.integer(1) ?? 0)
  }

  private static func note(_ row: Row) -> HandoverNote {
    HandoverNote(
      handover: row.id(0), place: row.optionalID(1), at: row.instant(2), giver: row.id(3),
      note: row.text(4), owed: row.integer(5), late: row.integer(6), promised: row.integer(7),
      taker: row.optionalID(8), takenAt: row.optionalInstant(9))
  }
}

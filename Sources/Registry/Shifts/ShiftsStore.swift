import Kernel

/// Statements about shifts.
struct ShiftsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL = """
    shift.id, shift.account, shift.role, shift.place, shift.begins_at, shift.ends_at,
    shift.extended_by, shift.ended_by
    """

  /// Ties an office to shifts.
  ///
  /// - Returns: whether it was not tied before.
  func tie(_ account: AccountID, _ role: String, at place: PlaceID, now: Instant) throws -> Bool {
    try transaction.execute(
      """
      INSERT INTO shift_tie (account, role, place, tied_at)
      VALUES (\(account), \(role), \(place), \(now))
      ON CONFLICT (account, role, place) DO NOTHING
      """) > 0
  }

  /// - Returns: whether it was tied.
  func untie(_ account: AccountID, _ role: String, at place: PlaceID) throws -> Bool {
    try transaction.execute(
      """
      DELETE FROM shift_tie
      WHERE account = \(account) AND role = \(role) AND place = \(place)
      """) > 0
  }

  func insert(_ shift: Shift, path: PlacePath) throws {
    try transaction.execute(
      """
      INSERT INTO shift (id, account, role, place, path, begins_at, ends_at)
      VALUES (\(shift.shift), \(shift.account), \(shift.role), \(shift.place), \(path),
        \(shift.begins), \(shift.ends))
      """)
  }

  /// A shift with its area, nil when there is none.
  func find(_ id: ShiftID) throws -> (shift: Shift, path: PlacePath)? {
    try transaction.row("SELECT \(Self.columns), shift.path FROM shift WHERE shift.id = \(id)")
      .map { (Self.shift($0), PlacePath($0.text(8))) }
  }

  func extend(_ id: ShiftID, until ends: Instant, by account: AccountID) throws {
    try transaction.execute(
      """
      UPDATE shift
      SET ends_at = \(ends), extended_by = \(account), ended_by = NULL
      WHERE id = \(id)
      """)
  }

  func end(_ id: ShiftID, at ends: Instant, by account: AccountID) throws {
    try transaction.execute(
      "UPDATE shift SET ends_at = \(ends), ended_by = \(account) WHERE id = \(id)")
  }

  /// Whether an account has another shift at some moment of a span. One that was cancelled is none.
  func overlaps(_ account: AccountID, from: Instant, until: Instant, except id: ShiftID?) throws
    -> Bool
  {
    try transaction.row(
      """
      SELECT 1
      FROM shift
      WHERE account = \(account) AND begins_at < \(until) AND ends_at > \(from)
        AND begins_at < ends_at AND id <> \(id?.text ?? "")
      LIMIT 1
      """) != nil
  }

  /// The shifts inside an area that touch a span, by their beginning.
  func shifts(
    in area: PlacePath, from: Instant, until: Instant, limit: Int
  ) throws -> [Shift] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM shift
      WHERE \(SQL.inside(area, column: "path")) AND begins_at < \(until) AND ends_at > \(from)
      ORDER BY begins_at, account, id
      LIMIT \(limit)
      """
    ).map(Self.shift)
  }

  /// The shifts of an account that have not ended before a moment, by their beginning.
  func shifts(of account: AccountID, endingAfter moment: Instant, limit: Int) throws -> [Shift] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM shift
      WHERE account = \(account) AND ends_at > \(moment)
      ORDER BY begins_at, id
      LIMIT \(limit)
      """
    ).map(Self.shift)
  }

  private static func shift(_ row: Row) -> Shift {
    Shift(
      shift: row.id(0), account: row.id(1), role: row.text(2), place: row.id(3),
      begins: row.instant(4), ends: row.instant(5), extendedBy: row.optionalID(6),
      endedBy: row.optionalID(7))
  }
}

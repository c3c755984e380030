import Gazette
import Kernel

/// Statements about records of entries.
struct EntriesStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let schema = Migration(
    "entries-0001",
    """
    CREATE TABLE entry_record (
      id TEXT PRIMARY KEY, person TEXT NOT NULL, place TEXT NOT NULL, path TEXT NOT NULL,
      area_code TEXT NOT NULL, level TEXT NOT NULL, left_on TEXT NOT NULL,
      arrived_on TEXT NOT NULL, source TEXT NOT NULL, account TEXT NOT NULL,
      noted_at BIGINT NOT NULL, withdrawn_at BIGINT, withdrawn_by TEXT,
      CHECK (level IN ('high', 'middle', 'low')), CHECK (left_on <= arrived_on),
      CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)))
    """,
    "CREATE INDEX entry_record_person ON entry_record (person)",
    "CREATE INDEX entry_record_place ON entry_record (path, noted_at)",
    "CREATE INDEX entry_record_noted ON entry_record (noted_at, id)")

  private static let columns: SQL = """
    id, person, place, path, area_code, level, left_on, arrived_on, source, account, noted_at,
    withdrawn_at
    """

  func insert(_ record: EntryRecord) throws {
    try transaction.execute(
      """
      INSERT INTO entry_record (id, person, place, path, area_code, level, left_on, arrived_on,
        source, account, noted_at)
      VALUES (\(record.id), \(record.person), \(record.place), \(record.path), \(record.area),
        \(record.level.rawValue), \(record.leftOn), \(record.arrivedOn), \(record.source),
        \(record.account), \(record.notedAt))
      """)
  }

  func find(_ id: EntryID) throws -> EntryRecord? {
    try transaction.row("SELECT \(Self.columns) FROM entry_record WHERE id = \(id)")
      .map(Self.record)
  }

  /// What nobody has withdrawn about a person, under all their identifiers.
  func standing(of people: [PersonID]) throws -> [EntryRecord] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM entry_record
      WHERE person IN (\(SQL.list(people))) AND withdrawn_at IS NULL
      ORDER BY noted_at DESC, id
      LIMIT 100
      """
    ).map(Self.record)
  }

  func withdraw(_ id: EntryID, at now: Instant, by sender: String) throws {
    try transaction.execute(
      """
      UPDATE entry_record SET withdrawn_at = \(now), withdrawn_by = \(sender) WHERE id = \(id)
      """)
  }

  /// Those of an area, the youngest first.
  func list(in path: PlacePath, after: (at: Instant, id: EntryID)?, limit: Int) throws
    -> [EntryRecord]
  {
    let following: SQL = after.map { "(noted_at, id) < (\($0.at), \($0.id))" } ?? "1 = 1"
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM entry_record
      WHERE \(SQL.inside(path, column: "path")) AND \(following)
      ORDER BY noted_at DESC, id DESC
      LIMIT \(limit)
      """
    ).map(Self.record)
  }

  func forget(before limit: Instant) throws -> Int {
    try transaction.execute("DELETE FROM entry_record WHERE noted_at < \(limit)")
  }

  /// Those that were to be gone by a moment.
  func kept(from before: Instant) throws -> [String] {
    try transaction.rows(
      "SELECT id FROM entry_record WHERE noted_at < \(before) ORDER BY id LIMIT 20"
    ).map { $0.text(0) }
  }

  private static func record(_ row: Row) -> EntryRecord {
    EntryRecord(
      id: row.id(0), person: row.id(1), place: row.id(2), path: PlacePath(row.text(3)),
      area: row.text(4), level: EntryLevel(rawValue: row.text(5)) ?? .low,
      leftOn: Day(row.text(6)) ?? Day(number: 0), arrivedOn: Day(row.text(7)) ?? Day(number: 0),
      source: row.text(8), account: row.text(9), notedAt: row.instant(10),
      withdrawnAt: row.optionalInstant(11))
  }
}

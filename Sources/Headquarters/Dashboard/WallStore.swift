import Kernel
import Look
import Registry

/// Statements about what stands on the wall.
struct WallStore {
  enum Kind: String {
    case contact
    case restriction
  }

  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  /// Notes that something stands from a moment on; its end may move.
  func put(
    _ kind: Kind, _ id: String, at path: PlacePath, since: Instant, until: Instant?
  ) throws {
    try transaction.execute(
      """
      INSERT INTO wall_entry (kind, id, path, since_at, until_at)
      VALUES (\(kind.rawValue), \(id), \(path), \(since), \(until))
      ON CONFLICT (kind, id) DO UPDATE SET path = excluded.path, until_at = excluded.until_at,
        ended_at = NULL
      """)
  }

  func end(_ kind: Kind, _ id: String, at moment: Instant) throws {
    try transaction.execute(
      """
      UPDATE wall_entry
      SET ended_at = \(moment)
      WHERE kind = \(kind.rawValue) AND id = \(id) AND ended_at IS NULL
      """)
  }

  /// How many began inside a span and were not taken back by its end.
  func begun(_ kind: Kind, in path: PlacePath, from: Instant, to: Instant) throws -> Int {
    try transaction.row(
      """
      SELECT COUNT(*)
      FROM wall_entry
      WHERE kind = \(kind.rawValue) AND since_at >= \(from) AND since_at < \(to)
        AND (ended_at IS NULL OR ended_at > \(to)) AND \(SQL.inside(path, column: "path"))
      """)?.integer(0) ?? 0
  }

  /// How many stood at a moment.
  func standing(_ kind: Kind, in path: PlacePath, at moment: Instant) throws -> Int {
    var count = 0
    // Two statements, so that each has its index: what has not ended, and what ended since.
    for ending: SQL in ["ended_at IS NULL", "ended_at > \(moment)"] {
      count +=
        try transaction.row(
          """
          SELECT COUNT(*)
          FROM wall_entry
          WHERE kind = \(kind.rawValue) AND \(ending) AND since_at <= \(moment)
            AND (until_at IS NULL OR until_at > \(moment)) AND \(SQL.inside(path, column: "path"))
          """)?.integer(0) ?? 0
    }
    return count
  }

  /// How many that stand will end by themselves inside a span.
  func ending(_ kind: Kind, in path: PlacePath, from: Instant, to: Instant) throws -> Int {
    try transaction.row(
      """
      SELECT COUNT(*)
      FROM wall_entry
      WHERE kind = \(kind.rawValue) AND ended_at IS NULL AND until_at > \(from)
        AND until_at <= \(to) AND \(SQL.inside(path, column: "path"))
      """)?.integer(0) ?? 0
  }

  func keep(boundary code: String, name: String, shape: String) throws {
    try transaction.execute(
      """
      INSERT INTO boundary (code, name, shape)
      VALUES (\(code), \(name), \(shape))
      ON CONFLICT (code) DO UPDATE SET name = excluded.name, shape = excluded.shape
      """)
  }

  /// The boundaries of the places with these codes, as features of GeoJSON.
  func boundary(_ code: String) throws -> String? {
    try transaction.row("SELECT shape FROM boundary WHERE code = \(code)")?.optionalText(0)
  }
}

extension Work {
  /// Where a person lives, nil when the register does not know them.
  func path(of person: PersonID) throws -> PlacePath? {
    try ResidentsStore(transaction).find(person)?.path
  }
}

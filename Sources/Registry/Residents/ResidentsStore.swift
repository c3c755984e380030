import Kernel

/// Statements about residents.
package struct ResidentsStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL =
    "id, name, sex, birth_day, identity_kind, home, path, away, tags, incomplete"

  /// The person with an identifier.
  package func find(_ id: PersonID) throws -> Resident? {
    try transaction.row("SELECT \(Self.columns) FROM person WHERE id = \(id)").map(Self.resident)
  }

  /// A person who must be there.
  package func get(_ id: PersonID) throws -> Resident {
    guard let found = try find(id) else {
      throw Refusal.notFound(Words("人员", "person"), id.text, field: "person")
    }
    return found
  }

  /// Those who live at a place or anywhere inside it, by path.
  package func living(
    in area: PlacePath, after: (path: PlacePath, id: PersonID)? = nil, limit: Int
  ) throws -> [Resident] {
    let following: SQL =
      after.map { "(path, id) > (\($0.path), \($0.id))" } ?? "1 = 1"
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM person
      WHERE \(SQL.inside(area, column: "path")) AND \(following)
      ORDER BY path, id
      LIMIT \(limit)
      """
    ).map(Self.resident)
  }

  /// Those who live behind one door.
  package func household(_ home: PlaceID) throws -> [PersonID] {
    try transaction.rows("SELECT id FROM person WHERE home = \(home) ORDER BY id LIMIT 1000")
      .map { $0.id(0) }
  }

  /// How many live in an area.
  package func count(in area: PlacePath) throws -> Int {
    try transaction.row(
      "SELECT COUNT(*) FROM person WHERE \(SQL.inside(area, column: "path"))")?.integer(0) ?? 0
  }

  func insert(_ resident: Resident, at now: Instant) throws {
    try transaction.execute(
      """
      INSERT INTO person (id, name, sex, birth_day, identity_kind, home, path, away, tags,
        incomplete, opened_at)
      VALUES (\(resident.id), \(resident.name?.revealed), \(resident.sex?.rawValue),
        \(resident.birthDay), \(resident.identityKind), \(resident.home), \(resident.path),
        \(resident.isAway ? 1 : 0), \(resident.tags.joined(separator: "|")),
        \(resident.isIncomplete ? 1 : 0), \(now))
      """)
  }

  private static func resident(_ row: Row) -> Resident {
    Resident(
      id: row.id(0), name: row.optionalText(1).map { Redacted($0) },
      sex: row.optionalText(2).flatMap(Sex.init), birthDay: row.optionalText(3).flatMap(Day.init),
      identityKind: row.optionalText(4), home: row.id(5), path: PlacePath(row.text(6)),
      isAway: row.integer(7) == 1, tags: row.text(8).split(separator: "|").map(String.init),
      isIncomplete: row.integer(9) == 1)
  }
}

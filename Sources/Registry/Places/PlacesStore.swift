import Kernel

/// Statements about places.
package struct PlacesStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL = "id, level, code, name, parent, path, floor"

  /// The place with an identifier.
  package func find(_ id: PlaceID) throws -> Place? {
    try transaction.remembered(
      "SELECT \(Self.columns) FROM place WHERE id = \(id)", of: "place"
    ).first.map(Self.place)
  }

  /// The places with these identifiers.
  package func find(_ ids: Set<PlaceID>) throws -> [Place] {
    if ids.isEmpty { return [] }
    return try transaction.rows(
      "SELECT \(Self.columns) FROM place WHERE id IN (\(SQL.list(ids.sorted())))"
    ).map(Self.place)
  }

  /// A place that must be there.
  package func get(_ id: PlaceID) throws -> Place {
    guard let place = try find(id) else {
      throw Refusal.notFound(Words("地点", "place"), id.text, field: "place")
    }
    return place
  }

  /// The place with a statistical code.
  package func find(code: String) throws -> Place? {
    try transaction.row("SELECT \(Self.columns) FROM place WHERE code = \(code)").map(Self.place)
  }

  /// The place at a path.
  package func find(path: PlacePath) throws -> Place? {
    try transaction.row("SELECT \(Self.columns) FROM place WHERE path = \(path)").map(Self.place)
  }

  /// The child of a place with a level and a name.
  package func child(of parent: PlaceID?, _ level: PlaceLevel, named name: String) throws -> Place?
  {
    let condition: SQL = parent.map { "parent = \($0)" } ?? "parent IS NULL"
    return try transaction.row(
      """
      SELECT \(Self.columns)
      FROM place
      WHERE \(condition) AND level = \(level.rawValue) AND name = \(name)
      ORDER BY ordinal
      LIMIT 1
      """
    ).map(Self.place)
  }

  /// Divisions of a level with a name, anywhere: the districts of two cities may share one.
  package func named(_ name: String, level: PlaceLevel) throws -> [Place] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM place
      WHERE level = \(level.rawValue) AND name = \(name) AND code IS NOT NULL
      ORDER BY path
      LIMIT 100
      """
    ).map(Self.place)
  }

  /// Places of an area, of any level, whose name begins so.
  func named(startingWith text: String, in area: PlacePath, limit: Int) throws -> [Place] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM place
      WHERE name >= \(text) AND name < \(text + "\u{10FFFF}")
        AND \(SQL.inside(area, column: "path || ''"))
      ORDER BY name, level, path
      LIMIT \(limit)
      """
    ).map(Self.place)
  }

  /// The places inside another whose name begins with a text; where that one is a community or less, few are looked at.
  func named(startingWith text: String, around path: PlacePath, limit: Int) throws -> [Place] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM place
      WHERE \(SQL.inside(path, column: "path"))
        AND name || '' >= \(text) AND name || '' < \(text + "\u{10FFFF}")
      ORDER BY path
      LIMIT \(limit)
      """
    ).map(Self.place)
  }

  /// The children of a place in their order; of the root when there is no place.
  package func children(of parent: PlaceID?, limit: Int = 2_000) throws -> [Place] {
    let condition: SQL = parent.map { "parent = \($0)" } ?? "parent IS NULL"
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM place
      WHERE \(condition)
      ORDER BY ordinal
      LIMIT \(limit)
      """
    ).map(Self.place)
  }

  /// All places of a level inside an area, by path.
  package func inside(
    _ area: PlacePath, level: PlaceLevel, after: PlacePath? = nil, limit: Int = 5_000
  ) throws -> [Place] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM place
      WHERE level = \(level.rawValue) AND \(SQL.inside(area, column: "path"))
        AND path > \(after?.text ?? "")
      ORDER BY path
      LIMIT \(limit)
      """
    ).map(Self.place)
  }

  /// The places from the city down to a place, itself included.
  package func line(to path: PlacePath) throws -> [Place] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM place
      WHERE path IN (\(SQL.list(path.ancestors + [path])))
      ORDER BY LENGTH(path)
      """
    ).map(Self.place)
  }

  /// The paths of all places of a level inside an area.
  package func paths(of level: PlaceLevel, inside area: PlacePath) throws -> [PlacePath] {
    try transaction.rows(
      """
      SELECT path
      FROM place
      WHERE level = \(level.rawValue) AND \(SQL.inside(area, column: "path"))
      ORDER BY path
      LIMIT 1000000
      """
    ).map { PlacePath($0.text(0)) }
  }

  /// How many places of a level lie inside an area.
  package func count(_ level: PlaceLevel, inside area: PlacePath) throws -> Int {
    try transaction.row(
      """
      SELECT COUNT(*)
      FROM place
      WHERE level = \(level.rawValue) AND \(SQL.inside(area, column: "path"))
      """)?.integer(0) ?? 0
  }

  /// What a place was called, the oldest first.
  package func namings(of id: PlaceID) throws -> [PlaceNaming] {
    try transaction.rows(
      """
      SELECT name, code, from_at, until_at
      FROM place_name
      WHERE place = \(id)
      ORDER BY from_at
      LIMIT 200
      """
    ).map { row in
      PlaceNaming(
        name: row.text(0), code: row.optionalText(1), from: row.instant(2),
        until: row.optionalInstant(3))
    }
  }

  func nextOrdinal(under parent: PlaceID?) throws -> Int {
    let condition: SQL = parent.map { "parent = \($0)" } ?? "parent IS NULL"
    let row = try transaction.row(
      "SELECT COALESCE(MAX(ordinal), 0) + 1 FROM place WHERE \(condition)")
    return row?.integer(0) ?? 1
  }

  func insert(_ place: Place, ordinal: Int, run: String?, at: Instant) throws {
    try transaction.put(
      """
      INSERT INTO place (id, level, code, name, parent, ordinal, path, floor, confirmed_by)
      VALUES (\(place.id), \(place.level.rawValue), \(place.code), \(place.name), \(place.parent),
        \(ordinal), \(place.path), \(place.floor), \(run))
      """)
    // Only divisions are renamed or coded anew by an authority; a door has no history of names.
    if place.code != nil { try addNaming(place.id, name: place.name, code: place.code, at: at) }
  }

  func confirm(_ id: PlaceID, run: String?) throws {
    try transaction.execute("UPDATE place SET confirmed_by = \(run) WHERE id = \(id)")
  }

  /// Which import last found the place in its list.
  func confirmation(of id: PlaceID) throws -> String? {
    try transaction.row("SELECT confirmed_by FROM place WHERE id = \(id)")?.optionalText(0)
  }

  func rename(_ id: PlaceID, name: String, code: String?, at: Instant) throws {
    try transaction.execute(
      "UPDATE place SET name = \(name), code = \(code) WHERE id = \(id)")
    try transaction.execute(
      "UPDATE place_name SET until_at = \(at) WHERE place = \(id) AND until_at IS NULL")
    try addNaming(id, name: name, code: code, at: at)
  }

  private func addNaming(_ id: PlaceID, name: String, code: String?, at: Instant) throws {
    try transaction.put(
      """
      INSERT INTO place_name (place, name, code, from_at)
      VALUES (\(id), \(name), \(code), \(at))
      ON CONFLICT (place, from_at) DO UPDATE SET name = excluded.name, code = excluded.code,
        until_at = NULL
      """)
  }

  private static func place(_ row: Row) -> Place {
    Place(
      id: row.id(0), level: PlaceLevel(rawValue: row.text(1)) ?? .household,
      code: row.optionalText(2), name: row.text(3), parent: row.optionalID(4),
      path: PlacePath(row.text(5)), floor: row.optionalInteger(6))
  }
}

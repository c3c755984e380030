import Kernel

/// A venue that has a code.
package struct CodedVenue: Sendable {
  package let number: Int
  package let generation: Int
  /// What stands above the door, such as 海云超市.
  package let name: String
  package let kind: String
  package let place: PlaceID
  package let path: PlacePath
  package let endedAt: Instant?
  /// How the place was called when the code was made.
  package let placeName: String

  /// How visits name it, as people read it: no two venues of one place have one name, but places such as
  /// 1号楼 have theirs all over the district, so the venue's number stands there, too. Strangers are no
  /// contacts because their shops are called alike.
  package var venue: VenueID { VenueID(trusted: "\(name)（\(placeName) #\(number)）") }
}

/// One scan of a venue's code.
package struct VenueScan: Sendable {
  package let person: PersonID
  package let number: Int
  package let at: Instant
  package let strength: ScanStrength
  package let reason: ScanReason
}

/// Statements about the codes of venues and who scanned them.
struct VenueCodesStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let schema = Migration(
    "venue-codes-0001",
    """
    CREATE TABLE venue_code (
      number BIGINT PRIMARY KEY, generation BIGINT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
      place TEXT NOT NULL, place_name TEXT NOT NULL, path TEXT NOT NULL, made_at BIGINT NOT NULL,
      made_by TEXT NOT NULL, ended_at BIGINT, CHECK (number > 0 AND generation > 0 AND name <> ''))
    """,
    "CREATE UNIQUE INDEX venue_code_name ON venue_code (place, name)",
    "CREATE INDEX venue_code_path ON venue_code (path, number)",
    """
    CREATE TABLE venue_scan (
      id TEXT PRIMARY KEY, person TEXT NOT NULL, number BIGINT NOT NULL, at BIGINT NOT NULL,
      strength TEXT NOT NULL, reason TEXT NOT NULL, gathered BIGINT NOT NULL,
      CHECK (strength IN ('strong', 'weak')), CHECK (strength = 'strong' OR gathered = 0))
    """,
    """
    CREATE INDEX venue_scan_waiting ON venue_scan (at, id)
    WHERE gathered = 0 AND strength = 'strong'
    """,
    "CREATE INDEX venue_scan_person ON venue_scan (person, at)",
    "CREATE INDEX venue_scan_at ON venue_scan (at)")

  private static let columns: SQL =
    "number, generation, name, kind, place, path, ended_at, place_name"

  func next() throws -> Int {
    try transaction.row("SELECT COALESCE(MAX(number), 0) + 1 FROM venue_code")?.integer(0) ?? 1
  }

  func insert(_ venue: CodedVenue, at now: Instant, by sender: String) throws {
    try transaction.execute(
      """
      INSERT INTO venue_code (number, generation, name, kind, place, place_name, path, made_at,
        made_by)
      VALUES (\(venue.number), \(venue.generation), \(venue.name), \(venue.kind), \(venue.place),
        \(venue.placeName), \(venue.path), \(now), \(sender))
      """)
  }

  func renew(_ number: Int, generation: Int, endedAt: Instant?) throws {
    try transaction.execute(
      """
      UPDATE venue_code
      SET generation = \(generation), ended_at = \(endedAt)
      WHERE number = \(number)
      """)
  }

  func find(_ number: Int) throws -> CodedVenue? {
    try transaction.row("SELECT \(Self.columns) FROM venue_code WHERE number = \(number)")
      .map(Self.venue)
  }

  /// The venues with these numbers.
  func find(_ numbers: Set<Int>) throws -> [Int: CodedVenue] {
    var found: [Int: CodedVenue] = [:]
    for some in numbers.sorted().chunks(of: 500) {
      let venues = try transaction.rows(
        "SELECT \(Self.columns) FROM venue_code WHERE number IN (\(SQL.list(some)))"
      ).map(Self.venue)
      for venue in venues { found[venue.number] = venue }
    }
    return found
  }

  /// A venue that must be there.
  func get(_ number: Int) throws -> CodedVenue {
    guard let venue = try find(number) else {
      throw Refusal.notFound(Words("场所码", "code of a venue"), String(number), field: "number")
    }
    return venue
  }

  func find(at place: PlaceID, named name: String) throws -> CodedVenue? {
    try transaction.row(
      "SELECT \(Self.columns) FROM venue_code WHERE place = \(place) AND name = \(name)"
    ).map(Self.venue)
  }

  /// Where a page of venues begins: behind this one.
  struct Mark {
    let path: PlacePath
    let number: Int
  }

  /// The venues of an area by their places.
  func list(in area: PlacePath, after mark: Mark?, limit: Int) throws -> [CodedVenue] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM venue_code
      WHERE \(SQL.inside(area, column: "path"))
        AND (path, number) > (\(mark?.path.text ?? ""), \(mark?.number ?? 0))
      ORDER BY path, number
      LIMIT \(limit)
      """
    ).map(Self.venue)
  }

  /// The venues of an area whose name begins with a text.
  func named(startingWith text: String, in area: PlacePath, limit: Int) throws -> [CodedVenue] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM venue_code
      WHERE \(SQL.inside(area, column: "path"))
        AND name >= \(text) AND name < \(text + "\u{10FFFF}")
      ORDER BY path, number
      LIMIT \(limit)
      """
    ).map(Self.venue)
  }

  private static func venue(_ row: Row) -> CodedVenue {
    CodedVenue(
      number: row.integer(0), generation: row.integer(1), name: row.text(2), kind: row.text(3),
      place: row.id(4), path: PlacePath(row.text(5)), endedAt: row.optionalInstant(6),
      placeName: row.text(7))
  }

  // MARK: Scans

  func insert(_ scan: VenueScan, id: String) throws {
    try transaction.execute(
      """
      INSERT INTO venue_scan (id, person, number, at, strength, reason, gathered)
      VALUES (\(id), \(scan.person), \(scan.number), \(scan.at), \(scan.strength.rawValue),
        \(scan.reason.rawValue), 0)
      """)
  }

  /// Scans that prove something and have not gone to the others.
  func waiting(limit: Int) throws -> [(id: String, scan: VenueScan)] {
    try transaction.rows(
      """
      SELECT id, person, number, at, strength, reason
      FROM venue_scan
      WHERE gathered = 0 AND strength = 'strong'
      ORDER BY at, id
      LIMIT \(limit)
      """
    ).compactMap { row in Self.scan(row, from: 1).map { (row.text(0), $0) } }
  }

  func noteGathered(_ ids: [String]) throws {
    for start in stride(from: 0, to: ids.count, by: 500) {
      let some = ids[start..<min(start + 500, ids.count)]
      try transaction.execute(
        "UPDATE venue_scan SET gathered = 1 WHERE id IN (\(SQL.list(some)))")
    }
  }

  /// A person's scans, the latest first.
  func scans(of people: [PersonID], limit: Int) throws -> [VenueScan] {
    try transaction.rows(
      """
      SELECT person, number, at, strength, reason
      FROM venue_scan
      WHERE person IN (\(SQL.list(people)))
      ORDER BY at DESC, id
      LIMIT \(limit)
      """
    ).compactMap { Self.scan($0, from: 0) }
  }

  func forget(before moment: Instant) throws {
    try transaction.execute("DELETE FROM venue_scan WHERE at < \(moment)")
  }

  private static func scan(_ row: Row, from column: Int) -> VenueScan? {
    guard let strength = ScanStrength(rawValue: row.text(column + 3)),
      let reason = ScanReason(rawValue: row.text(column + 4))
    else { return nil }
    return VenueScan(
      person: row.id(column), number: row.integer(column + 1), at: row.instant(column + 2),
      strength: strength, reason: reason)
  }
}

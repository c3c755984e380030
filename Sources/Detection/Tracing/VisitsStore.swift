import Kernel

/// Statements about visits, encounters and the kinds of venues.
struct VisitsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let schema = Migration(
    "visits-0001",
    """
    CREATE TABLE visit (
      id TEXT PRIMARY KEY, person TEXT NOT NULL, venue TEXT NOT NULL, place TEXT,
      spot TEXT NOT NULL, from_at BIGINT NOT NULL, to_at BIGINT NOT NULL, source TEXT NOT NULL,
      latitude DOUBLE PRECISION, longitude DOUBLE PRECISION, recorded_at BIGINT NOT NULL,
      CHECK (from_at <= to_at), CHECK ((latitude IS NULL) = (longitude IS NULL)))
    """,
    "CREATE UNIQUE INDEX visit_once ON visit (person, from_at, to_at, venue, source)",
    "CREATE INDEX visit_spot ON visit (spot, from_at, to_at)",
    """
    CREATE TABLE encounter (
      person_a TEXT NOT NULL, person_b TEXT NOT NULL, at BIGINT NOT NULL, seconds BIGINT NOT NULL,
      recorded_at BIGINT NOT NULL, PRIMARY KEY (person_a, person_b, at, seconds),
      CHECK (person_a < person_b), CHECK (seconds >= 0))
    """,
    "CREATE INDEX encounter_first ON encounter (person_a, at)",
    "CREATE INDEX encounter_other ON encounter (person_b, at)",
    "CREATE TABLE venue (spot TEXT PRIMARY KEY, kind TEXT NOT NULL)")

  static let expiry = Migration(
    "visits-0002", "CREATE INDEX visit_recorded ON visit (recorded_at)",
    "CREATE INDEX encounter_recorded ON encounter (recorded_at)",
    "CREATE INDEX track_recorded ON track (recorded_at)")

  /// When the oldest of all visits, encounters and tracks was recorded; nil when there are none.
  func firstRecordedAt() throws -> Instant? {
    try transaction.row(
      """
      SELECT MIN(first)
      FROM (
        SELECT MIN(recorded_at) AS first FROM visit
        UNION ALL
        SELECT MIN(recorded_at) AS first FROM encounter
        UNION ALL
        SELECT MIN(recorded_at) AS first FROM track) AS oldest
      """)?.optionalInstant(0)
  }

  func dropVisits(before moment: Instant) throws -> Int {
    try transaction.execute("DELETE FROM visit WHERE recorded_at < \(moment)")
  }

  func dropEncounters(before moment: Instant) throws -> Int {
    try transaction.execute("DELETE FROM encounter WHERE recorded_at < \(moment)")
  }

  /// Keeps a visit; false when the same one is there already.
  func add(_ visit: Visit, id: VisitID, at now: Instant) throws -> Bool {
    try transaction.execute(
      """
      INSERT INTO visit (id, person, venue, place, spot, from_at, to_at, source, latitude,
        longitude, recorded_at)
      VALUES (\(id), \(visit.person), \(visit.venue), \(visit.place), \(visit.spot),
        \(visit.span.from), \(visit.span.to), \(visit.source.rawValue), \(visit.latitude),
        \(visit.longitude), \(now))
      ON CONFLICT (person, from_at, to_at, venue, source) DO NOTHING
      """) == 1
  }

  /// Keeps an encounter; false when the same one is there already.
  func add(_ encounter: Encounter, at now: Instant) throws -> Bool {
    try transaction.execute(
      """
      INSERT INTO encounter (person_a, person_b, at, seconds, recorded_at)
      VALUES (\(encounter.personA), \(encounter.personB), \(encounter.at), \(encounter.seconds),
        \(now))
      ON CONFLICT (person_a, person_b, at, seconds) DO NOTHING
      """) == 1
  }

  /// Takes back a visit that was told in an interview.
  func removeTold(of person: PersonID, at venue: VenueID, in span: TimeSpan) throws {
    try transaction.execute(
      """
      DELETE FROM visit
      WHERE person = \(person) AND from_at = \(span.from) AND to_at = \(span.to)
        AND venue = \(venue) AND source = \(VisitSource.interview.rawValue)
      """)
  }

  func kind(ofSpot spot: String) throws -> VenueKind? {
    try transaction.row("SELECT kind FROM venue WHERE spot = \(spot)")
      .flatMap { VenueKind(rawValue: $0.text(0)) }
  }

  /// What kinds the spots are of which somebody has said so.
  func kinds(ofSpots spots: Set<String>) throws -> [VenueID: VenueKind] {
    var kinds: [VenueID: VenueKind] = [:]
    for part in spots.sorted().chunks(of: 500) {
      let rows = try transaction.rows(
        "SELECT spot, kind FROM venue WHERE spot IN (\(SQL.list(part))) LIMIT 500")
      for row in rows { kinds[row.id(0)] = VenueKind(rawValue: row.text(1)) }
    }
    return kinds
  }

  /// Everybody's visits at some spots that meet a span, with the spot of each.
  func visits(at spots: Set<String>, in span: TimeSpan) throws -> [VenueID: [Visit]] {
    var found: [VenueID: [Visit]] = [:]
    for part in spots.sorted().chunks(of: 500) {
      let rows = try transaction.rows(
        """
        SELECT \(Self.columns), spot
        FROM visit
        WHERE spot IN (\(SQL.list(part))) AND from_at < \(span.to) AND to_at > \(span.from)
        ORDER BY spot, from_at
        LIMIT 1000000
        """)
      for row in rows { found[row.id(8), default: []].append(Self.visit(row)) }
    }
    return found
  }

  func setKind(_ kind: VenueKind, ofSpot spot: String) throws {
    try transaction.execute(
      """
      INSERT INTO venue (spot, kind)
      VALUES (\(spot), \(kind.rawValue))
      ON CONFLICT (spot) DO UPDATE SET kind = excluded.kind
      """)
  }

  private static let columns: SQL =
    "person, venue, place, from_at, to_at, source, latitude, longitude"

  /// A person's visits that overlap a span or stand inside it, by time.
  func visits(of person: PersonID, in span: TimeSpan, limit: Int) throws -> [Visit] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM visit
      WHERE person = \(person) AND from_at < \(span.to) AND to_at >= \(span.from)
      ORDER BY from_at, to_at, venue, source
      LIMIT \(limit)
      """
    ).map { Self.visit($0) }
  }

  /// Visits in the order of their identifiers, for export.
  func visits(after id: String, limit: Int) throws -> [(id: String, visit: Visit)] {
    try transaction.rows(
      """
      SELECT \(Self.columns), id
      FROM visit
      WHERE id > \(id)
      ORDER BY id
      LIMIT \(limit)
      """
    ).map { ($0.text(8), Self.visit($0)) }
  }

  /// Encounters in the order of their pairs, for export.
  func encounters(after last: Encounter?, limit: Int) throws -> [Encounter] {
    let following: SQL =
      last.map {
        "(person_a, person_b, at, seconds) > (\($0.personA), \($0.personB), \($0.at), \($0.seconds))"
      } ?? "1 = 1"
    return try transaction.rows(
      """
      SELECT person_a, person_b, at, seconds
      FROM encounter
      WHERE \(following)
      ORDER BY person_a, person_b, at, seconds
      LIMIT \(limit)
      """
    ).map { Encounter($0.id(0), $0.id(1), at: $0.instant(2), seconds: $0.integer(3)) }
  }

  /// The statement behind `crossings`, apart so that its plan can be looked at.
  static func crossingsStatement(of person: PersonID, in span: TimeSpan) -> SQL {
    """
    SELECT theirs.person, own.spot, own.venue, venue.kind, own.from_at, own.to_at,
      theirs.from_at, theirs.to_at, theirs.source
    FROM visit own
    JOIN visit theirs ON theirs.spot = own.spot AND theirs.from_at < own.to_at
      AND theirs.to_at > own.from_at
    LEFT JOIN venue ON venue.spot = own.spot
    WHERE own.person = \(person) AND own.from_at < \(span.to) AND own.to_at > \(span.from)
      AND theirs.person <> \(person)
    """
  }

  /// Every pair of a person's visit and another person's visit at the same venue that meet inside
  /// a span, cut to it.
  func crossings(of person: PersonID, in span: TimeSpan) throws -> [Crossing] {
    var found: [Crossing] = []
    try transaction.eachRow(Self.crossingsStatement(of: person, in: span)) { row in
      let common = TimeSpan(row.instant(4), row.instant(5))
        .common(with: TimeSpan(row.instant(6), row.instant(7))).common(with: span)
      if common.isEmpty { return }
      found.append(
        Crossing(
          other: row.id(0), spot: row.text(1), venue: row.id(2),
          venueKind: row.optionalText(3).flatMap(VenueKind.init) ?? .unknown, span: common,
          source: row.text(8)))
    }
    return found
  }

  /// A person's encounters that meet a span, cut to it.
  func encounterCrossings(of person: PersonID, in span: TimeSpan) throws -> [Crossing] {
    try
      (encounters(firstIs: person, from: span.from)
      + encounters(secondIs: person, from: span.from))
      .compactMap { Crossing($0, of: person, in: span) }
  }

  private func encounters(firstIs person: PersonID, from: Instant) throws -> [Encounter] {
    try transaction.rows(
      """
      SELECT person_a, person_b, at, seconds
      FROM encounter
      WHERE person_a = \(person) AND at > \(from)
      ORDER BY at, person_b
      LIMIT 100000
      """
    ).map { Encounter($0.id(0), $0.id(1), at: $0.instant(2), seconds: $0.integer(3)) }
  }

  private func encounters(secondIs person: PersonID, from: Instant) throws -> [Encounter] {
    try transaction.rows(
      """
      SELECT person_a, person_b, at, seconds
      FROM encounter
      WHERE person_b = \(person) AND at > \(from)
      ORDER BY at, person_a
      LIMIT 100000
      """
    ).map { Encounter($0.id(0), $0.id(1), at: $0.instant(2), seconds: $0.integer(3)) }
  }

  private static func visit(_ row: Row) -> Visit {
    Visit(
      person: row.id(0), venue: row.id(1), place: row.optionalID(2),
      span: TimeSpan(row.instant(3), row.instant(4)),
      source: VisitSource(rawValue: row.text(5)) ?? .interview, latitude: row.optionalReal(6),
      longitude: row.optionalReal(7))
  }
}

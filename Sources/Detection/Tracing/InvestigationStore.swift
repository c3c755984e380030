import Kernel
import Registry

/// Statements about investigations.
struct InvestigationStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let schema = Migration(
    "investigation-0001",
    """
    CREATE TABLE investigation (
      infection TEXT PRIMARY KEY, person TEXT NOT NULL, place TEXT NOT NULL, path TEXT NOT NULL,
      reported_at BIGINT NOT NULL, onset_on TEXT, sampled_at BIGINT, isolated_at BIGINT,
      window_start BIGINT NOT NULL, window_end BIGINT NOT NULL, opened_at BIGINT NOT NULL,
      computed_at BIGINT, concluded_at BIGINT, withdrawn_at BIGINT, stale BIGINT NOT NULL,
      CHECK (window_start <= window_end), CHECK (stale IN (0, 1)))
    """,
    "CREATE INDEX investigation_person ON investigation (person)",
    "CREATE INDEX investigation_path ON investigation (path, infection)",
    "CREATE INDEX investigation_window ON investigation (window_start) WHERE withdrawn_at IS NULL")

  static let columns: SQL = """
    infection, person, place, path, reported_at, onset_on, sampled_at, isolated_at, window_start,
    window_end, opened_at, computed_at, concluded_at, withdrawn_at
    """

  func find(_ infection: CaseID) throws -> Investigation? {
    try transaction.row(
      "SELECT \(Self.columns) FROM investigation WHERE infection = \(infection)"
    ).map(Self.investigation)
  }

  /// An investigation that must be there.
  func get(_ infection: CaseID, field: String = "infection") throws -> Investigation {
    guard let found = try find(infection) else {
      throw Refusal.notFound(Words("流调", "investigation"), infection.text, field: field)
    }
    return found
  }

  /// Whether a person is a case: an investigation about them was not withdrawn, and does not wait for
  /// a second person's word.
  func isCase(_ person: PersonID) throws -> Bool {
    let people = SQL.list(try ResidentsStore(transaction).identifiers(of: person))
    return try transaction.row(
      """
      SELECT 1
      FROM investigation
      WHERE person IN (\(people)) AND withdrawn_at IS NULL AND doubt IS NULL
      LIMIT 1
      """) != nil
  }

  /// Those of these identifiers who are cases.
  func cases(among people: Set<PersonID>) throws -> Set<PersonID> {
    var cases: Set<PersonID> = []
    for part in people.sorted().chunks(of: 500) {
      let rows = try transaction.rows(
        """
        SELECT DISTINCT person
        FROM investigation
        WHERE person IN (\(SQL.list(part))) AND withdrawn_at IS NULL AND doubt IS NULL
        ORDER BY person
        LIMIT 500
        """)
      cases.formUnion(rows.map { $0.id(0) })
    }
    return cases
  }

  /// The investigations about a person, the latest first.
  func about(_ person: PersonID) throws -> [Investigation] {
    let people = SQL.list(try ResidentsStore(transaction).identifiers(of: person))
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM investigation
      WHERE person IN (\(people))
      ORDER BY reported_at DESC, infection
      LIMIT 100
      """
    ).map(Self.investigation)
  }

  /// Investigations inside an area, in the order of their place.
  func inside(
    _ area: PlacePath, after: (path: PlacePath, infection: String)?, limit: Int
  ) throws -> [Investigation] {
    let following: SQL =
      after.map { "(path, infection) > (\($0.path), \($0.infection))" } ?? "1 = 1"
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM investigation
      WHERE \(SQL.inside(area, column: "path")) AND \(following) AND withdrawn_at IS NULL
      ORDER BY path, infection
      LIMIT \(limit)
      """
    ).map(Self.investigation)
  }

  func open(_ one: Investigation) throws {
    try transaction.execute(
      """
      INSERT INTO investigation (infection, person, place, path, reported_at, onset_on, sampled_at,
        isolated_at, window_start, window_end, opened_at, stale)
      VALUES (\(one.infection), \(one.person), \(one.place), \(one.path), \(one.reportedAt),
        \(one.onsetOn), \(one.sampledAt), \(one.isolatedAt), \(one.window.from), \(one.window.to),
        \(one.openedAt), 0)
      """)
  }

  func setWindow(_ one: Investigation) throws {
    try transaction.execute(
      """
      UPDATE investigation
      SET reported_at = \(one.reportedAt), onset_on = \(one.onsetOn), sampled_at = \(one.sampledAt),
        isolated_at = \(one.isolatedAt), window_start = \(one.window.from),
        window_end = \(one.window.to)
      WHERE infection = \(one.infection)
      """)
  }

  func move(_ infection: CaseID, to place: PlaceID, _ path: PlacePath) throws {
    try transaction.execute(
      """
      UPDATE investigation
      SET place = \(place), path = \(path)
      WHERE infection = \(infection)
      """)
  }

  func conclude(_ infection: CaseID, at now: Instant) throws {
    try transaction.execute(
      "UPDATE investigation SET concluded_at = \(now) WHERE infection = \(infection)")
  }

  func withdraw(_ infection: CaseID, at now: Instant) throws {
    try transaction.execute(
      "UPDATE investigation SET withdrawn_at = \(now), stale = 0 WHERE infection = \(infection)")
  }

  /// Notes that an investigation was computed on all that is known now.
  func noteComputed(_ infection: CaseID, at now: Instant) throws {
    try transaction.execute(
      "UPDATE investigation SET computed_at = \(now), stale = 0 WHERE infection = \(infection)")
  }

  /// Notes that something new is known; false when that was noted before.
  func markStale(_ infection: CaseID) throws -> Bool {
    try transaction.execute(
      """
      UPDATE investigation
      SET stale = 1
      WHERE infection = \(infection) AND stale = 0 AND withdrawn_at IS NULL
      """) == 1
  }

  /// The investigations that something in a span may change, and that do not wait already.
  ///
  /// Contacts of contacts are met after the case's window too, so an open one has no upper end.
  func touched(by span: TimeSpan) throws -> [CaseID] {
    try transaction.rows(
      """
      SELECT infection
      FROM investigation
      WHERE withdrawn_at IS NULL AND stale = 0 AND window_start <= \(span.to)
        AND (concluded_at IS NULL OR window_end >= \(span.from))
      ORDER BY infection
      LIMIT 100000
      """
    ).map { $0.id(0) }
  }

  static func investigation(_ row: Row) -> Investigation {
    Investigation(
      infection: row.id(0), person: row.id(1), place: row.id(2), path: PlacePath(row.text(3)),
      reportedAt: row.instant(4), onsetOn: row.optionalText(5).flatMap(Day.init),
      sampledAt: row.optionalInstant(6), isolatedAt: row.optionalInstant(7),
      window: TimeSpan(row.instant(8), row.instant(9)), openedAt: row.instant(10),
      computedAt: row.optionalInstant(11), concludedAt: row.optionalInstant(12),
      withdrawnAt: row.optionalInstant(13))
  }
}

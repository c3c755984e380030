/// How many were closed when, from rows that are added up as they are closed: the wall of a city is
/// asked for by every screen, and a day closes a hundred thousand.
extension ObligationStore {
  /// How many steps of a path are counted together: a community's.
  private static let steps = 4
  private static let hour: Int64 = 3_600_000

  /// Counts one that is being closed.
  func countClosed(in path: PlacePath, at: Instant) throws {
    let area = PlacePath(
      path.text.split(separator: ".").prefix(Self.steps).joined(separator: "."))
    try transaction.put(
      """
      INSERT INTO obligation_hour (hour, path, closed)
      VALUES (\(at.milliseconds / Self.hour), \(area), 1)
      ON CONFLICT (hour, path) DO UPDATE SET closed = obligation_hour.closed + 1
      """)
  }

  /// How many were closed in an area inside a span.
  package func closed(in path: PlacePath, from: Instant, to: Instant) throws -> Int {
    let first = (from.milliseconds + Self.hour - 1) / Self.hour
    let end = to.milliseconds / Self.hour
    guard path.text.split(separator: ".").count <= Self.steps, first < end else {
      return try closedExactly(in: path, from: from, to: to)
    }
    let whole = try transaction.row(
      """
      SELECT COALESCE(SUM(closed), 0)
      FROM obligation_hour
      WHERE hour >= \(first) AND hour < \(end) AND \(SQL.inside(path, column: "path"))
      """)?.integer(0)
    return try (whole ?? 0)
      + closedExactly(in: path, from: from, to: Instant(milliseconds: first * Self.hour))
      + closedExactly(in: path, from: Instant(milliseconds: end * Self.hour), to: to)
  }

  private func closedExactly(in path: PlacePath, from: Instant, to: Instant) throws -> Int {
    if from >= to { return 0 }
    return try transaction.row(
      """
      SELECT COUNT(*)
      FROM obligation
      WHERE closed_at >= \(from) AND closed_at < \(to) AND \(SQL.inside(path, column: "path"))
      """)?.integer(0) ?? 0
  }

  /// What is owed in each of some areas inside one, how much of it is late, and how many were closed
  /// since the beginning of an hour.
  package func counts(
    of parts: [PlacePath], inside whole: PlacePath, at now: Instant, closedSince start: Instant
  ) throws -> [(owed: Int, late: Int, closed: Int)] {
    let isWide = parts.allSatisfy { $0.text.split(separator: ".").count <= Self.steps }
    let hours =
      isWide
      ? try transaction.rows(
        """
        SELECT path, SUM(closed)
        FROM obligation_hour
        WHERE hour >= \(start.milliseconds / Self.hour) AND \(SQL.inside(whole, column: "path"))
        GROUP BY path
        ORDER BY path
        LIMIT 100000
        """
      ).map { (path: PlacePath($0.text(0)), closed: $0.integer(1)) } : []
    return try parts.map { part in
      let owed = try transaction.row(
        """
        SELECT COUNT(*), COUNT(CASE WHEN deadline < \(now) THEN 1 END)
        FROM obligation
        WHERE closed_at IS NULL AND \(SQL.inside(part, column: "path"))
        """)
      let closed =
        isWide
        ? hours.reduce(0) { $0 + (part.holds($1.path) ? $1.closed : 0) }
        : try closedExactly(in: part, from: start, to: now + .seconds(1))
      return (owed?.integer(0) ?? 0, owed?.integer(1) ?? 0, closed)
    }
  }

  /// What is owed in an area by kind: how much of it is late, and how much is due before a moment.
  package func kinds(
    in path: PlacePath, at now: Instant, until end: Instant
  ) throws -> [(kind: String, owed: Int, late: Int, due: Int)] {
    try transaction.rows(
      """
      SELECT kind, COUNT(*), COUNT(CASE WHEN deadline < \(now) THEN 1 END),
        COUNT(CASE WHEN deadline >= \(now) AND deadline <= \(end) THEN 1 END)
      FROM obligation
      WHERE closed_at IS NULL AND \(SQL.inside(path, column: "path"))
      GROUP BY kind
      ORDER BY kind
      LIMIT 200
      """
    ).map { ($0.text(0), $0.integer(1), $0.integer(2), $0.integer(3)) }
  }
}

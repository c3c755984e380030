/// How many were closed when, from rows that are added up as they are closed: the wall of a city is
/// asked for by every screen, and a day closes a hundred thousand.
extension ObligationStore {
  /// Down to how many steps of a path each place has its count: a community.
  private static let steps = 4
  private static let hour: Int64 = 3_600_000

  private static func isCounted(_ path: PlacePath) -> Bool {
    path.text.split(separator: ".").count <= steps
  }

  /// Counts one that is being closed, in each place that holds it.
  func countClosed(in path: PlacePath, at: Instant) throws {
    let hour = at.milliseconds / Self.hour
    for area in [path] + path.ancestors + [.everywhere] where Self.isCounted(area) {
      try transaction.put(
        """
        INSERT INTO obligation_hour (path, hour, closed)
        VALUES (\(area), \(hour), 1)
        ON CONFLICT (path, hour) DO UPDATE SET closed = obligation_hour.closed + 1
        """)
    }
  }

  /// How many were closed in an area inside a span.
  package func closed(in path: PlacePath, from: Instant, to: Instant) throws -> Int {
    let first = (from.milliseconds + Self.hour - 1) / Self.hour
    let end = to.milliseconds / Self.hour
    guard Self.isCounted(path), first < end else {
      return try closedExactly(in: path, from: from, to: to)
    }
    // What was closed before counting began is looked up.
    let start = min(max(first, try firstWholeHour() ?? end), end)
    return try closedByHour(in: path, start..<end)
      + closedExactly(in: path, from: from, to: Instant(milliseconds: start * Self.hour))
      + closedExactly(in: path, from: Instant(milliseconds: end * Self.hour), to: to)
  }

  /// The first hour of which every closing was counted; nil when none is.
  private func firstWholeHour() throws -> Int64? {
    try transaction.row("SELECT MIN(hour) FROM obligation_hour WHERE path = ''")?
      .optionalInteger(0).map { Int64($0) + 1 }
  }

  private func closedByHour(in path: PlacePath, _ hours: Range<Int64>) throws -> Int {
    try transaction.row(
      """
      SELECT COALESCE(SUM(closed), 0)
      FROM obligation_hour
      WHERE path = \(path) AND hour >= \(hours.lowerBound) AND hour < \(hours.upperBound)
      """)?.integer(0) ?? 0
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

  /// What is owed in each of some areas, how much of it is late, and how many were closed since the
  /// beginning of an hour.
  package func counts(
    of parts: [PlacePath], at now: Instant, closedSince start: Instant
  ) throws -> [(owed: Int, late: Int, closed: Int)] {
    let hours = start.milliseconds / Self.hour..<now.milliseconds / Self.hour + 1
    let isKnown = try firstWholeHour().map { $0 <= hours.lowerBound } ?? false
    return try parts.map { part in
      let owed = try transaction.row(
        """
        SELECT COUNT(*), COUNT(CASE WHEN deadline < \(now) THEN 1 END)
        FROM obligation
        WHERE closed_at IS NULL AND \(SQL.inside(part, column: "path"))
        """)
      let closed =
        isKnown && Self.isCounted(part)
        ? try closedByHour(in: part, hours)
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

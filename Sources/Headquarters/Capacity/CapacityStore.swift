import Kernel

/// Statements about capacity.
struct CapacityStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  func put(_ report: CapacityReport, path: PlacePath) throws {
    try transaction.put(
      """
      INSERT INTO capacity (site, kind, place, path, total, used, at, counted)
      VALUES (\(report.site), \(report.kind.rawValue), \(report.place), \(path), \(report.total),
        \(report.used), \(report.at), \(report.isCounted ? 1 : 0))
      ON CONFLICT (path, kind, site) DO UPDATE SET place = excluded.place,
        total = excluded.total, used = excluded.used, at = excluded.at, counted = excluded.counted
      """)
  }

  /// Takes away what a place counted itself.
  func removeCounted(at path: PlacePath) throws {
    try transaction.execute("DELETE FROM capacity WHERE path = \(path) AND counted = 1")
  }

  /// Takes away what somebody reported of the rooms of a site that counts them itself now.
  func removeReported(_ site: String, at paths: [PlacePath]) throws {
    try transaction.execute(
      """
      DELETE FROM capacity
      WHERE site = \(site) AND kind = 'rooms' AND path IN (\(SQL.list(paths)))
      """)
  }

  /// Whether a site of a name counts its rooms itself.
  func isCounted(_ site: String, in path: PlacePath) throws -> Bool {
    try transaction.row(
      """
      SELECT 1
      FROM capacity
      WHERE site = \(site.trimmingWhitespace()) AND kind = 'rooms' AND counted = 1
        AND \(SQL.inside(path, column: "path"))
      LIMIT 1
      """) != nil
  }

  /// The reports of an area, by place, kind and name.
  func reports(in path: PlacePath) throws -> [CapacityReport] {
    try transaction.rows(
      """
      SELECT site, kind, place, total, used, at, counted
      FROM capacity
      WHERE \(SQL.inside(path, column: "path"))
      ORDER BY path, kind, site
      LIMIT 2000
      """
    ).compactMap { row in
      guard let kind = CapacityOf(rawValue: row.text(1)) else { return nil }
      return CapacityReport(
        site: row.text(0), kind: kind, place: row.id(2), total: row.integer(3),
        used: row.integer(4), at: row.instant(5), isCounted: row.integer(6) == 1)
    }
  }

  /// What an area has of one kind in all; nil when nobody has reported any.
  func sum(
    of kind: CapacityOf, in path: PlacePath, at now: Instant
  ) throws -> (total: Int, used: Int, sites: Int, oldest: Instant)? {
    let row = try transaction.row(
      """
      SELECT COUNT(*), COALESCE(SUM(total), 0), COALESCE(SUM(used), 0),
        COALESCE(MIN(CASE WHEN counted = 0 THEN at END), \(now))
      FROM capacity
      WHERE kind = \(kind.rawValue) AND \(SQL.inside(path, column: "path"))
      """)
    guard let row, row.integer(0) > 0 else { return nil }
    return (row.integer(1), row.integer(2), row.integer(0), row.instant(3))
  }
}

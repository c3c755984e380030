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
      WHERE site = \(site) AND kind = 'rooms' AND counted = 0 AND path IN (\(SQL.list(paths)))
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

  /// Where a page of reports ends.
  struct Cursor {
    let kind: String
    let path: String
    let site: String

    /// As an answer names it: only the site's name may hold a stroke.
    var text: String { "\(kind)/\(path)/\(site)" }
  }

  /// A page of the reports of an area, by kind, place and name, and where it ends when it is full.
  func reports(
    in path: PlacePath, after: Cursor?, limit: Int
  ) throws -> (reports: [CapacityReport], end: Cursor?) {
    let following: SQL =
      after.map { "(kind, path, site) > (\($0.kind), \($0.path), \($0.site))" } ?? "1 = 1"
    let rows = try transaction.rows(
      """
      SELECT site, kind, place, total, used, at, path, counted
      FROM capacity
      WHERE \(SQL.inside(path, column: "path")) AND \(following)
      ORDER BY kind, path, site
      LIMIT \(limit)
      """)
    let reports = rows.compactMap { row -> CapacityReport? in
      guard let kind = CapacityOf(rawValue: row.text(1)) else { return nil }
      return CapacityReport(
        site: row.text(0), kind: kind, place: row.id(2), total: row.integer(3),
        used: row.integer(4), at: row.instant(5), isCounted: row.integer(7) == 1)
    }
    let last = rows.count == limit ? rows.last : nil
    return (
      reports, last.map { Cursor(kind: $0.text(1), path: $0.text(6), site: $0.text(0)) }
    )
  }

  /// What an area has of one kind in all; nil when nobody has reported any. What is free is added up
  /// site by site: whoever was squeezed in at one takes no room at another. A site that counts itself is
  /// as of now.
  func sum(of kind: CapacityOf, in path: PlacePath, at now: Instant) throws -> CapacitySum? {
    let row = try transaction.row(
      """
      SELECT COUNT(*), COALESCE(SUM(total), 0), COALESCE(SUM(used), 0),
        COALESCE(SUM(CASE WHEN total > used THEN total - used ELSE 0 END), 0),
        COALESCE(MIN(CASE WHEN counted = 0 THEN at END), \(now))
      FROM capacity
      WHERE kind = \(kind.rawValue) AND \(SQL.inside(path, column: "path"))
      """)
    guard let row, row.integer(0) > 0 else { return nil }
    return CapacitySum(
      total: row.integer(1), used: row.integer(2), free: row.integer(3), sites: row.integer(0),
      oldest: row.instant(4))
  }
}

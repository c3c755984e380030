import Kernel

/// Statements about published bulletins and the corrections recorded around them.
package struct BulletinStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL = """
    id, from_at, to_at, published_at, total, new_infections, change, previous, carried,
    cumulative, entry, head, policy
    """

  /// The bulletin of exactly a window, nil while it was not published.
  package func published(_ window: BulletinWindow) throws -> PublishedBulletin? {
    try transaction.row(
      """
      SELECT \(Self.columns)
      FROM bulletin
      WHERE from_at = \(window.from) AND to_at = \(window.to)
      """
    ).map(Self.bulletin)
  }

  /// The figures of a published bulletin as they were published.
  package func figures(of id: BulletinID) throws -> BulletinFigures? {
    try transaction.row("SELECT figures FROM bulletin WHERE id = \(id)").map { row in
      try Fields.json(Array(row.text(0).utf8)).decoded(BulletinFigures.self, strict: false)
    }
  }

  /// Published bulletins, the latest window first.
  package func latest(limit: Int) throws -> [PublishedBulletin] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM bulletin
      ORDER BY to_at DESC, from_at DESC
      LIMIT \(limit)
      """
    ).map(Self.bulletin)
  }

  /// The bulletin that ends at an instant; of several the one with the shortest window.
  func ending(at to: Instant) throws -> PublishedBulletin? {
    try transaction.row(
      """
      SELECT \(Self.columns)
      FROM bulletin
      WHERE to_at = \(to)
      ORDER BY from_at DESC
      LIMIT 1
      """
    ).map(Self.bulletin)
  }

  /// The bulletins that lead to one that ends at an instant, from the first.
  func chain(endingAt to: Instant) throws -> BulletinChain {
    guard let last = try ending(at: to) else { return BulletinChain(bulletins: []) }
    let found = try transaction.rows(
      """
      WITH RECURSIVE chain (chained) AS (
        SELECT id FROM bulletin WHERE id = \(last.id)
        UNION
        SELECT previous FROM bulletin JOIN chain ON bulletin.id = chained
        WHERE previous IS NOT NULL)
      SELECT \(Self.columns)
      FROM bulletin
      JOIN chain ON bulletin.id = chained
      ORDER BY from_at
      """)
    return BulletinChain(bulletins: found.map(Self.bulletin))
  }

  /// Whether a published bulletin has counted what was reported at an instant, in its window or
  /// among what lay before it.
  func isPublished(at time: Instant) throws -> Bool {
    try transaction.row("SELECT 1 FROM bulletin WHERE to_at > \(time) LIMIT 1") != nil
  }

  func insert(_ bulletin: PublishedBulletin, figures: String, sender: String) throws {
    try transaction.execute(
      """
      INSERT INTO bulletin (id, from_at, to_at, published_at, sender, entry, head, policy, figures,
        total, new_infections, change, previous, carried, cumulative)
      VALUES (\(bulletin.id), \(bulletin.from), \(bulletin.to), \(bulletin.publishedAt),
        \(sender), \(bulletin.entry), \(bulletin.head), \(bulletin.policy), \(figures),
        \(bulletin.total), \(bulletin.newInfections), \(bulletin.change), \(bulletin.previous),
        \(bulletin.carried), \(bulletin.cumulative))
      """)
  }

  func add(_ record: CorrectionRecord) throws {
    try transaction.execute(
      """
      INSERT INTO bulletin_correction (entry, infection, recorded_at, what, field, was_at, now_at,
        is_published)
      VALUES (\(record.entry), \(record.infection), \(record.recordedAt),
        \(record.what.rawValue), \(record.field), \(record.wasAt), \(record.nowAt),
        \(record.isPublished ? 1 : 0))
      """)
  }

  /// What was recorded in a window about cases.
  func corrections(recordedIn window: BulletinWindow) throws -> [CorrectionRecord] {
    try corrections(recordedFrom: window.from, to: window.to)
  }

  /// What was recorded in a span, open at its end when there is none.
  func corrections(recordedFrom from: Instant, to: Instant?) throws -> [CorrectionRecord] {
    let end: SQL = to.map { "recorded_at < \($0)" } ?? "1 = 1"
    return try transaction.rows(
      """
      SELECT entry, infection, recorded_at, what, field, was_at, now_at, is_published
      FROM bulletin_correction
      WHERE recorded_at >= \(from) AND \(end)
      ORDER BY entry
      LIMIT 100000
      """
    ).map { row in
      CorrectionRecord(
        entry: row.integer(0), infection: row.id(1), recordedAt: row.instant(2),
        what: CorrectionLine.What(rawValue: row.text(3)) ?? .corrected,
        field: row.optionalText(4), wasAt: row.optionalInstant(5), nowAt: row.optionalInstant(6),
        isPublished: row.integer(7) == 1)
    }
  }

  private static func bulletin(_ row: Row) -> PublishedBulletin {
    PublishedBulletin(
      id: row.id(0), from: row.instant(1), to: row.instant(2), publishedAt: row.instant(3),
      total: row.integer(4), newInfections: row.integer(5), change: row.integer(6),
      previous: row.optionalID(7), carried: row.integer(8), cumulative: row.integer(9),
      entry: row.integer(10), head: row.text(11), policy: row.text(12))
  }
}

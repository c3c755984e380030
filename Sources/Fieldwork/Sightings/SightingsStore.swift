import Kernel

/// Statements about what was noticed.
struct SightingsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  func insert(_ sighting: Sighting, words: [UInt8]) throws {
    try transaction.execute(
      """
      INSERT INTO sighting (id, place, path, kind, account, reported_at, words)
      VALUES (\(sighting.id), \(sighting.place), \(sighting.path), \(sighting.kind.rawValue),
        \(sighting.account), \(sighting.reportedAt), \(words))
      """)
  }

  func find(_ id: SightingID) throws -> Sighting? {
    try transaction.row(
      """
      SELECT id, place, path, kind, account, reported_at
      FROM sighting
      WHERE id = \(id)
      """
    ).map { row in
      Sighting(
        id: row.id(0), place: row.id(1), path: PlacePath(row.text(2)),
        kind: Sighting.Kind(rawValue: row.text(3)) ?? .other, account: row.id(4),
        reportedAt: row.instant(5))
    }
  }

  /// What was written, as it is locked; nil when its time is over.
  func words(of id: SightingID) throws -> [UInt8]? {
    try transaction.row("SELECT words FROM sighting WHERE id = \(id)")?.bytes(0)
  }

  /// Deletes what was written before a moment.
  func forget(before limit: Instant) throws -> Int {
    try transaction.execute(
      "UPDATE sighting SET words = NULL WHERE reported_at < \(limit) AND words IS NOT NULL")
  }
}

import Kernel

/// Statements about packed scans.
package struct ScansStore {
  let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  static let schema = Migration(
    "scans-0001",
    """
    CREATE TABLE scan_batch (
      number BIGINT NOT NULL, day BIGINT NOT NULL, scans BIGINT NOT NULL, digest TEXT NOT NULL,
      body BYTEA NOT NULL, recorded_at BIGINT NOT NULL, PRIMARY KEY (number, day),
      CHECK (scans > 0))
    """,
    "CREATE INDEX scan_batch_day ON scan_batch (day, number)",
    "CREATE UNIQUE INDEX scan_batch_once ON scan_batch (day, digest)",
    "CREATE TABLE scan_mark (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
    """
    CREATE TABLE scan_day_gone (
      day BIGINT PRIMARY KEY, at BIGINT NOT NULL, scans BIGINT NOT NULL, digest TEXT NOT NULL)
    """)

  /// When the scans of a day were told stands behind megabytes of them.
  static let told = Migration(
    "scans-0002", "CREATE INDEX scan_batch_told ON scan_batch (day, recorded_at)")

  /// A batch without its scans.
  package struct Head: Sendable {
    package let number: Int
    package let day: Int
    package let scans: Int
    package let digest: String
  }

  /// The number of the last batch ever taken in; 0 before the first.
  package func last() throws -> Int {
    try transaction.row("SELECT value FROM scan_mark WHERE name = 'last'")?.integer(0) ?? 0
  }

  func setLast(_ number: Int) throws {
    try transaction.execute(
      """
      INSERT INTO scan_mark (name, value)
      VALUES ('last', \(number))
      ON CONFLICT (name) DO UPDATE SET value = excluded.value
      """)
  }

  /// Keeps the scans of one day; false when the very same are there already.
  func add(
    _ body: [UInt8], number: Int, day: Int, scans: Int, digest: String, at now: Instant
  ) throws -> Bool {
    try transaction.execute(
      """
      INSERT INTO scan_batch (number, day, scans, digest, body, recorded_at)
      VALUES (\(number), \(day), \(scans), \(digest), \(body), \(now))
      ON CONFLICT (day, digest) DO NOTHING
      """) == 1
  }

  /// What came after a batch, in order.
  package func heads(after number: Int, upTo last: Int = .max) throws -> [Head] {
    try transaction.rows(
      """
      SELECT number, day, scans, digest
      FROM scan_batch
      WHERE number > \(number) AND number <= \(last)
      ORDER BY number, day
      LIMIT 1000000
      """
    ).map(Self.head)
  }

  /// The batches of a day, in order.
  package func heads(of day: Int) throws -> [Head] {
    try transaction.rows(
      """
      SELECT number, day, scans, digest
      FROM scan_batch
      WHERE day = \(day)
      ORDER BY number
      LIMIT 1000000
      """
    ).map(Self.head)
  }

  /// How many scans came after a batch.
  func count(after number: Int) throws -> Int {
    try transaction.row(
      "SELECT CAST(COALESCE(SUM(scans), 0) AS BIGINT) FROM scan_batch WHERE number > \(number)"
    )?.integer(0) ?? 0
  }

  /// The bytes of one batch of a day.
  package func body(_ number: Int, of day: Int) throws -> [UInt8]? {
    try transaction.row(
      "SELECT body FROM scan_batch WHERE number = \(number) AND day = \(day)"
    )?.bytes(0)
  }

  /// The scans of one batch of a day; nil when the day was deleted.
  ///
  /// - Throws: a failure naming the batch when its bytes are damaged.
  package func find(_ number: Int, of day: Int) throws -> ScanBatch? {
    guard let body = try body(number, of: day) else { return nil }
    guard let batch = ScanBatch(packed: body) else { throw Self.damaged(number, day) }
    return batch
  }

  /// The scans of one batch of a day.
  ///
  /// - Throws: a failure naming the batch when its bytes are damaged or gone.
  package func batch(_ number: Int, of day: Int) throws -> ScanBatch {
    guard let batch = try find(number, of: day) else { throw Self.damaged(number, day) }
    return batch
  }

  private static func damaged(_ number: Int, _ day: Int) -> StorageFailure {
    StorageFailure(.unavailable, "scan_batch \(number)/\(day) is damaged")
  }

  /// Every day that has scans, with the last moment at which one of them was told.
  func days() throws -> [(day: Int, recordedAt: Instant)] {
    try transaction.rows(
      """
      SELECT day, MAX(recorded_at)
      FROM scan_batch
      GROUP BY day
      ORDER BY day
      LIMIT 100000
      """
    ).map { ($0.integer(0), $0.instant(1)) }
  }

  /// The days that were deleted.
  package func gone() throws -> Set<Int> {
    Set(
      try transaction.rows("SELECT day FROM scan_day_gone ORDER BY day LIMIT 100000")
        .map { $0.integer(0) })
  }

  /// Deletes the scans of a day for good.
  func drop(day: Int, scans: Int, digest: String, at now: Instant) throws {
    try transaction.execute("DELETE FROM scan_batch WHERE day = \(day)")
    try transaction.execute(
      """
      INSERT INTO scan_day_gone (day, at, scans, digest)
      VALUES (\(day), \(now), \(scans), \(digest))
      ON CONFLICT (day) DO NOTHING
      """)
  }

  /// The batch that follows another by number and day, for export.
  func next(after number: Int, _ day: Int) throws -> Head? {
    try transaction.row(
      """
      SELECT number, day, scans, digest
      FROM scan_batch
      WHERE (number, day) > (\(number), \(day))
      ORDER BY number, day
      LIMIT 1
      """
    ).map(Self.head)
  }

  private static func head(_ row: Row) -> Head {
    Head(number: row.integer(0), day: row.integer(1), scans: row.integer(2), digest: row.text(3))
  }
}

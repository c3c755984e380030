import Kernel

/// Statements about the versions of the policy that decided, and what they said.
struct EditionsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let table = Migration(
    "restrictions-0008",
    """
    CREATE TABLE edition_seen (edition TEXT PRIMARY KEY, digest TEXT NOT NULL, at BIGINT NOT NULL)
    """,
    "CREATE INDEX restriction_edition ON restriction (edition)")

  /// Every version by which somebody was restricted, or a zone opened, and that is kept.
  func decided() throws -> Set<String> {
    var found = try transaction.rows(
      "SELECT DISTINCT edition FROM zone ORDER BY edition LIMIT 1000"
    ).map { $0.text(0) }
    // One step of the index for each version, however many restrictions it has.
    var last = ""
    while let next = try transaction.row(
      "SELECT MIN(edition) FROM restriction WHERE edition > \(last)")?.optionalText(0)
    {
      found.append(next)
      last = next
    }
    return Set(found)
  }

  /// What each version said when it was seen first, or last before it decided.
  func seen() throws -> [String: String] {
    let rows = try transaction.rows(
      "SELECT edition, digest FROM edition_seen ORDER BY edition LIMIT 10000")
    return Dictionary(uniqueKeysWithValues: rows.map { ($0.text(0), $0.text(1)) })
  }

  /// Keeps what a version says; of one that has decided, only when nothing is kept yet.
  func note(_ edition: String, _ digest: String, isDecided: Bool, at now: Instant) throws {
    let follows: SQL = isDecided ? "NOTHING" : "UPDATE SET digest = excluded.digest"
    try transaction.execute(
      """
      INSERT INTO edition_seen (edition, digest, at)
      VALUES (\(edition), \(digest), \(now))
      ON CONFLICT (edition) DO \(follows)
      """)
  }
}

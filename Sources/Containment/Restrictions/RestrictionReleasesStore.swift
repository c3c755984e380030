import Kernel

/// A restriction's early end that somebody has asked for.
package struct RestrictionRelease: Sendable {
  package let restriction: RestrictionID
  package let reason: EndReason
  package let issuer: String
  /// The organisations of whoever asks, joined by `|`; none of them approves.
  package let issuerOrganisations: String
  package let askedAt: Instant
}

/// Statements about early ends that wait for a second person, or had one.
struct RestrictionReleasesStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let table = Migration(
    "restrictions-0006",
    """
    CREATE TABLE restriction_release (
      restriction TEXT NOT NULL REFERENCES restriction (id), asked_at BIGINT NOT NULL,
      reason TEXT NOT NULL, issuer TEXT NOT NULL, issuer_organisations TEXT NOT NULL,
      decided_at BIGINT, decided_by TEXT, approved BIGINT,
      PRIMARY KEY (restriction, asked_at))
    """,
    """
    CREATE UNIQUE INDEX restriction_release_waiting ON restriction_release (restriction)
    WHERE decided_at IS NULL
    """)

  private static let columns: SQL =
    "release.restriction, release.reason, release.issuer, release.issuer_organisations, release.asked_at"

  /// Notes what is asked; asked again at the very moment at which another was decided, it takes its place.
  func insert(_ release: RestrictionRelease) throws {
    try transaction.execute(
      """
      INSERT INTO restriction_release (restriction, asked_at, reason, issuer,
        issuer_organisations)
      VALUES (\(release.restriction), \(release.askedAt), \(release.reason.rawValue),
        \(release.issuer), \(release.issuerOrganisations))
      ON CONFLICT (restriction, asked_at) DO UPDATE
      SET reason = excluded.reason, issuer = excluded.issuer,
        issuer_organisations = excluded.issuer_organisations, decided_at = NULL,
        decided_by = NULL, approved = NULL
      """)
  }

  /// The one that waits for a restriction; nil when none does.
  func waiting(for restriction: RestrictionID) throws -> RestrictionRelease? {
    try transaction.row(
      """
      SELECT \(Self.columns)
      FROM restriction_release AS release
      WHERE release.restriction = \(restriction) AND release.decided_at IS NULL
      """
    ).map(Self.release)
  }

  /// Those of an area that wait and whose restriction still runs, the oldest first.
  func waiting(in path: PlacePath, limit: Int) throws -> [RestrictionRelease] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM restriction_release AS release
      JOIN restriction ON restriction.id = release.restriction
      WHERE release.decided_at IS NULL AND restriction.ended_at IS NULL
        AND \(SQL.inside(path, column: "restriction.path"))
      ORDER BY release.asked_at, release.restriction
      LIMIT \(limit)
      """
    ).map(Self.release)
  }

  func decide(
    _ restriction: RestrictionID, approved: Bool, by sender: String, at now: Instant
  ) throws {
    try transaction.execute(
      """
      UPDATE restriction_release
      SET decided_at = \(now), decided_by = \(sender), approved = \(approved ? 1 : 0)
      WHERE restriction = \(restriction) AND decided_at IS NULL
      """)
  }

  private static func release(_ row: Row) -> RestrictionRelease {
    RestrictionRelease(
      restriction: row.id(0), reason: EndReason(rawValue: row.text(1)) ?? .released,
      issuer: row.text(2), issuerOrganisations: row.text(3), askedAt: row.instant(4))
  }
}

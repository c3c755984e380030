import Kernel

/// What one person asks about a restriction that runs, and a second one decides.
package struct RestrictionChange: Sendable {
  /// What is asked.
  package enum Kind: String, Codable, Sendable {
    /// That it end before its end.
    case end
    /// That the person be moved to an isolation site, because they were met elsewhere.
    case transfer
  }

  /// Why it is asked.
  package enum Reason: String, Codable, Sendable {
    case released
    case noLongerNeeded = "no_longer_needed"
    /// Of a transfer: the person was met elsewhere than the restriction asks.
    case metElsewhere = "met_elsewhere"

    /// How people call it.
    package var words: Words {
      end?.words ?? Words("外出被发现", "Met elsewhere")
    }

    /// Why the restriction is over, where that is what was asked.
    package var end: EndReason? { EndReason(rawValue: rawValue) }
  }

  package let restriction: RestrictionID
  package let kind: Kind
  package let reason: Reason
  package let issuer: String
  /// The organisations of whoever asks, joined by `|`; none of them approves.
  package let issuerOrganisations: String
  package let askedAt: Instant
}

/// Statements about changes of restrictions that wait for a second person, or had one.
struct RestrictionChangesStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let table = Migration(
    "restrictions-0006",
    """
    CREATE TABLE restriction_change (
      restriction TEXT NOT NULL REFERENCES restriction (id), kind TEXT NOT NULL,
      asked_at BIGINT NOT NULL,
      reason TEXT NOT NULL, issuer TEXT NOT NULL, issuer_organisations TEXT NOT NULL,
      decided_at BIGINT, decided_by TEXT, approved BIGINT,
      PRIMARY KEY (restriction, kind, asked_at))
    """,
    """
    CREATE UNIQUE INDEX restriction_change_waiting ON restriction_change (restriction, kind)
    WHERE decided_at IS NULL
    """)

  private static let columns: SQL =
    """
    change.restriction, change.reason, change.issuer, change.issuer_organisations, change.asked_at,
    change.kind
    """

  /// Notes what is asked; asked again at the very moment at which another was decided, it takes its place.
  func insert(_ change: RestrictionChange) throws {
    try transaction.execute(
      """
      INSERT INTO restriction_change (restriction, kind, asked_at, reason, issuer,
        issuer_organisations)
      VALUES (\(change.restriction), \(change.kind.rawValue), \(change.askedAt), \(change.reason.rawValue),
        \(change.issuer), \(change.issuerOrganisations))
      ON CONFLICT (restriction, kind, asked_at) DO UPDATE
      SET reason = excluded.reason, issuer = excluded.issuer,
        issuer_organisations = excluded.issuer_organisations, decided_at = NULL,
        decided_by = NULL, approved = NULL
      """)
  }

  /// The one that waits for a restriction; nil when none does.
  func waiting(
    _ kind: RestrictionChange.Kind, of restriction: RestrictionID
  ) throws -> RestrictionChange? {
    try transaction.row(
      """
      SELECT \(Self.columns)
      FROM restriction_change AS change
      WHERE change.restriction = \(restriction) AND change.kind = \(kind.rawValue)
        AND change.decided_at IS NULL
      """
    ).map(Self.change)
  }

  /// Those of an area that wait and whose restriction still runs, the oldest first.
  func waiting(in path: PlacePath, limit: Int) throws -> [RestrictionChange] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM restriction_change AS change
      JOIN restriction ON restriction.id = change.restriction
      WHERE change.decided_at IS NULL AND restriction.ended_at IS NULL
        AND \(SQL.inside(path, column: "restriction.path"))
      ORDER BY change.asked_at, change.restriction
      LIMIT \(limit)
      """
    ).map(Self.change)
  }

  func decide(
    _ kind: RestrictionChange.Kind, of restriction: RestrictionID, approved: Bool,
    by sender: String, at now: Instant
  ) throws {
    try transaction.execute(
      """
      UPDATE restriction_change
      SET decided_at = \(now), decided_by = \(sender), approved = \(approved ? 1 : 0)
      WHERE restriction = \(restriction) AND kind = \(kind.rawValue) AND decided_at IS NULL
      """)
  }

  private static func change(_ row: Row) -> RestrictionChange {
    let kind = RestrictionChange.Kind(rawValue: row.text(5)) ?? .end
    // Rows of before transfers had a reason of their own say `released` of them.
    let reason =
      kind == .transfer
      ? .metElsewhere : RestrictionChange.Reason(rawValue: row.text(1)) ?? .released
    return RestrictionChange(
      restriction: row.id(0), kind: kind, reason: reason,
      issuer: row.text(2), issuerOrganisations: row.text(3), askedAt: row.instant(4))
  }
}

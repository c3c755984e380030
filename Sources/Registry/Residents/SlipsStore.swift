import Kernel

/// Statements about the slips with which residents open their own page.
package struct SlipsStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  /// Whose slip has a fingerprint, if it is valid at a moment; the live file of a merged one.
  package func holder(ofFingerprint fingerprint: String, at moment: Instant) throws -> PersonID? {
    let row = try transaction.row(
      """
      SELECT person
      FROM slip
      WHERE fingerprint = \(fingerprint) AND issued_at <= \(moment) AND expires_at > \(moment)
        AND (revoked_at IS NULL OR revoked_at > \(moment))
      """)
    guard let row else { return nil }
    return try ResidentsStore(transaction).current(row.id(0))?.id
  }

  func isKnown(_ fingerprint: String) throws -> Bool {
    try transaction.row("SELECT 1 FROM slip WHERE fingerprint = \(fingerprint)") != nil
  }

  func insert(
    _ fingerprint: String, person: PersonID, issuedAt: Instant, expiresAt: Instant
  ) throws {
    try transaction.execute(
      """
      INSERT INTO slip (fingerprint, person, issued_at, expires_at)
      VALUES (\(fingerprint), \(person), \(issuedAt), \(expiresAt))
      """)
  }

  @discardableResult
  func revokeAll(of person: PersonID, at now: Instant) throws -> Int {
    try transaction.execute(
      """
      UPDATE slip
      SET revoked_at = \(now)
      WHERE person = \(person) AND revoked_at IS NULL AND expires_at > \(now)
      """)
  }
}

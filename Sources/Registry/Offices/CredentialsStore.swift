import Kernel

/// Statements about passwords, sessions, tokens, links and attempts to sign in.
struct CredentialsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL = "id, kind, account, issued_at, until_at, ended_at, proven_at"

  /// - Parameter device: on which a session was opened.
  func insert(_ credential: Credential, fingerprint: String, on device: DeviceID? = nil) throws {
    try transaction.execute(
      """
      INSERT INTO credential (id, kind, fingerprint, account, issued_at, until_at, device)
      VALUES (\(credential.id), \(credential.kind.rawValue), \(fingerprint),
        \(credential.account), \(credential.issuedAt), \(credential.until), \(device))
      """)
  }

  /// The device on which a session was opened; nil when its browser showed none.
  func device(of session: CredentialID) throws -> DeviceID? {
    try transaction.row("SELECT device FROM credential WHERE id = \(session)")?.optionalID(0)
  }

  /// Ends what lets somebody in through a device.
  ///
  /// - Returns: how many there were.
  func endAll(on device: DeviceID, at: Instant) throws -> Int {
    try transaction.execute(
      "UPDATE credential SET ended_at = \(at) WHERE device = \(device) AND ended_at IS NULL")
  }

  /// A session with a fingerprint, if its account is open, and whether it owes its second factor: asked
  /// with every request, in one statement.
  func session(
    fingerprint: String, at now: Instant, _ rule: FactorDuty
  ) throws -> (session: Credential, isOwed: Bool)? {
    try transaction.row(
      """
      SELECT \(Self.columns),
        CASE
          WHEN proven_at IS NOT NULL THEN 0
          WHEN \(rule.isOwed(by: "credential.account", at: now)) THEN 1 ELSE 0
        END AS is_owed
      FROM credential
      WHERE fingerprint = \(fingerprint) AND kind = \(Credential.Kind.session.rawValue)
        AND EXISTS (
          SELECT 1 FROM account WHERE account.id = credential.account AND closed_at IS NULL)
      """
    ).map { (Self.credential($0), $0.integer(7) == 1) }
  }

  /// The credential of a kind with a fingerprint, if its account is open.
  func find(_ kind: Credential.Kind, fingerprint: String) throws -> Credential? {
    try transaction.row(
      """
      SELECT \(Self.columns)
      FROM credential
      WHERE fingerprint = \(fingerprint) AND kind = \(kind.rawValue)
        AND EXISTS (
          SELECT 1 FROM account WHERE account.id = credential.account AND closed_at IS NULL)
      """
    ).map(Self.credential)
  }

  func find(_ id: CredentialID) throws -> Credential? {
    try transaction.row("SELECT \(Self.columns) FROM credential WHERE id = \(id)")
      .map(Self.credential)
  }

  /// The youngest credentials of an account, the youngest first.
  func all(of account: AccountID, limit: Int) throws -> [Credential] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM credential
      WHERE account = \(account)
      ORDER BY issued_at DESC, id DESC
      LIMIT \(limit)
      """
    ).map(Self.credential)
  }

  func end(_ id: CredentialID, at: Instant) throws {
    try transaction.execute(
      "UPDATE credential SET ended_at = \(at) WHERE id = \(id) AND ended_at IS NULL")
  }

  /// Notes that the second factor was shown in a session, which lasts until a moment from now on, under
  /// another secret.
  func prove(_ id: CredentialID, at: Instant, until: Instant, renewed fingerprint: String) throws {
    try transaction.execute(
      """
      UPDATE credential
      SET proven_at = \(at), until_at = \(until), fingerprint = \(fingerprint)
      WHERE id = \(id)
      """)
  }

  /// Ends everything that lets somebody into an account.
  ///
  /// - Returns: how many there were.
  func endAll(of account: AccountID, at: Instant) throws -> Int {
    try transaction.execute(
      "UPDATE credential SET ended_at = \(at) WHERE account = \(account) AND ended_at IS NULL")
  }

  /// Ends an account's sessions and unused links, except the session that asks for it.
  func endSessions(of account: AccountID, at: Instant, except kept: String) throws -> Int {
    try transaction.execute(
      """
      UPDATE credential
      SET ended_at = \(at)
      WHERE account = \(account) AND ended_at IS NULL AND kind <> 'token'
        AND fingerprint <> \(kept)
      """)
  }

  /// Deletes credentials that can let nobody in since a moment.
  func forget(endedBefore limit: Instant) throws -> Int {
    try transaction.execute(
      "DELETE FROM credential WHERE until_at < \(limit)")
  }

  func setPassword(of account: AccountID, salt: String, digest: String, at: Instant) throws {
    try transaction.execute(
      """
      UPDATE account
      SET password_salt = \(salt), password_digest = \(digest), password_at = \(at)
      WHERE id = \(account)
      """)
  }

  /// Salt and digest of an open account's password, nil when it has none.
  func password(of account: AccountID) throws -> (salt: String, digest: String)? {
    let row = try transaction.row(
      """
      SELECT password_salt, password_digest
      FROM account
      WHERE id = \(account) AND closed_at IS NULL AND password_digest IS NOT NULL
      """)
    return row.map { ($0.text(0), $0.text(1)) }
  }

  func noteAttempt(_ id: String, by who: String, at: Instant) throws {
    try transaction.execute(
      "INSERT INTO sign_in_attempt (id, who, at) VALUES (\(id), \(who), \(at))")
  }

  func attempts(by who: String, since: Instant) throws -> Int {
    try transaction.row(
      "SELECT COUNT(*) FROM sign_in_attempt WHERE who = \(who) AND at > \(since)")?.integer(0) ?? 0
  }

  func forgetAttempts(by who: String) throws {
    try transaction.execute("DELETE FROM sign_in_attempt WHERE who = \(who)")
  }

  func forgetAttempts(before: Instant) throws -> Int {
    try transaction.execute("DELETE FROM sign_in_attempt WHERE at <= \(before)")
  }

  private static func credential(_ row: Row) -> Credential {
    Credential(
      id: row.id(0), kind: Credential.Kind(rawValue: row.text(1)) ?? .session, account: row.id(2),
      issuedAt: row.instant(3), until: row.instant(4), endedAt: row.optionalInstant(5),
      provenAt: row.optionalInstant(6))
  }
}

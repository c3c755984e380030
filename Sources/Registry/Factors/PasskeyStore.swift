import Kernel

/// Statements about passkeys and the challenges that wait for an answer.
struct PasskeyStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL =
    """
    id, account, credential, point, relying_party, name, transports, counter, is_verified, made_at,
      last_used_at, suspected_at
    """

  private static func passkey(_ row: Row) -> Passkey {
    Passkey(
      id: row.id(0), account: row.id(1), credential: row.bytes(2) ?? [], point: row.bytes(3) ?? [],
      relyingParty: row.text(4), name: row.text(5),
      transports: row.text(6).split(separator: ",").map(String.init),
      counter: Int64(row.integer(7)), isVerified: row.integer(8) == 1, madeAt: row.instant(9),
      lastUsedAt: row.optionalInstant(10), suspectedAt: row.optionalInstant(11))
  }

  /// The passkeys of an account, the oldest first.
  func all(of account: AccountID) throws -> [Passkey] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM passkey
      WHERE account = \(account)
      ORDER BY made_at, id
      LIMIT 100
      """
    ).map(Self.passkey)
  }

  func find(_ id: PasskeyID) throws -> Passkey? {
    try transaction.row("SELECT \(Self.columns) FROM passkey WHERE id = \(id)").map(Self.passkey)
  }

  /// The passkey of the district to which an authenticator gave an identifier.
  func find(credential: [UInt8]) throws -> Passkey? {
    try transaction.row("SELECT \(Self.columns) FROM passkey WHERE credential = \(credential)")
      .map(Self.passkey)
  }

  func insert(_ passkey: Passkey) throws {
    try transaction.execute(
      """
      INSERT INTO passkey (id, account, credential, point, relying_party, name, transports, counter,
        is_verified, made_at)
      VALUES (\(passkey.id), \(passkey.account), \(passkey.credential), \(passkey.point),
        \(passkey.relyingParty), \(passkey.name), \(passkey.transports.joined(separator: ",")),
        \(passkey.counter), \(passkey.isVerified ? 1 : 0), \(passkey.madeAt))
      """)
  }

  func use(_ id: PasskeyID, counter: Int64, at: Instant) throws {
    try transaction.execute(
      "UPDATE passkey SET counter = \(counter), last_used_at = \(at) WHERE id = \(id)")
  }

  func suspect(_ id: PasskeyID, at: Instant) throws {
    try transaction.execute("UPDATE passkey SET suspected_at = \(at) WHERE id = \(id)")
  }

  func remove(_ id: PasskeyID) throws {
    try transaction.execute("DELETE FROM passkey WHERE id = \(id)")
  }

  func removeAll(of account: AccountID) throws {
    try transaction.execute("DELETE FROM passkey_challenge WHERE account = \(account)")
    try transaction.execute("DELETE FROM passkey WHERE account = \(account)")
  }

  // MARK: Challenges

  /// Keeps a challenge in the place of what the session was asked before for the same.
  func keepChallenge(
    _ fingerprint: String, for purpose: PasskeyPurpose, of account: AccountID, in session: String,
    until: Instant
  ) throws {
    try transaction.execute(
      "DELETE FROM passkey_challenge WHERE session = \(session) AND purpose = \(purpose.rawValue)")
    try transaction.execute(
      """
      INSERT INTO passkey_challenge (fingerprint, account, session, purpose, until_at)
      VALUES (\(fingerprint), \(account), \(session), \(purpose.rawValue), \(until))
      """)
  }

  /// Uses a challenge up.
  ///
  /// - Returns: whether there was one, of this session and for this, that had not ended.
  func takeChallenge(
    _ fingerprint: String, for purpose: PasskeyPurpose, in session: String, at now: Instant
  ) throws -> Bool {
    try transaction.execute(
      """
      DELETE FROM passkey_challenge
      WHERE fingerprint = \(fingerprint) AND session = \(session)
        AND purpose = \(purpose.rawValue) AND until_at > \(now)
      """) > 0
  }

  func forgetChallenges(endedBefore now: Instant) throws -> Int {
    try transaction.execute("DELETE FROM passkey_challenge WHERE until_at <= \(now)")
  }
}

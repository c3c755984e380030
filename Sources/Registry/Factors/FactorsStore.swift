import Kernel

/// Statements about second factors, recovery codes and requests to take a factor away.
struct FactorsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  func find(_ account: AccountID) throws -> Factor? {
    try transaction.row(
      """
      SELECT account, secret, enrolled_at, last_step, candidate, candidate_at, candidate_session
      FROM factor
      WHERE account = \(account)
      """
    ).map { row in
      Factor(
        account: row.id(0), secret: row.bytes(1), enrolledAt: row.optionalInstant(2),
        lastStep: Int64(row.integer(3)), candidate: Self.candidate(row))
    }
  }

  private static func candidate(_ row: Row) -> Factor.Candidate? {
    guard let sealed = row.bytes(4), let madeAt = row.optionalInstant(5),
      let session = row.optionalText(6)
    else { return nil }
    return Factor.Candidate(sealed: sealed, madeAt: madeAt, session: session)
  }

  /// Whether an account has a second factor in force: codes by time or a passkey. One that is out of use
  /// counts, so that nobody gets in without a second step because of it.
  func isEnrolled(_ account: AccountID) throws -> Bool {
    try transaction.row(
      "SELECT 1 FROM account WHERE id = \(account) AND \(FactorDuty.isEnrolled("account.id"))")
      != nil
  }

  /// Whether an account that has not shown a factor in its session owes one: it has one, or holds an
  /// office that asks for one.
  func isOwed(by account: AccountID, at now: Instant, _ rule: FactorDuty) throws -> Bool {
    try transaction.row(
      "SELECT 1 FROM account WHERE id = \(account) AND \(rule.isOwed(by: "account.id", at: now))")
      != nil
  }

  /// Whether an office that an account holds asks for a second factor.
  func isRequired(of account: AccountID, at now: Instant, _ rule: FactorDuty) throws -> Bool {
    try transaction.row(
      """
      SELECT 1
      FROM account
      WHERE id = \(account) AND \(rule.isRequired(of: "account.id", at: now))
      """) != nil
  }

  /// Keeps a new secret until its first code, for the session that made it.
  func propose(_ candidate: Factor.Candidate, for account: AccountID) throws {
    try transaction.execute(
      """
      INSERT INTO factor (account, last_step, candidate, candidate_at, candidate_session)
      VALUES (\(account), 0, \(candidate.sealed), \(candidate.madeAt), \(candidate.session))
      ON CONFLICT (account) DO UPDATE
      SET candidate = \(candidate.sealed), candidate_at = \(candidate.madeAt),
        candidate_session = \(candidate.session)
      """)
  }

  /// Forgets the new secret that waits in a session.
  func forgetCandidate(of account: AccountID, in session: String) throws {
    try transaction.execute(
      """
      UPDATE factor
      SET candidate = NULL, candidate_at = NULL, candidate_session = NULL
      WHERE account = \(account) AND candidate_session = \(session)
      """)
  }

  /// Takes the waiting secret into force, if it is still the one of which a code was checked; a step of
  /// it is used up.
  ///
  /// - Returns: whether it was.
  func enrol(
    _ account: AccountID, _ sealed: [UInt8], in session: String, step: Int64, at: Instant
  ) throws -> Bool {
    try transaction.execute(
      """
      UPDATE factor
      SET secret = candidate, enrolled_at = \(at), last_step = \(Int(step)), candidate = NULL,
        candidate_at = NULL, candidate_session = NULL
      WHERE account = \(account) AND candidate = \(sealed) AND candidate_session = \(session)
      """) > 0
  }

  func use(_ step: Int64, of account: AccountID) throws {
    try transaction.execute(
      "UPDATE factor SET last_step = \(Int(step)) WHERE account = \(account)")
  }

  func remove(_ account: AccountID) throws {
    try transaction.execute("DELETE FROM recovery_code WHERE account = \(account)")
    try transaction.execute("DELETE FROM factor WHERE account = \(account)")
  }

  // MARK: Recovery codes

  func replaceCodes(of account: AccountID, with fingerprints: [String], at: Instant) throws {
    try transaction.execute("DELETE FROM recovery_code WHERE account = \(account)")
    for fingerprint in fingerprints {
      try transaction.execute(
        """
        INSERT INTO recovery_code (fingerprint, account, made_at)
        VALUES (\(fingerprint), \(account), \(at))
        """)
    }
  }

  func codesLeft(_ account: AccountID) throws -> Int {
    try transaction.row(
      "SELECT COUNT(*) FROM recovery_code WHERE account = \(account) AND used_at IS NULL")?
      .integer(0) ?? 0
  }

  /// Uses a recovery code up.
  ///
  /// - Returns: whether there was an unused one.
  func useCode(_ fingerprint: String, of account: AccountID, at: Instant) throws -> Bool {
    try transaction.execute(
      """
      UPDATE recovery_code
      SET used_at = \(at)
      WHERE fingerprint = \(fingerprint) AND account = \(account) AND used_at IS NULL
      """) > 0
  }

  // MARK: Attempts

  func noteAttempt(_ id: String, by account: AccountID, at: Instant) throws {
    try transaction.execute(
      "INSERT INTO factor_attempt (id, account, at) VALUES (\(id), \(account), \(at))")
  }

  func attempts(by account: AccountID, since: Instant) throws -> Int {
    try transaction.row(
      "SELECT COUNT(*) FROM factor_attempt WHERE account = \(account) AND at > \(since)")?
      .integer(0) ?? 0
  }

  func forgetAttempts(by account: AccountID) throws {
    try transaction.execute("DELETE FROM factor_attempt WHERE account = \(account)")
  }

  func forgetAttempts(before: Instant) throws -> Int {
    try transaction.execute("DELETE FROM factor_attempt WHERE at <= \(before)")
  }

  // MARK: Taking away

  private static let columns: SQL = "id, account, asked_by, asked_at, until_at, reason"

  func insert(_ reset: FactorReset) throws {
    try transaction.execute(
      """
      INSERT INTO factor_reset (id, account, asked_by, asked_at, until_at, reason)
      VALUES (\(reset.reset), \(reset.account), \(reset.askedBy), \(reset.askedAt),
        \(reset.until), \(reset.reason))
      """)
  }

  /// A request that nobody has decided on and whose time is not over.
  func openReset(_ id: FactorResetID, at now: Instant) throws -> FactorReset? {
    try transaction.row(
      """
      SELECT \(Self.columns)
      FROM factor_reset
      WHERE id = \(id) AND decided_at IS NULL AND until_at > \(now)
      """
    ).map(Self.reset)
  }

  /// The request about an account that waits for a second person.
  func openReset(of account: AccountID, at now: Instant) throws -> FactorReset? {
    try transaction.row(
      """
      SELECT \(Self.columns)
      FROM factor_reset
      WHERE account = \(account) AND decided_at IS NULL AND until_at > \(now)
      ORDER BY asked_at, id
      LIMIT 1
      """
    ).map(Self.reset)
  }

  /// The requests that wait for a second person, the oldest first.
  func openResets(at now: Instant, limit: Int) throws -> [FactorReset] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM factor_reset
      WHERE decided_at IS NULL AND until_at > \(now)
      ORDER BY asked_at, id
      LIMIT \(limit)
      """
    ).map(Self.reset)
  }

  func decide(
    _ id: FactorResetID, approved: Bool, by account: AccountID, at: Instant
  ) throws {
    try transaction.execute(
      """
      UPDATE factor_reset
      SET decided_by = \(account), decided_at = \(at), approved = \(approved ? 1 : 0)
      WHERE id = \(id)
      """)
  }

  private static func reset(_ row: Row) -> FactorReset {
    FactorReset(
      reset: row.id(0), account: row.id(1), askedBy: row.id(2), askedAt: row.instant(3),
      until: row.instant(4), reason: row.text(5))
  }
}

/// Conditions of statements about who owes a factor.
extension FactorDuty {
  /// That an account has a factor, or an office that asks for one.
  ///
  /// - Parameter account: the column that names the account.
  func isOwed(by account: SQL, at now: Instant) -> SQL {
    "(\(Self.isEnrolled(account)) OR \(isRequired(of: account, at: now)))"
  }

  /// That an account has a factor.
  static func isEnrolled(_ account: SQL) -> SQL {
    """
    (EXISTS (SELECT 1 FROM factor WHERE factor.account = \(account) AND enrolled_at IS NOT NULL)
      OR EXISTS (SELECT 1 FROM passkey WHERE passkey.account = \(account)))
    """
  }

  /// That an account acts by an office that asks for a factor, on shift or not.
  func isRequired(of account: SQL, at now: Instant) -> SQL {
    if roles.isEmpty { return "1 = 0" }
    return """
      (EXISTS (
        SELECT 1
        FROM office
        WHERE office.account = \(account) AND office.role IN (\(SQL.list(roles)))
          AND office.from_at <= \(now) AND (office.until_at IS NULL OR office.until_at > \(now)))
      OR EXISTS (
        SELECT 1
        FROM delegation
        JOIN office ON office.account = delegation.giver AND office.role = delegation.role
          AND office.place = delegation.place
        WHERE delegation.taker = \(account) AND delegation.role IN (\(SQL.list(roles)))
          AND delegation.from_at <= \(now) AND delegation.until_at > \(now - grace)
          AND delegation.ended_at IS NULL AND office.from_at <= \(now)
          AND (office.until_at IS NULL OR office.until_at > \(now))))
      """
  }
}

import Kernel

/// Evidence that waits because one account has caused more than one may.
struct HeldEvidence: Sendable {
  let evidence: Evidence
  let person: PersonID
  let clause: String
  let at: Instant
}

/// Everything of an account that nobody has decided, what was withdrawn meanwhile among it.
struct UndecidedBatch: Sendable {
  /// Where its people live; at least one.
  let paths: [PlacePath]
  /// The organisations of whoever caused it.
  let organisations: Set<String>
  /// When the last of it was added.
  let last: Instant
}

/// Statements about what accounts have caused and tried.
struct RestrictionLimitsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let tables = Migration(
    "restrictions-limits-0001",
    """
    CREATE TABLE restriction_cause (
      restriction TEXT PRIMARY KEY, account TEXT NOT NULL, clause TEXT NOT NULL,
      at BIGINT NOT NULL)
    """,
    "CREATE INDEX restriction_cause_account ON restriction_cause (account, clause, at)",
    """
    CREATE TABLE restriction_held (
      kind TEXT NOT NULL, reference TEXT NOT NULL, person TEXT NOT NULL, infection TEXT NOT NULL,
      path TEXT NOT NULL, clause TEXT NOT NULL, account TEXT NOT NULL,
      organisations TEXT NOT NULL, at BIGINT NOT NULL, decided_at BIGINT, decided_by TEXT,
      approved BIGINT, PRIMARY KEY (kind, reference, person, infection))
    """,
    """
    CREATE INDEX restriction_held_account ON restriction_held (account)
    WHERE decided_at IS NULL
    """,
    """
    CREATE TABLE restriction_attempt (
      id TEXT PRIMARY KEY, account TEXT NOT NULL, command TEXT NOT NULL, code TEXT NOT NULL,
      at BIGINT NOT NULL)
    """,
    "CREATE INDEX restriction_attempt_account ON restriction_attempt (account, at)",
    "CREATE INDEX restriction_attempt_at ON restriction_attempt (at)")

  func note(
    _ restriction: RestrictionID, by account: AccountID, under clause: String, at now: Instant
  ) throws {
    try transaction.execute(
      """
      INSERT INTO restriction_cause (restriction, account, clause, at)
      VALUES (\(restriction), \(account), \(clause), \(now))
      ON CONFLICT (restriction) DO NOTHING
      """)
  }

  /// How many restrictions under a clause an account has caused since a moment.
  func caused(by account: AccountID, under clause: String, since: Instant) throws -> Int {
    try transaction.row(
      """
      SELECT COUNT(*)
      FROM restriction_cause
      WHERE account = \(account) AND clause = \(clause) AND at > \(since)
      """)?.integer(0) ?? 0
  }

  func hold(
    _ noted: NotedEvidence, under clause: String, by account: AccountID, organisations: String,
    at now: Instant
  ) throws {
    try transaction.execute(
      """
      INSERT INTO restriction_held (kind, reference, person, infection, path, clause, account,
        organisations, at)
      VALUES (\(noted.evidence.kind.rawValue), \(noted.evidence.reference), \(noted.person),
        \(noted.infection?.text ?? ""), \(noted.path), \(clause), \(account), \(organisations),
        \(now))
      ON CONFLICT (kind, reference, person, infection) DO UPDATE
      SET clause = excluded.clause, account = excluded.account,
        organisations = excluded.organisations, at = excluded.at, decided_at = NULL,
        decided_by = NULL, approved = NULL
      """)
  }

  /// What of an account nobody has decided; nil when there is nothing.
  func undecided(by account: AccountID) throws -> UndecidedBatch? {
    let rows = try transaction.rows(
      """
      SELECT path, organisations, MAX(at)
      FROM restriction_held
      WHERE account = \(account) AND decided_at IS NULL
      GROUP BY path, organisations
      ORDER BY path, organisations
      LIMIT 1000000
      """)
    guard let last = rows.map({ $0.instant(2) }).max() else { return nil }
    return UndecidedBatch(
      paths: rows.map { PlacePath($0.text(0)) },
      organisations: Set(
        rows.flatMap { $0.text(1).split(separator: "|").map(String.init) }), last: last)
  }

  /// How many of an account wait for a second person under each clause, and nobody has withdrawn.
  func waiting(by account: AccountID) throws -> [(clause: String, people: Int)] {
    try transaction.rows(
      """
      SELECT held.clause, COUNT(*)
      FROM restriction_held AS held
      JOIN evidence ON evidence.kind = held.kind AND evidence.reference = held.reference
        AND evidence.person = held.person AND evidence.infection = held.infection
      WHERE held.account = \(account) AND held.decided_at IS NULL
        AND evidence.withdrawn_at IS NULL
      GROUP BY held.clause
      ORDER BY held.clause
      LIMIT 1000
      """
    ).map { ($0.text(0), $0.integer(1)) }
  }

  /// One of those that wait, by its number from 0.
  func held(by account: AccountID, at number: Int) throws -> HeldEvidence? {
    try transaction.row(
      """
      SELECT held.kind, held.reference, held.person, held.clause, held.at
      FROM restriction_held AS held
      JOIN evidence ON evidence.kind = held.kind AND evidence.reference = held.reference
        AND evidence.person = held.person AND evidence.infection = held.infection
      WHERE held.account = \(account) AND held.decided_at IS NULL
        AND evidence.withdrawn_at IS NULL
      ORDER BY held.person, held.reference, held.infection
      LIMIT 1 OFFSET \(number)
      """
    ).map {
      HeldEvidence(
        evidence: Evidence(
          kind: EvidenceKind(rawValue: $0.text(0)) ?? .contact, reference: $0.text(1)),
        person: $0.id(2), clause: $0.text(3), at: $0.instant(4))
    }
  }

  /// Whether evidence about a person waits for a second person, or one has declined it.
  func isHeldBack(_ evidence: Evidence, about people: [PersonID]) throws -> Bool {
    try transaction.row(
      """
      SELECT 1
      FROM restriction_held
      WHERE kind = \(evidence.kind.rawValue) AND reference = \(evidence.reference)
        AND person IN (\(SQL.list(people))) AND (decided_at IS NULL OR approved = 0)
      LIMIT 1
      """) != nil
  }

  /// Lets what waits of an account be restricted next, or not at all.
  func decide(
    by account: AccountID, approved: Bool, approver: String, at now: Instant
  ) throws {
    if approved {
      try transaction.execute(
        """
        UPDATE evidence
        SET waiting_under = (
          SELECT held.clause
          FROM restriction_held AS held
          WHERE held.kind = evidence.kind AND held.reference = evidence.reference
            AND held.person = evidence.person AND held.infection = evidence.infection)
        WHERE withdrawn_at IS NULL AND (kind, reference, person, infection) IN (
          SELECT kind, reference, person, infection
          FROM restriction_held
          WHERE account = \(account) AND decided_at IS NULL)
        """)
    }
    try transaction.execute(
      """
      UPDATE restriction_held
      SET decided_at = \(now), decided_by = \(approver), approved = \(approved ? 1 : 0)
      WHERE account = \(account) AND decided_at IS NULL
      """)
  }

  func noteAttempt(
    _ id: String, by account: AccountID, command: String, code: String, at now: Instant
  ) throws {
    try transaction.execute(
      """
      INSERT INTO restriction_attempt (id, account, command, code, at)
      VALUES (\(id), \(account), \(command), \(code), \(now))
      ON CONFLICT (id) DO NOTHING
      """)
  }

  /// How often an account was refused since a moment.
  func attempts(by account: AccountID, since: Instant) throws -> Int {
    try transaction.row(
      """
      SELECT COUNT(*)
      FROM restriction_attempt
      WHERE account = \(account) AND at > \(since)
      """)?.integer(0) ?? 0
  }

  func forgetAttempts(before moment: Instant) throws {
    try transaction.execute("DELETE FROM restriction_attempt WHERE at < \(moment)")
  }
}

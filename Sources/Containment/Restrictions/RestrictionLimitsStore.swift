import Kernel

/// Evidence that waits because one account has caused more than one may.
struct HeldEvidence: Sendable {
  let evidence: Evidence
  let person: PersonID
  /// Where the evidence lies.
  let path: PlacePath
  let clause: String
  let at: Instant
}

/// Everything of an account that nobody has decided, what was withdrawn meanwhile among it.
struct UndecidedBatch: Sendable {
  /// Where its people live; at least one.
  let paths: [PlacePath]
  /// The organisations of whoever caused it.
  let organisations: Set<String>
  /// When the first and the last of it were added.
  let first: Instant
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

  /// What an account causes counts by whatever clause, and what a clause does by whatever account.
  static let totals = Migration(
    "restrictions-limits-0002", "DROP INDEX restriction_cause_account",
    "CREATE INDEX restriction_cause_sender ON restriction_cause (account, at)",
    "CREATE INDEX restriction_cause_clause ON restriction_cause (clause, at)")

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

  /// How many restrictions an account has caused since a moment, by whatever clauses but some.
  func caused(
    by account: AccountID, since: Instant, apartFrom clauses: [String] = []
  ) throws -> Int {
    let counted: SQL = clauses.isEmpty ? "1 = 1" : "clause NOT IN (\(SQL.list(clauses)))"
    return try transaction.row(
      """
      SELECT COUNT(*)
      FROM restriction_cause
      WHERE account = \(account) AND at > \(since) AND \(counted)
      """)?.integer(0) ?? 0
  }

  /// How many restrictions under a clause all accounts have caused since a moment.
  func caused(under clause: String, since: Instant) throws -> Int {
    try transaction.row(
      """
      SELECT COUNT(*)
      FROM restriction_cause
      WHERE clause = \(clause) AND at > \(since)
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
      SELECT path, organisations, MAX(at), MIN(at)
      FROM restriction_held
      WHERE account = \(account) AND decided_at IS NULL
      GROUP BY path, organisations
      ORDER BY path, organisations
      LIMIT 1000000
      """)
    guard let last = rows.map({ $0.instant(2) }).max(),
      let first = rows.map({ $0.instant(3) }).min()
    else { return nil }
    return UndecidedBatch(
      paths: rows.map { PlacePath($0.text(0)) },
      organisations: Set(
        rows.flatMap { $0.text(1).split(separator: "|").map(String.init) }), first: first,
      last: last)
  }

  /// Those of an account that wait under one clause and count from one moment.
  struct Waiting: Sendable {
    let clause: String
    let people: Int
    let countedFrom: Instant
  }

  /// How many of an account wait for a second person, and nobody has withdrawn, by clause and by the
  /// moment from which they count.
  func waiting(by account: AccountID) throws -> [Waiting] {
    try transaction.rows(
      """
      SELECT held.clause, COUNT(*), evidence.counted_from
      FROM restriction_held AS held
      JOIN evidence ON evidence.kind = held.kind AND evidence.reference = held.reference
        AND evidence.person = held.person AND evidence.infection = held.infection
      WHERE held.account = \(account) AND held.decided_at IS NULL
        AND evidence.withdrawn_at IS NULL
      GROUP BY held.clause, evidence.counted_from
      ORDER BY held.clause, evidence.counted_from
      LIMIT 1000000
      """
    ).map { Waiting(clause: $0.text(0), people: $0.integer(1), countedFrom: $0.instant(2)) }
  }

  /// The cases of an account of which nobody has decided, and whose they are.
  func cases(by account: AccountID) throws -> [(infection: CaseID, person: PersonID)] {
    try transaction.rows(
      """
      SELECT reference, person
      FROM restriction_held
      WHERE account = \(account) AND decided_at IS NULL
        AND kind = \(EvidenceKind.infection.rawValue)
      ORDER BY reference, person
      LIMIT 1000000
      """
    ).map { ($0.id(0), $0.id(1)) }
  }

  /// Where those of an account that wait live, and how many at each place; of whom nobody knows that,
  /// where the evidence lies.
  func places(by account: AccountID) throws -> [(path: PlacePath, people: Int)] {
    try transaction.rows(
      """
      SELECT COALESCE(person.path, held.path), COUNT(*)
      FROM restriction_held AS held
      JOIN evidence ON evidence.kind = held.kind AND evidence.reference = held.reference
        AND evidence.person = held.person AND evidence.infection = held.infection
      LEFT JOIN person ON person.id = held.person
      WHERE held.account = \(account) AND held.decided_at IS NULL
        AND evidence.withdrawn_at IS NULL
      GROUP BY COALESCE(person.path, held.path)
      ORDER BY 1
      LIMIT 1000000
      """
    ).map { (PlacePath($0.text(0)), $0.integer(1)) }
  }

  /// The accounts of which something waits in an area, the first that was told first.
  func accounts(
    in path: PlacePath
  ) throws -> [(account: AccountID, people: Int, first: Instant, last: Instant)] {
    try transaction.rows(
      """
      SELECT held.account, SUM(CASE WHEN evidence.withdrawn_at IS NULL THEN 1 ELSE 0 END),
        MIN(held.at), MAX(held.at)
      FROM restriction_held AS held
      JOIN evidence ON evidence.kind = held.kind AND evidence.reference = held.reference
        AND evidence.person = held.person AND evidence.infection = held.infection
      WHERE held.decided_at IS NULL AND \(SQL.inside(path, column: "held.path"))
      GROUP BY held.account
      ORDER BY MIN(held.at), held.account
      LIMIT 1000
      """
    ).map { (AccountID(trusted: $0.text(0)), $0.integer(1), $0.instant(2), $0.instant(3)) }
  }

  /// One of those that wait, by its number from 0.
  func held(by account: AccountID, at number: Int) throws -> HeldEvidence? {
    try transaction.row(
      """
      SELECT held.kind, held.reference, held.person, held.clause, held.at, held.path
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
        person: $0.id(2), path: PlacePath($0.text(5)), clause: $0.text(3), at: $0.instant(4))
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

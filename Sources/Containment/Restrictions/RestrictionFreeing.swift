import Kernel

/// What one account lets end by its word: nobody has to stay restricted for want of a second signature,
/// and nobody frees a building unseen (I-16, RELIABILITY 3.3).
extension Work {
  /// Notes that a restriction ended because somebody withdrew what it rested on, or agreed with an
  /// objection; who so frees more people than one account may restrict is told to the auditor.
  ///
  /// Contacts that were rejected are not counted here: there two people decide beyond that number.
  func noteFreed(_ restriction: Restriction) throws {
    guard let account = senderAccount, let (policy, _) = try restrictionsInForce() else { return }
    let freed = FreedStore(transaction)
    try freed.note(restriction, by: account, at: now)
    let alone = policy.alone
    let since = now - .hours(alone.hours)
    guard try freed.hasFreed(moreThan: alone.people, by: account, since: since) else { return }
    try alarm(about: account, at: district(of: restriction.path) ?? restriction.place, alone)
  }

  /// The same for what rested on a contact whose case was withdrawn.
  func noteFreed(amongThose ids: [RestrictionID]) throws {
    for id in ids {
      let restriction = try RestrictionsStore(transaction).get(id)
      if restriction.endedAt == now, restriction.evidence.kind == .contact {
        try noteFreed(restriction)
      }
    }
  }
}

/// Statements about whom accounts have let go.
struct FreedStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let table = Migration(
    "restrictions-freed-0001",
    """
    CREATE TABLE restriction_freed (
      restriction TEXT PRIMARY KEY, person TEXT NOT NULL, account TEXT NOT NULL,
      at BIGINT NOT NULL)
    """,
    "CREATE INDEX restriction_freed_account ON restriction_freed (account, at)",
    "CREATE INDEX restriction_freed_at ON restriction_freed (at)")

  func note(_ restriction: Restriction, by account: AccountID, at now: Instant) throws {
    try transaction.execute(
      """
      INSERT INTO restriction_freed (restriction, person, account, at)
      VALUES (\(restriction.id), \(restriction.person), \(account), \(now))
      ON CONFLICT (restriction) DO NOTHING
      """)
  }

  /// Whether an account has let more than so many people go since a moment. Looks no further than it has to:
  /// it is asked for each of thousands.
  func hasFreed(moreThan most: Int, by account: AccountID, since: Instant) throws -> Bool {
    try transaction.rows(
      """
      SELECT DISTINCT person
      FROM restriction_freed
      WHERE account = \(account) AND at > \(since)
      LIMIT \(most + 1)
      """
    ).count > most
  }
}

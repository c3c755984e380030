import Kernel

/// An office that an account acts by at a moment: its own, or one that a colleague delegated to it.
struct StandingOffice: Sendable {
  let role: String
  let place: PlaceID
  let path: PlacePath
  /// Who delegated it; nil when it is the account's own.
  let giver: AccountID?
  /// Whether it is held during shifts only: its holder's own, whoever acts by it.
  let isByShift: Bool
  /// The shift that began last; nil when none has begun.
  let shift: HeldSpan?
  /// The span of a delegation; nil for one's own office. It is cut short when either side ended it or
  /// the giver's office ended.
  let delegation: HeldSpan?

  /// When a delegation ended; nil while it runs, or when it is no delegation.
  func endedAt(_ now: Instant) -> Instant? { delegation.flatMap { $0.ends <= now ? $0.ends : nil } }
}

/// What an account acts by, in one statement: every command and every question asks it.
struct HeldOfficesStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  /// The offices by which an account acts at a moment, its own first.
  ///
  /// - Parameter since: delegations that ended after this are told, too.
  func standing(
    of account: AccountID, at now: Instant, endedSince since: Instant? = nil
  ) throws -> [StandingOffice] {
    try transaction.rows(
      """
      SELECT office.role, office.place, office.path, '' AS giver,
        CASE WHEN shift_tie.account IS NULL THEN 0 ELSE 1 END AS tied,
        \(Self.lastShift("begins_at", at: now)) AS shift_begins,
        \(Self.lastShift("ends_at", at: now)) AS shift_ends,
        \(Self.lastShift("ended_by", at: now)) AS shift_ended_by, NULL AS given_from,
        NULL AS given_until, NULL AS given_ended, 0 AS is_orphan
      FROM office
      LEFT JOIN shift_tie ON shift_tie.account = office.account
        AND shift_tie.role = office.role AND shift_tie.place = office.place
      WHERE office.account = \(account) AND office.from_at <= \(now)
        AND (office.until_at IS NULL OR office.until_at > \(now))
      UNION ALL
      SELECT delegation.role, delegation.place, delegation.path, delegation.giver AS giver,
        CASE WHEN shift_tie.account IS NULL THEN 0 ELSE 1 END AS tied,
        \(Self.lastShift("begins_at", at: now)) AS shift_begins,
        \(Self.lastShift("ends_at", at: now)) AS shift_ends,
        \(Self.lastShift("ended_by", at: now)) AS shift_ended_by,
        delegation.from_at AS given_from, delegation.until_at AS given_until,
        delegation.ended_at AS given_ended,
        CASE
          WHEN EXISTS (
            SELECT 1
            FROM office
            WHERE office.account = delegation.giver AND office.role = delegation.role
              AND office.place = delegation.place AND office.from_at <= \(now)
              AND (office.until_at IS NULL OR office.until_at > \(now))) THEN 0 ELSE 1
        END AS is_orphan
      FROM delegation
      LEFT JOIN shift_tie ON shift_tie.account = delegation.giver
        AND shift_tie.role = delegation.role AND shift_tie.place = delegation.place
      WHERE delegation.taker = \(account) AND delegation.from_at <= \(now)
        AND delegation.until_at > \(since ?? now)
      ORDER BY 4, 3, 1
      LIMIT 500
      """
    ).map { row in
      let giver = row.text(3)
      return StandingOffice(
        role: row.text(0), place: row.id(1), path: PlacePath(row.text(2)),
        giver: giver.isEmpty ? nil : AccountID(trusted: giver), isByShift: row.integer(4) == 1,
        shift: Self.span(row, from: 5), delegation: Self.delegation(row, at: now))
    }
  }

  private static func delegation(_ row: Row, at now: Instant) -> HeldSpan? {
    guard let begins = row.optionalInstant(8), let until = row.optionalInstant(9) else {
      return nil
    }
    if let ended = row.optionalInstant(10) {
      return HeldSpan(begins: begins, ends: ended, isCutShort: true)
    }
    // The giver's office has ended: what was handed over of it ended with it, at the latest now.
    let isOrphan = row.integer(11) == 1
    return HeldSpan(
      begins: begins, ends: isOrphan ? min(until, now) : until, isCutShort: isOrphan)
  }

  /// Something of the shift of a tied office that began last; nothing where the office is not tied.
  private static func lastShift(_ column: SQL, at now: Instant) -> SQL {
    """
    CASE WHEN shift_tie.account IS NULL THEN NULL ELSE (
      SELECT shift.\(column)
      FROM shift
      WHERE shift.account = shift_tie.account AND shift.role = shift_tie.role
        AND shift.place = shift_tie.place AND shift.begins_at <= \(now)
        AND shift.begins_at < shift.ends_at
      ORDER BY shift.begins_at DESC
      LIMIT 1) END
    """
  }

  /// The shift of a tied office that had begun last at a moment.
  func shift(
    of account: AccountID, _ role: String, at place: PlaceID, begunBy moment: Instant
  ) throws -> HeldSpan? {
    try transaction.row(
      """
      SELECT begins_at, ends_at, ended_by
      FROM shift
      WHERE account = \(account) AND role = \(role) AND place = \(place)
        AND begins_at <= \(moment) AND begins_at < ends_at
      ORDER BY begins_at DESC
      LIMIT 1
      """
    ).flatMap { Self.span($0, from: 0) }
  }

  private static func span(_ row: Row, from column: Int) -> HeldSpan? {
    guard let begins = row.optionalInstant(column), let ends = row.optionalInstant(column + 1)
    else { return nil }
    return HeldSpan(
      begins: begins, ends: ends, isCutShort: row.optionalText(column + 2) != nil)
  }

  /// What those are called who hold one of some roles over a path at a moment, the nearest first.
  func titles(
    holding roles: [String], over path: PlacePath, except account: AccountID, at now: Instant
  ) throws -> [String] {
    if roles.isEmpty { return [] }
    let paths = [path] + path.ancestors + (path == .everywhere ? [] : [.everywhere])
    return try transaction.rows(
      """
      SELECT account.title
      FROM office
      JOIN account ON account.id = office.account
      WHERE office.path IN (\(SQL.list(paths))) AND office.role IN (\(SQL.list(roles)))
        AND office.account <> \(account) AND office.from_at <= \(now)
        AND (office.until_at IS NULL OR office.until_at > \(now))
      ORDER BY LENGTH(office.path) DESC, account.title
      LIMIT 3
      """
    ).map { $0.text(0) }
  }
}

import Kernel

/// Statements about accounts and the offices they hold.
package struct OfficesStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  /// Whether there is an open account.
  package func hasAccount(_ account: AccountID) throws -> Bool {
    try transaction.row("SELECT 1 FROM account WHERE id = \(account) AND closed_at IS NULL") != nil
  }

  /// Whether there is any account at all.
  func hasAccounts() throws -> Bool {
    try transaction.row("SELECT 1 FROM account LIMIT 1") != nil
  }

  func account(_ id: AccountID) throws -> Account? {
    try transaction.row(
      "SELECT id, title, opened_at, closed_at, password_at FROM account WHERE id = \(id)"
    ).map(Self.account)
  }

  /// An open account, which must be there.
  ///
  /// - Parameter field: in which it was named.
  func openAccount(_ id: AccountID, field: String = "account") throws -> Account {
    guard let account = try account(id), account.closedAt == nil else {
      throw Refusal.notFound(Words("账号", "account"), id.text, field: field)
    }
    return account
  }

  /// Accounts by name.
  func accounts(after: String, limit: Int) throws -> [Account] {
    try transaction.rows(
      """
      SELECT id, title, opened_at, closed_at, password_at
      FROM account
      WHERE id > \(after)
      ORDER BY id
      LIMIT \(limit)
      """
    ).map(Self.account)
  }

  /// Accounts that hold an office inside an area at a moment, by name.
  func accounts(
    holdingIn area: PlacePath, at now: Instant, after: String, limit: Int
  ) throws -> [Account] {
    try transaction.rows(
      """
      SELECT DISTINCT account.id, title, opened_at, closed_at, password_at
      FROM account
      JOIN office ON office.account = account.id
      WHERE \(SQL.inside(area, column: "path")) AND from_at <= \(now)
        AND (until_at IS NULL OR until_at > \(now)) AND account.id > \(after)
      ORDER BY account.id
      LIMIT \(limit)
      """
    ).map(Self.account)
  }

  /// Keeps a new account.
  package func insertAccount(_ account: AccountID, title: String, at: Instant) throws {
    try transaction.execute(
      """
      INSERT INTO account (id, title, opened_at)
      VALUES (\(account), \(title), \(at))
      """)
  }

  func closeAccount(_ account: AccountID, at: Instant) throws {
    try transaction.execute(
      """
      UPDATE account
      SET closed_at = \(at), password_salt = NULL, password_digest = NULL
      WHERE id = \(account)
      """)
    try transaction.execute(
      """
      UPDATE office
      SET until_at = CASE WHEN from_at > \(at) THEN from_at ELSE \(at) END
      WHERE account = \(account) AND (until_at IS NULL OR until_at > \(at))
      """)
  }

  /// Keeps an office that somebody holds.
  package func insertOffice(_ office: Office) throws {
    try transaction.execute(
      """
      INSERT INTO office (account, role, place, path, from_at, until_at)
      VALUES (\(office.account), \(office.role), \(office.place), \(office.path), \(office.from),
        \(office.until))
      """)
  }

  /// Sets the end of every span of an office that runs at a moment or begins later.
  ///
  /// - Returns: how many spans that were.
  func endOffice(
    _ account: AccountID, _ role: String, at place: PlaceID, until: Instant
  ) throws -> Int {
    try transaction.execute(
      """
      UPDATE office
      SET until_at = CASE WHEN from_at > \(until) THEN from_at ELSE \(until) END
      WHERE account = \(account) AND role = \(role) AND place = \(place)
        AND (until_at IS NULL OR until_at > \(until))
      """)
  }

  /// Whether an account holds an office at some moment of a span.
  func holds(
    _ account: AccountID, _ role: String, at place: PlaceID, from: Instant, until: Instant?
  ) throws -> Bool {
    let before: SQL = until.map { "from_at < \($0)" } ?? "1 = 1"
    return try transaction.row(
      """
      SELECT 1
      FROM office
      WHERE account = \(account) AND role = \(role) AND place = \(place)
        AND (until_at IS NULL OR until_at > \(from)) AND \(before)
      LIMIT 1
      """) != nil
  }

  /// The offices that an account holds at a moment.
  package func offices(of account: AccountID, at now: Instant) throws -> [Office] {
    try transaction.rows(
      """
      SELECT account, role, place, path, from_at, until_at
      FROM office
      WHERE account = \(account) AND from_at <= \(now) AND (until_at IS NULL OR until_at > \(now))
      ORDER BY path, role
      LIMIT 500
      """
    ).map(Self.office)
  }

  /// Where an account holds offices at a moment; everywhere when it holds none, for whoever judges of
  /// accounts by their places.
  func paths(of account: AccountID, at now: Instant) throws -> [PlacePath] {
    let held = try offices(of: account, at: now)
    return held.isEmpty ? [.everywhere] : held.map(\.path)
  }

  /// Offices held exactly at a place at a moment.
  func offices(at place: PlaceID, now: Instant) throws -> [Office] {
    try transaction.rows(
      """
      SELECT account, role, place, path, from_at, until_at
      FROM office
      WHERE place = \(place) AND from_at <= \(now) AND (until_at IS NULL OR until_at > \(now))
      ORDER BY role, from_at, account
      LIMIT 500
      """
    ).map(Self.office)
  }

  /// The offices inside an area that are held at a moment, by place and role, each pair once.
  package func heldSeats(in area: PlacePath, at now: Instant) throws -> [(
    path: PlacePath, role: String
  )] {
    try transaction.rows(
      """
      SELECT DISTINCT path, role
      FROM office
      WHERE \(SQL.inside(area, column: "path")) AND from_at <= \(now)
        AND (until_at IS NULL OR until_at > \(now))
      ORDER BY path, role
      LIMIT 1000000
      """
    ).map { (PlacePath($0.text(0)), $0.text(1)) }
  }

  /// How many open accounts other than one hold a role of a set everywhere, at a moment, without an end
  /// and by day and night.
  func lastingHolders(
    of roles: [String], except account: AccountID, at now: Instant
  ) throws -> Int {
    var count = 0
    for role in roles {
      count +=
        try transaction.row(
          """
          SELECT COUNT(*)
          FROM office
          WHERE place = \(Offices.everywhere) AND role = \(role) AND account <> \(account)
            AND from_at <= \(now) AND until_at IS NULL
            AND NOT EXISTS (
              SELECT 1
              FROM shift_tie
              WHERE shift_tie.account = office.account AND shift_tie.role = office.role
                AND shift_tie.place = office.place)
          """)?.integer(0) ?? 0
    }
    return count
  }

  private static func office(_ row: Row) -> Office {
    Office(
      account: row.id(0), role: row.text(1), place: row.id(2), path: PlacePath(row.text(3)),
      from: row.instant(4), until: row.optionalInstant(5))
  }

  private static func account(_ row: Row) -> Account {
    Account(
      account: row.id(0), title: row.text(1), openedAt: row.instant(2),
      closedAt: row.optionalInstant(3), hasPassword: row.optionalInstant(4) != nil)
  }
}

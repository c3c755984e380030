import Kernel

/// Statements about invitations.
struct InvitationsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL = """
    id, account, title, role, place, inviter, issued_at, until_at, office_until, accepted_at,
    withdrawn_at
    """

  func insert(_ one: Invitation, path: PlacePath, fingerprint: String) throws {
    try transaction.execute(
      """
      INSERT INTO invitation (id, fingerprint, account, title, role, place, path, inviter, issued_at,
        until_at, office_until)
      VALUES (\(one.invitation), \(fingerprint), \(one.account), \(one.title), \(one.role),
        \(one.place), \(path), \(one.inviter), \(one.issuedAt), \(one.until), \(one.officeUntil))
      """)
  }

  func find(fingerprint: String) throws -> (invitation: Invitation, path: PlacePath)? {
    try transaction.row(
      "SELECT \(Self.columns), path FROM invitation WHERE fingerprint = \(fingerprint)"
    ).map { (Self.invitation($0), PlacePath($0.text(11))) }
  }

  func find(_ id: InvitationID) throws -> (invitation: Invitation, path: PlacePath)? {
    try transaction.row("SELECT \(Self.columns), path FROM invitation WHERE id = \(id)")
      .map { (Self.invitation($0), PlacePath($0.text(11))) }
  }

  /// Whether an open invitation will open an account of a name.
  func isPromised(_ account: AccountID, at now: Instant) throws -> Bool {
    try transaction.row(
      """
      SELECT 1
      FROM invitation
      WHERE account = \(account) AND accepted_at IS NULL AND withdrawn_at IS NULL
        AND until_at > \(now)
      LIMIT 1
      """) != nil
  }

  func open(by inviter: AccountID, at now: Instant) throws -> Int {
    try transaction.row(
      """
      SELECT COUNT(*)
      FROM invitation
      WHERE inviter = \(inviter) AND accepted_at IS NULL AND withdrawn_at IS NULL
        AND until_at > \(now)
      """)?.integer(0) ?? 0
  }

  /// The invitations into an area, the youngest first.
  func invitations(in area: PlacePath, limit: Int) throws -> [Invitation] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM invitation
      WHERE \(SQL.inside(area, column: "path"))
      ORDER BY issued_at DESC, id DESC
      LIMIT \(limit)
      """
    ).map(Self.invitation)
  }

  func accept(_ id: InvitationID, at: Instant) throws {
    try transaction.execute("UPDATE invitation SET accepted_at = \(at) WHERE id = \(id)")
  }

  func withdraw(_ id: InvitationID, at: Instant) throws {
    try transaction.execute("UPDATE invitation SET withdrawn_at = \(at) WHERE id = \(id)")
  }

  private static func invitation(_ row: Row) -> Invitation {
    Invitation(
      invitation: row.id(0), account: row.id(1), title: row.text(2), role: row.text(3),
      place: row.id(4), inviter: row.id(5), issuedAt: row.instant(6), until: row.instant(7),
      officeUntil: row.optionalInstant(8), acceptedAt: row.optionalInstant(9),
      withdrawnAt: row.optionalInstant(10))
  }
}

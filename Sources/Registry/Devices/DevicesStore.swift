import Kernel

/// Statements about devices.
struct DevicesStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL = """
    id, account, name, registered_at, seen_at, waiting, oldest_at, revoked_at, emptied_at
    """

  func insert(
    _ id: DeviceID, account: AccountID, fingerprint: String, name: String, at: Instant
  ) throws {
    try transaction.execute(
      """
      INSERT INTO device (id, account, fingerprint, name, registered_at, seen_at, waiting)
      VALUES (\(id), \(account), \(fingerprint), \(name), \(at), \(at), 0)
      """)
  }

  func find(_ id: DeviceID) throws -> RegisteredDevice? {
    try transaction.row("SELECT \(Self.columns) FROM device WHERE id = \(id)").map(Self.device)
  }

  /// An account's device in a browser, unless it was revoked.
  func inUse(by account: AccountID, fingerprint: String) throws -> RegisteredDevice? {
    try transaction.row(
      """
      SELECT \(Self.columns)
      FROM device
      WHERE fingerprint = \(fingerprint) AND account = \(account) AND revoked_at IS NULL
      ORDER BY registered_at DESC, id DESC
      LIMIT 1
      """
    ).map(Self.device)
  }

  /// A browser's devices that were revoked and have not said that they are empty.
  func revoked(fingerprint: String) throws -> [DeviceID] {
    try transaction.rows(
      """
      SELECT id
      FROM device
      WHERE fingerprint = \(fingerprint) AND revoked_at IS NOT NULL AND emptied_at IS NULL
      ORDER BY id
      LIMIT 100
      """
    ).map { $0.id(0) }
  }

  /// Whether a device is one of a browser's.
  func isOf(_ fingerprint: String, _ id: DeviceID) throws -> Bool {
    try transaction.row(
      "SELECT 1 FROM device WHERE id = \(id) AND fingerprint = \(fingerprint)") != nil
  }

  /// The devices of an account, the latest seen first.
  func all(of account: AccountID, limit: Int) throws -> [RegisteredDevice] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM device
      WHERE account = \(account)
      ORDER BY seen_at DESC, id DESC
      LIMIT \(limit)
      """
    ).map(Self.device)
  }

  /// The devices of those who hold an office inside an area, what waits longest first.
  func inUse(inside area: PlacePath, at now: Instant, limit: Int) throws -> [RegisteredDevice] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM device
      WHERE (revoked_at IS NULL OR emptied_at IS NULL) AND account IN (
        SELECT account
        FROM office
        WHERE \(SQL.inside(area, column: "path")) AND from_at <= \(now)
          AND (until_at IS NULL OR until_at > \(now)))
      ORDER BY CASE WHEN waiting > 0 THEN 0 ELSE 1 END, seen_at DESC, id
      LIMIT \(limit)
      """
    ).map(Self.device)
  }

  func note(_ id: DeviceID, seenAt: Instant) throws {
    try transaction.execute("UPDATE device SET seen_at = \(seenAt) WHERE id = \(id)")
  }

  func note(_ id: DeviceID, seenAt: Instant, waiting: Int, oldestAt: Instant?) throws {
    try transaction.execute(
      """
      UPDATE device
      SET seen_at = \(seenAt), waiting = \(waiting), oldest_at = \(oldestAt)
      WHERE id = \(id)
      """)
  }

  func revoke(_ id: DeviceID, at: Instant) throws {
    try transaction.execute(
      "UPDATE device SET revoked_at = \(at) WHERE id = \(id) AND revoked_at IS NULL")
  }

  func empty(_ id: DeviceID, at: Instant) throws {
    try transaction.execute(
      "UPDATE device SET emptied_at = \(at), waiting = 0, oldest_at = NULL WHERE id = \(id)")
  }

  private static func device(_ row: Row) -> RegisteredDevice {
    RegisteredDevice(
      id: row.id(0), account: row.id(1), name: row.text(2), registeredAt: row.instant(3),
      seenAt: row.instant(4), waiting: row.integer(5), oldestAt: row.optionalInstant(6),
      revokedAt: row.optionalInstant(7), emptiedAt: row.optionalInstant(8))
  }
}

import Gazette
import Kernel

/// Statements about who stands at a zone, and where its gates are.
package struct ZoneStaffStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  func insert(_ shift: ZoneShift) throws {
    try transaction.execute(
      """
      INSERT INTO zone_shift (id, zone, role, checkpoint, account, from_at, until_at)
      VALUES (\(shift.id), \(shift.zone), \(shift.role), \(shift.checkpoint), \(shift.account),
        \(shift.from), \(shift.until))
      """)
  }

  func remove(_ id: String, at now: Instant) throws {
    try transaction.execute("UPDATE zone_shift SET removed_at = \(now) WHERE id = \(id)")
  }

  /// A turn that nobody has taken off.
  package func shift(_ id: String) throws -> ZoneShift? {
    try transaction.row(
      """
      SELECT id, zone, role, checkpoint, account, from_at, until_at
      FROM zone_shift
      WHERE id = \(id) AND removed_at IS NULL
      """
    ).map(Self.shift)
  }

  /// The turns of a zone that touch a span.
  package func shifts(of zone: ZoneID, from: Instant, until: Instant) throws -> [ZoneShift] {
    try transaction.rows(
      """
      SELECT id, zone, role, checkpoint, account, from_at, until_at
      FROM zone_shift
      WHERE zone = \(zone) AND until_at > \(from) AND from_at < \(until) AND removed_at IS NULL
      ORDER BY from_at, role, account, id
      LIMIT 2000
      """
    ).map(Self.shift)
  }

  /// Turns of an account, at whichever zone, that touch a span.
  func shifts(of account: AccountID, from: Instant, until: Instant) throws -> [ZoneShift] {
    try transaction.rows(
      """
      SELECT id, zone, role, checkpoint, account, from_at, until_at
      FROM zone_shift
      WHERE account = \(account) AND until_at > \(from) AND from_at < \(until)
        AND removed_at IS NULL
      ORDER BY from_at, id
      LIMIT 100
      """
    ).map(Self.shift)
  }

  /// Turns of an account, at whichever zone, that are not over.
  func shifts(of account: AccountID, notOverAt now: Instant) throws -> [ZoneShift] {
    try transaction.rows(
      """
      SELECT id, zone, role, checkpoint, account, from_at, until_at
      FROM zone_shift
      WHERE account = \(account) AND until_at > \(now) AND removed_at IS NULL
      ORDER BY from_at, id
      LIMIT 100
      """
    ).map(Self.shift)
  }

  func insert(_ checkpoint: ZoneCheckpoint, at now: Instant) throws {
    try transaction.execute(
      """
      INSERT INTO zone_checkpoint (id, zone, place, name, set_at)
      VALUES (\(checkpoint.id), \(checkpoint.zone), \(checkpoint.place), \(checkpoint.name),
        \(now))
      """)
  }

  /// The gates of a zone in the order in which they were set.
  package func checkpoints(of zone: ZoneID) throws -> [ZoneCheckpoint] {
    try transaction.rows(
      """
      SELECT id, zone, place, name
      FROM zone_checkpoint
      WHERE zone = \(zone)
      ORDER BY set_at, id
      LIMIT 200
      """
    ).map { ZoneCheckpoint(id: $0.text(0), zone: $0.id(1), place: $0.id(2), name: $0.text(3)) }
  }

  private static func shift(_ row: Row) -> ZoneShift {
    ZoneShift(
      id: row.text(0), zone: row.id(1), role: row.text(2), checkpoint: row.optionalText(3),
      account: row.id(4), from: row.instant(5), until: row.instant(6))
  }
}

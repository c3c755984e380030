import Gazette
import Kernel

/// Statements about boxes and the legs of their way.
package struct CustodyStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  /// The box with an identifier.
  package func find(_ id: BoxID) throws -> TubeBox? {
    try transaction.row(
      "SELECT id, round, point, packed_at, tubes FROM tube_box WHERE id = \(id)"
    ).map(Self.box)
  }

  private static func box(_ row: Row) -> TubeBox {
    TubeBox(
      id: row.id(0), round: row.id(1), point: row.optionalID(2), packedAt: row.instant(3),
      tubes: row.integer(4))
  }

  func insert(_ box: TubeBox, by sender: String) throws {
    try transaction.put(
      """
      INSERT INTO tube_box (id, round, point, packed_at, packed_by, tubes)
      VALUES (\(box.id), \(box.round), \(box.point), \(box.packedAt), \(sender), \(box.tubes))
      """)
  }

  /// The legs of a box's way, from the first.
  package func legs(of box: BoxID) throws -> [BoxLeg] {
    try transaction.rows(
      """
      SELECT number, to_kind, to_id, given_at, given_by, given_tubes, taken_at, taken_by,
        taken_tubes
      FROM box_leg
      WHERE box = \(box)
      ORDER BY number
      LIMIT 100
      """
    ).map { row in
      BoxLeg(
        number: row.integer(0),
        to: Holder(kind: Holder.Kind(rawValue: row.text(1)) ?? .store, id: row.text(2)),
        givenAt: row.instant(3), givenBy: row.text(4), givenTubes: row.integer(5),
        takenAt: row.optionalInstant(6), takenBy: row.optionalText(7),
        takenTubes: row.optionalInteger(8))
    }
  }

  func insert(_ leg: BoxLeg, of box: BoxID) throws {
    try transaction.put(
      """
      INSERT INTO box_leg (box, number, to_kind, to_id, given_at, given_by, given_tubes)
      VALUES (\(box), \(leg.number), \(leg.to.kind.rawValue), \(leg.to.id), \(leg.givenAt),
        \(leg.givenBy), \(leg.givenTubes))
      """)
  }

  func take(_ leg: BoxLeg, of box: BoxID) throws {
    try transaction.put(
      """
      UPDATE box_leg
      SET taken_at = \(leg.takenAt), taken_by = \(leg.takenBy), taken_tubes = \(leg.takenTubes)
      WHERE box = \(box) AND number = \(leg.number)
      """)
  }

  /// Legs that nobody confirmed since a moment and of which nobody was told yet.
  func open(givenBefore moment: Instant, limit: Int) throws -> [(box: BoxID, number: Int)] {
    try transaction.rows(
      """
      SELECT box, number
      FROM box_leg
      WHERE taken_at IS NULL AND alarmed_at IS NULL AND given_at < \(moment)
      ORDER BY given_at, box
      LIMIT \(limit)
      """
    ).map { ($0.id(0), $0.integer(1)) }
  }

  func noteAlarm(_ box: BoxID, _ number: Int, at now: Instant) throws {
    try transaction.put(
      "UPDATE box_leg SET alarmed_at = \(now) WHERE box = \(box) AND number = \(number)")
  }
}

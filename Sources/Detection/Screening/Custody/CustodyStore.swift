import Gazette
import Kernel

/// Statements about boxes and the legs of their way.
package struct CustodyStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  /// The box with an identifier.
  package func find(_ id: BoxID) throws -> TubeBox? {
    try transaction.row(
      """
      SELECT id, round, point, packed_at, tubes, waits_since, told_after
      FROM tube_box
      WHERE id = \(id)
      """
    ).map(Self.box)
  }

  /// The laboratories that the district knows, by name.
  func laboratories() throws -> [(id: LaboratoryID, name: String)] {
    try transaction.rows("SELECT id, name FROM laboratory ORDER BY name, id")
      .map { ($0.id(0), $0.text(1)) }
  }

  /// Whether any account speaks for a laboratory.
  func isSpokenFor(_ laboratory: LaboratoryID) throws -> Bool {
    try transaction.row(
      "SELECT account FROM laboratory_account WHERE laboratory = \(laboratory) LIMIT 1") != nil
  }

  private static func box(_ row: Row) -> TubeBox {
    TubeBox(
      id: row.id(0), round: row.id(1), point: row.optionalID(2), packedAt: row.instant(3),
      tubes: row.integer(4), waitsSince: row.optionalInstant(5),
      toldAfter: row.optionalInteger(6))
  }

  func insert(_ box: TubeBox, by sender: String) throws {
    try transaction.put(
      """
      INSERT INTO tube_box (id, round, point, packed_at, packed_by, tubes, waits_since)
      VALUES (\(box.id), \(box.round), \(box.point), \(box.packedAt), \(sender), \(box.tubes),
        \(box.waitsSince))
      """)
  }

  /// The boxes of a round with the last leg of each, the latest first.
  package func boxes(of round: RoundID, limit: Int) throws -> [(box: TubeBox, last: BoxLeg?)] {
    try transaction.rows(
      """
      SELECT tube_box.id, tube_box.round, tube_box.point, tube_box.packed_at, tube_box.tubes,
        tube_box.waits_since, tube_box.told_after, leg.number, leg.to_kind, leg.to_id, leg.given_at, leg.given_by, leg.given_tubes,
        leg.taken_at, leg.taken_by, leg.taken_tubes
      FROM tube_box
      LEFT JOIN box_leg AS leg ON leg.box = tube_box.id AND leg.number = (
        SELECT MAX(number) FROM box_leg WHERE box_leg.box = tube_box.id)
      WHERE tube_box.round = \(round)
      ORDER BY tube_box.packed_at DESC, tube_box.id DESC
      LIMIT \(limit)
      """
    ).map { row in
      (Self.box(row), row.optionalInteger(7) == nil ? nil : Self.leg(row, from: 7))
    }
  }

  /// The tubes in a box.
  package func tubes(in box: BoxID, limit: Int) throws -> [TubeCode] {
    try transaction.rows(
      """
      SELECT code
      FROM tube
      WHERE box = \(box) AND box IS NOT NULL
      ORDER BY code
      LIMIT \(limit)
      """
    ).map { $0.id(0) }
  }

  /// The tubes that were packed into a box, and why one of them is lost or void.
  func contents(of box: BoxID) throws -> [TubeCode: VoidReason?] {
    let rows = try transaction.rows(
      """
      SELECT code, void_reason
      FROM tube
      WHERE box = \(box) AND box IS NOT NULL
      ORDER BY code
      LIMIT \(PackBox.mostTubes)
      """)
    return Dictionary(
      rows.map { ($0.id(0), $0.optionalText(1).flatMap(VoidReason.init(rawValue:))) }
    ) { first, _ in first }
  }

  /// The sealed tubes of a round that are in no box and wait to go, by point.
  package func unpacked(
    in round: RoundID, limit: Int
  ) throws -> [(tube: TubeCode, point: PointID?, sealedAt: Instant)] {
    try transaction.rows(
      """
      SELECT code, point, sealed_at
      FROM tube
      WHERE round = \(round) AND sealed_at IS NOT NULL AND box IS NULL AND voided_at IS NULL
        AND result IS NULL
      ORDER BY COALESCE(point, ''), code
      LIMIT \(limit)
      """
    ).map { ($0.id(0), $0.optionalID(1), $0.instant(2)) }
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
    ).map { Self.leg($0, from: 0) }
  }

  private static func leg(_ row: Row, from first: Int) -> BoxLeg {
    BoxLeg(
      number: row.integer(first),
      to: Holder(
        kind: Holder.Kind(rawValue: row.text(first + 1)) ?? .store, id: row.text(first + 2)),
      givenAt: row.instant(first + 3), givenBy: row.text(first + 4),
      givenTubes: row.integer(first + 5), takenAt: row.optionalInstant(first + 6),
      takenBy: row.optionalText(first + 7), takenTubes: row.optionalInteger(first + 8))
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

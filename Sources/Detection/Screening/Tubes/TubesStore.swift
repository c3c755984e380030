import Gazette
import Kernel

/// Statements about tubes.
package struct TubesStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  static let columns: SQL = """
    tube.code, tube.round, tube.point, tube.capacity, tube.is_single, tube.opened_at,
    tube.opened_claim, tube.sealed_at, tube.sealed_count, tube.voided_at, tube.void_reason,
    tube.box, tube.laboratory, tube.received_at, tube.result, tube.reported_at, tube.followed_by,
    tube.control, tube.first_reported_at
    """

  /// The tube with a code.
  package func find(_ code: TubeCode) throws -> Tube? {
    try transaction.row("SELECT \(Self.columns) FROM tube WHERE code = \(code)")
      .map { Self.tube($0) }
  }

  /// The tubes with these codes.
  package func find(_ codes: Set<TubeCode>) throws -> [TubeCode: Tube] {
    if codes.isEmpty { return [:] }
    let rows = try transaction.rows(
      "SELECT \(Self.columns) FROM tube WHERE code IN (\(SQL.list(codes.sorted())))")
    return Dictionary(rows.map { ($0.id(0), Self.tube($0)) }) { first, _ in first }
  }

  /// A tube that must be there.
  package func get(_ code: TubeCode) throws -> Tube {
    guard let found = try find(code) else {
      throw Refusal.notFound(Words("试管", "tube"), code.text, field: "tube")
    }
    return found
  }

  func insert(_ tube: Tube) throws {
    try transaction.put(
      """
      INSERT INTO tube (code, round, point, capacity, is_single, opened_at, opened_claim,
        sealed_at, sealed_count, voided_at, void_reason, control)
      VALUES (\(tube.code), \(tube.round), \(tube.point), \(tube.capacity),
        \(tube.isSingle ? 1 : 0), \(tube.openedAt), \(tube.openedClaim), \(tube.sealedAt),
        \(tube.sealedCount), \(tube.voidedAt), \(tube.voidReason?.rawValue),
        \(tube.control?.rawValue))
      """)
  }

  func update(_ tube: Tube) throws {
    try transaction.put(
      """
      UPDATE tube
      SET round = \(tube.round), point = \(tube.point), capacity = \(tube.capacity),
        is_single = \(tube.isSingle ? 1 : 0), opened_at = \(tube.openedAt),
        opened_claim = \(tube.openedClaim), sealed_at = \(tube.sealedAt),
        sealed_count = \(tube.sealedCount), voided_at = \(tube.voidedAt),
        void_reason = \(tube.voidReason?.rawValue), box = \(tube.box),
        laboratory = \(tube.laboratory), received_at = \(tube.receivedAt),
        result = \(tube.result?.rawValue), reported_at = \(tube.reportedAt),
        first_reported_at = \(tube.firstReportedAt)
      WHERE code = \(tube.code)
      """)
  }

  /// Notes which tube a desk opened after one.
  func follow(_ code: TubeCode, by next: TubeCode) throws {
    try transaction.put("UPDATE tube SET followed_by = \(next) WHERE code = \(code)")
  }

  /// Puts tubes into a box.
  func put(_ codes: Set<TubeCode>, into box: BoxID) throws {
    try transaction.put(
      "UPDATE tube SET box = \(box) WHERE code IN (\(SQL.list(codes.sorted())))")
  }

  /// Notes that a laboratory has received these tubes of a box; not what is void.
  func receive(
    _ codes: Set<TubeCode>, of box: BoxID, at laboratory: LaboratoryID, _ moment: Instant
  ) throws {
    if codes.isEmpty { return }
    try transaction.put(
      """
      UPDATE tube
      SET received_at = \(moment), laboratory = \(laboratory)
      WHERE code IN (\(SQL.list(codes.sorted()))) AND box = \(box) AND voided_at IS NULL
      """)
  }

  /// Tubes of which nothing was heard since a moment and of which nobody was told yet, the oldest
  /// first; not those that a file tells of after the event.
  func late(openedBefore moment: Instant, limit: Int) throws -> [Tube] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM tube
      WHERE result IS NULL AND voided_at IS NULL AND alarmed_at IS NULL AND opened_at < \(moment)
        AND round IN (SELECT id FROM screening_round WHERE opened_at < \(moment))
      ORDER BY opened_at, code
      LIMIT \(limit)
      """
    ).map { Self.tube($0) }
  }

  func noteAlarm(_ code: TubeCode, at now: Instant) throws {
    try transaction.put("UPDATE tube SET alarmed_at = \(now) WHERE code = \(code)")
  }

  /// How many tubes of a round are where.
  package func counts(of round: RoundID) throws -> TubeCounts {
    try transaction.row(
      """
      SELECT COUNT(*), COUNT(sealed_at), COUNT(received_at), COUNT(result), COUNT(voided_at),
        COUNT(CASE WHEN result IN ('positive', 'grey', 'single_target') AND control IS NULL
          THEN 1 END),
        COUNT(CASE WHEN box IS NOT NULL AND received_at IS NULL AND voided_at IS NULL
          AND result IS NULL THEN 1 END)
      FROM tube
      WHERE round = \(round)
      """
    ).map { row in
      TubeCounts(
        all: row.integer(0), sealed: row.integer(1), received: row.integer(2),
        resulted: row.integer(3), voided: row.integer(4), holding: row.integer(5),
        inTransit: row.integer(6))
    } ?? TubeCounts()
  }

  /// How many minutes it took from the first swab, or the receipt where it is known, to the report,
  /// for the tubes of a round that have a result: the middle and the slowest tenth.
  package func turnaround(of round: RoundID) throws -> (median: Int, slow: Int)? {
    let count =
      try transaction.row(
        """
        SELECT COUNT(*)
        FROM tube
        WHERE round = \(round) AND result IS NOT NULL AND opened_at IS NOT NULL
        """)?.integer(0) ?? 0
    guard let median = try turnaround(of: round, at: count / 2),
      let slow = try turnaround(of: round, at: count * 9 / 10)
    else { return nil }
    return (median, slow)
  }

  /// The minutes of the tube at a place in their order.
  private func turnaround(of round: RoundID, at place: Int) throws -> Int? {
    try transaction.row(
      """
      SELECT (reported_at - COALESCE(received_at, opened_at)) / 60000
      FROM tube
      WHERE round = \(round) AND result IS NOT NULL AND opened_at IS NOT NULL
      ORDER BY 1
      LIMIT 1 OFFSET \(place)
      """
    ).map { $0.integer(0) }
  }

  static func tube(_ row: Row, from first: Int = 0) -> Tube {
    var tube = Tube(
      code: row.id(first), round: row.id(first + 1), capacity: row.integer(first + 3),
      isSingle: row.integer(first + 4) == 1)
    tube.point = row.optionalID(first + 2)
    tube.openedAt = row.optionalInstant(first + 5)
    tube.openedClaim = row.optionalText(first + 6)
    tube.sealedAt = row.optionalInstant(first + 7)
    tube.sealedCount = row.optionalInteger(first + 8)
    tube.voidedAt = row.optionalInstant(first + 9)
    tube.voidReason = row.optionalText(first + 10).flatMap(VoidReason.init)
    tube.box = row.optionalID(first + 11)
    tube.laboratory = row.optionalID(first + 12)
    tube.receivedAt = row.optionalInstant(first + 13)
    tube.result = row.optionalText(first + 14).flatMap { TubeResult(rawValue: $0) }
    tube.reportedAt = row.optionalInstant(first + 15)
    tube.followedBy = row.optionalID(first + 16)
    tube.control = row.optionalText(first + 17).flatMap { ControlKind(rawValue: $0) }
    tube.firstReportedAt = row.optionalInstant(first + 18)
    return tube
  }
}

/// How many tubes of a round are where.
package struct TubeCounts: Codable, Sendable {
  package var all = 0
  package var sealed = 0
  package var received = 0
  package var resulted = 0
  package var voided = 0
  package var holding = 0
  package var inTransit = 0

  private enum CodingKeys: String, CodingKey {
    case all
    case sealed
    case received
    case resulted
    case voided
    case holding
    case inTransit = "in_transit"
  }
}

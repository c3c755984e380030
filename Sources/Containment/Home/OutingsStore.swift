import Kernel
import Registry

/// Statements about ways out for care.
package struct OutingsStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL = """
    id, person, home, path, state, emergency, leave_at, asked_at, asked_by, decided_at, decided_by,
    departed_at, departed_by, arrived_at, arrived_by, back_at, back_by, home_at, home_by, vehicle,
    vehicle_there
    """

  func insert(_ outing: Outing, sealedPurpose: [UInt8]) throws {
    try transaction.execute(
      """
      INSERT INTO home_outing (id, person, home, path, state, emergency, sealed_purpose, leave_at,
        asked_at, asked_by, decided_at, decided_by, over)
      VALUES (\(outing.id), \(outing.person), \(outing.home), \(outing.path),
        \(outing.state.rawValue), \(outing.isEmergency ? 1 : 0), \(sealedPurpose),
        \(outing.leaveAt), \(outing.askedAt), \(outing.askedBy), \(outing.decidedAt),
        \(outing.decidedBy), 0)
      """)
  }

  func decide(
    _ id: OutingID, _ state: Outing.State, by sender: String, at now: Instant,
    sealedRefusal: [UInt8]?
  ) throws {
    try transaction.execute(
      """
      UPDATE home_outing
      SET state = \(state.rawValue), decided_at = \(now), decided_by = \(sender),
        sealed_refusal = \(sealedRefusal), over = \(state.isOver ? 1 : 0)
      WHERE id = \(id)
      """)
  }

  func cancel(_ id: OutingID) throws {
    try transaction.execute(
      "UPDATE home_outing SET state = 'cancelled', over = 1 WHERE id = \(id)")
  }

  /// Names who drives and in which vehicle, on the way there or back; who drove there stays known.
  func drive(
    _ id: OutingID, driver: String, sealedDriver: [UInt8], vehicle: String
  ) throws {
    try transaction.execute(
      """
      UPDATE home_outing
      SET vehicle_there = vehicle, sealed_driver_there = sealed_driver, driver = \(driver),
        sealed_driver = \(sealedDriver), vehicle = \(vehicle)
      WHERE id = \(id)
      """)
  }

  /// Writes down a leg with who said it; nobody drives any more once the person is there, or home.
  func move(_ id: OutingID, to state: Outing.State, by sender: String, at now: Instant) throws {
    let leg: SQL =
      switch state {
      case .out: "departed_at = \(now), departed_by = \(sender)"
      case .there: "arrived_at = \(now), arrived_by = \(sender), driver = NULL"
      case .back: "back_at = \(now), back_by = \(sender)"
      default: "home_at = \(now), home_by = \(sender), driver = NULL"
      }
    try transaction.execute(
      """
      UPDATE home_outing
      SET \(leg), state = \(state.rawValue), over = \(state.isOver ? 1 : 0)
      WHERE id = \(id)
      """)
  }

  /// Forgets the words of ways that were over before a moment.
  func forgetTexts(before moment: Instant) throws {
    try transaction.execute(
      """
      UPDATE home_outing
      SET sealed_purpose = NULL, sealed_refusal = NULL, sealed_driver = NULL,
        sealed_driver_there = NULL
      WHERE over = 1 AND sealed_purpose IS NOT NULL AND leave_at < \(moment)
        AND (home_at IS NULL OR home_at < \(moment))
      """)
  }

  /// The outing with an identifier, nil when there is none.
  package func find(_ id: OutingID) throws -> Outing? {
    try transaction.row("SELECT \(Self.columns) FROM home_outing WHERE id = \(id)")
      .map(Self.outing)
  }

  /// An outing that must be there.
  package func get(_ id: OutingID) throws -> Outing {
    guard let found = try find(id) else {
      throw Refusal.notFound(Words("外出就医", "outing"), id.text, field: "outing")
    }
    return found
  }

  /// The ways of a person, the youngest first.
  package func all(of person: PersonID, limit: Int) throws -> [Outing] {
    let people = try ResidentsStore(transaction).identifiers(of: person)
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM home_outing
      WHERE person IN (\(SQL.list(people)))
      ORDER BY asked_at DESC, id DESC
      LIMIT \(limit)
      """
    ).map(Self.outing)
  }

  /// The ways of an area that are not over, the next first.
  package func running(in path: PlacePath, limit: Int) throws -> [Outing] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM home_outing
      WHERE over = 0 AND \(SQL.inside(path, column: "path"))
      ORDER BY leave_at, id
      LIMIT \(limit)
      """
    ).map(Self.outing)
  }

  /// Whether a driver is on another way now.
  func isDriving(_ driver: String, except id: OutingID) throws -> Bool {
    try transaction.row(
      "SELECT 1 FROM home_outing WHERE driver = \(driver) AND over = 0 AND id <> \(id) LIMIT 1"
    ) != nil
  }

  /// What was written about a way, locked: where and why, why not, and who drives.
  package func sealed(
    of id: OutingID
  ) throws -> (purpose: [UInt8]?, refusal: [UInt8]?, driver: [UInt8]?, driverThere: [UInt8]?) {
    let row = try transaction.row(
      """
      SELECT sealed_purpose, sealed_refusal, sealed_driver, sealed_driver_there
      FROM home_outing
      WHERE id = \(id)
      """)
    return (row?.bytes(0), row?.bytes(1), row?.bytes(2), row?.bytes(3))
  }

  /// Where the texts of a way are locked.
  static func place(of id: OutingID, _ what: String) -> String {
    "home_outing/sealed_\(what)/\(id)"
  }

  private static func outing(_ row: Row) -> Outing {
    Outing(
      id: row.id(0), person: row.id(1), home: row.id(2), path: PlacePath(row.text(3)),
      state: Outing.State(rawValue: row.text(4)) ?? .cancelled, isEmergency: row.integer(5) == 1,
      leaveAt: row.instant(6), askedAt: row.instant(7), askedBy: row.text(8),
      decidedAt: row.optionalInstant(9), decidedBy: row.optionalText(10),
      departedAt: row.optionalInstant(11), departedBy: row.optionalText(12),
      arrivedAt: row.optionalInstant(13), arrivedBy: row.optionalText(14),
      backAt: row.optionalInstant(15), backBy: row.optionalText(16),
      homeAt: row.optionalInstant(17), homeBy: row.optionalText(18),
      vehicle: row.optionalText(19), vehicleThere: row.optionalText(20))
  }
}

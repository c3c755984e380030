import Kernel

/// Statements about the measures that a round shows beside a name.
struct RoundsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  func keep(_ measure: Measure) throws {
    try transaction.execute(
      """
      INSERT INTO round_measure (restriction, person, kind, day_zero, end_at)
      VALUES (\(measure.restriction), \(measure.person), \(measure.kind), \(measure.dayZero),
        \(measure.end))
      ON CONFLICT (restriction) DO NOTHING
      """)
  }

  func move(_ restriction: RestrictionID, dayZero: Day, end: Instant) throws {
    try transaction.execute(
      """
      UPDATE round_measure
      SET day_zero = \(dayZero), end_at = \(end)
      WHERE restriction = \(restriction)
      """)
  }

  /// Notes from when a restriction is lifted; nil when it is not.
  func suspend(_ restriction: RestrictionID, from: Instant?) throws {
    try transaction.execute(
      "UPDATE round_measure SET suspends_at = \(from) WHERE restriction = \(restriction)")
  }

  func remove(_ restriction: RestrictionID) throws {
    try transaction.execute("DELETE FROM round_measure WHERE restriction = \(restriction)")
  }

  /// What holds for the people about whom something is owed inside an area.
  func measures(inside path: PlacePath, at now: Instant) throws -> [Measure] {
    try transaction.rows(
      """
      SELECT DISTINCT measure.restriction, measure.person, measure.kind, measure.day_zero,
        measure.end_at
      FROM obligation
      JOIN round_measure AS measure ON measure.person = obligation.person
      WHERE obligation.closed_at IS NULL AND \(SQL.inside(path, column: "obligation.path"))
        AND measure.end_at > \(now)
        AND (measure.suspends_at IS NULL OR measure.suspends_at > \(now))
      ORDER BY measure.end_at DESC, measure.restriction
      LIMIT 10000
      """
    ).map { row in
      Measure(
        restriction: row.id(0), person: row.id(1), kind: row.text(2),
        dayZero: Day(row.text(3)) ?? Day(of: row.instant(4), in: .china), end: row.instant(4))
    }
  }

  /// What is still to be done inside an area until an instant, how much of it is late, and what was
  /// done since the day began.
  func counts(
    in path: PlacePath, at now: Instant, from start: Instant, to end: Instant
  ) throws -> (owed: Int, late: Int, done: Int) {
    let owed = try transaction.row(
      """
      SELECT COUNT(*), COUNT(CASE WHEN deadline < \(now) THEN 1 END)
      FROM obligation
      WHERE closed_at IS NULL AND deadline <= \(end) AND \(SQL.inside(path, column: "path"))
      """)
    let done = try transaction.row(
      """
      SELECT COUNT(*)
      FROM obligation
      WHERE closed_at >= \(start) AND state = 'done' AND \(SQL.inside(path, column: "path"))
      """)
    return (owed?.integer(0) ?? 0, owed?.integer(1) ?? 0, done?.integer(0) ?? 0)
  }
}

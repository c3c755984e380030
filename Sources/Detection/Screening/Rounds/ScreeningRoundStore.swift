import Gazette
import Kernel

/// Statements about rounds, their points, and what was said of those who were not swabbed.
package struct ScreeningRoundStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL = """
    id, name, area, path, areas, pool, opened_at, opened_by, due_at, read_until, frozen_at,
    listed, closed_at, erased_at, household_tube, without_home
    """

  /// The round with an identifier.
  package func find(_ id: RoundID) throws -> ScreeningRound? {
    try transaction.row("SELECT \(Self.columns) FROM screening_round WHERE id = \(id)")
      .map(Self.round)
  }

  /// A round that must be there.
  package func get(_ id: RoundID) throws -> ScreeningRound {
    guard let found = try find(id) else {
      throw Refusal.notFound(Words("检测轮次", "round"), id.text, field: "round")
    }
    return found
  }

  /// A round whose list is complete: before that nobody can say who is on it, so whoever asks comes
  /// again in a moment.
  func frozen(_ id: RoundID) throws -> ScreeningRound {
    let found = try get(id)
    guard found.frozenAt != nil else {
      throw Refusal(
        .overloaded, "round.freezing",
        Words("应检名单仍在生成，请稍后重试", "The list is still being frozen; try again in a moment"),
        field: "round")
    }
    guard found.erasedAt == nil else {
      throw Refusal(
        .conflict, "round.erased",
        Words(
          "本轮名单已按规定删除，不再登记",
          "This round's list was deleted as the policy says; nobody is registered"),
        field: "round")
    }
    return found
  }

  /// Rounds with a whole list that were over before a moment, or due when nobody ended them, in which nobody
  /// is held and of which nothing was deleted yet; the earliest first.
  func keptUntil(_ moment: Instant, limit: Int) throws -> [ScreeningRound] {
    // Every round is opened before it is over: the index leads to those that can be meant.
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM screening_round
      WHERE erased_at IS NULL AND opened_at < \(moment) AND frozen_at IS NOT NULL
        AND COALESCE(closed_at, due_at) < \(moment)
        AND NOT EXISTS (
          SELECT 1 FROM recall
          WHERE recall.round = screening_round.id AND recall.state = 'held')
      ORDER BY opened_at, id
      LIMIT \(limit)
      """
    ).map(Self.round)
  }

  /// The rounds, the latest first.
  package func latest(limit: Int) throws -> [ScreeningRound] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM screening_round
      ORDER BY opened_at DESC, id DESC
      LIMIT \(limit)
      """
    ).map(Self.round)
  }

  func insert(_ round: ScreeningRound) throws {
    try transaction.put(
      """
      INSERT INTO screening_round (id, name, area, path, areas, pool, opened_at, opened_by, due_at,
        listed, household_tube)
      VALUES (\(round.id), \(round.name), \(round.area), \(round.path),
        \(round.areas.map(\.text).joined(separator: " ")), \(round.pool),
        \(round.openedAt), \(round.openedBy), \(round.dueAt), 0,
        \(round.householdTube ? 1 : 0))
      """)
  }

  func update(_ round: ScreeningRound) throws {
    try transaction.put(
      """
      UPDATE screening_round
      SET read_until = \(round.cursor), frozen_at = \(round.frozenAt), listed = \(round.listed),
        closed_at = \(round.closedAt), erased_at = \(round.erasedAt),
        without_home = \(round.withoutHome)
      WHERE id = \(round.id)
      """)
  }

  // MARK: Points

  /// The point with an identifier.
  package func point(_ id: PointID) throws -> SamplingPoint? {
    try transaction.row(
      """
      SELECT id, name, place, path, kind, opens, closes, latitude, longitude, samplers
      FROM sampling_point
      WHERE id = \(id)
      """
    ).map(Self.point)
  }

  /// The points in an area, by path.
  package func points(in area: PlacePath, limit: Int = 5_000) throws -> [SamplingPoint] {
    try transaction.rows(
      """
      SELECT id, name, place, path, kind, opens, closes, latitude, longitude, samplers
      FROM sampling_point
      WHERE \(SQL.inside(area, column: "path"))
      ORDER BY path, id
      LIMIT \(limit)
      """
    ).map(Self.point)
  }

  func save(_ point: SamplingPoint) throws {
    try transaction.put(
      """
      INSERT INTO sampling_point (id, name, place, path, kind, opens, closes, latitude, longitude,
        samplers)
      VALUES (\(point.id), \(point.name), \(point.place), \(point.path), \(point.kind.rawValue),
        \(point.opens), \(point.closes), \(point.latitude), \(point.longitude), \(point.samplers))
      ON CONFLICT (id) DO UPDATE
      SET name = excluded.name, place = excluded.place, path = excluded.path,
        kind = excluded.kind, opens = excluded.opens, closes = excluded.closes,
        latitude = excluded.latitude, longitude = excluded.longitude,
        samplers = excluded.samplers
      """)
  }

  // MARK: Notes

  func add(_ note: StandingNote, of round: RoundID, by sender: String) throws {
    try transaction.put(
      """
      INSERT INTO roster_note (round, person, at, claim, standing, reason, sender)
      VALUES (\(round), \(note.person), \(note.at), \(note.claim),
        \(note.stand.standing.rawValue), \(note.stand.reason.rawValue), \(sender))
      ON CONFLICT (round, person, at, claim) DO NOTHING
      """)
  }

  /// What was said last of a person by the clock on the wall; of two at one moment the greater
  /// command.
  func lastNote(on person: PersonID, in round: RoundID) throws -> StandingNote? {
    try transaction.row(
      """
      SELECT person, standing, reason, at, claim
      FROM roster_note
      WHERE round = \(round) AND person = \(person)
      ORDER BY at DESC, claim DESC
      LIMIT 1
      """
    ).map { row in
      StandingNote(
        person: row.id(0),
        stand: Stand(
          Standing(rawValue: row.text(1)) ?? .missing,
          StandingReason(rawValue: row.text(2)) ?? .none),
        at: row.instant(3), claim: row.text(4))
    }
  }

  private static func round(_ row: Row) -> ScreeningRound {
    ScreeningRound(
      id: row.id(0), name: row.text(1), area: row.id(2), path: PlacePath(row.text(3)),
      areas: row.text(4).split(separator: " ").map { PlacePath(String($0)) },
      pool: row.integer(5), openedAt: row.instant(6), openedBy: row.text(7),
      dueAt: row.instant(8), cursor: row.optionalText(9).map { PlacePath($0) },
      frozenAt: row.optionalInstant(10), listed: row.integer(11),
      closedAt: row.optionalInstant(12), erasedAt: row.optionalInstant(13),
      householdTube: row.integer(14) == 1, withoutHome: row.integer(15))
  }

  private static func point(_ row: Row) -> SamplingPoint {
    SamplingPoint(
      id: row.id(0), name: row.text(1), place: row.id(2), path: PlacePath(row.text(3)),
      kind: SamplingPoint.Kind(rawValue: row.text(4)) ?? .fixed, opens: row.optionalText(5),
      closes: row.optionalText(6), latitude: row.optionalReal(7),
      longitude: row.optionalReal(8), samplers: row.integer(9))
  }
}

import Kernel
import Registry

/// Statements about stays, who came and went, and the results of those who stay.
package struct StaysStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL = """
    id, person, site, path, restriction, companion_of, from_stay, room, sharing, asked_at,
    accepted_at, departed_at, departed_by, arrived_at, free_from, notice_at, left_at, leaving,
    declined_at
    """

  func insert(_ stay: SiteStay, by account: String) throws {
    try transaction.execute(
      """
      INSERT INTO isolation_stay (id, person, site, path, restriction, companion_of, from_stay,
        asked_at, asked_by, over)
      VALUES (\(stay.id), \(stay.person), \(stay.site), \(stay.path), \(stay.restriction),
        \(stay.companionOf), \(stay.from), \(stay.askedAt), \(account), 0)
      """)
  }

  func accept(
    _ id: SiteStayID, room: SiteRoomID, sharing: SharingReason?, by account: String,
    at now: Instant
  ) throws {
    try transaction.execute(
      """
      UPDATE isolation_stay
      SET accepted_at = \(now), accepted_by = \(account), room = \(room),
        sharing = \(sharing?.rawValue)
      WHERE id = \(id)
      """)
  }

  func decline(_ id: SiteStayID, by account: String, at now: Instant) throws {
    try transaction.execute(
      """
      UPDATE isolation_stay
      SET declined_at = \(now), declined_by = \(account), room = NULL, over = 1
      WHERE id = \(id)
      """)
  }

  func put(_ id: SiteStayID, into room: SiteRoomID, sharing: SharingReason?) throws {
    try transaction.execute(
      """
      UPDATE isolation_stay
      SET room = \(room), sharing = \(sharing?.rawValue)
      WHERE id = \(id)
      """)
  }

  func depart(_ id: SiteStayID, by account: String, at now: Instant) throws {
    try transaction.execute(
      """
      UPDATE isolation_stay
      SET departed_at = \(now), departed_by = \(account)
      WHERE id = \(id)
      """)
  }

  func arrive(_ id: SiteStayID, by account: String, at now: Instant) throws {
    try transaction.execute(
      """
      UPDATE isolation_stay
      SET arrived_at = \(now), arrived_by = \(account), check_at = \(now)
      WHERE id = \(id)
      """)
  }

  func leave(
    _ id: SiteStayID, _ kind: LeavingKind, by account: String, at now: Instant,
    countedFrom: Instant?
  ) throws {
    try transaction.execute(
      """
      UPDATE isolation_stay
      SET left_at = \(now), left_by = \(account), leaving = \(kind.rawValue), check_at = NULL,
        counted_from = \(countedFrom), over = 1
      WHERE id = \(id)
      """)
  }

  /// Writes down that somebody came or went; nothing of it is ever changed.
  func move(_ stay: SiteStay, _ kind: String, at now: Instant) throws {
    try transaction.execute(
      """
      INSERT INTO isolation_movement (site, stay, kind, at)
      VALUES (\(stay.site), \(stay.id), \(kind), \(now))
      """)
  }

  func restrict(_ id: SiteStayID, by restriction: RestrictionID) throws {
    try transaction.execute(
      "UPDATE isolation_stay SET restriction = \(restriction) WHERE id = \(id)")
  }

  func free(_ id: SiteStayID, from moment: Instant?) throws {
    try transaction.execute("UPDATE isolation_stay SET free_from = \(moment) WHERE id = \(id)")
  }

  func noteNotice(_ id: SiteStayID, at moment: Instant?) throws {
    try transaction.execute("UPDATE isolation_stay SET notice_at = \(moment) WHERE id = \(id)")
  }

  func check(_ id: SiteStayID, at moment: Instant?) throws {
    try transaction.execute("UPDATE isolation_stay SET check_at = \(moment) WHERE id = \(id)")
  }

  /// The stay with an identifier, nil when there is none.
  package func find(_ id: SiteStayID) throws -> SiteStay? {
    try transaction.row("SELECT \(Self.columns) FROM isolation_stay WHERE id = \(id)")
      .map(Self.stay)
  }

  /// A stay that must be there.
  package func get(_ id: SiteStayID) throws -> SiteStay {
    guard let found = try find(id) else {
      throw Refusal.notFound(Words("入住记录", "stay"), id.text, field: "stay")
    }
    return found
  }

  /// The stays of a person that are not over, under whichever identifier.
  package func running(of person: PersonID) throws -> [SiteStay] {
    let people = try ResidentsStore(transaction).identifiers(of: person)
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM isolation_stay
      WHERE person IN (\(SQL.list(people))) AND over = 0
      ORDER BY asked_at, id
      LIMIT 10
      """
    ).map(Self.stay)
  }

  /// The stays at a site that are not over.
  package func running(at site: PlaceID) throws -> [SiteStay] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM isolation_stay
      WHERE site = \(site) AND over = 0
      ORDER BY asked_at, id
      LIMIT 10000
      """
    ).map(Self.stay)
  }

  /// Those who are in a room or promised one.
  package func guests(of room: SiteRoomID) throws -> [SiteStay] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM isolation_stay
      WHERE room = \(room) AND over = 0
      ORDER BY asked_at, id
      LIMIT 50
      """
    ).map(Self.stay)
  }

  /// Those present whom the clock has to look at.
  func due(at now: Instant, limit: Int) throws -> [SiteStay] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM isolation_stay
      WHERE check_at IS NOT NULL AND check_at <= \(now)
      ORDER BY check_at, id
      LIMIT \(limit)
      """
    ).map(Self.stay)
  }

  /// Everybody present anywhere.
  func present(limit: Int) throws -> [SiteStay] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM isolation_stay
      WHERE over = 0 AND arrived_at IS NOT NULL
      ORDER BY id
      LIMIT \(limit)
      """
    ).map(Self.stay)
  }

  /// Who came to a site and went.
  package func movements(of site: PlaceID) throws -> SiteMovements {
    let counts = try transaction.rows(
      """
      SELECT kind, COUNT(*)
      FROM isolation_movement
      WHERE site = \(site)
      GROUP BY kind
      ORDER BY kind
      LIMIT 10
      """)
    let kinds = Dictionary(counts.map { ($0.text(0), $0.integer(1)) }) { first, _ in first }
    return SiteMovements(
      admitted: kinds["admitted"] ?? 0, transferredIn: kinds["transferred_in"] ?? 0,
      released: (kinds["released"] ?? 0) + (kinds["free"] ?? 0),
      transferredOut: kinds["transferred"] ?? 0, hospital: kinds["hospital"] ?? 0)
  }

  /// Keeps a result of somebody who stays at a site. What was positive becomes negative by the tube
  /// that said so or by two people only (I-29).
  func keep(
    _ person: PersonID, sampledAt: Instant, isNegative: Bool, by: String, isCorrected: Bool = false
  ) throws {
    try transaction.execute(
      """
      INSERT INTO isolation_result (person, sampled_at, negative, sender)
      VALUES (\(person), \(sampledAt), \(isNegative ? 1 : 0), \(by))
      ON CONFLICT (person, sampled_at) DO UPDATE
      SET negative = excluded.negative, sender = excluded.sender
      WHERE isolation_result.negative = 1 OR isolation_result.sender = excluded.sender
        OR 1 = \(isCorrected ? 1 : 0)
      """)
  }

  /// What was kept of the sample of a moment, and by whom.
  func result(
    of person: PersonID, sampledAt: Instant
  ) throws -> (isNegative: Bool, sender: String)? {
    try transaction.row(
      """
      SELECT negative, sender
      FROM isolation_result
      WHERE person = \(person) AND sampled_at = \(sampledAt)
      """
    ).map { ($0.integer(0) == 1, $0.text(1)) }
  }

  /// What came of the samples of a person since a moment.
  package func results(
    of person: PersonID, since: Instant
  ) throws -> [(sampledAt: Instant, isNegative: Bool)] {
    let people = try ResidentsStore(transaction).identifiers(of: person)
    return try transaction.rows(
      """
      SELECT sampled_at, negative
      FROM isolation_result
      WHERE person IN (\(SQL.list(people))) AND sampled_at >= \(since)
      ORDER BY sampled_at, negative
      LIMIT 500
      """
    ).map { ($0.instant(0), $0.integer(1) == 1) }
  }

  func setDiet(_ stay: SiteStayID, _ diet: String) throws {
    try transaction.execute("UPDATE isolation_stay SET diet = \(diet) WHERE id = \(stay)")
  }

  func setMedicine(_ stay: SiteStayID, _ locked: [UInt8]?) throws {
    try transaction.execute("UPDATE isolation_stay SET medicine = \(locked) WHERE id = \(stay)")
  }

  /// What somebody eats, and the locked line about the medicine they take.
  func care(of stay: SiteStayID) throws -> (diet: String?, medicine: [UInt8]?) {
    let row = try transaction.row("SELECT diet, medicine FROM isolation_stay WHERE id = \(stay)")
    return (row?.optionalText(0), row?.bytes(1))
  }

  /// What was asked of temperature and symptoms with a deadline in a span.
  func healthChecks(
    of files: [PersonID], from: Instant, to: Instant
  ) throws -> [HealthCheck] {
    try transaction.rows(
      """
      SELECT opened_at, deadline, closed_at, state, escalated_at, closed_by
      FROM obligation
      WHERE person IN (\(SQL.list(files))) AND kind = \(RestrictionDuties.health.name)
        AND deadline >= \(from) AND deadline < \(to)
      ORDER BY deadline, id
      LIMIT 100
      """
    ).map {
      HealthCheck(
        openedAt: $0.instant(0), deadline: $0.instant(1), closed: $0.optionalInstant(2),
        isDone: $0.text(3) == Obligation.State.done.rawValue,
        escalatedAt: $0.optionalInstant(4),
        // The clock lets fall what is asked otherwise; a person who does answers for it.
        isWaivedBySomebody: $0.text(3) == Obligation.State.waived.rawValue
          && $0.text(5) != Sender.clock.text)
    }
  }

  /// Forgets results of before a moment.
  func forgetResults(before moment: Instant) throws {
    try transaction.execute("DELETE FROM isolation_result WHERE sampled_at < \(moment)")
  }

  private static func stay(_ row: Row) -> SiteStay {
    SiteStay(
      id: row.id(0), person: row.id(1), site: row.id(2), path: PlacePath(row.text(3)),
      restriction: row.optionalID(4), companionOf: row.optionalID(5), from: row.optionalID(6),
      room: row.optionalID(7), sharing: row.optionalText(8).flatMap(SharingReason.init),
      askedAt: row.instant(9), acceptedAt: row.optionalInstant(10),
      departedAt: row.optionalInstant(11), departedBy: row.optionalText(12),
      arrivedAt: row.optionalInstant(13), freeFrom: row.optionalInstant(14),
      noticeAt: row.optionalInstant(15), leftAt: row.optionalInstant(16),
      leaving: row.optionalText(17).flatMap(LeavingKind.init),
      declinedAt: row.optionalInstant(18))
  }
}

/// Something that was asked of temperature and symptoms, and what came of it.
struct HealthCheck: Sendable {
  let openedAt: Instant
  let deadline: Instant
  let closed: Instant?
  let isDone: Bool
  let escalatedAt: Instant?
  let isWaivedBySomebody: Bool

  /// Whether it was done, or somebody above knows that it was not.
  var isSaid: Bool { isDone || escalatedAt != nil || isWaivedBySomebody }
}

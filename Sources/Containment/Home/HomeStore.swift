import Kernel
import Registry

/// Statements about who is looked after at home, and behind which door.
package struct HomeStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let stayColumns: SQL = """
    id, person, household, restriction, kind, checklist, deliveries, silence, since, until_at,
    heard_at, silence_at, ended_at
    """
  private static let householdColumns: SQL =
    "id, home, path, lone, opened_at, closed_at, served_until, visited_at, unmet"

  /// Lets the clock look at somebody at a moment, or before when it would anyway.
  func watch(_ person: PersonID, at moment: Instant) throws {
    try transaction.execute(
      """
      INSERT INTO home_watch (person, check_at)
      VALUES (\(person), \(moment))
      ON CONFLICT (person) DO UPDATE
      SET check_at = CASE WHEN excluded.check_at < home_watch.check_at
        THEN excluded.check_at ELSE home_watch.check_at END
      """)
  }

  /// Lets the clock look now at somebody whom it looks at anyway, under whichever identifier the person
  /// stands. Thousands who are let out of a zone and whom it does not look at wait for no answer.
  func hasten(_ person: PersonID, at now: Instant) throws {
    try transaction.put(
      """
      UPDATE home_watch
      SET check_at = \(now)
      WHERE check_at > \(now) AND person IN (\(person),
        (SELECT merged_into FROM person WHERE id = \(person)),
        (SELECT next.merged_into FROM person AS one
          JOIN person AS next ON next.id = one.merged_into WHERE one.id = \(person)))
      """)
  }

  /// Lets the clock look at somebody next at a moment, or never again.
  func rewatch(_ person: PersonID, at moment: Instant?) throws {
    try transaction.execute("DELETE FROM home_watch WHERE person = \(person)")
    if let moment { try watch(person, at: moment) }
  }

  /// Those whom the clock has to look at.
  func watched(at now: Instant, limit: Int) throws -> [PersonID] {
    try transaction.rows(
      """
      SELECT person
      FROM home_watch
      WHERE check_at <= \(now)
      ORDER BY check_at, person
      LIMIT \(limit)
      """
    ).map { $0.id(0) }
  }

  func insert(_ stay: HomeStay) throws {
    try transaction.execute(
      """
      INSERT INTO home_stay (id, person, household, restriction, kind, checklist, deliveries,
        silence, since, until_at, heard_at, silence_at)
      VALUES (\(stay.id), \(stay.person), \(stay.household), \(stay.restriction),
        \(stay.kind.rawValue), \(stay.asks.checklist ? 1 : 0), \(stay.asks.deliveries ? 1 : 0),
        \(stay.asks.silence ? 1 : 0), \(stay.since), \(stay.until), \(stay.heardAt),
        \(stay.silenceAt))
      """)
  }

  func change(
    _ id: HomeStayID, restriction: RestrictionID, kind: RestrictionKind, asks: HomeAsks,
    until: Instant, silenceAt: Instant?
  ) throws {
    try transaction.execute(
      """
      UPDATE home_stay
      SET restriction = \(restriction), kind = \(kind.rawValue),
        checklist = \(asks.checklist ? 1 : 0), deliveries = \(asks.deliveries ? 1 : 0),
        silence = \(asks.silence ? 1 : 0), until_at = \(until), silence_at = \(silenceAt)
      WHERE id = \(id)
      """)
  }

  /// Notes that somebody heard of the person, and from when silence is too long again.
  func hear(_ id: HomeStayID, at now: Instant, silenceAt: Instant?) throws {
    try transaction.execute(
      """
      UPDATE home_stay
      SET heard_at = \(now), silence_at = \(silenceAt)
      WHERE id = \(id)
      """)
  }

  func silence(_ id: HomeStayID, at moment: Instant?) throws {
    try transaction.execute("UPDATE home_stay SET silence_at = \(moment) WHERE id = \(id)")
  }

  func end(_ id: HomeStayID, at now: Instant) throws {
    try transaction.execute(
      "UPDATE home_stay SET ended_at = \(now), silence_at = NULL WHERE id = \(id)")
  }

  /// The stay with an identifier, nil when there is none.
  package func find(_ id: HomeStayID) throws -> HomeStay? {
    try transaction.row("SELECT \(Self.stayColumns) FROM home_stay WHERE id = \(id)")
      .map(Self.stay)
  }

  /// The stay of a person that runs, nil when none does.
  package func running(of person: PersonID) throws -> HomeStay? {
    try transaction.row(
      """
      SELECT \(Self.stayColumns)
      FROM home_stay
      WHERE person = \(person) AND ended_at IS NULL
      """
    ).map(Self.stay)
  }

  /// All stays of a household, those that run first.
  package func stays(of household: HomeHouseholdID) throws -> [HomeStay] {
    try transaction.rows(
      """
      SELECT \(Self.stayColumns)
      FROM home_stay
      WHERE household = \(household)
      ORDER BY ended_at IS NOT NULL, since, id
      LIMIT 200
      """
    ).map(Self.stay)
  }

  /// The stays that run in some households.
  package func running(in households: [HomeHouseholdID]) throws -> [HomeStay] {
    if households.isEmpty { return [] }
    return try transaction.rows(
      """
      SELECT \(Self.stayColumns)
      FROM home_stay
      WHERE household IN (\(SQL.list(households))) AND ended_at IS NULL
      ORDER BY household, since, id
      LIMIT 10000
      """
    ).map(Self.stay)
  }

  /// Those of whom nobody has heard for too long.
  func silent(at now: Instant, limit: Int) throws -> [HomeStay] {
    try transaction.rows(
      """
      SELECT \(Self.stayColumns)
      FROM home_stay
      WHERE silence_at IS NOT NULL AND silence_at <= \(now)
      ORDER BY silence_at, id
      LIMIT \(limit)
      """
    ).map(Self.stay)
  }

  func insert(_ household: HomeHousehold, checkAt: Instant) throws {
    try transaction.execute(
      """
      INSERT INTO home_household (id, home, path, lone, opened_at, check_at, unmet)
      VALUES (\(household.id), \(household.home), \(household.path),
        \(household.lone?.text ?? ""), \(household.openedAt), \(checkAt), 0)
      """)
  }

  func check(_ id: HomeHouseholdID, at moment: Instant) throws {
    try transaction.execute(
      "UPDATE home_household SET check_at = \(moment) WHERE id = \(id) AND closed_at IS NULL")
  }

  func noteServed(_ id: HomeHouseholdID, until: Instant?) throws {
    try transaction.execute(
      "UPDATE home_household SET served_until = \(until) WHERE id = \(id)")
  }

  /// Lets the clock open anew what is brought to the doors inside an area: a zone there does it no
  /// longer, or does it from now on.
  func serveAnew(inside path: PlacePath, at now: Instant) throws {
    try transaction.execute(
      """
      UPDATE home_household
      SET check_at = \(now), served_until = NULL
      WHERE closed_at IS NULL AND \(SQL.inside(path, column: "path"))
      """)
  }

  func close(_ id: HomeHouseholdID, at now: Instant) throws {
    try transaction.execute(
      "UPDATE home_household SET closed_at = \(now), check_at = NULL WHERE id = \(id)")
  }

  /// The household with an identifier, nil when there is none.
  package func household(_ id: HomeHouseholdID) throws -> HomeHousehold? {
    try transaction.row("SELECT \(Self.householdColumns) FROM home_household WHERE id = \(id)")
      .map(Self.household)
  }

  /// A household that must be there.
  package func getHousehold(_ id: HomeHouseholdID) throws -> HomeHousehold {
    guard let found = try household(id) else {
      throw Refusal.notFound(Words("居家隔离户", "household"), id.text, field: "household")
    }
    return found
  }

  /// The household behind a door that is looked after, or that of one person without a known door.
  func open(at home: PlaceID, lone: PersonID?) throws -> HomeHousehold? {
    try transaction.row(
      """
      SELECT \(Self.householdColumns)
      FROM home_household
      WHERE home = \(home) AND lone = \(lone?.text ?? "") AND closed_at IS NULL
      """
    ).map(Self.household)
  }

  /// The households that the clock has to look at.
  func due(at now: Instant, limit: Int) throws -> [HomeHousehold] {
    try transaction.rows(
      """
      SELECT \(Self.householdColumns)
      FROM home_household
      WHERE check_at IS NOT NULL AND check_at <= \(now)
      ORDER BY check_at, id
      LIMIT \(limit)
      """
    ).map(Self.household)
  }

  /// The households of an area that are looked after, in the order of the walk.
  package func open(
    in path: PlacePath, after: (path: PlacePath, id: HomeHouseholdID)?, limit: Int
  ) throws -> [HomeHousehold] {
    let following: SQL = after.map { "(path, id) > (\($0.path), \($0.id))" } ?? "1 = 1"
    return try transaction.rows(
      """
      SELECT \(Self.householdColumns)
      FROM home_household
      WHERE closed_at IS NULL AND \(SQL.inside(path, column: "path")) AND \(following)
      ORDER BY path, id
      LIMIT \(limit)
      """
    ).map(Self.household)
  }

  /// How many households and people are looked after in an area, how many of them are silent, and how
  /// many households have not been visited or do not meet the rules.
  package func counts(
    in path: PlacePath
  ) throws -> (households: Int, people: Int, silent: Int, unvisited: Int, unmet: Int) {
    let homes = try transaction.row(
      """
      SELECT COUNT(*), COUNT(CASE WHEN visited_at IS NULL THEN 1 END),
        COUNT(CASE WHEN unmet > 0 THEN 1 END)
      FROM home_household
      WHERE closed_at IS NULL AND \(SQL.inside(path, column: "path"))
      """)
    let people = try transaction.row(
      """
      SELECT COUNT(*), COUNT(CASE WHEN stay.silence = 1 AND stay.silence_at IS NULL THEN 1 END)
      FROM home_household AS household
      JOIN home_stay AS stay ON stay.household = household.id AND stay.ended_at IS NULL
      WHERE household.closed_at IS NULL AND \(SQL.inside(path, column: "household.path"))
      """)
    return (
      homes?.integer(0) ?? 0, people?.integer(0) ?? 0, people?.integer(1) ?? 0,
      homes?.integer(1) ?? 0, homes?.integer(2) ?? 0
    )
  }

  func note(_ visit: HomeVisit, of household: HomeHouseholdID) throws {
    try transaction.execute(
      """
      INSERT INTO home_visit (household, at, sender, unmet)
      VALUES (\(household), \(visit.at), \(visit.sender),
        \(visit.unmet.map(\.rawValue).joined(separator: ",")))
      ON CONFLICT (household, at) DO UPDATE
      SET sender = excluded.sender, unmet = excluded.unmet
      """)
    try transaction.execute(
      """
      UPDATE home_household
      SET visited_at = \(visit.at), unmet = \(visit.unmet.count)
      WHERE id = \(household)
      """)
  }

  func noteUnmet(_ count: Int, of household: HomeHouseholdID) throws {
    try transaction.execute(
      "UPDATE home_household SET unmet = \(count) WHERE id = \(household)")
  }

  /// The visits behind a door, the latest first.
  package func visits(of household: HomeHouseholdID) throws -> [HomeVisit] {
    try transaction.rows(
      """
      SELECT at, sender, unmet
      FROM home_visit
      WHERE household = \(household)
      ORDER BY at DESC
      LIMIT 50
      """
    ).map { row in
      HomeVisit(
        at: row.instant(0), sender: row.text(1),
        unmet: row.text(2).split(separator: ",").compactMap { HomeRule(rawValue: String($0)) })
    }
  }

  func name(_ carer: HomeCarer, by account: String) throws {
    try transaction.execute(
      """
      INSERT INTO home_carer (dependent, carer, named_at, named_by)
      VALUES (\(carer.dependent), \(carer.carer), \(carer.since), \(account))
      ON CONFLICT (dependent) DO UPDATE
      SET carer = excluded.carer, named_at = excluded.named_at, named_by = excluded.named_by
      """)
  }

  /// Who cares for somebody, nil when nobody was named.
  package func carer(of person: PersonID) throws -> HomeCarer? {
    try transaction.row(
      "SELECT dependent, carer, named_at FROM home_carer WHERE dependent = \(person)"
    ).map { HomeCarer(dependent: $0.id(0), carer: $0.id(1), since: $0.instant(2)) }
  }

  /// For whom somebody cares.
  func dependents(of carer: PersonID) throws -> [PersonID] {
    try transaction.rows(
      "SELECT dependent FROM home_carer WHERE carer = \(carer) ORDER BY dependent LIMIT 50"
    ).map { $0.id(0) }
  }

  private static func stay(_ row: Row) -> HomeStay {
    HomeStay(
      id: row.id(0), person: row.id(1), household: row.id(2), restriction: row.id(3),
      kind: RestrictionKind(rawValue: row.text(4)) ?? .homeIsolation,
      asks: HomeAsks(
        checklist: row.integer(5) == 1, deliveries: row.integer(6) == 1,
        silence: row.integer(7) == 1),
      since: row.instant(8), until: row.instant(9), heardAt: row.optionalInstant(10),
      silenceAt: row.optionalInstant(11), endedAt: row.optionalInstant(12))
  }

  private static func household(_ row: Row) -> HomeHousehold {
    HomeHousehold(
      id: row.id(0), home: row.id(1), path: PlacePath(row.text(2)),
      lone: row.text(3).isEmpty ? nil : row.id(3), openedAt: row.instant(4),
      closedAt: row.optionalInstant(5), servedUntil: row.optionalInstant(6),
      visitedAt: row.optionalInstant(7), unmet: row.integer(8))
  }
}

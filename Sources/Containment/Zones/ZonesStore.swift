import Gazette
import Kernel

/// Statements about zones, their places, infections and history.
package struct ZonesStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let pathsAtOnce = 500
  private static let columns: SQL = """
    id, level, edition, state, place, path, infection, proposed_by, proposed_by_organisations,
    proposed_at, opened_by, opened_at, counted_from, level_since, stepped_down, people, plan,
    served_until, ended_at, end_reason, opened_alone
    """

  func insert(_ zone: HeldZone, _ places: [ZonePlace]) throws {
    try transaction.execute(
      """
      INSERT INTO zone (id, level, edition, state, place, path, infection, proposed_by,
        proposed_by_organisations, proposed_at, stepped_down, people, plan)
      VALUES (\(zone.id), \(zone.level.rawValue), \(zone.edition), \(zone.state.rawValue),
        \(zone.place), \(zone.path), \(zone.infection), \(zone.proposedBy),
        \(zone.proposedByOrganisations), \(zone.proposedAt), 0, \(zone.people), \(zone.plan))
      """)
    for place in places {
      try transaction.execute(
        """
        INSERT INTO zone_place (zone, place, path, from_at)
        VALUES (\(zone.id), \(place.place), \(place.path), \(place.from))
        """)
    }
  }

  /// Puts a proposal of a rule before a second person.
  func ask(_ id: ZoneID, by account: String, organisations: String, at now: Instant) throws {
    try transaction.execute(
      """
      UPDATE zone
      SET proposed_by = \(account), proposed_by_organisations = \(organisations),
        proposed_at = \(now)
      WHERE id = \(id)
      """)
  }

  /// Lets a proposal rest on an infection.
  func rest(_ id: ZoneID, on infection: CaseID) throws {
    try transaction.execute("UPDATE zone SET infection = \(infection) WHERE id = \(id)")
  }

  /// - Parameter alone: whether no second person of another organisation stands behind it.
  func open(
    _ id: ZoneID, by account: String, alone: Bool, at now: Instant, edition: String, people: Int
  ) throws {
    try transaction.execute(
      """
      UPDATE zone
      SET state = 'standing', opened_by = \(account), opened_alone = \(alone ? 1 : 0),
        opened_at = \(now), counted_from = \(now), level_since = \(now), edition = \(edition),
        people = \(people), served_until = \(now)
      WHERE id = \(id)
      """)
    try transaction.execute(
      "UPDATE zone_place SET from_at = \(now) WHERE zone = \(id) AND until_at IS NULL")
  }

  /// Lets what was a part of a standing zone stand by itself, opened when and by whom that one was.
  func openPart(
    _ id: ZoneID, of zone: HeldZone, countedFrom: Instant, at now: Instant
  ) throws {
    try transaction.execute(
      """
      UPDATE zone
      SET state = 'standing', opened_by = \(zone.openedBy),
        opened_alone = \(zone.isOpenedAlone.map { $0 ? 1 : 0 }), opened_at = \(zone.openedAt),
        counted_from = \(countedFrom), level_since = \(zone.levelSince), served_until = \(now)
      WHERE id = \(id)
      """)
  }

  func decline(_ id: ZoneID, at now: Instant) throws {
    try transaction.execute(
      "UPDATE zone SET state = 'declined', ended_at = \(now) WHERE id = \(id)")
  }

  func count(_ id: ZoneID, from moment: Instant) throws {
    try transaction.execute("UPDATE zone SET counted_from = \(moment) WHERE id = \(id)")
  }

  func stepDown(_ id: ZoneID, to level: ZoneLevel, at now: Instant) throws {
    try transaction.execute(
      """
      UPDATE zone
      SET level = \(level.rawValue), level_since = \(now), stepped_down = 1
      WHERE id = \(id)
      """)
  }

  func adopt(_ id: ZoneID, _ level: ZoneLevel, of edition: String) throws {
    try transaction.execute(
      "UPDATE zone SET level = \(level.rawValue), edition = \(edition) WHERE id = \(id)")
  }

  func end(_ id: ZoneID, _ reason: ZoneEnd, at now: Instant) throws {
    try transaction.execute(
      """
      UPDATE zone
      SET state = 'ended', ended_at = \(now), end_reason = \(reason.rawValue)
      WHERE id = \(id)
      """)
    try transaction.execute(
      "UPDATE zone_place SET until_at = \(now) WHERE zone = \(id) AND until_at IS NULL")
  }

  func takeOff(_ place: PlaceID, from id: ZoneID, at now: Instant) throws {
    try transaction.execute(
      """
      UPDATE zone_place
      SET until_at = \(now)
      WHERE zone = \(id) AND place = \(place) AND until_at IS NULL
      """)
  }

  func join(_ place: ZonePlace, to id: ZoneID) throws {
    try transaction.execute(
      """
      INSERT INTO zone_place (zone, place, path, from_at)
      VALUES (\(id), \(place.place), \(place.path), \(place.from))
      ON CONFLICT (zone, place, from_at) DO UPDATE SET until_at = NULL
      """)
  }

  func write(plan: String, of id: ZoneID) throws {
    try transaction.execute("UPDATE zone SET plan = \(plan) WHERE id = \(id)")
  }

  func noteServed(_ id: ZoneID, until: Instant) throws {
    try transaction.execute("UPDATE zone SET served_until = \(until) WHERE id = \(id)")
  }

  /// The zone with an identifier.
  package func find(_ id: ZoneID) throws -> HeldZone? {
    try transaction.row("SELECT \(Self.columns) FROM zone WHERE id = \(id)").map(Self.zone)
  }

  /// A zone that must be there.
  package func get(_ id: ZoneID) throws -> HeldZone {
    guard let found = try find(id) else {
      throw Refusal.notFound(Words("风险区", "zone"), id.text, field: "zone")
    }
    return found
  }

  /// The zones of a state inside an area, the youngest first.
  package func list(_ state: ZoneState, in area: PlacePath, limit: Int) throws -> [HeldZone] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM zone
      WHERE state = \(state.rawValue) AND \(SQL.inside(area, column: "path"))
      ORDER BY proposed_at DESC, id
      LIMIT \(limit)
      """
    ).map(Self.zone)
  }

  /// All zones that stand; a district has hundreds at most.
  package func standing() throws -> [HeldZone] {
    try list(.standing, in: .everywhere, limit: 5_000)
  }

  /// The next zones that stand, by identifier after one.
  func standing(after: ZoneID?, limit: Int) throws -> [HeldZone] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM zone
      WHERE state = 'standing' AND id > \(after?.text ?? "")
      ORDER BY id
      LIMIT \(limit)
      """
    ).map(Self.zone)
  }

  /// The places that belong to a zone now; of one that is over, those it had last.
  package func places(of id: ZoneID) throws -> [ZonePlace] {
    try transaction.rows(
      """
      SELECT place, path, from_at, until_at
      FROM zone_place
      WHERE zone = \(id)
      ORDER BY path, from_at
      LIMIT 5000
      """
    ).map {
      ZonePlace(
        place: $0.id(0), path: PlacePath($0.text(1)), from: $0.instant(2),
        until: $0.optionalInstant(3))
    }
  }

  /// The standing zones that hold a path, the strictest first, with the place through which.
  package func holding(_ path: PlacePath) throws -> [HeldZone] {
    let line = [path] + path.ancestors
    let ids: [ZoneID] = try transaction.rows(
      """
      SELECT DISTINCT zone_place.zone
      FROM zone_place
      JOIN zone ON zone.id = zone_place.zone
      WHERE zone_place.path IN (\(SQL.list(line))) AND zone_place.until_at IS NULL
        AND zone.state = 'standing'
      ORDER BY zone_place.zone
      LIMIT 100
      """
    ).map { $0.id(0) }
    return try ids.map(get).sorted { ($0.level.rank, $1.id) > ($1.level.rank, $0.id) }
  }

  /// The places of zones that stand or wait for a decision, where they lie inside an area or hold it.
  func drawn(in area: PlacePath) throws -> [DrawnZonePlace] {
    try transaction.rows(
      """
      SELECT zone_place.zone, zone_place.path
      FROM zone_place
      JOIN zone ON zone.id = zone_place.zone
      WHERE zone_place.until_at IS NULL AND zone.state IN ('standing', 'proposed')
        AND (\(SQL.inside(area, column: "zone_place.path"))
          OR zone_place.path IN (\(SQL.list([area] + area.ancestors))))
      ORDER BY zone_place.path, zone_place.zone
      LIMIT 5000
      """
    ).map { DrawnZonePlace(zone: $0.id(0), path: PlacePath($0.text(1))) }
  }

  /// Whether any zone stands.
  func isAnyStanding() throws -> Bool {
    try !transaction.remembered(
      "SELECT id FROM zone WHERE state = 'standing' ORDER BY id LIMIT 1", of: "zone"
    ).isEmpty
  }

  /// Those of some homes that standing zones hold.
  func held(among homes: Set<PlacePath>) throws -> Set<PlacePath> {
    let paths = Array(Set(homes.flatMap { [$0] + $0.ancestors }))
    var holding: Set<PlacePath> = []
    for start in stride(from: 0, to: paths.count, by: Self.pathsAtOnce) {
      let part = paths[start..<min(start + Self.pathsAtOnce, paths.count)]
      holding.formUnion(
        try transaction.rows(
          """
          SELECT DISTINCT zone_place.path
          FROM zone_place
          JOIN zone ON zone.id = zone_place.zone
          WHERE zone_place.path IN (\(SQL.list(part))) AND zone_place.until_at IS NULL
            AND zone.state = 'standing'
          """
        ).map { PlacePath($0.text(0)) })
    }
    return homes.filter { home in
      holding.contains(home) || home.ancestors.contains(where: holding.contains)
    }
  }

  /// How many lived in the zones that an account opened since a moment without a second person of
  /// another organisation; of older ones nothing is noted, they count.
  func openedAlone(by account: String, since: Instant) throws -> Int {
    try transaction.row(
      """
      SELECT COALESCE(SUM(people), 0)
      FROM zone
      WHERE opened_by = \(account) AND opened_at > \(since)
        AND (opened_alone IS NULL OR opened_alone = 1)
      """)?.integer(0) ?? 0
  }

  /// The zones that rest, among others, on an infection and are neither over nor declined.
  func resting(on infection: CaseID) throws -> [HeldZone] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM zone
      WHERE state IN ('proposed', 'standing') AND id IN (
        SELECT zone FROM zone_infection WHERE infection = \(infection) AND withdrawn_at IS NULL)
      ORDER BY id
      LIMIT 500
      """
    ).map(Self.zone)
  }

  /// Proposals for a place that wait for a decision.
  func proposals(of place: PlaceID) throws -> [HeldZone] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM zone
      WHERE state = 'proposed' AND id IN (
        SELECT zone FROM zone_place WHERE zone_place.place = \(place))
      ORDER BY id
      LIMIT 100
      """
    ).map(Self.zone)
  }

  func note(_ infection: ZoneInfection, in zone: ZoneID, at now: Instant) throws {
    try transaction.execute(
      """
      INSERT INTO zone_infection (zone, infection, person, path, counted_at, counts, added_at)
      VALUES (\(zone), \(infection.infection), \(infection.person), \(infection.path),
        \(infection.at), \(infection.counts ? 1 : 0), \(now))
      ON CONFLICT (zone, infection) DO UPDATE
      SET path = excluded.path, counted_at = excluded.counted_at, counts = excluded.counts,
        withdrawn_at = NULL
      """)
  }

  func withdraw(_ infection: CaseID, from zone: ZoneID, at now: Instant) throws {
    try transaction.execute(
      """
      UPDATE zone_infection
      SET withdrawn_at = \(now)
      WHERE zone = \(zone) AND infection = \(infection) AND withdrawn_at IS NULL
      """)
  }

  /// The infections of a zone that nobody has withdrawn, the latest first.
  package func infections(of zone: ZoneID) throws -> [ZoneInfection] {
    try transaction.rows(
      """
      SELECT counted.infection, counted.person, counted.path, counted.counted_at, counted.counts,
        zone_case.path, zone_case.found_path
      FROM zone_infection AS counted
      LEFT JOIN zone_case ON zone_case.infection = counted.infection
      WHERE counted.zone = \(zone) AND counted.withdrawn_at IS NULL
      ORDER BY counted.counted_at DESC, counted.infection
      LIMIT 2000
      """
    ).map { row in
      ZoneInfection(
        infection: row.id(0), person: row.id(1), path: PlacePath(row.text(2)), at: row.instant(3),
        counts: row.integer(4) == 1,
        places: [row.optionalText(5), row.optionalText(6)].compactMap { $0 }.map { PlacePath($0) })
    }
  }

  func note(_ event: ZoneEvent, of zone: ZoneID) throws {
    try transaction.execute(
      """
      INSERT INTO zone_event (zone, ordinal, kind, at, sender, edition, level, about)
      VALUES (\(zone), (SELECT COUNT(*) + 1 FROM zone_event WHERE zone = \(zone)),
        \(event.kind.rawValue), \(event.at), \(event.by), \(event.edition),
        \(event.level.rawValue), \(event.about))
      """)
  }

  /// What happened to a zone, the oldest first.
  package func events(of zone: ZoneID) throws -> [ZoneEvent] {
    try transaction.rows(
      """
      SELECT kind, at, sender, edition, level, about
      FROM zone_event
      WHERE zone = \(zone)
      ORDER BY ordinal
      LIMIT 2000
      """
    ).map {
      ZoneEvent(
        kind: ZoneEvent.Kind(rawValue: $0.text(0)) ?? .plan, at: $0.instant(1), by: $0.text(2),
        edition: $0.text(3), level: ZoneLevel(rawValue: $0.text(4)) ?? .low, about: $0.text(5))
    }
  }

  static func zone(_ row: Row) -> HeldZone {
    HeldZone(
      id: row.id(0), level: ZoneLevel(rawValue: row.text(1)) ?? .low, edition: row.text(2),
      state: ZoneState(rawValue: row.text(3)) ?? .proposed, place: row.id(4),
      path: PlacePath(row.text(5)), infection: row.id(6), proposedBy: row.text(7),
      proposedByOrganisations: row.text(8), proposedAt: row.instant(9),
      openedBy: row.optionalText(10), openedAt: row.optionalInstant(11),
      isOpenedAlone: row.optionalInteger(20).map { $0 == 1 },
      countedFrom: row.optionalInstant(12), levelSince: row.optionalInstant(13),
      isSteppedDown: row.integer(14) == 1, people: row.integer(15), plan: row.optionalText(16),
      servedUntil: row.optionalInstant(17), endedAt: row.optionalInstant(18),
      end: row.optionalText(19).flatMap(ZoneEnd.init))
  }
}

import Kernel

/// Statements about isolation sites, their readiness and their rooms.
package struct SitesStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let siteColumns: SQL = "place, path, set_up_at, ready_at, closed_at"
  private static let roomColumns: SQL = "id, site, number, floor, beds, barrier_free, dirty"

  func insert(_ site: IsolationSite) throws {
    try transaction.execute(
      """
      INSERT INTO isolation_site (place, path, set_up_at)
      VALUES (\(site.place), \(site.path), \(site.setUpAt))
      """)
  }

  /// Sets a site up again that was closed.
  func reopen(_ place: PlaceID, at now: Instant) throws {
    try transaction.execute(
      """
      UPDATE isolation_site
      SET set_up_at = \(now), ready_at = NULL, closed_at = NULL
      WHERE place = \(place)
      """)
    try transaction.execute("DELETE FROM isolation_step WHERE site = \(place)")
  }

  func noteReady(_ place: PlaceID, at now: Instant) throws {
    try transaction.execute("UPDATE isolation_site SET ready_at = \(now) WHERE place = \(place)")
  }

  func noteClosed(_ place: PlaceID, at now: Instant) throws {
    try transaction.execute("UPDATE isolation_site SET closed_at = \(now) WHERE place = \(place)")
  }

  /// The site at a place, nil when there is none.
  package func find(_ place: PlaceID) throws -> IsolationSite? {
    try transaction.row(
      "SELECT \(Self.siteColumns) FROM isolation_site WHERE place = \(place)"
    ).map(Self.site)
  }

  /// A site that must be there.
  package func get(_ place: PlaceID) throws -> IsolationSite {
    guard let found = try find(place) else {
      throw Refusal.notFound(Words("隔离点", "isolation site"), place.text, field: "site")
    }
    return found
  }

  /// The sites of an area, in the order of their places.
  package func list(in area: PlacePath) throws -> [IsolationSite] {
    try transaction.rows(
      """
      SELECT \(Self.siteColumns)
      FROM isolation_site
      WHERE \(SQL.inside(area, column: "path"))
      ORDER BY path
      LIMIT 1000
      """
    ).map(Self.site)
  }

  func give(_ step: String, of site: PlaceID, by account: String, at now: Instant) throws {
    try transaction.execute(
      """
      INSERT INTO isolation_step (site, step, given_by, given_at)
      VALUES (\(site), \(step), \(account), \(now))
      """)
  }

  func confirm(_ step: String, of site: PlaceID, by account: String, at now: Instant) throws {
    try transaction.execute(
      """
      UPDATE isolation_step
      SET confirmed_by = \(account), confirmed_at = \(now)
      WHERE site = \(site) AND step = \(step)
      """)
  }

  /// What was said of a site's readiness, in the order in which it was.
  package func steps(of site: PlaceID) throws -> [SiteStep] {
    try transaction.rows(
      """
      SELECT step, given_by, given_at, confirmed_by, confirmed_at
      FROM isolation_step
      WHERE site = \(site)
      ORDER BY given_at, step
      LIMIT 50
      """
    ).map {
      SiteStep(
        step: $0.text(0), givenBy: $0.text(1), givenAt: $0.instant(2),
        confirmedBy: $0.optionalText(3), confirmedAt: $0.optionalInstant(4))
    }
  }

  func insert(_ room: SiteRoom) throws {
    try transaction.execute(
      """
      INSERT INTO isolation_room (id, site, number, floor, beds, barrier_free, dirty)
      VALUES (\(room.id), \(room.site), \(room.number), \(room.floor), \(room.beds),
        \(room.isBarrierFree ? 1 : 0), 0)
      """)
  }

  /// The rooms of a site, floor by floor.
  package func rooms(of site: PlaceID) throws -> [SiteRoom] {
    try transaction.rows(
      """
      SELECT \(Self.roomColumns)
      FROM isolation_room
      WHERE site = \(site)
      ORDER BY floor, number
      LIMIT 5000
      """
    ).map(Self.room)
  }

  /// The room with an identifier, nil when there is none.
  package func room(_ id: SiteRoomID) throws -> SiteRoom? {
    try transaction.row("SELECT \(Self.roomColumns) FROM isolation_room WHERE id = \(id)")
      .map(Self.room)
  }

  func soil(_ room: SiteRoomID) throws {
    try transaction.execute("UPDATE isolation_room SET dirty = 1 WHERE id = \(room)")
  }

  func clean(_ room: SiteRoomID, by sender: String, at now: Instant) throws {
    try transaction.execute("UPDATE isolation_room SET dirty = 0 WHERE id = \(room)")
    try transaction.execute(
      """
      INSERT INTO isolation_cleaning (room, at, sender)
      VALUES (\(room), \(now), \(sender))
      ON CONFLICT (room, at) DO NOTHING
      """)
  }

  /// The rooms of a site, counted: free is what is clean, empty and promised to nobody.
  package func counts(of site: PlaceID) throws -> RoomCounts {
    let row = try transaction.row(
      """
      SELECT COUNT(*), COALESCE(SUM(room.beds), 0), COALESCE(SUM(room.dirty), 0),
        COALESCE(SUM(CASE WHEN room.dirty = 0 AND NOT EXISTS (
          SELECT 1 FROM isolation_stay AS stay WHERE stay.room = room.id AND stay.over = 0)
          THEN 1 ELSE 0 END), 0)
      FROM isolation_room AS room
      WHERE room.site = \(site)
      """)
    let people = try transaction.row(
      """
      SELECT COALESCE(SUM(CASE WHEN arrived_at IS NOT NULL THEN 1 ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN arrived_at IS NULL AND accepted_at IS NOT NULL THEN 1 ELSE 0 END), 0)
      FROM isolation_stay
      WHERE site = \(site) AND over = 0
      """)
    return RoomCounts(
      rooms: row?.integer(0) ?? 0, beds: row?.integer(1) ?? 0, free: row?.integer(3) ?? 0,
      dirty: row?.integer(2) ?? 0, present: people?.integer(0) ?? 0,
      coming: people?.integer(1) ?? 0)
  }

  private static func site(_ row: Row) -> IsolationSite {
    IsolationSite(
      place: row.id(0), path: PlacePath(row.text(1)), setUpAt: row.instant(2),
      readyAt: row.optionalInstant(3), closedAt: row.optionalInstant(4))
  }

  private static func room(_ row: Row) -> SiteRoom {
    SiteRoom(
      id: row.id(0), site: row.id(1), number: row.text(2), floor: row.integer(3),
      beds: row.integer(4), isBarrierFree: row.integer(5) == 1, isDirty: row.integer(6) == 1)
  }
}

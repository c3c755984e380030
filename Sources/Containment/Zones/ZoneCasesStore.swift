import Gazette
import Kernel

/// An infection as zones know it: where it lives or was found, and whether it was isolated before.
struct ZoneCase: Sendable {
  let infection: CaseID
  let person: PersonID
  /// The home, as far as it is known.
  let path: PlacePath
  /// Where it was found, when that is another place of the registry.
  let foundPath: PlacePath?
  let at: Instant
  let isIsolated: Bool

  /// The places by which it is evidence for a zone.
  var paths: [PlacePath] { [path] + (foundPath.map { [$0] } ?? []) }

  /// It as an infection of a zone, with the place that lies in one of the zone's, if one does.
  func inside(_ places: [PlacePath]) -> ZoneInfection? {
    guard let path = paths.first(where: { path in places.contains { $0.holds(path) } }) else {
      return nil
    }
    return ZoneInfection(
      infection: infection, person: person, path: path, at: at, counts: !isIsolated)
  }
}

/// Statements about infections as facts told of them. Another family keeps the cases themselves.
struct ZoneCasesStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  func keep(_ found: ZoneCase) throws {
    try transaction.execute(
      """
      INSERT INTO zone_case (infection, person, path, found_path, reported_at, isolated)
      VALUES (\(found.infection), \(found.person), \(found.path), \(found.foundPath), \(found.at),
        \(found.isIsolated ? 1 : 0))
      ON CONFLICT (infection) DO UPDATE
      SET path = excluded.path, found_path = excluded.found_path,
        reported_at = excluded.reported_at, isolated = excluded.isolated, withdrawn_at = NULL
      """)
  }

  /// Puts infections of which a wider place was known where their people live in it.
  func locate(_ people: [PersonID], at path: PlacePath) throws {
    guard !path.ancestors.isEmpty else { return }
    try transaction.execute(
      """
      UPDATE zone_case
      SET path = \(path)
      WHERE person IN (\(SQL.list(people))) AND path IN (\(SQL.list(path.ancestors)))
        AND withdrawn_at IS NULL
      """)
  }

  func withdraw(_ infection: CaseID, at now: Instant) throws {
    try transaction.execute(
      "UPDATE zone_case SET withdrawn_at = \(now) WHERE infection = \(infection)")
  }

  /// An infection that nobody has withdrawn, and about which nothing is doubtful.
  func standing(_ infection: CaseID) throws -> ZoneCase? {
    try transaction.row(
      """
      SELECT infection, person, path, found_path, reported_at, isolated
      FROM zone_case
      WHERE infection = \(infection) AND withdrawn_at IS NULL AND \(ZoneDoubtStore.isCredible)
      """
    ).map(Self.found)
  }

  /// Infections that live in an area, or were found there, and were reported since a moment; those in
  /// doubt are none.
  func known(in area: PlacePath, since: Instant) throws -> [ZoneCase] {
    let ways = [SQL.inside(area, column: "path"), SQL.inside(area, column: "found_path")]
    var seen: Set<CaseID> = []
    return try ways.flatMap { isInside in
      try transaction.rows(
        """
        SELECT infection, person, path, found_path, reported_at, isolated
        FROM zone_case
        WHERE \(isInside) AND reported_at >= \(since) AND withdrawn_at IS NULL
          AND \(ZoneDoubtStore.isCredible)
        ORDER BY reported_at DESC, infection
        LIMIT 2000
        """
      ).map(Self.found)
    }.filter { seen.insert($0.infection).inserted }
  }

  private static func found(_ row: Row) -> ZoneCase {
    ZoneCase(
      infection: row.id(0), person: row.id(1), path: PlacePath(row.text(2)),
      foundPath: row.optionalText(3).map { PlacePath($0) }, at: row.instant(4),
      isIsolated: row.integer(5) == 1)
  }
}

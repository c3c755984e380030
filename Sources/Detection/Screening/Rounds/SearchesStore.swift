import Gazette
import Kernel

/// A building whose untested somebody has to look for.
struct BuildingSearch: Sendable {
  let round: RoundID
  let place: PlaceID
  let path: PlacePath
}

/// Statements about the buildings in which the untested are looked for.
struct SearchesStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  /// Begins a search; false when one is under way.
  func begin(_ search: BuildingSearch, at now: Instant) throws -> Bool {
    try transaction.execute(
      """
      INSERT INTO roster_search (round, place, path, opened_at)
      VALUES (\(search.round), \(search.place), \(search.path), \(now))
      ON CONFLICT (round, place) DO UPDATE
      SET opened_at = excluded.opened_at, closed_at = NULL
      WHERE roster_search.closed_at IS NOT NULL
      """) > 0
  }

  func close(_ search: BuildingSearch, at now: Instant) throws {
    try transaction.put(
      """
      UPDATE roster_search
      SET closed_at = \(now)
      WHERE round = \(search.round) AND place = \(search.place)
      """)
  }

  /// Those under way.
  func open(limit: Int) throws -> [BuildingSearch] {
    try transaction.rows(
      """
      SELECT round, place, path
      FROM roster_search
      WHERE closed_at IS NULL
      ORDER BY round, path
      LIMIT \(limit)
      """
    ).map { BuildingSearch(round: $0.id(0), place: $0.id(1), path: PlacePath($0.text(2))) }
  }
}

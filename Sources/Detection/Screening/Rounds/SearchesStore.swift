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

  /// Those under way that nobody has to go on with: nobody is left in the building, or the round is
  /// over.
  func finished(limit: Int) throws -> [(search: BuildingSearch, isRoundOver: Bool)] {
    try transaction.rows(
      """
      SELECT search.round, search.place, search.path, screening_round.closed_at
      FROM roster_search AS search
      JOIN screening_round ON screening_round.id = search.round
      WHERE search.closed_at IS NULL
        AND (screening_round.closed_at IS NOT NULL OR NOT EXISTS (
          SELECT 1
          FROM roster_cell AS cell
          WHERE cell.round = search.round AND cell.path >= search.path
            AND cell.path < search.path || '/'
            AND cell.listed > cell.exempt + cell.away + cell.refused + cell.sampled + cell.tested))
      ORDER BY search.round, search.path
      LIMIT \(limit)
      """
    ).map {
      (
        BuildingSearch(round: $0.id(0), place: $0.id(1), path: PlacePath($0.text(2))),
        $0.optionalInstant(3) != nil
      )
    }
  }
}

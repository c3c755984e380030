import Kernel

/// Statements about files that were merged.
package struct MergesStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  func insert(_ merge: Merge) throws {
    try transaction.execute(
      """
      INSERT INTO person_merge (merged, survivor, at, taken, tags)
      VALUES (\(merge.merged), \(merge.survivor), \(merge.at),
        \(merge.taken.joined(separator: "|")), \(merge.tags.joined(separator: "|")))
      ON CONFLICT (merged, at) DO UPDATE SET survivor = excluded.survivor,
        taken = excluded.taken, tags = excluded.tags, undone_at = NULL
      """)
  }

  /// The merge of a file that was not undone.
  package func standing(of merged: PersonID) throws -> Merge? {
    try transaction.row(
      """
      SELECT survivor, at, taken, tags
      FROM person_merge
      WHERE merged = \(merged) AND undone_at IS NULL
      ORDER BY at DESC
      LIMIT 1
      """
    ).map { row in
      Merge(
        survivor: row.id(0), merged: merged, at: row.instant(1),
        taken: row.text(2).split(separator: "|").map(String.init),
        tags: row.text(3).split(separator: "|").map(String.init))
    }
  }

  /// The merges into files of an area that were not undone, the latest first.
  func standing(in area: PlacePath, limit: Int) throws -> [Merge] {
    try transaction.rows(
      """
      SELECT person_merge.survivor, person_merge.at, person_merge.taken, person_merge.tags,
        person_merge.merged
      FROM person_merge
      JOIN person ON person.id = person_merge.survivor
      WHERE person_merge.undone_at IS NULL AND \(SQL.inside(area, column: "person.path"))
      ORDER BY person_merge.at DESC, person_merge.merged
      LIMIT \(limit)
      """
    ).map { row in
      Merge(
        survivor: row.id(0), merged: row.id(4), at: row.instant(1),
        taken: row.text(2).split(separator: "|").map(String.init),
        tags: row.text(3).split(separator: "|").map(String.init))
    }
  }

  func undo(_ merge: Merge, at now: Instant) throws {
    try transaction.execute(
      """
      UPDATE person_merge
      SET undone_at = \(now)
      WHERE merged = \(merge.merged) AND at = \(merge.at)
      """)
  }
}

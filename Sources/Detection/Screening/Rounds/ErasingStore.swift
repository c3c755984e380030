import Gazette
import Kernel

/// Statements that delete what names people in a round.
struct ErasingStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  /// The first cells of a list that are left; one whose bytes are damaged has no members.
  func cells(of round: RoundID, limit: Int) throws -> [RosterCell] {
    try transaction.rows(
      """
      SELECT path, number, members
      FROM roster_cell
      WHERE round = \(round)
      ORDER BY path, number
      LIMIT \(limit)
      """
    ).map { row in
      RosterCell(
        key: RosterCell.Key(path: PlacePath(row.text(0)), number: row.integer(1)),
        members: row.bytes(2).flatMap { RosterCell.members(packed: $0) } ?? [])
    }
  }

  func erase(_ cell: RosterCell.Key, of round: RoundID) throws {
    try transaction.put(
      """
      DELETE FROM roster_cell
      WHERE round = \(round) AND path = \(cell.path) AND number = \(cell.number)
      """)
  }

  /// Deletes the swabs, notes, recalls and contradictions of people in a round; answers how many rows.
  func erase(_ people: [PersonID], of round: RoundID) throws -> Int {
    if people.isEmpty { return 0 }
    let swabs = try transaction.execute(
      "DELETE FROM swab WHERE person IN (\(SQL.list(people))) AND round = \(round)")
    let notes = try transaction.execute(
      "DELETE FROM roster_note WHERE round = \(round) AND person IN (\(SQL.list(people)))")
    let recalls = try transaction.execute(
      "DELETE FROM recall WHERE person IN (\(SQL.list(people))) AND round = \(round)")
    let conflicts = try transaction.execute(
      """
      DELETE FROM swab_conflict
      WHERE kind = 'second_tube' AND round = \(round) AND about IN (\(SQL.list(people)))
      """)
    return swabs + notes + recalls + conflicts
  }

  /// Who was swabbed in a round and stood on no list.
  func unlisted(in round: RoundID, limit: Int) throws -> [PersonID] {
    try transaction.rows(
      """
      SELECT DISTINCT person
      FROM swab
      WHERE round = \(round) AND cell_path IS NULL
      ORDER BY person
      LIMIT \(limit)
      """
    ).map { $0.id(0) }
  }

  /// The tubes of a round behind one, by code.
  func tubes(of round: RoundID, after: TubeCode?, limit: Int) throws -> [TubeCode] {
    try transaction.rows(
      """
      SELECT code
      FROM tube
      WHERE round = \(round) AND code > \(after?.text ?? "")
      ORDER BY code
      LIMIT \(limit)
      """
    ).map { $0.id(0) }
  }

  /// Deletes what is left in tubes of swabs of a round.
  func erase(inTubes tubes: [TubeCode], of round: RoundID) throws -> Int {
    var gone = 0
    for part in tubes.chunks(of: 500) {
      gone += try transaction.execute(
        "DELETE FROM swab WHERE tube IN (\(SQL.list(Array(part)))) AND round = \(round)")
    }
    return gone
  }

  /// Deletes what else names people by their round.
  func eraseRest(of round: RoundID) throws -> Int {
    let notes = try transaction.execute("DELETE FROM roster_note WHERE round = \(round)")
    let recalls = try transaction.execute("DELETE FROM recall WHERE round = \(round)")
    try transaction.execute("DELETE FROM roster_search WHERE round = \(round)")
    return notes + recalls
  }
}

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

  /// Deletes what was said of people in a round; answers how many rows.
  func eraseNotes(on people: [PersonID], of round: RoundID) throws -> Int {
    if people.isEmpty { return 0 }
    return try transaction.execute(
      "DELETE FROM roster_note WHERE round = \(round) AND person IN (\(SQL.list(people)))")
  }

  /// Deletes the notes of a round that are left, and where somebody was looked for.
  func eraseRest(of round: RoundID) throws -> Int {
    try transaction.execute("DELETE FROM roster_search WHERE round = \(round)")
    return try transaction.execute("DELETE FROM roster_note WHERE round = \(round)")
  }
}

import Gazette
import Kernel

/// Statements that delete the swabs of a round, and the contradictions about people.
struct ErasingSwabsStore {
  let transaction: any Transaction

  private static let tubesAtOnce = 500

  init(_ transaction: any Transaction) { self.transaction = transaction }

  /// Deletes the swabs of people in a round and what contradicts in them; answers how many rows.
  func erase(_ people: [PersonID], of round: RoundID) throws -> Int {
    if people.isEmpty { return 0 }
    let swabs = try transaction.execute(
      "DELETE FROM swab WHERE person IN (\(SQL.list(people))) AND round = \(round)")
    let conflicts = try transaction.execute(
      """
      DELETE FROM swab_conflict
      WHERE kind = 'second_tube' AND round = \(round) AND about IN (\(SQL.list(people)))
      """)
    return swabs + conflicts
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
    for part in tubes.chunks(of: Self.tubesAtOnce) {
      gone += try transaction.execute(
        "DELETE FROM swab WHERE tube IN (\(SQL.list(Array(part)))) AND round = \(round)")
    }
    return gone
  }
}

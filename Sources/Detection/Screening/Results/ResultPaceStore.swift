import Gazette
import Kernel

/// Statements about how many results of each laboratory were taken in each of the last minutes: what
/// is read for a laboratory are a few dozen rows, however many results came.
struct ResultPaceStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  /// What was taken of a laboratory in the minutes after one.
  func taken(of laboratory: LaboratoryID, after minute: Int) throws -> ResultShare {
    let row = try transaction.row(
      """
      SELECT COALESCE(SUM(results), 0), COALESCE(SUM(abnormal), 0)
      FROM result_pace
      WHERE laboratory = \(laboratory) AND minute > \(minute)
      """)
    return ResultShare(rows: row?.integer(0) ?? 0, abnormal: row?.integer(1) ?? 0)
  }

  func add(_ share: ResultShare, of laboratory: LaboratoryID, minute: Int) throws {
    try transaction.put(
      """
      INSERT INTO result_pace (laboratory, minute, results, abnormal)
      VALUES (\(laboratory), \(minute), \(share.rows), \(share.abnormal))
      ON CONFLICT (laboratory, minute) DO UPDATE
      SET results = result_pace.results + excluded.results,
        abnormal = result_pace.abnormal + excluded.abnormal
      """)
  }

  /// Deletes what is too long ago to be looked at.
  func forget(_ laboratory: LaboratoryID, upTo minute: Int) throws {
    try transaction.execute(
      "DELETE FROM result_pace WHERE laboratory = \(laboratory) AND minute <= \(minute)")
  }
}

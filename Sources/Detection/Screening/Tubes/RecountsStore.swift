import Gazette
import Kernel

/// Statements about the tubes of before whose swabs are counted anew.
struct RecountsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  func next(limit: Int) throws -> [TubeCode] {
    try transaction.rows("SELECT tube FROM tube_recount ORDER BY tube LIMIT \(limit)")
      .map { $0.id(0) }
  }

  func done(_ tube: TubeCode) throws {
    try transaction.put("DELETE FROM tube_recount WHERE tube = \(tube)")
  }
}

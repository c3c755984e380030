import Kernel
import Storage

/// Runs statements and asks the engine how it goes about them, so that a test sees when one of them
/// reads a whole table.
final class QueryPlan: Transaction {
  private let transaction: any Transaction
  /// The steps of all statements so far.
  private(set) var steps: [String] = []

  init(_ transaction: any Transaction) { self.transaction = transaction }

  func execute(_ statement: SQL) throws -> Int {
    try explain(statement)
    return 0
  }

  func rows(_ statement: SQL) throws -> [Row] {
    try explain(statement)
    return []
  }

  func eachRow(_ statement: SQL, _ body: (Row) throws -> Void) throws { try explain(statement) }

  func savepoint<Result>(_ body: () throws -> Result) throws -> Result { try body() }

  /// Steps that go through a table without an index.
  var scans: [String] {
    steps.filter { step in
      guard step.hasPrefix("SCAN") || step.hasPrefix("SEARCH") else { return false }
      let hasIndex =
        step.contains("USING INDEX") || step.contains("USING COVERING INDEX")
        || step.contains("PRIMARY KEY")
      // A subquery or constant that was computed before is no table.
      return !hasIndex && !step.contains("CONSTANT ROW") && !step.contains("covered")
    }
  }

  private func explain(_ statement: SQL) throws {
    steps += try transaction.rows("EXPLAIN QUERY PLAN \(statement)").map { $0.text(3) }
  }
}

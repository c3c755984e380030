import Kernel

/// Runs statements and asks the engine how it goes about them, so that a test sees when one of them
/// reads a whole table.
package final class QueryPlan: Transaction {
  private let transaction: any Transaction
  private let isPostgres: Bool
  private let isCarriedOut: Bool
  /// The steps of all statements so far.
  package private(set) var steps: [String] = []

  /// - Parameters:
  ///   - isPostgres: whether the engine is PostgreSQL, which says it in other words.
  ///   - isCarriedOut: whether the statements are carried out too.
  package init(
    _ transaction: any Transaction, isPostgres: Bool = TestStorage.isPostgres,
    isCarriedOut: Bool = false
  ) throws {
    self.transaction = transaction
    self.isPostgres = isPostgres
    self.isCarriedOut = isCarriedOut
    // Tables of a test are so small that reading them whole is the cheapest. What is asked for is
    // whether there is another way at all.
    if isPostgres { try transaction.execute("SET LOCAL enable_seqscan = off") }
  }

  package func execute(_ statement: SQL) throws -> Int {
    try explain(statement)
    return isCarriedOut ? try transaction.execute(statement) : 0
  }

  package func rows(_ statement: SQL) throws -> [Row] {
    try explain(statement)
    return isCarriedOut ? try transaction.rows(statement) : []
  }

  package func eachRow(_ statement: SQL, _ body: (Row) throws -> Void) throws {
    try explain(statement)
    if isCarriedOut { try transaction.eachRow(statement, body) }
  }

  package func storedBytes() throws -> Int { try transaction.storedBytes() }

  package func savepoint<Result>(_ body: () throws -> Result) throws -> Result { try body() }

  /// Steps that go through a table without an index.
  package var scans: [String] {
    steps.filter { step in
      if isPostgres { return step.contains("Seq Scan on") }
      guard step.hasPrefix("SCAN") || step.hasPrefix("SEARCH") else { return false }
      let hasIndex =
        step.contains("USING INDEX") || step.contains("USING COVERING INDEX")
        || step.contains("PRIMARY KEY")
      // A subquery or constant that was computed before is no table.
      return !hasIndex && !step.contains("CONSTANT ROW") && !step.contains("covered")
    }
  }

  private func explain(_ statement: SQL) throws {
    if isPostgres {
      steps += try transaction.rows("EXPLAIN (COSTS OFF) \(statement)")
        .map { $0.text(0).trimmingWhitespace() }
    } else {
      steps += try transaction.rows("EXPLAIN QUERY PLAN \(statement)").map { $0.text(3) }
    }
  }
}

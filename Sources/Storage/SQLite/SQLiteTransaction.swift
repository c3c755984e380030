import Kernel

/// Statements on one connection, inside its transaction.
final class SQLiteTransaction: Transaction {
  private let link: SQLiteLink

  init(_ link: SQLiteLink) { self.link = link }

  func execute(_ statement: SQL) throws -> Int {
    try link.each(statement) { _ in }
    return link.changes
  }

  func rows(_ statement: SQL) throws -> [Row] { try link.rows(statement) }

  func eachRow(_ statement: SQL, _ body: (Row) throws -> Void) throws {
    try link.each(statement, body)
  }

  func storedBytes() throws -> Int {
    try row("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")?.integer(0)
      ?? 0
  }

  func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
    // Of savepoints with one name, the innermost is meant.
    try link.run("SAVEPOINT denghuo")
    do {
      let result = try body()
      try link.run("RELEASE denghuo")
      return result
    } catch {
      // After some errors (no room, no memory, a broken disk) SQLite undoes the whole transaction
      // by itself: what follows would be written outside of any.
      guard link.isInsideTransaction else {
        let failure = error as? StorageFailure
        let isTold = failure?.kind == .full || failure?.kind == .broken
        throw isTold
          ? failure ?? error : StorageFailure(.unavailable, "SQLite undid the transaction")
      }
      try link.run("ROLLBACK TO denghuo")
      try link.run("RELEASE denghuo")
      throw error
    }
  }
}

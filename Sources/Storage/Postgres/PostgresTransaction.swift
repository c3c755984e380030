import Kernel

/// Statements on one connection, inside its transaction.
final class PostgresTransaction: Transaction {
  private let wire: PostgresWire
  private var depth = 0
  private var cursors = 0

  /// How many rows are fetched at once of an answer that is too long to hold.
  private static let rowsAtOnce = 2_000

  init(_ wire: PostgresWire) { self.wire = wire }

  func execute(_ statement: SQL) throws -> Int { try wire.perform(statement).changed }

  func put(_ statement: SQL) throws { try wire.later(statement) }

  func rows(_ statement: SQL) throws -> [Row] { try wire.perform(statement).rows }

  func rows(ofEach statements: [SQL]) throws -> [[Row]] {
    try wire.perform(each: statements).map(\.rows)
  }

  func eachRow(_ statement: SQL, _ body: (Row) throws -> Void) throws {
    // A cursor, because the body may run statements on this connection meanwhile.
    cursors += 1
    let name = "denghuo_rows_\(cursors)"
    _ = try wire.perform(once: "DECLARE \(name) NO SCROLL CURSOR FOR ", statement)
    do {
      while true {
        let answer = try wire.run("FETCH FORWARD \(Self.rowsAtOnce) FROM \(name)")
        for index in 0..<answer.count { try body(answer.row(index)) }
        if answer.count < Self.rowsAtOnce { break }
      }
    } catch {
      // In a broken transaction nothing can be closed, and nothing need be.
      if !wire.isBroken && !wire.isLost { try wire.run("CLOSE \(name)") }
      throw error
    }
    try wire.run("CLOSE \(name)")
  }

  func storedBytes() throws -> Int {
    try row("SELECT pg_database_size(current_database())")?.integer(0) ?? 0
  }

  func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
    depth += 1
    defer { depth -= 1 }
    let name = "denghuo_\(depth)"
    let mark = try wire.later(SQL(stringLiteral: "SAVEPOINT \(name)"))
    do {
      let result = try body()
      // A body that kept the engine's error to itself has lost what it did all the same.
      if wire.isBroken { throw wire.complaint?.failure ?? Self.undone }
      try wire.later(SQL(stringLiteral: "RELEASE \(name)"))
      try wire.flush()
      return result
    } catch {
      // When the other side has gone, the first error says why. What was not sent yet need not be
      // undone; else it is with the next statement, or before the end of the transaction.
      if !wire.isLost, !wire.takeBack(from: mark) {
        try wire.later(SQL(stringLiteral: "ROLLBACK TO \(name)"))
        try wire.later(SQL(stringLiteral: "RELEASE \(name)"))
        if wire.isBroken { try wire.flush() }
      }
      throw error
    }
  }

  private static let undone = StorageFailure(.constraint, "PostgreSQL undid a savepoint")
}

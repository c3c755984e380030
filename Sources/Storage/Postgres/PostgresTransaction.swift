import Kernel

/// Statements on one connection, inside its transaction.
final class PostgresTransaction: Transaction {
  private let wire: PostgresWire
  private var depth = 0
  private var cursors = 0
  /// Whether a statement changed anything, undone or not.
  private(set) var hasChanged = false

  /// How many rows are fetched at once of an answer that is too long to hold.
  private static let rowsAtOnce = 2_000

  init(_ wire: PostgresWire) { self.wire = wire }

  func execute(_ statement: SQL) throws -> Int { try perform(statement).changed }

  func rows(_ statement: SQL) throws -> [Row] { try perform(statement).rows }

  private func perform(_ statement: SQL) throws -> PostgresAnswer {
    let answer = try wire.perform(statement)
    let tag = answer.tag
    if answer.changed > 0 || tag.hasPrefix("CREATE") || tag.hasPrefix("ALTER")
      || tag.hasPrefix("DROP")
    {
      hasChanged = true
    }
    return answer
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

  func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
    depth += 1
    defer { depth -= 1 }
    let name = "denghuo_\(depth)"
    try wire.run("SAVEPOINT \(name)")
    let result: Result
    do {
      result = try body()
    } catch {
      // When the other side has gone, the first error says why.
      if !wire.isLost { try wire.run("ROLLBACK TO \(name); RELEASE \(name)") }
      throw error
    }
    // A body that kept the engine's error to itself has lost what it did all the same.
    if wire.isBroken {
      let complaint = wire.complaint
      try wire.run("ROLLBACK TO \(name); RELEASE \(name)")
      throw complaint?.failure ?? StorageFailure(.constraint, "PostgreSQL undid a savepoint")
    }
    try wire.run("RELEASE \(name)")
    return result
  }
}

import Kernel
import Synchronization

/// A storage that writes down which statements its transactions run, so that the bare engine can be
/// given the same.
final class RecordingStorage: Storage {
  private let storage: any Storage
  private let recorded = Mutex<[SQL]>([])

  init(_ storage: any Storage) { self.storage = storage }

  /// What was run since the last call.
  func take() -> [SQL] {
    recorded.withLock { statements in
      defer { statements = [] }
      return statements
    }
  }

  func write<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    try await storage.write { transaction in
      try body(RecordingTransaction(transaction) { self.note($0) })
    }
  }

  func read<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result { try await storage.read(body) }

  func migrate(_ migrations: [Migration]) async throws { try await storage.migrate(migrations) }

  private func note(_ statement: SQL) { recorded.withLock { $0.append(statement) } }
}

private final class RecordingTransaction: Transaction {
  private let transaction: any Transaction
  private let note: (SQL) -> Void

  init(_ transaction: any Transaction, note: @escaping (SQL) -> Void) {
    self.transaction = transaction
    self.note = note
  }

  func execute(_ statement: SQL) throws -> Int {
    note(statement)
    return try transaction.execute(statement)
  }

  func rows(_ statement: SQL) throws -> [Row] {
    note(statement)
    return try transaction.rows(statement)
  }

  func eachRow(_ statement: SQL, _ body: (Row) throws -> Void) throws {
    note(statement)
    try transaction.eachRow(statement, body)
  }

  func storedBytes() throws -> Int { try transaction.storedBytes() }

  func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
    try transaction.savepoint(body)
  }
}

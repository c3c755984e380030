import Kernel

/// Embedded storage: one process, one writer that also checkpoints, readers on snapshots.
package final class SQLiteStorage: Storage {
  private let writer: SQLiteConnection
  /// Nil for a database in memory, which only one connection sees.
  private let readers: SQLiteReaders?

  /// Opens or makes the database file. Every acknowledged commit is on the disk: `synchronous` is
  /// FULL, read back, and nothing starts otherwise.
  ///
  /// - Throws: a ``StorageFailure`` when the file cannot be opened or is not durable.
  package init(file: String) throws {
    writer = try SQLiteConnection(file: file, for: .writing)
    readers = SQLiteReaders(file: file)
  }

  /// A database in memory, for tests and rehearsals.
  package init() throws {
    writer = try SQLiteConnection(file: nil, for: .writing)
    readers = nil
  }

  /// Writes everything into the one file and lets it go.
  package func close() async throws {
    try await readers?.close()
    try await writer.close()
  }

  package func write<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result { try await writer.transact(for: .writing, body) }

  package func read<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    guard let readers else { return try await writer.read(body) }
    let reader = try await readers.take()
    let outcome: Swift.Result<Result, any Error>
    do {
      outcome = .success(try await reader.transact(for: .reading, body))
    } catch {
      outcome = .failure(error)
    }
    await readers.give(reader)
    return try outcome.get()
  }

  package func migrate(_ migrations: [Migration]) async throws {
    try await write { transaction in
      try SchemaLedger.apply(migrations, in: transaction, dialect: SQLiteSchema.dialect)
    }
  }
}

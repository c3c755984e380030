import Kernel

/// Embedded storage: one process, one writer that also checkpoints, readers on snapshots.
package final class SQLiteStorage: Storage {
  /// Nil for a database in memory, which only one connection sees. They are let go before the writer,
  /// because whoever is the last puts the log into the file.
  private let readers: SQLiteReaders?
  private let writer: SQLiteConnection
  private let condition = DiskCondition()
  /// From which size on the log is put into the file; nil for a database in memory, which has none.
  private let logBytes: Int?

  /// An import touches pages all over the indices; with SQLite's usual 4 MB each of its transactions
  /// would write them twice.
  package static let usualLogBytes = 64 << 20

  /// Opens or makes the database file. Every acknowledged commit is on the disk: `synchronous` is
  /// FULL, read back, and nothing starts otherwise.
  ///
  /// - Throws: a ``StorageFailure`` when the file cannot be opened or is not durable.
  package init(file: String, logBytes: Int = usualLogBytes) throws {
    writer = try SQLiteConnection(file: file, for: .writing)
    readers = SQLiteReaders(file: file)
    self.logBytes = logBytes
  }

  /// A database in memory, for tests and rehearsals.
  package init() throws {
    writer = try SQLiteConnection(file: nil, for: .writing)
    readers = nil
    logBytes = nil
  }

  /// A database in memory that is a copy of another: making the tables of all slices anew takes thirty
  /// times as long.
  ///
  /// - Parameter image: what ``image()`` gave.
  /// - Throws: a ``StorageFailure`` when there is no memory for it.
  package init(image: [UInt8]) throws {
    writer = try SQLiteConnection(image: image)
    readers = nil
    logBytes = nil
  }

  /// The whole database as the bytes that its file would have.
  package func image() async throws -> [UInt8] { try await writer.image() }

  /// Keeps room on the disk that is given up when all other is gone: no command is taken then, while
  /// whose data was read is still written down, and commands are taken again when there is room.
  ///
  /// - Parameters:
  ///   - bytes: how much, beside which as much again has to be free.
  ///   - folder: where, on the disk of the database.
  package func keepReserve(of bytes: Int, in folder: String) {
    condition.keep(Reserve(folder: folder, bytes: bytes))
  }

  /// Gives the kept room up, before a stop in order.
  package func giveUpReserve() { condition.giveUpReserve() }

  /// Full, or broken until the program starts anew.
  package var trouble: StorageFailure? { condition.trouble }

  /// Takes the reserve again when there is room, puts the log away, and takes commands from then on.
  package func recover() async {
    guard condition.trouble?.kind == .full, condition.hasRoom() else { return }
    if await putLogAway() { condition.recover() }
  }

  /// Puts what stands in the log into the file, as far as no reader needs it where it is. What was
  /// acknowledged is safe in the log; when the disk fails at this, nothing more is written to it.
  ///
  /// - Returns: whether the disk took it.
  private func putLogAway() async -> Bool {
    do {
      try await writer.checkpoint()
      return true
    } catch {
      if let failure = error as? StorageFailure { condition.note(failure) }
      return false
    }
  }

  /// Writes everything into the one file and lets it go.
  package func close() async throws {
    try await readers?.close()
    try await writer.close()
  }

  package func write<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    if let trouble = condition.trouble, trouble.kind == .broken { throw trouble }
    do {
      let (result, log) = try await writer.write(body)
      if let logBytes, log >= logBytes { _ = await putLogAway() }
      return result
    } catch let failure as StorageFailure {
      condition.note(failure)
      throw failure
    }
  }

  package func read<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    guard let readers else { return try await writer.read(body) }
    let reader = try await readers.take()
    let outcome: Swift.Result<Result, any Error>
    do {
      outcome = .success(try await reader.transact(for: .reading, body))
    } catch let failure as StorageFailure where failure.kind == .broken {
      // What cannot be read endangers nothing that was written.
      outcome = .failure(StorageFailure(.unavailable, failure.description))
    } catch {
      outcome = .failure(error)
    }
    await readers.give(reader)
    return try outcome.get()
  }

  package func migrate(_ migrations: [Migration]) async throws {
    // A migration may change every row of a table at once.
    try await writer.keepUndone(inMemory: false)
    let outcome: Result<Void, any Error>
    do {
      outcome = .success(
        try await write { transaction in
          try SchemaLedger.apply(migrations, in: transaction, dialect: SQLiteSchema.dialect)
        })
    } catch { outcome = .failure(error) }
    try await writer.keepUndone(inMemory: true)
    try outcome.get()
  }
}

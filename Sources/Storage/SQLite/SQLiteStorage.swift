import Foundation
import GRDB
import Kernel

/// Embedded storage: one process, one writer that also checkpoints, readers on snapshots.
package final class SQLiteStorage: Storage {
  private let database: any DatabaseWriter
  private let condition = DiskCondition()
  /// The log beside the file, and from which size on it is put into the file.
  private let log: (file: String, bytes: Int)?

  /// An import touches pages all over the indices; with SQLite's usual 4 MB each of its transactions
  /// would write them twice.
  package static let usualLogBytes = 64 << 20

  /// Opens or makes the database file. Every acknowledged commit is on the disk: `synchronous` is
  /// FULL, read back, and nothing starts otherwise.
  ///
  /// - Throws: a ``StorageFailure`` when the file cannot be opened or is not durable.
  package init(file: String, logBytes: Int = usualLogBytes) throws {
    var configuration = GRDB.Configuration()
    configuration.busyMode = .timeout(10)
    configuration.foreignKeysEnabled = true
    configuration.maximumReaderCount = 4
    let pool = try StorageFailure.translating {
      try DatabasePool(path: file, configuration: configuration)
    }
    // GRDB sets NORMAL on the writer after `prepareDatabase`, with which a power cut loses
    // acknowledged commits; so FULL is set here, after the pool has opened.
    let level = try StorageFailure.translating {
      try pool.writeWithoutTransaction { connection in
        try connection.execute(sql: "PRAGMA synchronous = FULL")
        try connection.execute(sql: "PRAGMA cache_size = -65536")
        // SQLite would put the log away by itself and say nothing when the disk fails at it.
        try connection.execute(sql: "PRAGMA wal_autocheckpoint = 0")
        // A log that begins anew is cut, so that its size says how much is in it.
        try connection.execute(sql: "PRAGMA journal_size_limit = 0")
        return try Int.fetchOne(connection, sql: "PRAGMA synchronous")
      }
    }
    guard level == 2 else {
      throw StorageFailure(.unavailable, "SQLite does not keep synchronous = FULL")
    }
    database = pool
    log = ("\(file)-wal", logBytes)
    do { try Self.settle(pool) } catch let failure as StorageFailure where failure.kind == .full {
      // Reading goes on without room; the log is put away when there is some again.
    }
  }

  /// Puts what stands in the log into the file and empties the log.
  ///
  /// A run before this one may have ended because the disk did not take what was written: the system
  /// then shows it, though it is not on the disk, and what is appended behind it would be lost with
  /// the current. Written once more, it is there or the disk says so.
  private static func settle(_ pool: DatabasePool) throws {
    try StorageFailure.translating {
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    }
  }

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
      try await StorageFailure.translatingLater {
        try await database.writeWithoutTransaction {
          try $0.execute(sql: "PRAGMA wal_checkpoint(PASSIVE)")
        }
      }
      return true
    } catch {
      if let failure = error as? StorageFailure { condition.note(failure) }
      return false
    }
  }

  private var isLogLong: Bool {
    var held = stat()
    guard let log, stat(log.file, &held) == 0 else { return false }
    return Int(held.st_size) >= log.bytes
  }

  /// A database in memory, for tests and rehearsals.
  package init() throws {
    var configuration = GRDB.Configuration()
    configuration.foreignKeysEnabled = true
    log = nil
    database = try StorageFailure.translating { try DatabaseQueue(configuration: configuration) }
  }

  /// Writes everything into the one file and lets it go.
  package func close() throws { try StorageFailure.translating { try database.close() } }

  package func write<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    if let trouble = condition.trouble, trouble.kind == .broken { throw trouble }
    do {
      let result = try await StorageFailure.translatingLater {
        try await database.write { try body(SQLiteTransaction($0)) }
      }
      if isLogLong { _ = await putLogAway() }
      return result
    } catch let failure as StorageFailure {
      condition.note(failure)
      throw failure
    }
  }

  package func read<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    do {
      return try await StorageFailure.translatingLater {
        try await database.read { try body(SQLiteTransaction($0)) }
      }
    } catch let failure as StorageFailure where failure.kind == .broken {
      // What cannot be read endangers nothing that was written.
      throw StorageFailure(.unavailable, failure.description)
    }
  }

  package func migrate(_ migrations: [Migration]) async throws {
    try await StorageFailure.translatingLater {
      try await database.write { connection in
        try SchemaLedger.apply(
          migrations, in: SQLiteTransaction(connection), dialect: SQLiteSchema.dialect)
      }
    }
  }
}

/// Statements on one connection, inside its transaction.
private final class SQLiteTransaction: Transaction {
  private let connection: Database

  init(_ connection: Database) { self.connection = connection }

  func execute(_ statement: Kernel.SQL) throws -> Int {
    try StorageFailure.translating {
      let prepared = try prepare(statement)
      try prepared.execute()
      return connection.changesCount
    }
  }

  func rows(_ statement: Kernel.SQL) throws -> [Kernel.Row] {
    try StorageFailure.translating {
      var found: [Kernel.Row] = []
      try each(prepare(statement)) { found.append($0) }
      return found
    }
  }

  func eachRow(_ statement: Kernel.SQL, _ body: (Kernel.Row) throws -> Void) throws {
    try StorageFailure.translating {
      // Prepared for itself: the body may run the same statement again, which would take the rows
      // of a shared one away.
      let prepared = try connection.makeStatement(sql: statement.text { "?\($0)" })
      prepared.arguments = try Self.arguments(statement)
      try each(prepared, body)
    }
  }

  private func each(_ prepared: Statement, _ body: (Kernel.Row) throws -> Void) throws {
    let cursor = try GRDB.Row.fetchCursor(prepared)
    while let row = try cursor.next() {
      try body(Kernel.Row(row.databaseValues.map(SQLValue.init)))
    }
  }

  func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
    var result: Result?
    do {
      try connection.inSavepoint {
        result = try body()
        return .commit
      }
    } catch {
      // After some errors (no room, no memory, a broken disk) SQLite undoes the whole transaction
      // by itself: what follows would be written outside of any.
      guard connection.isInsideTransaction else {
        let failure = error as? StorageFailure
        let isTold = failure?.kind == .full || failure?.kind == .broken
        throw isTold
          ? failure ?? error : StorageFailure(.unavailable, "SQLite undid the transaction")
      }
      throw (error as? DatabaseError).map { StorageFailure($0) } ?? error
    }
    guard let result else { throw StorageFailure(.unavailable, "a savepoint gave nothing") }
    return result
  }

  private func prepare(_ statement: Kernel.SQL) throws -> Statement {
    let prepared = try connection.cachedStatement(sql: statement.text { "?\($0)" })
    prepared.arguments = try Self.arguments(statement)
    return prepared
  }

  private static func arguments(_ statement: Kernel.SQL) throws -> StatementArguments {
    for case .text(let text) in statement.arguments where text.utf8.contains(0) {
      // SQLite would cut the text there, and PostgreSQL takes none such.
      throw StorageFailure(.constraint, "a text holds the zero character")
    }
    return StatementArguments(statement.arguments.map(\.databaseValue))
  }
}

extension SQLValue {
  fileprivate init(_ value: DatabaseValue) {
    switch value.storage {
    case .null: self = .null
    case .int64(let number): self = .integer(number)
    case .double(let number): self = .real(number)
    case .string(let text): self = .text(text)
    case .blob(let data): self = .bytes(Array(data))
    }
  }

  fileprivate var databaseValue: DatabaseValue {
    switch self {
    case .null: .null
    case .integer(let number): number.databaseValue
    case .real(let number): number.databaseValue
    case .text(let text): text.databaseValue
    case .bytes(let bytes): Data(bytes).databaseValue
    }
  }
}

extension StorageFailure {
  /// The engine's error in the words of the seam. Values never appear in it.
  fileprivate init(_ error: DatabaseError) {
    let words = "SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "no message")"
    switch error.resultCode {
    // A wrong statement or too large a value is the command's own defect, like a broken constraint.
    case .SQLITE_CONSTRAINT, .SQLITE_ERROR, .SQLITE_MISMATCH, .SQLITE_RANGE, .SQLITE_TOOBIG:
      self.init(.constraint, words)
    case .SQLITE_FULL: self.init(.full, words)
    // The shared memory beside the file did not find room; nothing durable is in it.
    case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE:
      self.init(.full, words)
    case .SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_READONLY:
      self.init(.broken, words)
    default: self.init(.unavailable, words)
    }
  }

  fileprivate static func translating<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as DatabaseError { throw StorageFailure(error) }
  }

  fileprivate static func translatingLater<Result>(
    _ body: () async throws -> Result
  ) async throws -> Result {
    do { return try await body() } catch let error as DatabaseError { throw StorageFailure(error) }
  }
}

import CSQLite
import Glibc
import Kernel

/// One connection to the database with its thread. What is prepared on it stays prepared.
actor SQLiteConnection {
  /// What a connection may do.
  enum Purpose: Sendable {
    /// Writes, and brings what was written into the main file.
    case writing
    /// Reads what is committed, on a view that does not change.
    case reading
  }

  private let thread = EngineThread("sqlite")
  private let link: SQLiteLink

  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  /// Opens a file, or a database in memory.
  ///
  /// - Throws: a ``StorageFailure`` when it cannot be opened or would not be durable.
  init(file: String?, for purpose: Purpose) throws {
    link = try SQLiteLink(file: file, for: purpose)
  }

  /// Opens a database in memory that is a copy of another.
  init(image: [UInt8]) throws {
    link = try SQLiteLink(file: nil, for: .writing)
    try link.take(image)
  }

  /// The whole database as the bytes that its file would have.
  func image() throws -> [UInt8] { try link.image() }

  /// Runs a body in a transaction.
  func transact<Result: Sendable>(
    for purpose: Purpose, _ body: @Sendable (any Transaction) throws -> Result
  ) throws -> Result {
    try link.run(purpose == .writing ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED")
    do {
      let result = try body(SQLiteTransaction(link))
      try link.run("COMMIT")
      return result
    } catch {
      if link.isInsideTransaction { try? link.run("ROLLBACK") }
      throw error
    }
  }

  /// Runs a body in a transaction that may write.
  ///
  /// - Returns: what it gave, and how many bytes stand in the log now.
  func write<Result: Sendable>(
    _ body: @Sendable (any Transaction) throws -> Result
  ) throws -> (Result, log: Int) {
    (try transact(for: .writing, body), link.logBytes)
  }

  /// Whether pages as they were before a command stay in memory until it is done.
  func keepUndone(inMemory: Bool) throws { try link.keepUndone(inMemory: inMemory) }

  /// In one file that is written and read by the same connection, a reader must not write.
  func read<Result: Sendable>(
    _ body: @Sendable (any Transaction) throws -> Result
  ) throws -> Result {
    try link.run("PRAGMA query_only = ON")
    defer { try? link.run("PRAGMA query_only = OFF") }
    return try transact(for: .reading, body)
  }

  /// Puts what stands in the log into the main file, as far as no reader needs it.
  func checkpoint() throws { try link.run("PRAGMA wal_checkpoint(PASSIVE)") }

  /// Brings everything into the main file and lets it go. Nothing may be asked of it afterwards.
  func close() throws { try link.close() }
}

/// The text of a statement, to find what is prepared of it. Statements differ in the lengths of their
/// pieces nearly always, and adding those up takes a fraction of what digesting the text takes; the
/// pieces themselves are compared as ever.
private struct StatementText: Hashable {
  let pieces: [String]

  func hash(into hasher: inout Hasher) {
    var sum = pieces.count
    for piece in pieces { sum = sum &* 31 &+ piece.utf8.count }
    hasher.combine(sum)
  }
}

/// The engine's handle and the statements prepared on it. One user at a time.
final class SQLiteLink {
  private var database: OpaquePointer?
  /// Prepared statements by the pieces of their texts.
  private var prepared: [StatementText: SQLiteStatement] = [:]

  private var logPages = 0
  private var pageBytes = 0

  /// How much stands in the log.
  var logBytes: Int { logPages * pageBytes }

  /// How many statements stay prepared; lists of many lengths make statements without end.
  private static let mostPrepared = 1_000
  private static let busyMilliseconds: Int32 = 10_000
  private static let writing = [
    "PRAGMA journal_mode = WAL",
    // With NORMAL, a power cut loses acknowledged commits.
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -\(cacheKibibytes)",
    // SQLite would put the log away by itself and say nothing when the disk fails at it.
    "PRAGMA wal_autocheckpoint = 0",
  ]

  /// How much of the file the writer keeps in memory: a row goes into many indexes at places far apart,
  /// and what is not in memory is fetched for it. A sixty-fourth of the machine's memory, between 64 and
  /// 256 MiB.
  private static let cacheKibibytes: Int = {
    let memory = sysconf(Int32(_SC_PHYS_PAGES)) / 1_024 * sysconf(Int32(_SC_PAGESIZE))
    return min(max(memory / 64, 64 << 10), 256 << 10)
  }()

  init(file: String?, for purpose: SQLiteConnection.Purpose) throws {
    let access =
      purpose == .writing ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
    let code = sqlite3_open_v2(
      file ?? ":memory:", &database, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
    guard code == SQLITE_OK else {
      let failure = StorageFailure(sqlite: code, database)
      sqlite3_close_v2(database)
      throw failure
    }
    sqlite3_busy_timeout(database, Self.busyMilliseconds)
    try run("PRAGMA foreign_keys = ON")
    guard purpose == .writing, file != nil else { return }
    for setting in Self.writing { try run(setting) }
    try keepUndone(inMemory: true)
    guard try rows("PRAGMA synchronous").first?.integer(0) == 2 else {
      throw StorageFailure(.unavailable, "SQLite does not keep synchronous = FULL")
    }
    pageBytes = try rows("PRAGMA page_size").first?.integer(0) ?? 0
    // Told after each commit; the file of the log keeps its size, which makes a commit cheaper.
    sqlite3_wal_hook(
      database,
      { link, _, _, pages in
        guard let link else { return SQLITE_OK }
        Unmanaged<SQLiteLink>.fromOpaque(link).takeUnretainedValue().logPages = Int(pages)
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
    do { try settle() } catch let failure as StorageFailure where failure.kind == .full {
      // Reading goes on without room; the log is put away when there is some again.
    }
  }

  /// Puts what stands in the log into the file and empties the log.
  ///
  /// A run before this one may have ended because the disk did not take what was written: the system
  /// then shows it, though it is not on the disk, and what is appended behind it would be lost with
  /// the current. Written once more, it is there or the disk says so.
  private func settle() throws { try run("PRAGMA wal_checkpoint(TRUNCATE)") }

  deinit {
    prepared = [:]
    sqlite3_close_v2(database)
  }

  var isInsideTransaction: Bool { sqlite3_get_autocommit(database) == 0 }

  /// How many rows the last statement changed.
  var changes: Int { Int(sqlite3_changes64(database)) }

  /// Whether pages as they were before a command stay in memory until it is done. A command touches
  /// forty, and SQLite would put what is over 64 KiB into a file that nobody reads: four times what is
  /// written for good. A statement that changes whole tables would fill the memory instead.
  ///
  /// (A limit in between, `SQLITE_CONFIG_STMTJRNL_SPILL`, must not be used above 128 KiB: SQLite then
  /// writes nothing of what it puts into a file and says that the disk is full.)
  func keepUndone(inMemory: Bool) throws {
    try run(inMemory ? "PRAGMA temp_store = MEMORY" : "PRAGMA temp_store = FILE")
  }

  /// Runs a statement of our own without arguments.
  func run(_ text: String) throws { try each(SQL(stringLiteral: text)) { _ in } }

  func rows(_ statement: SQL) throws -> [Row] {
    var found: [Row] = []
    try each(statement) { found.append($0) }
    return found
  }

  /// Runs a statement and hands over its rows; the body may run the same statement again.
  func each(_ statement: SQL, _ body: (Row) throws -> Void) throws {
    let text = StatementText(pieces: statement.pieces)
    if let known = prepared[text] {
      if !known.isRunning { return try known.run(statement.arguments, body) }
      // Its rows are being handed over to a body that runs it again.
      return try prepare(statement).run(statement.arguments, body)
    }
    let new = try prepare(statement)
    if prepared.count < Self.mostPrepared { prepared[text] = new }
    try new.run(statement.arguments, body)
  }

  private func prepare(_ statement: SQL) throws -> SQLiteStatement {
    guard let database else { throw StorageFailure(.unavailable, "the database is closed") }
    return try SQLiteStatement(statement.text { "?\($0)" }, on: database)
  }

  /// The bytes of the database.
  func image() throws -> [UInt8] {
    var size: sqlite3_int64 = 0
    guard let bytes = sqlite3_serialize(database, "main", &size, 0) else {
      throw StorageFailure(.unavailable, "SQLite does not give the bytes of a database in memory")
    }
    defer { sqlite3_free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: Int(size)))
  }

  /// Takes the bytes of another database for its own.
  func take(_ image: [UInt8]) throws {
    let size = sqlite3_int64(image.count)
    guard let memory = sqlite3_malloc64(sqlite3_uint64(image.count)) else {
      throw StorageFailure(.full, "there is no memory for a copy of a database")
    }
    UnsafeMutableRawBufferPointer(start: memory, count: image.count).copyBytes(from: image)
    // The engine has the memory from here on, whether or not it takes what stands in it.
    let code = sqlite3_deserialize(
      database, "main", memory.assumingMemoryBound(to: UInt8.self), size, size,
      UInt32(SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE))
    guard code == SQLITE_OK else { throw StorageFailure(sqlite: code, database) }
  }

  func close() throws {
    prepared = [:]
    let code = sqlite3_close(database)
    guard code == SQLITE_OK else { throw StorageFailure(sqlite: code, database) }
    database = nil
  }
}

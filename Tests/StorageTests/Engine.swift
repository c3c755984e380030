import Engines
import Foundation
import Kernel
import Storage

/// The engines that keep the contract; what is said of a storage is said of each.
enum Engine: String, CaseIterable, Sendable {
  case file
  case memory
  case postgres

  /// Those whose data is there when they are opened again.
  static let durable: [Engine] = [.file, .postgres]

  /// Those that go about a statement in their own way.
  static let planning: [Engine] = [.memory, .postgres]

  func open(in folder: Folder) async throws -> any Storage {
    switch self {
    case .file: try SQLiteStorage(file: "\(folder.path)/bench.sqlite")
    case .memory: try SQLiteStorage()
    case .postgres:
      try await PostgresStorage(folder.address(), durability: .whateverTheServerDoes)
    }
  }

  /// An open storage with a schema, by default a table of notes.
  func bench(_ migrations: [Migration] = [Bench.notes]) async throws -> Bench {
    let folder = try Folder()
    if self == .postgres {
      return Bench(storage: try await TestStorage.postgres(migrations), folder: folder)
    }
    let storage = try await open(in: folder)
    try await storage.migrate(migrations)
    return Bench(storage: storage, folder: folder)
  }
}

/// A storage to try things on.
struct Bench: Sendable {
  let storage: any Storage
  let folder: Folder

  static let notes = Migration(
    "bench-0001",
    """
    CREATE TABLE note (
      id TEXT PRIMARY KEY, number BIGINT, amount DOUBLE PRECISION, bytes BYTEA, text TEXT, long TEXT,
      above TEXT REFERENCES note (id), CHECK (number IS NULL OR number < 1000000))
    """,
    "CREATE UNIQUE INDEX note_text ON note (text)",
    "CREATE TABLE counter (value BIGINT NOT NULL)",
    "INSERT INTO counter (value) VALUES (0)")

  func write(_ statements: SQL...) async throws {
    try await storage.write { transaction in
      for statement in statements { try transaction.execute(statement) }
    }
  }

  func ids() async throws -> [String] {
    try await storage.read { try $0.rows("SELECT id FROM note ORDER BY id").map { $0.text(0) } }
  }

  func counter() async throws -> Int {
    try await storage.read { try $0.row("SELECT value FROM counter")?.integer(0) ?? -1 }
  }
}

/// A folder of its own that goes when the last one lets it go.
final class Folder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "denghuo-storage-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    if let name = try? String(contentsOfFile: note, encoding: .utf8) {
      Task { try await PostgresServer.usual.drop(name) }
    }
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The folder's own database on the server of the tests, made when it is first asked for.
  func address() async throws -> PostgresAddress {
    if let name = try? String(contentsOfFile: note, encoding: .utf8) {
      return try await PostgresServer.usual.address(name)
    }
    let name = try await PostgresServer.usual.database()
    try name.write(toFile: note, atomically: true, encoding: .utf8)
    return try await PostgresServer.usual.address(name)
  }

  private var note: String { "\(path)/database" }
}

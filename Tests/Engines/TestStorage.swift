import Foundation
import Kernel
import Storage
import Synchronization

/// The storage on which a test runs: SQLite in memory, or PostgreSQL when `DENGHUO_STORAGE` says so.
package enum TestStorage {
  /// Whether the tests of this run are to be on PostgreSQL.
  package static let isPostgres =
    ProcessInfo.processInfo.environment["DENGHUO_STORAGE"] == "postgres"

  /// A storage of its own with a schema. Databases of one schema are copies of one that was made
  /// once.
  package static func open(_ migrations: [Migration] = []) async throws -> any Storage {
    guard isPostgres else { return try await images.copy(of: migrations) }
    return try await postgres(migrations)
  }

  /// A PostgreSQL database of its own with a schema.
  package static func postgres(_ migrations: [Migration] = []) async throws -> PassingStorage {
    try await templates.copy(of: migrations)
  }

  private static let templates = Templates()
  private static let images = Images()
}

/// SQLite databases in memory that were made once and are copied for each test.
private actor Images {
  private var made: [[String]: Task<[UInt8], any Error>] = [:]

  func copy(of migrations: [Migration]) async throws -> SQLiteStorage {
    guard !migrations.isEmpty else { return try SQLiteStorage() }
    let names = migrations.map(\.name)
    let task =
      made[names]
      ?? Task {
        let storage = try SQLiteStorage()
        try await storage.migrate(migrations)
        return try await storage.image()
      }
    made[names] = task
    return try await SQLiteStorage(image: task.value)
  }
}

/// Databases that were made once and are copied for each test.
private actor Templates {
  private var made: [[String]: Task<String, any Error>] = [:]

  func copy(of migrations: [Migration]) async throws -> PassingStorage {
    guard !migrations.isEmpty else { return try await PassingStorage(from: "template0") }
    let names = migrations.map(\.name)
    let task = made[names] ?? Task { try await Self.make(migrations) }
    made[names] = task
    return try await PassingStorage(from: task.value)
  }

  private static func make(_ migrations: [Migration]) async throws -> String {
    let server = PostgresServer.usual
    let name = try await server.database()
    let storage = try await PostgresStorage(
      server.address(name), durability: .whateverTheServerDoes)
    try await storage.migrate(migrations)
    await storage.close()
    return name
  }
}

/// A database that is thrown away when nobody uses it any more.
package final class PassingStorage: Storage {
  package let database: String
  private let storage: PostgresStorage

  package init(from template: String = "template0") async throws {
    await Places.shared.take()
    database = try await PostgresServer.usual.database(from: template)
    storage = try await PostgresStorage(
      PostgresServer.usual.address(database), durability: .whateverTheServerDoes)
  }

  /// Another node's storage on the same database.
  package func neighbour() async throws -> PostgresStorage {
    try await PostgresStorage(
      PostgresServer.usual.address(database), durability: .whateverTheServerDoes)
  }

  deinit {
    let database = self.database
    Task {
      try await PostgresServer.usual.drop(database)
      await Places.shared.give()
    }
  }

  package func write<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result { try await storage.write(body) }

  package func read<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result { try await storage.read(body) }

  package func migrate(_ migrations: [Migration]) async throws {
    try await storage.migrate(migrations)
  }

  package func holds(_ work: String) async throws -> Bool { try await storage.holds(work) }

  package func requireWriting() async throws { try await storage.requireWriting() }

  package func listen(_ heard: @escaping @Sendable () -> Void) async throws {
    try await storage.listen(heard)
  }
}

/// How many databases are in use at a moment: all tests run at once, and a server takes only so many
/// connections.
private actor Places {
  static let shared = Places()

  private var free = 60

  func take() async {
    // A test that holds one and asks for another must not wait for tests that do the same.
    for _ in 0..<1_000 where free <= 0 { try? await Task.sleep(for: .milliseconds(20)) }
    free -= 1
  }

  func give() { free += 1 }
}

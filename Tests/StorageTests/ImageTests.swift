import Kernel
import Storage
import Testing

@Suite("A copy of a database in memory") struct ImageTests {
  private let schema = Migration(
    "image-0001", "CREATE TABLE thing (id TEXT PRIMARY KEY, note TEXT NOT NULL)")

  private func notes(_ storage: SQLiteStorage) async throws -> [String] {
    try await storage.read { transaction in
      try transaction.rows("SELECT note FROM thing ORDER BY id").map { $0.text(0) }
    }
  }

  @Test("holds what the other held, and neither sees what the other writes from then on")
  func copies() async throws {
    let first = try SQLiteStorage()
    try await first.migrate([schema])
    _ = try await first.write {
      try $0.execute("INSERT INTO thing (id, note) VALUES ('a', 'before')")
    }
    let second = try SQLiteStorage(image: await first.image())
    _ = try await first.write {
      try $0.execute("INSERT INTO thing (id, note) VALUES ('b', 'first')")
    }
    _ = try await second.write { transaction in
      for number in 0..<2_000 {
        try transaction.execute(
          "INSERT INTO thing (id, note) VALUES (\("c\(number)"), \(String(repeating: "x", count: 200)))"
        )
      }
    }
    #expect(try await notes(first) == ["before", "first"])
    #expect(try await notes(second).count == 2_001)
    // Its schema is known to it: migrating again changes nothing.
    try await second.migrate([schema])
    #expect(try await notes(second).first == "before")
  }

  @Test("of what is no database is refused when it is read")
  func noDatabase() async throws {
    let image = [UInt8](repeating: 7, count: 8_192)
    await #expect(throws: StorageFailure.self) {
      _ = try await notes(try SQLiteStorage(image: image))
    }
  }
}

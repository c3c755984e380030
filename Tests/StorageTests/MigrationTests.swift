import Kernel
import Storage
import Testing

@Suite("The schema of any storage") struct MigrationTests {
  private static let first = Migration("a-0001", "CREATE TABLE a (id TEXT PRIMARY KEY)")
  private static let second = Migration(
    "a-0002", "ALTER TABLE a ADD COLUMN b BIGINT", "INSERT INTO a (id, b) VALUES ('x', 1)")
  private static let between = Migration("b-0001", "CREATE TABLE b (id TEXT PRIMARY KEY)")

  private static func rows(_ storage: any Storage) async throws -> Int {
    try await storage.read { try $0.row("SELECT COUNT(*) FROM a")?.integer(0) ?? -1 }
  }

  @Test("takes each step once, whenever it comes", arguments: Engine.allCases)
  func once(engine: Engine) async throws {
    let folder = try Folder()
    let storage = try await engine.open(in: folder)
    try await storage.migrate([Self.first])
    for _ in 0..<3 { try await storage.migrate([Self.first, Self.second]) }
    #expect(try await Self.rows(storage) == 1)
    // A slice that is new lies before one that is old.
    try await storage.migrate([Self.between, Self.first, Self.second])
    #expect(try await Self.rows(storage) == 1)
  }

  @Test("remembers its steps when it is opened again", arguments: Engine.durable)
  func reopened(engine: Engine) async throws {
    let folder = try Folder()
    for _ in 0..<2 {
      let storage = try await engine.open(in: folder)
      try await storage.migrate([Self.first, Self.second])
      #expect(try await Self.rows(storage) == 1)
    }
  }

  @Test("refuses a step that was edited after it was taken", arguments: Engine.allCases)
  func edited(engine: Engine) async throws {
    let folder = try Folder()
    let storage = try await engine.open(in: folder)
    try await storage.migrate([Self.first])
    let forged = Migration("a-0001", "CREATE TABLE a (id TEXT PRIMARY KEY, c TEXT)")
    let refusal = await #expect(throws: Refusal.self) {
      try await storage.migrate([forged, Self.second])
    }
    #expect(refusal?.code == "schema.edited" && refusal?.kind == .conflict)
    try await storage.migrate([Self.first, Self.second])
  }

  @Test("refuses data of a newer program", arguments: Engine.allCases)
  func newer(engine: Engine) async throws {
    let folder = try Folder()
    let storage = try await engine.open(in: folder)
    try await storage.migrate([Self.first, Self.second])
    let refusal = await #expect(throws: Refusal.self) {
      try await storage.migrate([Self.first])
    }
    #expect(refusal?.code == "schema.newer")
    #expect(refusal?.words.english.contains("a-0002") == true)
  }

  @Test("takes all new steps or none", arguments: Engine.allCases)
  func failing(engine: Engine) async throws {
    let folder = try Folder()
    let storage = try await engine.open(in: folder)
    let wrong = Migration("c-0001", "CREATE TABLE c (id TEXT)", "CREATE TABEL d (id TEXT)")
    await #expect(throws: StorageFailure.self) { try await storage.migrate([Self.first, wrong]) }
    let right = Migration("c-0001", "CREATE TABLE c (id TEXT)", "CREATE TABLE d (id TEXT)")
    try await storage.migrate([Self.first, right])
    #expect(try await Self.rows(storage) == 0)
  }

  @Test("holds columns to their types", arguments: Engine.allCases)
  func types(engine: Engine) async throws {
    let bench = try await engine.bench()
    for column in ["number", "amount", "bytes"] {
      let failure = await #expect(throws: StorageFailure.self) {
        try await bench.write(
          "INSERT INTO note (id, \(SQL(stringLiteral: column))) VALUES ('a', \("words"))")
      }
      #expect(failure?.kind == .constraint)
    }
  }
}

import Foundation
import Kernel
import Storage
import Testing
import Town

@Suite("denghuo doctor")
struct DoctorTests {
  private struct Found: Decodable {
    let code: String
    let verdict: String
    let seen: Words
    let remedy: Words?
  }

  private func examine(_ desktop: Desktop, _ more: String...) async throws -> [String: Found] {
    let outcome = try await desktop.run(
      ["doctor", "--data", "data", "--account", "chief", "--format", "json"] + more)
    let found = try Fields.json(outcome.bytes).decoded([Found].self, strict: false)
    let isBad = found.contains { $0.verdict == "bad" }
    #expect(outcome.status == (isBad ? 1 : 0))
    for finding in found {
      #expect((finding.remedy == nil) == (finding.verdict == "good"), "\(finding.code)")
      #expect(!finding.seen.chinese.isEmpty && !finding.seen.english.isEmpty)
    }
    return Dictionary(uniqueKeysWithValues: found.map { ($0.code, $0) })
  }

  @Test("finds a fresh district in order, and says what is worth seeing to")
  func fresh() async throws {
    let desktop = try Desktop()
    try await desktop.done("init", "--data", "data", "--account", "chief")
    let found = try await examine(desktop, "--deep")
    for code in [
      "folder.closed", "secret.closed", "disk.kind", "engine.version", "engine.file",
      "machine.clock", "people.manager", "errands.failed", "district.working",
    ] {
      #expect(found[code]?.verdict == "good", "\(code)")
    }
    #expect(found["journal.kept"]?.verdict == "doubtful")
    #expect(found["server.running"] != nil)
  }

  @Test("names an open secret, a damaged file and a clock that is behind, each with its remedy")
  func wrong() async throws {
    let desktop = try Desktop()
    try await desktop.done("init", "--data", "data", "--account", "chief")
    chmod("\(desktop.path)/data/secret.key", 0o644)
    let storage = try SQLiteStorage(file: "\(desktop.path)/data/denghuo.sqlite")
    try await storage.write { transaction in
      try transaction.execute("UPDATE office SET until_at = from_at + 1")
      try transaction.execute(
        """
        INSERT INTO outbox (command, name, body, due_at, attempts, failed_at)
        VALUES ('errand', 'none', '{}', 1, 9, 2)
        """)
    }
    try await storage.close()
    let found = try await examine(desktop)
    #expect(found["secret.closed"]?.verdict == "bad")
    #expect(found["secret.closed"]?.remedy?.english.contains("chmod 600") == true)
    #expect(found["people.manager"]?.verdict == "bad")
    #expect(found["errands.failed"]?.verdict == "doubtful")
    #expect(found["engine.file"] == nil)
  }

  @Test("says why a district does not open, and refuses where there is none")
  func closed() async throws {
    let desktop = try Desktop()
    try await desktop.done("init", "--data", "data", "--account", "chief")
    try Data("not a database at all, and long enough to be looked at".utf8).write(
      to: URL(filePath: "\(desktop.path)/data/denghuo.sqlite"))
    for suffix in ["-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: "\(desktop.path)/data/denghuo.sqlite\(suffix)")
    }
    #expect(try await examine(desktop)["district.opens"]?.verdict == "bad")
    let none = try await desktop.run(["doctor", "--data", "nowhere"])
    #expect(none.status == 1 && none.complaints.contains("denghuo init"))
  }
}

import Cryptography
import District
import Engines
import Foundation
import Kernel
import Storage
import Testing
import Town

@Suite(
  "Backing a district up", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"))
struct BackupTests {
  private func key(_ desktop: Desktop, _ name: String = "private.key") async throws -> String {
    try await desktop.done("backup", "key", "--private", name).output
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// What anybody can see of a district.
  private static func seen(_ desktop: Desktop, _ folder: String) async throws -> [String] {
    var seen: [String] = []
    for kind in Desktop.kinds {
      seen.append(try await desktop.done("export", kind, "--data", folder).output)
    }
    return seen
  }

  @Test("what is restored is what was backed up, to the row, and the key stays elsewhere")
  func thereAndBack() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    let key = try await key(desktop)
    let before = try await Self.seen(desktop, "data")
    let made = try await desktop.done(
      "backup", "--data", "data", "--to", "one.backup", "--key", key, "--format", "json")
    let summary = try Fields.json(Array(made.output.utf8)).decoded(
      BackupSummary.self, strict: false)
    #expect(summary.rows > 0 && summary.head.entries > 0)
    #expect(desktop.permissions("one.backup") == 0o600)
    #expect(desktop.permissions("private.key") == 0o600)
    let checked = try await desktop.done(
      "backup", "check", "one.backup", "--private", "private.key")
    #expect(checked.output.contains("\(summary.rows) rows"))
    try await desktop.done(
      "restore", "one.backup", "--private", "private.key", "--data", "again")
    #expect(try await Self.seen(desktop, "again") == before)
    #expect(try await desktop.done("verify", "--data", "again").output.contains("0 violated"))
    #expect(!desktop.has("again.restoring"))
  }

  @Test("a district without an account admin comes back, too, and what was wrong with it is said")
  func otherAccount() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    try await desktop.done("init", "--data", "data", "--account", "chief")
    let key = try await key(desktop)
    let door = ["--data", "data", "--account", "chief", "--key", key]
    let made = try await desktop.run(["backup", "--to", "one.backup"] + door)
    #expect(made.status == 0, "\(made.complaints)")
    try await desktop.done("backup", "check", "one.backup", "--private", "private.key")
    let storage = try SQLiteStorage(file: "\(desktop.path)/data/denghuo.sqlite")
    _ = try await storage.write { transaction in
      try transaction.execute("UPDATE journal SET head = 'x' WHERE sequence = 1")
    }
    try await storage.close()
    let broken = try await desktop.run(["backup", "--to", "two.backup"] + door)
    #expect(broken.status == 0, "\(broken.complaints)")
    let restored = try await desktop.run(
      "restore", "two.backup", "--private", "private.key", "--data", "again")
    #expect(restored.status == 1 && restored.complaints.contains("I-53"), "\(restored.complaints)")
    #expect(desktop.has("again/secret.key"))
  }

  @Test("a district in PostgreSQL is backed up too, and restored into a file")
  func fromPostgres() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    let server = PostgresServer.durable
    let address = try await server.address(server.database()).text
    let before = try await Self.seen(desktop, "data")
    try await desktop.done("migrate", "--data", "data", "--to", address)
    let key = try await key(desktop)
    try await desktop.done("backup", "--data", "data", "--to", "one.backup", "--key", key)
    try await desktop.done(
      "restore", "one.backup", "--private", "private.key", "--data", "again")
    #expect(try await Self.seen(desktop, "again") == before)
    #expect(!desktop.has("again/store"))
  }

  @Test("a wrong key, a cut file and a folder in use are refused in words, and nothing is left")
  func refused() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    let key = try await key(desktop)
    _ = try await self.key(desktop, "other.key")
    try await desktop.done("backup", "--data", "data", "--to", "one.backup", "--key", key)
    let whole = try #require(desktop.bytes("one.backup"))
    try desktop.put("cut.backup", Array(whole.dropLast(1)))
    try desktop.put("longer.backup", whole + [0])
    try desktop.put("key.txt", "denghuo-backup-public-12\n")
    let cases: [(arguments: [String], status: Int32, words: String)] = [
      (["restore", "one.backup", "--private", "other.key", "--data", "new"], 1, "another key"),
      (["restore", "cut.backup", "--private", "private.key", "--data", "new"], 1, "cut off"),
      (["restore", "longer.backup", "--private", "private.key", "--data", "new"], 1, "changed"),
      (["restore", "other.key", "--private", "private.key", "--data", "new"], 1, "no backup"),
      (["restore", "none", "--private", "private.key", "--data", "new"], 1, "no backup file"),
      (["restore", "one.backup", "--private", "none", "--data", "new"], 2, "no file"),
      (
        ["restore", "one.backup", "--private", "key.txt", "--data", "new"], 1, "private backup key"
      ),
      (["restore", "one.backup", "--private", "private.key", "--data", "data"], 1, "already"),
      (["backup", "--data", "data", "--to", "one.backup", "--key", key], 1, "already"),
      (["backup", "--data", "data", "--to", "two.backup", "--key", "key.txt"], 1, "public backup"),
      (
        ["backup", "--data", "data", "--to", "no/two.backup", "--key", key], 3, "cannot be written"
      ),
      (["backup", "key", "--private", "private.key"], 1, "exists"),
    ]
    for (arguments, status, words) in cases {
      let outcome = try await desktop.run(arguments)
      #expect(outcome.status == status, "\(arguments): \(outcome.complaints)")
      #expect(outcome.complaints.contains(words), "\(arguments): \(outcome.complaints)")
    }
    for name in ["new", "new.restoring", "two.backup", "two.backup.part", "one.backup.part"] {
      #expect(!desktop.has(name), "\(name)")
    }
  }

  @Test("one flipped byte anywhere is found, a thousand times out of a thousand")
  func flipped() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    let pair = try BackupKey.make(entropy: .seeded(3))
    let secret = try BackupKey.privateKey(pair.privateText)
    let folder = DataFolder("\(desktop.path)/data")
    let file = "\(desktop.path)/one.backup"
    let clock = Clock { Instant(milliseconds: 1_670_000_000_000) }
    let (district, lock) = try await folder.open(clock: clock)
    _ = try await folder.backUp(
      district.desk.storage, to: file, for: pair.key, at: clock.now(), entropy: .seeded(4))
    withExtendedLifetime(lock) {}
    let whole = try #require(desktop.bytes("one.backup"))
    let chance = Entropy.seeded(5)
    for _ in 0..<1_000 {
      let draw = chance.bytes(9)
      let place = Int(
        draw.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } % UInt64(whole.count))
      var changed = whole
      changed[place] ^= draw[8] | 1
      try desktop.put("flipped.backup", changed)
      let target = DataFolder("\(desktop.path)/flipped")
      let refusal = await #expect(throws: Refusal.self, "byte \(place)") {
        _ = try await target.restore(
          from: "\(desktop.path)/flipped.backup", privateKey: secret, clock: clock)
      }
      #expect(["backup.damaged", "backup.wrongKey", "backup.none"].contains(refusal?.code))
    }
    #expect(!desktop.has("flipped") && !desktop.has("flipped.restoring"))
  }
}

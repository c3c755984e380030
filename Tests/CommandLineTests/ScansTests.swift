import Engines
import Foundation
import Kernel
import Storage
import Testing
import Town

@Suite(
  "Scans from the command line", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"))
struct ScansTests {
  private static let scans = """
    person,venue,from,to
    P-1,茶馆,2022-11-28T23:50:00+08:00,2022-11-29T00:30:00+08:00
    P-2,茶馆,2022-11-29T00:00:00+08:00,2022-11-29T01:00:00+08:00
    P-3,230102001001,2022-11-28T10:00:00+08:00,2022-11-28T11:00:00+08:00

    """

  private func settled() async throws -> Desktop {
    let desktop = try await Desktop.settled()
    try desktop.put("scans.csv", Self.scans)
    return desktop
  }

  private func take(_ desktop: Desktop, _ file: String, status: Int32 = 0) async throws -> Summary {
    let outcome = try await desktop.run(
      "import", "scans", file, "--data", "data", "--format", "json")
    #expect(outcome.status == status, "\(outcome.complaints)")
    return try desktop.summary(outcome)
  }

  @Test("a plain file is taken in, the same file again is known, and what is exported comes back")
  func taken() async throws {
    let desktop = try await settled()
    defer { desktop.clear() }
    let first = try await take(desktop, "scans.csv")
    #expect(first.accepted == 3 && first.read == 3)
    let again = try await take(desktop, "scans.csv")
    #expect(again.duplicate == 3 && again.accepted == 0)
    let exported = try await desktop.done("export", "scans", "--data", "data")
    #expect(exported.lines.count == 5)
    #expect(exported.output.contains("P-1,茶馆,2022-11-29T00:00:00+08:00,2022-11-29T00:30"))
    try desktop.put("out.csv", exported.bytes)
    let other = try await Desktop.settled()
    defer { other.clear() }
    try other.put("out.csv", exported.bytes)
    #expect(try await take(other, "out.csv").accepted == 4)
    let twice = try await other.done("export", "scans", "--data", "data")
    #expect(twice.lines.sorted() == exported.lines.sorted())
  }

  @Test(
    "a wrong row is named and kept for correction, the others are taken; a rehearsal leaves nothing"
  )
  func rejected() async throws {
    let desktop = try await settled()
    defer { desktop.clear() }
    try desktop.put(
      "wrong.csv", Self.scans + "P-4,茶馆,2022-11-28T12:00:00+08:00,2022-11-28T11:00:00+08:00\n")
    _ = try await desktop.run("import", "scans", "wrong.csv", "--data", "data", "--dry-run")
    #expect(try await desktop.done("export", "scans", "--data", "data").lines.count == 1)
    let summary = try await take(desktop, "wrong.csv", status: 1)
    #expect(summary.accepted == 3 && summary.rejected == 1)
    #expect(
      desktop.text("wrong.csv.rejected.csv")?.contains("P-4") ?? desktop.has("wrong.rejected.csv"))
  }

  @Test("a backup and a database elsewhere hold the scans, and each makes its own index")
  func moved() async throws {
    let desktop = try await settled()
    defer { desktop.clear() }
    _ = try await take(desktop, "scans.csv")
    #expect(desktop.has("data/visits"))
    let before = try await desktop.done("export", "scans", "--data", "data").output
    let key = try await desktop.done("backup", "key", "--private", "private.key").output
      .trimmingCharacters(in: .whitespacesAndNewlines)
    try await desktop.done("backup", "--data", "data", "--to", "one.backup", "--key", key)
    try await desktop.done(
      "restore", "one.backup", "--private", "private.key", "--data", "again")
    #expect(try await desktop.done("export", "scans", "--data", "again").output == before)
    let server = PostgresServer.durable
    let address = try await server.address(server.database()).text
    try await desktop.done("migrate", "--data", "again", "--to", address)
    #expect(try await desktop.done("export", "scans", "--data", "again").output == before)
    for folder in ["data", "again"] {
      try await desktop.done("obligations", "--data", folder)
      #expect(try await desktop.done("verify", "--data", folder).output.contains("0 violated"))
    }
  }

  @Test("verify names the file of the index in which a byte was flipped")
  func damage() async throws {
    let desktop = try await settled()
    defer { desktop.clear() }
    _ = try await take(desktop, "scans.csv")
    // A last list that is damaged looks like one that was never finished: it is simply indexed again.
    try desktop.put(
      "more.csv",
      "person,venue,from,to\nP-5,茶馆,2022-11-28T10:00:00+08:00,2022-11-28T11:00:00+08:00\n")
    _ = try await take(desktop, "more.csv")
    var bytes = try #require(desktop.bytes("data/visits/visits.log"))
    bytes[40] ^= 1
    try desktop.put("data/visits/visits.log", bytes)
    let verified = try await desktop.run("verify", "--data", "data")
    #expect(verified.status == 1)
    #expect(verified.output.contains("visits/visits.log"))
    try FileManager.default.removeItem(atPath: "\(desktop.path)/data/visits")
    #expect(try await desktop.done("verify", "--data", "data").output.contains("0 violated"))
  }
}

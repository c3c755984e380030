import District
import Engines
import Foundation
import Kernel
import Storage
import Testing
import Town

@Suite(
  "Moving a district between a file and PostgreSQL", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"))
struct MigrateTests {
  private static func address() async throws -> String {
    let server = PostgresServer.durable
    return try await server.address(server.database()).text
  }

  /// What anybody can see of a district: every kind as its export prints it.
  private static func seen(_ desktop: Desktop, _ folder: String = "data") async throws -> [String] {
    var seen: [String] = []
    for kind in ["places", "residents", "cases", "visits", "encounters", "tracks"] {
      seen.append(try await desktop.done("export", kind, "--data", folder).output)
    }
    return seen
  }

  @Test("there and back, every row arrives, and what was left behind is out of use")
  func thereAndBack() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    let address = try await Self.address()
    let before = try await Self.seen(desktop)
    let there = try await desktop.done("migrate", "--data", "data", "--to", address)
    #expect(there.lines.contains { $0.hasPrefix("person\t") })
    #expect(desktop.text("data/store") == "\(address)\n")
    #expect(!desktop.has("data/denghuo.sqlite") && desktop.has("data/denghuo.sqlite.moved"))
    #expect(try await Self.seen(desktop) == before)
    #expect(try await desktop.done("verify", "--data", "data").output.contains("0 violated"))
    try FileManager.default.copyItem(
      atPath: "\(desktop.path)/data", toPath: "\(desktop.path)/node")
    let back = try await desktop.done("migrate", "--data", "data", "--to", "sqlite")
    #expect(back.lines.count == there.lines.count)
    #expect(!desktop.has("data/store") && desktop.has("data/denghuo.sqlite"))
    #expect(try await Self.seen(desktop) == before)
    #expect(try await desktop.done("verify", "--data", "data").output.contains("0 violated"))
    let left = try await desktop.run("verify", "--data", "node")
    #expect(left.status == 1 && left.complaints.contains("moved"))
    let again = try await desktop.run("migrate", "--data", "data", "--to", address)
    #expect(again.status == 1 && again.complaints.contains("empty"))
    #expect(try await desktop.done("verify", "--data", "data").output.contains("0 violated"))
  }

  @Test("a move that was cut off after its end is finished; other data is never overwritten")
  func repeated() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    let address = try await Self.address()
    let other = try await Desktop.settled()
    defer { other.clear() }
    let first = try await desktop.done("migrate", "--data", "data", "--to", address)
    // As if the process had ended before it wrote down where the data is.
    try FileManager.default.removeItem(atPath: "\(desktop.path)/data/store")
    try FileManager.default.moveItem(
      atPath: "\(desktop.path)/data/denghuo.sqlite.moved",
      toPath: "\(desktop.path)/data/denghuo.sqlite")
    let second = try await desktop.done("migrate", "--data", "data", "--to", address)
    #expect(second.output == first.output)
    try await other.done(
      "perform", "places.import", "--data", "data", "--json",
      #"{"run":"r","rows":[{"code":"3100","name":"上海市"}]}"#)
    let refused = try await other.run("migrate", "--data", "data", "--to", address)
    #expect(refused.status == 1 && refused.complaints.contains("empty"))
    try await other.done("verify", "--data", "data")
  }

  @Test("what makes no sense is refused, and the data stays where it is")
  func refused() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    let loose = PostgresServer.usual
    let cases: [(to: String, status: Int32, words: String)] = [
      ("sqlite", 1, "already"), ("postgres://a:geheim@b/c", 1, "PGPASSFILE"),
      ("here.sqlite", 1, "postgres://"),
      ("postgres://denghuo@%2Fnowhere/denghuo", 3, "unavailable"),
      (try await loose.address(loose.database()).text, 1, "fsync"),
    ]
    for (to, status, words) in cases {
      let outcome = try await desktop.run("migrate", "--data", "data", "--to", to)
      #expect(
        outcome.status == status && outcome.complaints.contains(words), "\(outcome.complaints)")
    }
    let nobody = try await desktop.run("migrate", "--data", "none", "--to", Self.address())
    #expect(nobody.status == 1 && nobody.complaints.contains("init"))
    let server = try BuiltProgram.start(
      ["serve", "--data", "data", "--listen", "127.0.0.1:0"], in: desktop.path,
      output: "\(desktop.path)/said", errors: "\(desktop.path)/errors")
    for _ in 0..<1_000 where !desktop.has("data/address") {
      try await Task.sleep(for: .milliseconds(20))
    }
    let served = try await desktop.run("migrate", "--data", "data", "--to", Self.address())
    #expect(served.status == 1 && served.complaints.contains("stop it"))
    server.terminate()
    await BuiltProgram.end(of: server)
    #expect(try await desktop.counts().violated == [])
  }

  @Test("killed at any moment, it is wholly here or wholly there, and can be moved again")
  func killed() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    let before = try await desktop.counts().rows
    let address = try await Self.address()
    let start = ContinuousClock.now
    let rehearsal = try await Desktop.settled()
    defer { rehearsal.clear() }
    try await rehearsal.done("migrate", "--data", "data", "--to", Self.address())
    let usual = ContinuousClock.now - start
    for round in 0..<12 {
      let target = desktop.has("data/store") ? "sqlite" : address
      let move = try BuiltProgram.start(
        ["migrate", "--data", "data", "--to", target], in: desktop.path,
        output: "\(desktop.path)/said", errors: "\(desktop.path)/errors")
      try await Task.sleep(for: usual * (0.1 + 0.08 * Double(round)))
      kill(move.processIdentifier, SIGKILL)
      await BuiltProgram.end(of: move)
      if desktop.has("data/store"), target == "sqlite" {
        // The last word about a move back is that the database is out of use; then it is finished.
        try await desktop.done("migrate", "--data", "data", "--to", "sqlite")
      }
      #expect(try await desktop.counts().rows == before)
      if !desktop.has("data/store"), target == "sqlite" { return }
    }
  }
}

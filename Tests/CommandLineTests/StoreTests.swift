import District
import Engines
import Foundation
import Kernel
import Storage
import Testing
import Town

@Suite(
  "A district in PostgreSQL, from the command line", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"))
struct StoreTests {
  /// The address of a new database that waits for the disk.
  private static func address() async throws -> String {
    let server = PostgresServer.durable
    return try await server.address(server.database()).text
  }

  private static let city = #"{"run":"r","rows":[{"code":"2301","name":"哈尔滨市"}]}"#

  @Test("is made, written to, read and verified like one in a file, by each node in turn")
  func whole() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    let address = try await Self.address()
    let made = try await desktop.done("init", "--data", "data", "--store", address)
    #expect(made.output.hasPrefix("http://127.0.0.1:8080/link/"))
    #expect(desktop.text("data/store") == "\(address)\n")
    #expect(!desktop.has("data/denghuo.sqlite"))
    try await desktop.done("perform", "places.import", "--json", Self.city, "--data", "data")
    // Another node has a copy of the folder, without what belongs to a running process.
    try FileManager.default.createDirectory(
      atPath: "\(desktop.path)/node", withIntermediateDirectories: true)
    for file in ["secret.key", "store", "policies"] {
      try FileManager.default.copyItem(
        atPath: "\(desktop.path)/data/\(file)", toPath: "\(desktop.path)/node/\(file)")
    }
    let exported = try await desktop.done("export", "places", "--data", "node")
    #expect(exported.output.contains("哈尔滨市"))
    for folder in ["data", "node"] {
      let verified = try await desktop.done("verify", "--data", folder)
      #expect(verified.output.contains("0 violated"))
    }
  }

  @Test(
    "what cannot be used is refused with the remedy, and leaves no folder behind that is half made")
  func refused() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    let loose = PostgresServer.usual
    let cases: [(store: String, status: Int32, words: String)] = [
      ("sqlite:///denghuo", 1, "postgres://"),
      ("postgres://denghuo:geheim@db/denghuo", 1, "PGPASSFILE"),
      ("postgres://denghuo@%2Fnowhere/denghuo", 3, "unavailable"),
      (try await loose.address(loose.database()).text, 1, "fsync"),
    ]
    for (store, status, words) in cases {
      let outcome = try await desktop.run("init", "--data", "data", "--store", store)
      #expect(outcome.status == status, "\(store): \(outcome.complaints)")
      #expect(outcome.complaints.contains(words), "\(outcome.complaints)")
      #expect(!outcome.complaints.contains("geheim"))
      #expect(!desktop.has("data/secret.key") && !desktop.has("data/store"))
    }
    let folder = try await desktop.run("init", "--data", "postgres://db/denghuo")
    #expect(folder.status == 1 && folder.complaints.contains("--store"))
    try await desktop.done("init", "--data", "data")
  }

  @Test("opens only with the secret that locked it")
  func otherSecret() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    let address = try await Self.address()
    try await desktop.done("init", "--data", "data", "--store", address)
    let second = try await desktop.run("init", "--data", "second", "--store", address)
    #expect(second.status == 1 && second.complaints.contains("secret.key"))
    #expect(!desktop.has("second/secret.key"))
    try await desktop.done("verify", "--data", "data")
  }

  @Test("is waited for by its server when no database takes writing yet, and that is said")
  func waited() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    let server = PostgresServer.durable
    let folder = try await server.folder()
    let database = try await server.database()
    let home = "/tmp/denghuo-late-\(UUID().uuidString.prefix(8))"
    defer { try? FileManager.default.removeItem(atPath: home) }
    try FileManager.default.createSymbolicLink(atPath: home, withDestinationPath: folder)
    let store = "postgres://denghuo@\(home.replacing("/", with: "%2F"))/\(database)"
    try await desktop.done("init", "--data", "data", "--store", store)
    try FileManager.default.removeItem(atPath: home)
    let node = try BuiltProgram.start(
      ["serve", "--data", "data", "--listen", "127.0.0.1:0"], in: desktop.path,
      output: "\(desktop.path)/said", errors: "\(desktop.path)/errors")
    defer { node.terminate() }
    for _ in 0..<1_000 where desktop.text("errors")?.contains("waiting") != true {
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(desktop.text("errors")?.contains("No database takes writing; waiting") == true)
    #expect(node.isRunning && !desktop.has("data/address"))
    try FileManager.default.createSymbolicLink(atPath: home, withDestinationPath: folder)
    for _ in 0..<1_000 where !desktop.has("data/address") {
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(desktop.has("data/address"))
  }

  @Test("is served by two nodes at once, each of which shows what the other wrote")
  func served() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    try await desktop.done("init", "--data", "data", "--store", try await Self.address())
    try FileManager.default.copyItem(
      atPath: "\(desktop.path)/data", toPath: "\(desktop.path)/node")
    var nodes: [Process] = []
    defer { for node in nodes { node.terminate() } }
    for folder in ["data", "node"] {
      nodes.append(
        try BuiltProgram.start(
          ["serve", "--data", folder, "--listen", "127.0.0.1:0"], in: desktop.path,
          output: "\(desktop.path)/\(folder)-said", errors: "\(desktop.path)/\(folder)-errors"))
      for _ in 0..<1_000 where !desktop.has("\(folder)/address") {
        try await Task.sleep(for: .milliseconds(20))
      }
    }
    for node in nodes { #expect(node.isRunning) }
    try await desktop.done("perform", "places.import", "--json", Self.city, "--data", "data")
    let exported = try await desktop.done("export", "places", "--data", "node")
    #expect(exported.output.contains("哈尔滨市"))
    for folder in ["node", "data"] {
      let verified = try await desktop.done("verify", "--data", folder)
      #expect(verified.output.contains("0 violated"))
    }
    for node in nodes {
      node.terminate()
      await BuiltProgram.end(of: node)
      #expect(node.terminationStatus == 0)
    }
  }
}

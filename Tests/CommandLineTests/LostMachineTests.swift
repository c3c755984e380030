import District
import Foundation
import FoundationNetworking
import Kernel
import Storage
import Synchronization
import Testing
import Town

/// A machine that is lost while it works: what was acknowledged ten seconds before comes back from the
/// last backup and the second place (P6). `DENGHUO_LOSSES` says how often.
@Suite(
  "A machine that is lost", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"))
struct LostMachineTests {
  private static let losses =
    ProcessInfo.processInfo.environment["DENGHUO_LOSSES"].flatMap { Int($0) } ?? 1

  /// What was acknowledged, and when.
  private final class Ledger: Sendable {
    private let entries = Mutex<[(id: String, at: ContinuousClock.Instant)]>([])
    private let isOpen = Mutex(true)

    var all: [(id: String, at: ContinuousClock.Instant)] { entries.withLock { $0 } }
    var isTaking: Bool { isOpen.withLock { $0 } }

    func note(_ id: String) { if isTaking { entries.withLock { $0.append((id, .now)) } } }

    func close() { isOpen.withLock { $0 = false } }
  }

  @Test(
    "gives back all that it acknowledged ten seconds before, its last record torn",
    arguments: 1...losses)
  func lost(round: Int) async throws {
    let chance = Entropy.seeded(UInt64(round))
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    let key = try await desktop.done("backup", "key", "--private", "private.key").output
      .trimmingWhitespace()
    try await desktop.done("journal", "keep", "--to", "second", "--key", key, "--data", "data")
    let token = try await desktop.done("token", "--data", "data", "--account", "admin").output
    let server = try BuiltProgram.start(
      ["serve", "--data", "data", "--listen", "127.0.0.1:0"], in: desktop.path,
      output: "\(desktop.path)/out", errors: "\(desktop.path)/err")
    defer { if server.isRunning { kill(server.processIdentifier, SIGKILL) } }
    for _ in 0..<600 where !desktop.has("data/address") || !desktop.has("data/denghuo.sock") {
      try await Task.sleep(for: .milliseconds(50))
    }
    let address = try #require(desktop.text("data/address"), "\(desktop.text("err") ?? "")")
    try await desktop.done("backup", "--data", "data", "--to", "one.backup", "--key", key)

    let ledger = Ledger()
    // Nobody waits for it: what asks a machine that is gone ends when it likes.
    Task { await Self.load("http://\(address)", token.trimmingWhitespace(), ledger) }
    let pause = 12_000 + Int(chance.bytes(2).reduce(0) { $0 << 8 | Int($1) }) % 6_000
    try await Task.sleep(for: .milliseconds(pause))
    let end = ContinuousClock.now
    ledger.close()
    kill(server.processIdentifier, SIGKILL)
    await BuiltProgram.end(of: server)
    try FileManager.default.removeItem(atPath: "\(desktop.path)/data")
    try Self.tear("\(desktop.path)/second", by: Int(chance.bytes(1)[0]))

    let restored = try await desktop.done(
      "restore", "one.backup", "--private", "private.key", "--data", "again", "--tail", "second")
    #expect(restored.output.contains("changes after the backup"))
    let storage = try SQLiteStorage(file: "\(desktop.path)/again/denghuo.sqlite")
    let there = try await storage.read { transaction in
      Set(try transaction.rows("SELECT command FROM receipt").map { $0.text(0) })
    }
    try await storage.close()
    let old = ledger.all.filter { end - $0.at >= .seconds(10) }
    #expect(old.count > 20)
    for entry in old { #expect(there.contains(entry.id), "\(end - entry.at) before the end") }
    let gone = ledger.all.filter { !there.contains($0.id) }
    let oldest = gone.map { end - $0.at }.max() ?? .zero
    print(
      "lost machine \(round): \(ledger.all.count) acknowledged, \(gone.count) lost, "
        + "the oldest of them \(oldest) before the end")
    let verified = try await desktop.done(
      "verify", "--data", "again", "--checkpoints", "second")
    #expect(verified.output.contains("0 violated"))
  }

  /// Eight programs that report cases until they are told to stop, or the server is gone.
  private static func load(_ address: String, _ token: String, _ ledger: Ledger) async {
    await withTaskGroup(of: Void.self) { group in
      for program in 0..<8 {
        group.addTask {
          var number = 0
          while ledger.isTaking {
            number += 1
            let id = "load-\(program)-\(number)"
            let isDone = try? await report(address, token, id)
            guard isDone == true else { return }
            ledger.note(id)
          }
        }
      }
    }
  }

  private static func report(
    _ address: String, _ token: String, _ id: String
  ) async throws -> Bool {
    guard let url = URL(string: "\(address)/api/commands/cases.report") else { return false }
    var request = URLRequest(url: url)
    request.httpMethod = "POST"
    request.timeoutInterval = 5
    request.httpBody = Data(
      """
      {"case":"\(id)","person":"\(id)","kind":"confirmed","source":"clinic","district":"230102",
       "reported_at":"2022-11-29T09:00+08:00"}
      """.utf8)
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
    request.setValue(id, forHTTPHeaderField: "Idempotency-Key")
    let (_, response) = try await URLSession.shared.data(for: request)
    return (response as? HTTPURLResponse)?.statusCode == 200
  }

  /// Takes some bytes from the end of the youngest file of changes.
  private static func tear(_ folder: String, by count: Int) throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".tail") }.sorted()
    let file = try #require(files.last.map { "\(folder)/\($0)" })
    let handle = try #require(FileHandle(forUpdatingAtPath: file))
    let length = try handle.seekToEnd()
    try handle.truncate(atOffset: length - min(length, UInt64(1 + count)))
    try handle.close()
  }
}

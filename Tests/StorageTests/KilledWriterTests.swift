import District
import Engines
import Foundation
import Kernel
import Storage
import Testing
import Town

@Suite("A process that is killed while it writes") struct KilledWriterTests {
  /// Starts the program, kills it after a while unless it has ended, and gives what it said.
  private static func run(
    _ program: URL, _ arguments: [String], killAfter pause: Duration? = nil
  ) async throws -> (output: Data, took: Duration) {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    let start = ContinuousClock.now
    try process.run()
    let identifier = process.processIdentifier
    let killer = Task {
      guard let pause else { return }
      try await Task.sleep(for: pause)
      kill(identifier, SIGKILL)
    }
    let said = await Task { output.fileHandleForReading.readDataToEndOfFile() }.value
    process.waitUntilExit()
    let took = ContinuousClock.now - start
    killer.cancel()
    return (said, took)
  }

  /// A command that makes sixty districts under a city of its own.
  private static func body(_ round: Int) -> String {
    let city = 4_000 + round
    let rows =
      [#"{"code":"\#(city)","name":"C\#(city)"}"#]
      + (10..<70).map { #"{"code":"\#(city)\#($0)","name":"D\#($0)"}"# }
    return #"{"run":"round-\#(round)","rows":[\#(rows.joined(separator: ","))]}"#
  }

  @Test(
    "has kept all that it acknowledged and nothing by halves",
    .enabled(if: BuiltProgram.isThere, "the program is not built"), arguments: Engine.durable)
  func killed(engine: Engine) async throws {
    let program = try #require(BuiltProgram.url)
    let folder = try Folder()
    let data = "\(folder.path)/data"
    var founding = ["init", "--data", data]
    if engine == .postgres {
      let server = PostgresServer.durable
      founding += ["--store", try await server.address(server.database()).text]
    }
    _ = try await Self.run(program, founding)
    var acknowledged: [String] = []
    func perform(_ round: Int, killAfter pause: Duration?) async throws -> Duration {
      let (output, took) = try await Self.run(
        program,
        ["perform", "places.import", "--json", Self.body(round), "--data", data],
        killAfter: pause)
      if let fields = try? Fields.json(Array(output)), case .text(let id) = fields["receipt"] {
        acknowledged.append(id)
      }
      return took
    }
    let usual = try await perform(0, killAfter: nil)
    #expect(acknowledged.count == 1)
    for round in 1...10 {
      // Later and later, so that every stretch of the way is met.
      _ = try await perform(round, killAfter: usual * (0.3 + 0.08 * Double(round)))
    }
    try await Self.check(data, acknowledged)
  }

  private static func check(_ data: String, _ acknowledged: [String]) async throws {
    let (district, lock) = try await DataFolder(data).open(
      clock: .stopped(at: Instant(milliseconds: 4_000_000_000_000)))
    let kept = try await district.desk.storage.read { transaction in
      Set(try transaction.rows("SELECT command FROM receipt").map { $0.text(0) })
    }
    for id in acknowledged { #expect(kept.contains(id)) }
    let runs = try await district.desk.storage.read { transaction in
      try transaction.rows("SELECT confirmed_by, COUNT(*) FROM place GROUP BY confirmed_by")
        .filter { $0.text(0).hasPrefix("round-") }.map { $0.integer(1) }
    }
    #expect(!runs.isEmpty && runs.allSatisfy { $0 == 61 }, "\(runs)")
    #expect(runs.count >= acknowledged.count)
    let violations = try await district.desk.violations()
    #expect(violations["I-53"] == nil && violations["I-59"] == nil)
    if district.desk.storage is SQLiteStorage {
      let check = try await district.desk.storage.read { try $0.row("PRAGMA integrity_check") }
      #expect(check?.text(0) == "ok")
    }
    withExtendedLifetime(lock) {}
  }
}

import Foundation
import Town

/// `denghuo serve` on a data folder, started and ended as a machine does it.
final class ServedProgram {
  /// What kept it from serving.
  struct Silent: Error, CustomStringConvertible {
    let description: String
  }

  let data: String
  private let process: Process
  private let began = ContinuousClock.now
  private let errors: String

  /// A killed program's back trace would be a process of its own that outlives it.
  private static let quiet = ["SWIFT_BACKTRACE": "enable=no"]
  private static let patience = Duration.seconds(30)

  init(_ data: String, environment: [String: String] = [:]) throws {
    self.data = data
    let folder = "\(data)/.."
    errors = NSTemporaryDirectory() + "denghuo-said-\(UUID().uuidString)"
    process = try BuiltProgram.start(
      ["serve", "--data", data, "--listen", "127.0.0.1:0"], in: folder,
      environment: Self.quiet.merging(environment) { $1 }, output: "/dev/null", errors: errors)
  }

  deinit { try? FileManager.default.removeItem(atPath: errors) }

  var socket: String { "\(data)/denghuo.sock" }
  var isRunning: Bool { process.isRunning }
  var complaints: String { (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "" }

  /// Waits for the first answered request and says how long it took from the start.
  @discardableResult
  func serving() async throws -> Duration {
    while ContinuousClock.now - began < Self.patience, process.isRunning {
      if OperatorLine(socket)?.get("/healthz")?.status == 200 { return ContinuousClock.now - began }
      try await Task.sleep(for: .milliseconds(5))
    }
    throw Silent(description: "the program does not serve: \(complaints)")
  }

  /// Ends it at once, as `kill -9` does.
  func kill() async {
    Foundation.kill(process.processIdentifier, SIGKILL)
    await BuiltProgram.end(of: process)
  }

  /// Lets it stand still, as a machine does whose current is gone, and go on.
  func pause() { Foundation.kill(process.processIdentifier, SIGSTOP) }
  func proceed() { Foundation.kill(process.processIdentifier, SIGCONT) }

  /// Ends it in order and gives its status.
  func stop() async -> Int32 {
    process.terminate()
    return await end()
  }

  /// Waits for its end and gives its status: below zero for the signal that ended it.
  func end() async -> Int32 {
    await BuiltProgram.end(of: process)
    return process.terminationReason == .exit
      ? process.terminationStatus : -process.terminationStatus
  }
}

/// How many rounds of something are made: a few in the short form, as many as are asked for in the
/// long one.
enum Rounds {
  static func asked(_ name: String, usually few: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? few
  }
}

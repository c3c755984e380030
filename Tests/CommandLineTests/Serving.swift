import Foundation
import Testing
import Town

extension Desktop {
  /// Serves the district in `data` while something is done.
  func serving(
    options: [String] = [], _ body: (_ address: String, _ server: Process) async throws -> Void
  ) async throws {
    let server = try BuiltProgram.start(
      ["serve", "--data", "data", "--listen", "127.0.0.1:0"] + options, in: path,
      output: "\(path)/out", errors: "\(path)/err")
    defer { if server.isRunning { server.terminate() } }
    for _ in 0..<600 where !has("data/address") || !has("data/denghuo.sock") {
      try await Task.sleep(for: .milliseconds(50))
    }
    let address = try #require(text("data/address"), "\(text("err") ?? "")")
    try await body("http://\(address)", server)
    if server.isRunning {
      server.terminate()
      await BuiltProgram.end(of: server)
      #expect(server.terminationStatus == 0)
      #expect(!has("data/address") && !has("data/denghuo.sock"))
    }
  }
}

import Foundation

/// The scripts that count once more what the program counts, written apart from it.
enum IndependentScript {
  static let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  static func path(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: name).path
  }

  /// The program with which others check a journal.
  static let verifier = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Tools/journal_verifier.py").path

  /// What a script writes on its standard output.
  static func run(_ name: String, _ arguments: [String]) async throws -> [UInt8] {
    try await run(file: path(name), arguments).output
  }

  /// Runs a script that lies elsewhere.
  static func run(
    file: String, _ arguments: [String]
  ) async throws -> (status: Int32, output: [UInt8]) {
    guard let python else { throw CocoaError(.executableNotLoadable) }
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = [file] + arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let said = await Task { output.fileHandleForReading.readDataToEndOfFile() }.value
    process.waitUntilExit()
    return (process.terminationStatus, Array(said))
  }
}

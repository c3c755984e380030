import Foundation

/// The scripts that count once more what the program counts, written apart from it.
enum IndependentScript {
  static let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  static func path(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: name).path
  }

  /// What a script writes on its standard output.
  static func run(_ name: String, _ arguments: [String]) async throws -> [UInt8] {
    guard let python else { throw CocoaError(.executableNotLoadable) }
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = [path(name)] + arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let said = await Task { output.fileHandleForReading.readDataToEndOfFile() }.value
    process.waitUntilExit()
    return Array(said)
  }
}

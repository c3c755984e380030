import Foundation

/// The program, built next to the tests and started as a person starts it.
package enum BuiltProgram {
  /// Where it is; nil when it was not built.
  package static let url: URL? = {
    let folders = [
      URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent(),
      Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent(),
    ]
    return folders.map { $0.appendingPathComponent("denghuo") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }()

  package static var isThere: Bool { url != nil }

  /// What came of a run.
  package struct Outcome: Sendable {
    package let status: Int32
    package let bytes: [UInt8]
    package let complaints: String

    package var output: String { String(decoding: bytes, as: UTF8.self) }
    /// The lines of the output, without the last line end.
    package var lines: [Substring] { output.split(separator: "\n") }
  }

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - folder: where it runs; its output is kept beside it, so that no pipe can fill up.
  ///   - output: where standard output goes instead.
  package static func run(
    _ arguments: [String], in folder: String, input: [UInt8]? = nil, locale: String = "C",
    output: String? = nil
  ) async throws -> Outcome {
    let said = "\(folder)/.output-\(UUID().uuidString)"
    let complained = "\(said)-errors"
    defer { for file in [said, complained] { try? FileManager.default.removeItem(atPath: file) } }
    let process = try start(
      arguments, in: folder, input: input, locale: locale, output: output ?? said,
      errors: complained)
    await end(of: process)
    return Outcome(
      status: process.terminationStatus,
      bytes: Array(FileManager.default.contents(atPath: said) ?? Data()),
      complaints: String(
        decoding: FileManager.default.contents(atPath: complained) ?? Data(), as: UTF8.self))
  }

  /// Starts the program and leaves it running.
  package static func start(
    _ arguments: [String], in folder: String, input: [UInt8]? = nil, locale: String = "C",
    environment more: [String: String] = [:], output: String, errors: String
  ) throws -> Process {
    guard let url else { throw CocoaError(.fileNoSuchFile) }
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder)
    var environment = ProcessInfo.processInfo.environment
    environment["LC_ALL"] = locale
    environment.merge(more) { $1 }
    process.environment = environment
    process.standardInput = try standardInput(input, in: folder)
    process.standardOutput = try writing(to: output)
    process.standardError = try writing(to: errors)
    try process.run()
    return process
  }

  /// Longer than anything that a test starts takes, on a machine that does much else.
  private static let patience = Duration.seconds(600)

  /// Waits without holding a thread. What never ends is killed, which a test takes for a failure.
  package static func end(of process: Process) async {
    let giveUp = ContinuousClock.now + patience
    while process.isRunning, ContinuousClock.now < giveUp {
      try? await Task.sleep(for: .milliseconds(5))
    }
    if process.isRunning {
      print("a program was killed that did not end in \(patience): \(process.arguments ?? [])")
      kill(process.processIdentifier, SIGKILL)
      try? await Task.sleep(for: .seconds(5))
    }
    process.waitUntilExit()
  }

  private static func standardInput(_ input: [UInt8]?, in folder: String) throws -> Any {
    guard let input else { return FileHandle.nullDevice }
    let pipe = Pipe()
    // What fits into a pipe's buffer needs nobody who writes on the side.
    pipe.fileHandleForWriting.write(Data(input))
    try pipe.fileHandleForWriting.close()
    return pipe
  }

  private static func writing(to path: String) throws -> FileHandle {
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    guard let handle = FileHandle(forWritingAtPath: path) else {
      throw CocoaError(.fileWriteUnknown)
    }
    return handle
  }
}

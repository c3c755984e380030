import Foundation
import Testing

/// The sample district that each test serves a copy of: to make it takes longer than most of them.
actor Sample {
  private var made: Task<URL, any Error>?
  private static let place = FileManager.default.temporaryDirectory
    .appendingPathComponent("denghuo-sample-\(ProcessInfo.processInfo.processIdentifier)")

  /// The folder of the district, made by the first who asks.
  func folder(of residents: Int, by program: URL) async throws -> URL {
    let task = made ?? Task.detached { try Self.make(residents, program) }
    made = task
    return try await task.value
  }

  private static func make(_ residents: Int, _ program: URL) throws -> URL {
    let folder = place
    atexit { try? FileManager.default.removeItem(at: Sample.place) }
    let making = Process()
    making.executableURL = program
    making.arguments = [
      "demo", "--make-only", "--data", folder.path, "--residents", "\(residents)",
    ]
    making.standardOutput = FileHandle.nullDevice
    making.standardError = FileHandle.nullDevice
    try making.run()
    making.waitUntilExit()
    guard making.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    return folder
  }
}

/// How many may run at once.
actor Places {
  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ count: Int) { free = count }

  func take() async {
    if free > 0 {
      free -= 1
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  func give() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}

import Foundation
import Town

/// A short path in which a test keeps its data folders.
struct Ground {
  let path: String

  init() throws {
    // The socket's path must fit into an address.
    path = "/tmp/denghuo-crash-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: nil)
  }

  func clear() { try? FileManager.default.removeItem(atPath: path) }

  /// A district's data folder, made anew by the program.
  func found(_ data: String) async throws -> String {
    let outcome = try await BuiltProgram.run(["init", "--data", data], in: path)
    guard outcome.status == 0 else {
      throw ServedProgram.Silent(description: outcome.complaints)
    }
    return data
  }

  /// What `denghuo verify` says of a folder: nil when everything holds.
  func violated(_ data: String) async throws -> String? {
    let outcome = try await BuiltProgram.run(["verify", "--data", data], in: path)
    return outcome.status == 0 ? nil : outcome.output + outcome.complaints
  }
}

/// The times that something took.
struct Times {
  private var all: [Duration] = []

  mutating func add(_ time: Duration) { all.append(time) }

  /// The middle one, that of which one in twenty is longer, and the longest, in milliseconds.
  var text: String {
    let sorted = all.sorted().map { Int($0 / .milliseconds(1)) }
    guard let last = sorted.last else { return "none" }
    return "\(sorted[sorted.count / 2]) / \(sorted[sorted.count * 19 / 20]) / \(last) ms"
  }
}

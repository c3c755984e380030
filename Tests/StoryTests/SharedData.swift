import Foundation
import Kernel

/// Where the stories find files that the project does not carry.
enum SharedData {
  /// The folder named by `DENGHUO_SHARED`, or a `shared` folder beside the checkout; nil when there
  /// is none and the story is skipped.
  static let folder: String? = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let beside = ["../shared", "../../shared"].map { root.appendingPathComponent($0).path }
    let named = ProcessInfo.processInfo.environment["DENGHUO_SHARED"].map { [$0] }
    return (named ?? beside).first { FileManager.default.fileExists(atPath: $0 + "/data") }
  }()

  /// The rows of a plain CSV file without quotes, by header.
  static func table(_ path: String) throws -> [[String: String]] {
    let text = try String(contentsOfFile: "\(folder ?? "")/data/\(path)", encoding: .utf8)
    return rows(text)
  }

  static func rows(_ text: String) -> [[String: String]] {
    let lines = text.split(whereSeparator: \.isNewline)
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    guard let header = lines.first else { return [] }
    return lines.dropFirst().map { line in
      Dictionary(zip(header, line), uniquingKeysWith: { first, _ in first })
    }
  }
}

extension [String: String] {
  /// A row as an importing command takes it.
  var fields: Fields { .object(mapValues { .text($0) }) }
  func number(_ column: String) -> Int { self[column].flatMap { Int($0) } ?? 0 }
}

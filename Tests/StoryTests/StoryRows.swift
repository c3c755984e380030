import Kernel
import Town

/// Rows of the small CSV files that stories are played from: no quotes, a header first.
enum StoryRows {
  /// The rows of a shared file.
  static func shared(_ set: String, _ file: String) throws -> [[String: String]] {
    read(String(decoding: try SharedData.bytes(set, file), as: UTF8.self))
  }

  static func read(_ text: String) -> [[String: String]] {
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

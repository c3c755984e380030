import Foundation

/// A source file as the tidy tests see it.
struct SourceFile: CustomStringConvertible {
  /// From the root of the project, such as `Sources/Kernel/Slice.swift`.
  let path: String
  let text: String

  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
  var name: String { String(path.split(separator: "/").last ?? "") }
  var description: String { path }

  /// The target's folder: `Kernel`.
  var target: String {
    let parts = path.split(separator: "/")
    return parts.count > 1 ? String(parts[1]) : ""
  }

  /// The slice's folder: `Registry/Places`.
  var folder: String { path.split(separator: "/").dropFirst().dropLast().joined(separator: "/") }

  /// The root of the project, found from this file.
  static let root: URL = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// All Swift files of a folder of the project.
  static func all(in folder: String) -> [SourceFile] {
    let base = root.appending(path: folder)
    let found = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
    var files: [SourceFile] = []
    while let url = found?.nextObject() as? URL {
      guard url.pathExtension == "swift", let text = try? String(contentsOf: url, encoding: .utf8)
      else { continue }
      let path = url.path.dropFirst(root.path.count).drop { $0 == "/" }
      files.append(SourceFile(path: String(path), text: text))
    }
    return files.sorted { $0.path < $1.path }
  }
}

import Foundation

/// Real data that is not part of the repository: in the folder that `DENGHUO_SHARED` names, or in
/// `shared` beside the checkout or beside one of the folders around it. Tests are skipped without.
package enum SharedData {
  /// Why a test was skipped.
  package static let absence = "the shared data is not here"

  /// Whether a set is there.
  package static func has(_ set: String) -> Bool { folder(set) != nil }

  /// The folder of a set, such as `cn-shanghai-2022`.
  package static func folder(_ set: String) -> URL? {
    roots.map { $0.appending(path: "data/\(set)") }
      .first { FileManager.default.fileExists(atPath: $0.path) }
  }

  /// The bytes of one file of a set.
  package static func bytes(_ set: String, _ file: String) throws -> [UInt8] {
    guard let folder = folder(set) else { throw CocoaError(.fileNoSuchFile) }
    return Array(try Data(contentsOf: folder.appending(path: file)))
  }

  /// The bytes of a file of the repository, by its path from the root.
  package static func repositoryFile(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: checkout.appending(path: path)))
  }

  private static let checkout = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static let roots: [URL] = {
    if let named = ProcessInfo.processInfo.environment["DENGHUO_SHARED"] {
      return [URL(filePath: named)]
    }
    var roots: [URL] = []
    var folder = checkout
    while folder.pathComponents.count > 1 {
      folder.deleteLastPathComponent()
      roots.append(folder.appending(path: "shared"))
    }
    return roots
  }()
}

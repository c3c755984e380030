import Foundation

/// A folder of its own for a test.
struct Folder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "denghuo-visits-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func clear() { try? FileManager.default.removeItem(atPath: path) }

  var files: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  func bytes(_ file: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: "\(path)/\(file)")))
  }

  func put(_ file: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(filePath: "\(path)/\(file)"))
  }

  /// Changes one bit of a file.
  func flip(_ file: String, at place: Int) throws {
    var bytes = try bytes(file)
    bytes[place] ^= 0x10
    try put(file, bytes)
  }
}

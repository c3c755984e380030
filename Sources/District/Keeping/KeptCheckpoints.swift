import Foundation
import Kernel

/// The file beside the tables in which checkpoints stand, one a line; it only ever grows.
package struct KeptCheckpoints: Sendable {
  package static let name = "checkpoints.jsonl"
  private static let bytesOfLastLines: UInt64 = 4_096

  package let path: String

  /// - Parameter place: the file itself, or the folder in which it is.
  package init(_ place: String) {
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: place, isDirectory: &isFolder)
    path = isThere && !isFolder.boolValue ? place : "\(place)/\(Self.name)"
  }

  /// All that can be read in the file, and how many lines cannot.
  ///
  /// - Throws: a failure when there is no file.
  package func all() throws -> (checkpoints: [Checkpoint], unreadable: Int) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw StorageFailure(.unavailable, "“\(path)” cannot be read")
    }
    let lines = data.split(separator: UInt8(ascii: "\n"))
    let checkpoints = lines.compactMap { Self.checkpoint(Array($0)) }
    return (checkpoints, lines.count - checkpoints.count)
  }

  /// How many entries the youngest of them has, and whether the last line was cut off.
  func end() throws -> (size: Int, isTorn: Bool) {
    guard let file = FileHandle(forReadingAtPath: path) else { return (0, false) }
    let length = try file.seekToEnd()
    try file.seek(toOffset: length - min(length, Self.bytesOfLastLines))
    let last = Array(try file.readToEnd() ?? Data())
    let sizes = last.split(separator: UInt8(ascii: "\n"))
      .compactMap { Self.checkpoint(Array($0))?.size }
    return (sizes.max() ?? 0, !last.isEmpty && last.last != UInt8(ascii: "\n"))
  }

  /// Adds lines and puts them on the disk.
  func append(_ checkpoints: [Checkpoint]) throws {
    let isTorn = try end().isTorn
    let descriptor = Foundation.open(path, O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw StorageFailure(.unavailable, "“\(path)” cannot be written")
    }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var bytes: [UInt8] = isTorn ? [UInt8(ascii: "\n")] : []
    for checkpoint in checkpoints {
      bytes += try Fields.jsonBytes(checkpoint) + [UInt8(ascii: "\n")]
    }
    try file.write(contentsOf: Data(bytes))
    try file.synchronize()
    try file.close()
  }

  private static func checkpoint(_ line: [UInt8]) -> Checkpoint? {
    try? Fields.json(line).decoded(Checkpoint.self, strict: false)
  }
}

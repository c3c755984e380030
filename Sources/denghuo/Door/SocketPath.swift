import Foundation
import Kernel

/// The address of a unix socket, which the system limits to about a hundred bytes: a folder that
/// lies deeper is reached through an open descriptor of it.
enum SocketPath {
  /// How many bytes a path may have.
  private static var capacity: Int { MemoryLayout.size(ofValue: sockaddr_un().sun_path) }

  /// Lends the address of a socket.
  static func withAddress(
    of path: String, _ use: (UnsafePointer<sockaddr>, socklen_t) throws -> Void
  ) throws {
    let short = Short(path)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(short.path.utf8)
    guard bytes.count < capacity else {
      throw WorldFailed(
        "数据目录的路径过长，请换一个较短的路径", "The path of the data folder is too long; use a shorter one")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    try withUnsafePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { try use($0, size) }
    }
    withExtendedLifetime(short) {}
  }

  /// A path that is short enough, as long as this lives.
  final class Short: Sendable {
    let path: String
    private let descriptor: Int32

    init(_ path: String) {
      guard path.utf8.count >= SocketPath.capacity else {
        self.path = path
        descriptor = -1
        return
      }
      let folder = URL(filePath: path)
      descriptor = open(folder.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      self.path =
        descriptor < 0 ? path : "/proc/self/fd/\(descriptor)/\(folder.lastPathComponent)"
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
  }
}

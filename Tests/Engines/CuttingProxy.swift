import Foundation
import Storage
import Synchronization

/// Stands between a storage and its server and cuts the line at the worst moment: when a transaction
/// is being made durable.
package final class CuttingProxy: Sendable {
  /// Where a COMMIT gets to.
  package enum Cut: Sendable {
    /// It never reaches the server.
    case before
    /// The server has done it, and its word never comes back.
    case after
  }

  private struct State {
    var cuts: [Cut] = []
    var made = 0
  }

  package let folder: String
  private let listener: Int32
  private let state = Mutex(State())

  /// Listens in a folder of its own for connections to the usual server of the tests.
  package init() async throws {
    let home = try await PostgresServer.usual.folder()
    folder = "/tmp/denghuo-cut-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = "\(folder)/\(Self.socketName)"
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    guard Self.withAddress(path, { bind(listener, $0, $1) }) == 0, listen(listener, 16) == 0 else {
      throw CocoaError(.fileWriteUnknown)
    }
    let server = "\(home)/\(Self.socketName)"
    Thread.detachNewThread { [weak self] in
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0, let self else { return }
        self.join(client, to: server)
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Where a database is when one goes to it through here.
  package func address(_ database: String) throws -> PostgresAddress {
    try PostgresAddress(PostgresServer.address(database, in: folder))
  }

  /// Cuts the next COMMITs in these ways, one after another.
  package func cut(_ cuts: Cut...) { state.withLock { $0.cuts += cuts } }

  /// How many were cut.
  package var made: Int { state.withLock { $0.made } }

  private static let socketName = ".s.PGSQL.5432"

  private func join(_ client: Int32, to path: String) {
    let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard Self.withAddress(path, { connect(server, $0, $1) }) == 0 else {
      close(client)
      return
    }
    let line = Line()
    Thread.detachNewThread { [self] in
      carry(from: client, to: server) { piece in
        guard piece.firstRange(of: Array("COMMIT\0".utf8)) != nil, let cut = nextCut() else {
          return true
        }
        line.cut()
        if cut == .after {
          piece.withUnsafeBytes { _ = send(server, $0.baseAddress, $0.count, 0x4000) }
          // By then the server has answered; the answer is not carried any more.
          Thread.sleep(forTimeInterval: 0.2)
        }
        return false
      }
    }
    Thread.detachNewThread { [self] in
      carry(from: server, to: client) { _ in !line.isCut }
    }
  }

  /// One connection through the proxy.
  private final class Line: Sendable {
    private let state = Mutex(false)
    var isCut: Bool { state.withLock { $0 } }
    func cut() { state.withLock { $0 = true } }
  }

  private func nextCut() -> Cut? {
    state.withLock { state in
      guard !state.cuts.isEmpty else { return nil }
      state.made += 1
      return state.cuts.removeFirst()
    }
  }

  /// Carries bytes until one side has gone or a piece is not to be passed on.
  private func carry(from: Int32, to: Int32, _ mayPass: ([UInt8]) -> Bool) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(from, &buffer, buffer.count, 0)
      guard count > 0, mayPass(Array(buffer[..<count])) else { break }
      var sent = 0
      while sent < count {
        let more = buffer[sent..<count].withUnsafeBytes {
          send(to, $0.baseAddress, $0.count, 0x4000)
        }
        guard more > 0 else { break }
        sent += more
      }
    }
    shutdown(from, Int32(SHUT_RDWR))
    shutdown(to, Int32(SHUT_RDWR))
  }

  private static func withAddress(
    _ path: String, _ use: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        use($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}

import Synchronization

/// Which of several servers a storage's connections ask first: the one that took writing last, until
/// it has failed them.
final class PostgresRoute: Sendable {
  let address: PostgresAddress
  private let first = Mutex(0)

  init(_ address: PostgresAddress) { self.address = address }

  /// Opens a connection to the server that takes writing now.
  func open(_ application: String) throws -> PostgresWire {
    let first = self.first.withLock { $0 }
    do {
      let wire = try PostgresWire(address, application: application, first: first)
      if let reached = address.server(host: wire.host, port: wire.port) {
        self.first.withLock { $0 = reached }
      }
      return wire
    } catch {
      // What the first server says may keep the client from asking the others.
      turn(from: first)
      throw error
    }
  }

  /// Asks another server first from now on: this one is silent though it can be reached, like one that
  /// still takes itself for the primary when its standbys have long chosen another.
  func avoid(_ wire: PostgresWire) {
    if let reached = address.server(host: wire.host, port: wire.port) { turn(from: reached) }
  }

  private func turn(from index: Int) {
    let count = max(address.serverCount, 1)
    // Another connection may have found a better one meanwhile.
    first.withLock { if $0 == index { $0 = (index + 1) % count } }
  }
}

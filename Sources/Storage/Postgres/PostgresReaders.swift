import Kernel

/// The connections for reading, lent to one reader after another.
actor PostgresReaders {
  private var idle: [PostgresConnection]
  private var waiting: [CheckedContinuation<PostgresConnection, Never>] = []

  init(_ connections: [PostgresConnection]) { idle = connections }

  /// A connection that nobody else uses until it is given back.
  func take() async -> PostgresConnection {
    // The one that was used last, whose statements are prepared.
    if let connection = idle.popLast() { return connection }
    return await withCheckedContinuation { waiting.append($0) }
  }

  /// Closes those that nobody uses at the moment.
  func close() async { for connection in idle { await connection.close() } }

  func give(_ connection: PostgresConnection) {
    guard !waiting.isEmpty else { return idle.append(connection) }
    waiting.removeFirst().resume(returning: connection)
  }
}

import Kernel

/// The connections for reading, lent to one reader after another; each is opened when it is needed.
actor SQLiteReaders {
  private let file: String
  private var idle: [SQLiteConnection] = []
  private var opened = 0
  private var waiting: [CheckedContinuation<SQLiteConnection, Never>] = []

  private static let most = 4

  init(file: String) { self.file = file }

  /// A connection that nobody else uses until it is given back.
  func take() async throws -> SQLiteConnection {
    // The one that was used last, whose statements are prepared.
    if let connection = idle.popLast() { return connection }
    if opened < Self.most {
      let connection = try SQLiteConnection(file: file, for: .reading)
      opened += 1
      return connection
    }
    return await withCheckedContinuation { waiting.append($0) }
  }

  func give(_ connection: SQLiteConnection) {
    guard !waiting.isEmpty else { return idle.append(connection) }
    waiting.removeFirst().resume(returning: connection)
  }

  /// Closes those that nobody uses at the moment.
  func close() async throws {
    for connection in idle { try await connection.close() }
    opened -= idle.count
    idle = []
  }
}

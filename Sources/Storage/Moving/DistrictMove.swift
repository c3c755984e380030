import Kernel

/// Moves a district's data between a file and a PostgreSQL database, row for row: in one transaction,
/// which is made durable only after every table was read back and has the digest of its source.
package enum DistrictMove {
  /// Fills a database from a file. When it holds the same already (a move that was cut off after its
  /// end), nothing is left to do.
  ///
  /// - Throws: a refusal when the database holds other data, a failure when what arrived differs.
  package static func move(
    _ sqlite: SQLiteStorage, to address: PostgresAddress, durability: PostgresStorage.Durability,
    migrations: [Migration], suite: any CryptoSuite
  ) async throws -> [MovedTable] {
    let target = try await PostgresStorage(address, durability: durability)
    try await target.migrate(migrations)
    await target.close()
    return try await sqlite.read { source in
      let wire = try PostgresWire(address, application: application)
      return try wire.transact { target in
        let tables = try MovedTable.all(in: source)
        try requireAlone(target)
        let isEmpty = try tables.allSatisfy { table in
          try target.rows(SQL(stringLiteral: "SELECT 1 FROM \(table.name) LIMIT 1")).isEmpty
        }
        return try tables.map { table in
          let sent: MovedTable
          if isEmpty {
            let copy = try PostgresCopy(into: table.name, table.columnList, on: wire)
            sent = try table.counted(in: source, by: suite) { try copy.add($0.values) }
            try copy.finish()
          } else {
            sent = try table.counted(in: source, by: suite)
          }
          let arrived = try table.counted(in: target, by: suite)
          guard arrived.isEqual(to: sent) else { throw isEmpty ? differs(table) : Self.occupied }
          return sent
        }
      }
    }
  }

  /// Fills a new file from a database and puts the database out of use.
  ///
  /// - Throws: a refusal when another node is at work there, a failure when what arrived differs.
  package static func move(
    _ address: PostgresAddress, to sqlite: SQLiteStorage, migrations: [Migration],
    suite: any CryptoSuite
  ) async throws -> [MovedTable] {
    try await sqlite.migrate(migrations)
    return try await sqlite.write { target in
      // Rows point to rows of the same table that come later.
      _ = try target.rows("PRAGMA defer_foreign_keys = ON")
      let wire = try PostgresWire(address, application: application)
      return try wire.transact { source in
        try requireAlone(source)
        let tables = try MovedTable.all(in: target)
        let moved = try tables.map { table in
          let sent = try table.counted(in: source, by: suite) { row in
            try table.insert(row.values, into: target)
          }
          let arrived = try table.counted(in: target, by: suite)
          guard arrived.isEqual(to: sent) else { throw differs(table) }
          return sent
        }
        try VaultMarkStore(transaction: target).noteArrived()
        // From here on the database takes no node; if the file is cut off before it is whole, the
        // move can still be made again.
        try VaultMarkStore(transaction: source).noteMoved()
        try requireAlone(source)
        return moved
      }
    }
  }

  private static let application = "denghuo-move"

  /// What another node wrote after its table was read would be lost.
  private static func requireAlone(_ postgres: any Transaction) throws {
    _ = try postgres.rows("SELECT pg_stat_clear_snapshot()")
    let others = try postgres.row(
      """
      SELECT COUNT(*)
      FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'denghuo%'
        AND pid <> pg_backend_pid()
      """)
    guard others?.integer(0) == 0 else {
      throw Refusal(
        .conflict, "store.inUse",
        Words(
          "另有灯火节点正在使用这个数据库，请先停止它们",
          "Other nodes of Denghuo use this database; stop them first"), field: "to")
    }
  }

  private static let occupied = Refusal(
    .conflict, "store.notEmpty",
    Words(
      "这个数据库中已有别的数据，请给一个空的数据库",
      "This database holds other data already; give an empty one"), field: "to")

  private static func differs(_ table: MovedTable) -> StorageFailure {
    StorageFailure(.unavailable, "what arrived in the table \(table.name) is not what was sent")
  }
}

extension PostgresWire {
  /// Runs a body in a transaction of this connection, once.
  fileprivate func transact<Result>(
    _ body: (any Transaction) throws -> Result
  ) throws -> Result {
    try run("BEGIN ISOLATION LEVEL REPEATABLE READ; \(PostgresStorage.writersLock)")
    let result: Result
    do { result = try body(PostgresTransaction(self)) } catch {
      if !isLost { try run("ROLLBACK") }
      throw error
    }
    try commit()
    return result
  }
}

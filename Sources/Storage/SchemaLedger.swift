import Kernel

/// The ledger of the steps that made a schema: each is taken once, never changed and never missing.
enum SchemaLedger {
  /// Applies the steps that are new, in order, and refuses what does not fit what is there.
  ///
  /// - Parameter dialect: a statement of the portable schema in the engine's words.
  /// - Throws: a refusal when a released step was edited or the data is newer than this program.
  static func apply(
    _ migrations: [Migration], in transaction: any Transaction, dialect: (String) -> String
  ) throws {
    try transaction.execute(SQL(stringLiteral: dialect(ledger)))
    let applied = Dictionary(
      uniqueKeysWithValues: try transaction.rows("SELECT name, checksum FROM migration")
        .map { ($0.text(0), $0.text(1)) })
    let known = Set(migrations.map(\.name))
    if let newer = applied.keys.sorted().first(where: { !known.contains($0) }) {
      throw Refusal(
        .conflict, "schema.newer",
        Words(
          "数据由更新版本的程序写成（\(newer)），请使用新版本程序打开",
          "The data was written by a newer program (\(newer)); open it with that version"))
    }
    var place = applied.count
    for migration in migrations {
      let checksum = checksum(migration.statements)
      if let before = applied[migration.name] {
        guard before == checksum else {
          throw Refusal(
            .conflict, "schema.edited",
            Words(
              "迁移步骤 \(migration.name) 与数据中记录的不同，程序版本有误",
              "Step \(migration.name) differs from the one that made this data; wrong program"))
        }
        continue
      }
      for statement in migration.statements {
        try transaction.execute(SQL(stringLiteral: dialect(statement)))
      }
      place += 1
      try transaction.execute(
        """
        INSERT INTO migration (name, checksum, place)
        VALUES (\(migration.name), \(checksum), \(place))
        """)
    }
  }

  private static let ledger = """
    CREATE TABLE IF NOT EXISTS migration (
      name TEXT PRIMARY KEY, checksum TEXT NOT NULL, place BIGINT NOT NULL)
    """

  /// FNV-1a, 64 bits: finds an edited step; it is no protection against malice.
  static func checksum(_ statements: [String]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in statements.joined(separator: ";").utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return String(hash, radix: 16)
  }
}

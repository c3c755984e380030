import GRDB
import Kernel

/// How the portable schema is written down in SQLite.
enum SQLiteSchema {
  static let ledger = """
    CREATE TABLE IF NOT EXISTS migration (
      name TEXT PRIMARY KEY, checksum TEXT NOT NULL, place INTEGER NOT NULL) STRICT
    """

  /// Applies the steps that are new, in order, and refuses what does not fit what is there.
  ///
  /// - Throws: a refusal when a released step was edited or the data is newer than this program.
  static func apply(
    _ migrations: [Migration], to transaction: any Transaction, in connection: Database
  ) throws {
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
        try connection.execute(sql: dialect(statement))
      }
      place += 1
      try transaction.execute(
        """
        INSERT INTO migration (name, checksum, place)
        VALUES (\(migration.name), \(checksum), \(place))
        """)
    }
  }

  /// The portable types in SQLite's words; every table is STRICT.
  static func dialect(_ statement: String) -> String {
    var text =
      statement
      .replacing("DOUBLE PRECISION", with: "REAL")
      .replacing("BIGINT", with: "INTEGER")
      .replacing("BYTEA", with: "BLOB")
    if text.trimmingWhitespace().hasPrefix("CREATE TABLE") { text += " STRICT" }
    return text
  }

  /// FNV-1a, 64 bits: finds an edited step; it is no protection against malice.
  static func checksum(_ statements: [String]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in statements.joined(separator: ";").utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return String(hash, radix: 16)
  }
}

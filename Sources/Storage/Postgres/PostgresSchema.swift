import Kernel

/// How the portable schema is written down in PostgreSQL.
enum PostgresSchema {
  /// Texts are compared byte by byte, as SQLite does, whatever the database's own order: paths,
  /// identifiers and days are found by ranges of an index.
  static func dialect(_ statement: String) -> String {
    let start = statement.trimmingWhitespace()
    guard start.hasPrefix("CREATE TABLE") || start.hasPrefix("ALTER TABLE") else {
      return statement
    }
    return statement.replacing(/\bTEXT\b/, with: #"TEXT COLLATE "C""#)
  }
}

/// Whether a database can be trusted with a district.
enum PostgresFitness {
  private static let oldestVersion = 130_000

  /// - Throws: a refusal that says what has to be different.
  static func check(_ wire: PostgresWire, _ durability: PostgresStorage.Durability) throws {
    let row = try wire.perform(
      """
      SELECT current_setting('server_version_num'), current_setting('server_encoding'),
        current_setting('fsync'), current_setting('synchronous_commit'),
        current_setting('full_page_writes'), current_schema(), pg_is_in_recovery()
      """
    ).rows.first
    guard let row else { throw StorageFailure(.unavailable, "PostgreSQL does not describe itself") }
    guard (Int(row.text(0)) ?? 0) >= oldestVersion else {
      throw unfit(
        "store.version", Words("需要 PostgreSQL 13 或更新版本", "PostgreSQL 13 or later is needed"))
    }
    guard row.text(1) == "UTF8" else {
      throw unfit(
        "store.encoding",
        Words(
          "数据库编码须为 UTF8，请用 createdb --template template0 --encoding UTF8 新建",
          "Its encoding has to be UTF8; make it with createdb --template template0 --encoding UTF8")
      )
    }
    guard row.optionalText(5) != nil else {
      throw unfit("store.schema", Words("search_path 中没有可用的模式", "The search_path names no schema"))
    }
    guard row.integer(6) == 0 else {
      throw unfit(
        "store.replica", Words("这是只读副本，请使用主库地址", "It is a replica; give the primary's address"))
    }
    let isDurable =
      row.text(2) == "on" && row.text(4) == "on"
      // `local` waits for the disk and not for the standby.
      && !["off", "local"].contains(row.text(3))
    guard isDurable || durability == .whateverTheServerDoes else {
      throw unfit(
        "store.notDurable",
        Words(
          "数据库不保证落盘：fsync、full_page_writes 须为 on，synchronous_commit 不能为 off 或 local",
          "It does not keep what it acknowledges: fsync and full_page_writes have to be on, and "
            + "synchronous_commit neither off nor local"))
    }
  }

  private static func unfit(_ code: String, _ words: Words) -> Refusal {
    Refusal(
      .conflict, code,
      Words(
        "这个数据库不能存放灯火数据：\(words.chinese)", "This database cannot hold a district: \(words.english)"),
      field: "store")
  }
}

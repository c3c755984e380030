import Kernel

/// How the portable schema is written down in SQLite.
enum SQLiteSchema {
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
}

import Kernel
import Town

/// Everything that stands in the tables of a town, as one text for each table.
struct TableContents: Sendable {
  private let texts: [String: String]

  init(of town: Town) async throws {
    texts = try await town.desk.storage.read { transaction in
      var texts: [String: String] = [:]
      // That somebody was refused is noted on purpose, in restriction_attempt and only there.
      let tables = try transaction.rows(
        """
        SELECT name FROM sqlite_master
        WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'restriction_attempt'
        """)
      for table in tables.map({ $0.text(0) }) {
        let columns = try transaction.rows(SQL(stringLiteral: "PRAGMA table_info(\(table))"))
          .map { "quote(\($0.text(1)))" }.joined(separator: " || ',' || ")
        let rows = try transaction.row(
          SQL(stringLiteral: "SELECT GROUP_CONCAT(\(columns), ';') FROM \(table)"))
        texts[table] = rows?.text(0) ?? ""
      }
      return texts
    }
  }

  /// The tables that do not hold the same.
  func differences(from other: TableContents) -> [String] {
    Set(texts.keys).union(other.texts.keys).filter { texts[$0] != other.texts[$0] }.sorted()
  }
}

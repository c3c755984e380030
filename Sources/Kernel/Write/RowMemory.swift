/// Rows that were found in a transaction and are still so, by the table they come from.
struct RowMemory {
  private var found: [String: [SQL: [Row]]] = [:]

  /// The rows of a statement that was asked before; nil when it is to be asked.
  func rows(_ statement: SQL, of table: String) -> [Row]? { found[table]?[statement] }

  mutating func keep(_ rows: [Row], of statement: SQL, from table: String) {
    found[table, default: [:]][statement] = rows
  }

  /// Forgets what a statement may change; everything, when it does not say what.
  mutating func forget(changedBy statement: SQL) {
    if found.isEmpty { return }
    guard let table = statement.changedTable else {
      found = [:]
      return
    }
    found[table] = nil
  }
}

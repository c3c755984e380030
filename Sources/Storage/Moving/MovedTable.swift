import Kernel

/// A table as both engines have it, and what was moved of it.
package struct MovedTable: Sendable {
  package let name: String
  /// How many rows it has.
  package fileprivate(set) var rows = 0
  /// The digest of all its rows in their order, as hexadecimal text.
  package fileprivate(set) var digest = ""
  package let columns: [String]
  /// By what its rows are put into one order.
  let order: [String]

  /// The tables that the steps of a schema make, those first that others point to; the same on both
  /// engines.
  package static func shapes(_ migrations: [Migration]) async throws -> [MovedTable] {
    let bottle = try SQLiteStorage()
    try await bottle.migrate(migrations)
    return try await bottle.read { try all(in: $0) }
  }

  /// Puts one row into this table.
  package func insert(_ values: [SQLValue], into transaction: any Transaction) throws {
    let start = SQL(stringLiteral: "INSERT INTO \(name) (\(columnList)) VALUES ")
    try transaction.execute("\(start)(\(SQL.list(values.map(Given.init))))")
  }

  private struct Given: SQLArgument {
    let sqlValue: SQLValue
    init(_ value: SQLValue) { sqlValue = value }
  }

  /// All tables of a district's file but the ledger, those first that others point to.
  ///
  /// - Throws: a ``Defect`` when two tables point to each other.
  static func all(in sqlite: any Transaction) throws -> [MovedTable] {
    let names = try sqlite.rows(
      """
      SELECT name
      FROM sqlite_master
      WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name <> 'migration'
      ORDER BY name
      """
    ).map { $0.text(0) }
    var waiting: [(table: MovedTable, needs: Set<String>)] = []
    for name in names {
      let needs = try sqlite.rows(
        "SELECT \"table\" FROM pragma_foreign_key_list(\(name))"
      ).map { $0.text(0) }
      waiting.append((try shape(of: name, in: sqlite), Set(needs).subtracting([name])))
    }
    var sorted: [MovedTable] = []
    while !waiting.isEmpty {
      let done = Set(sorted.map(\.name))
      let ready = waiting.filter { $0.needs.isSubset(of: done) }.map(\.table)
      guard !ready.isEmpty else { throw Defect("tables point to each other in a ring") }
      sorted += ready
      waiting.removeAll { $0.needs.isSubset(of: done) }
    }
    return sorted
  }

  private static func shape(of name: String, in sqlite: any Transaction) throws -> MovedTable {
    let columns = try sqlite.rows(
      "SELECT name, pk FROM pragma_table_info(\(name)) ORDER BY cid")
    let keys = columns.filter { $0.integer(1) > 0 }.sorted { $0.integer(1) < $1.integer(1) }
    let all = columns.map { $0.text(0) }
    return MovedTable(name: name, columns: all, order: keys.isEmpty ? all : keys.map { $0.text(0) })
  }

  private init(name: String, columns: [String], order: [String]) {
    self.name = name
    self.columns = columns
    self.order = order
  }

  package var columnList: String { columns.joined(separator: ", ") }

  /// All rows, in an order that is the same on both engines.
  var question: SQL {
    let order = order.map { "\($0) NULLS FIRST" }.joined(separator: ", ")
    return SQL(stringLiteral: "SELECT \(columnList) FROM \(name) ORDER BY \(order)")
  }

  /// Hands over all rows of a side and gives the table with their number and digest.
  package func counted(
    in transaction: any Transaction, by suite: any CryptoSuite,
    _ each: (Row) throws -> Void = { _ in }
  ) throws -> MovedTable {
    var table = self
    var head = Array("\(name)(\(columnList))".utf8)
    try transaction.eachRow(question) { row in
      head = suite.digest(head + row.canonicalBytes)
      table.rows += 1
      try each(row)
    }
    table.digest = Hex.text(suite.digest(head))
    return table
  }

  /// Whether the other side holds the same rows.
  func isEqual(to other: MovedTable) -> Bool { rows == other.rows && digest == other.digest }
}

extension Row {
  /// What it says, written the same whichever engine it came from; each value with its kind and
  /// length, so that no two rows are written alike.
  fileprivate var canonicalBytes: [UInt8] {
    var bytes: [UInt8] = []
    for value in values {
      let (kind, said): (String, [UInt8]) =
        switch value {
        case .null: ("n", [])
        case .integer(let number): ("i", Array(String(number).utf8))
        case .real(let number): ("r", Array(String(number.bitPattern, radix: 16).utf8))
        case .text(let text): ("t", Array(text.utf8))
        case .bytes(let value): ("b", value)
        }
      bytes += Array("\(kind)\(said.count):".utf8) + said
    }
    return bytes
  }
}

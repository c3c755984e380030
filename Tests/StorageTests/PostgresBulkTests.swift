import Engines
import Foundation
import Kernel
import Testing

@testable import Storage

@Suite("Long runs of rows for one table") struct PostgresBulkTests {
  @Test("are told from statements that do anything else")
  func recognised() {
    let plain = PostgresBulk.insert(
      "INSERT INTO note (id, number,\n  text)\nVALUES ($1, $2,\n  $3)")
    #expect(plain == PostgresBulk.Insert(table: "note", columns: "id, number, text"))
    for other in [
      "INSERT INTO note (id) VALUES ($1) ON CONFLICT (id) DO NOTHING",
      "INSERT INTO note (id, number) VALUES ($1, 5)",
      "INSERT INTO note (id, number) VALUES ($2, $1)",
      "INSERT INTO note (id, number) VALUES ($1)",
      "INSERT INTO note (id) VALUES ($1) RETURNING id",
      "INSERT INTO note (id) VALUES (lower($1))",
      "INSERT INTO note (id) SELECT $1", "INSERT INTO note DEFAULT VALUES",
      "UPDATE note SET id = $1", "SAVEPOINT denghuo_1",
    ] {
      #expect(PostgresBulk.insert(other) == nil, "\(other)")
    }
  }

  private static let awkward: [String?] = [
    "", "\\N", "\\.", "a\tb\nc\rd\\e", "中文 🏮", "'\"$1", nil, "\u{1}\u{7F}", "\\x00", " ",
  ]

  @Test("arrive as they would one by one, whatever they hold", arguments: Engine.planning)
  func arrive(engine: Engine) async throws {
    let bench = try await engine.bench()
    let count = 3 * PostgresBulk.fewest
    let bytes: [UInt8] = [0, 9, 10, 13, 92, 255]
    try await bench.storage.write { transaction in
      for index in 0..<count {
        let text = Self.awkward[index % Self.awkward.count]
        try transaction.put(
          """
          INSERT INTO note (id, number, amount, bytes, long)
          VALUES (\("n\(100 + index)"), \(index % 2 == 0 ? Int?.none : -index),
            \(Double(index) / 3), \(bytes), \(text))
          """)
      }
      // What comes behind sees them, in the same transaction.
      #expect(try transaction.rows("SELECT id FROM note").count == count)
    }
    let rows = try await bench.storage.read { transaction in
      try transaction.rows("SELECT number, amount, bytes, long FROM note ORDER BY id")
    }
    for (index, row) in rows.enumerated() {
      let text = Self.awkward[index % Self.awkward.count]
      #expect(row.optionalInteger(0) == (index % 2 == 0 ? nil : -index))
      #expect(row.values[1] == .real(Double(index) / 3))
      #expect(row.values[2] == .bytes(bytes))
      #expect(row.optionalText(3) == text)
    }
  }

  @Test("go by COPY, in their place among other statements")
  func copied() async throws {
    let bench = try await Engine.postgres.bench()
    let long = PostgresBulk.fewest
    // Counts statements, not rows.
    try await bench.write(
      """
      CREATE FUNCTION counted() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN UPDATE counter SET value = value + 1; RETURN NULL; END $$
      """,
      "CREATE TRIGGER counted AFTER INSERT ON note FOR EACH STATEMENT EXECUTE FUNCTION counted()")
    let copied = try await bench.storage.write { transaction in
      try transaction.put("INSERT INTO note (id) VALUES ('above')")
      for index in 0..<long {
        try transaction.put(
          "INSERT INTO note (id, above) VALUES (\("long-\(index)"), \("above"))")
      }
      try transaction.put("UPDATE note SET number = 1")
      for index in 0..<3 {
        try transaction.put(
          "INSERT INTO note (id, above) VALUES (\("short-\(index)"), \("long-0"))")
      }
      return try transaction.rows("SELECT COUNT(*), COUNT(number) FROM note")[0]
    }
    #expect(copied.values == [.integer(Int64(long) + 4), .integer(Int64(long) + 1)])
    #expect(try await bench.counter() == 1 + 1 + 3)
  }

  @Test("undo their savepoint, and nothing else, when one of them is wrong")
  func wrong() async throws {
    let bench = try await Engine.postgres.bench()
    try await bench.storage.write { transaction in
      try transaction.put("INSERT INTO note (id) VALUES ('kept')")
      let failure = #expect(throws: StorageFailure.self) {
        try transaction.savepoint {
          for index in 0..<40 {
            try transaction.put("INSERT INTO note (id) VALUES (\("n-\(index % 39)"))")
          }
        }
      }
      #expect(failure?.kind == .constraint)
      #expect(failure?.description.contains("n-0") == false)
      for index in 0..<40 {
        try transaction.put("INSERT INTO note (id) VALUES (\("n-\(index)"))")
      }
    }
    #expect(try await bench.ids().count == 41)
  }
}

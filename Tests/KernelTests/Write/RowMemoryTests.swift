import Testing

@testable import Kernel

/// What is given again without asking has to be what asking would find.
@Suite("Rows that commands of one transaction remember") struct RowMemoryTests {
  private static let texts: SQL = "SELECT text FROM mark WHERE id = \("a")"

  /// Runs a body in a writing transaction of the desk's, with one mark on the board.
  private static func run(
    _ body: @escaping @Sendable (_ bare: any Transaction, JournaledTransaction) throws -> Void
  ) async throws {
    let town = try await ToyTown()
    let vault = town.desk.vault
    try await town.storage.write { transaction in
      let journaled = try JournaledTransaction(transaction, vault: vault)
      try journaled.put("INSERT INTO mark (id, text, turn) VALUES (\("a"), \("old"), \(0))")
      try body(transaction, journaled)
    }
  }

  private static func text(_ transaction: JournaledTransaction) throws -> String? {
    try transaction.remembered(texts, of: "mark").first?.text(0)
  }

  @Test("are not asked for again")
  func remembered() async throws {
    try await Self.run { bare, transaction in
      #expect(try Self.text(transaction) == "old")
      // Behind its back, to see that it does not look; then another table before its eyes.
      try bare.put("UPDATE mark SET text = 'new' WHERE id = 'a'")
      #expect(try Self.text(transaction) == "old")
      try transaction.put("DELETE FROM run WHERE at = \(0)")
      #expect(try Self.text(transaction) == "old")
    }
  }

  @Test(
    "are asked for again when their table was changed",
    arguments: [
      "UPDATE mark SET text = 'new' WHERE id = 'a'",
      """
      WITH named AS (SELECT 'a' AS id)
      UPDATE mark SET text = 'new' WHERE id IN (SELECT id FROM named)
      """,
    ] as [SQL])
  func changed(statement: SQL) async throws {
    try await Self.run { _, transaction in
      #expect(try Self.text(transaction) == "old")
      try transaction.put(statement)
      #expect(try Self.text(transaction) == "new")
      try transaction.put("UPDATE mark SET text = 'newest' WHERE id = 'a'")
      #expect(try Self.text(transaction) == "newest")
    }
  }

  @Test("are asked for again when what they showed was undone")
  func undone() async throws {
    struct Stop: Error {}
    try await Self.run { _, transaction in
      #expect(try Self.text(transaction) == "old")
      var between: String?
      do {
        try transaction.savepoint {
          try transaction.put("UPDATE mark SET text = 'new' WHERE id = 'a'")
          between = try Self.text(transaction)
          throw Stop()
        }
      } catch is Stop {}
      #expect(between == "new")
      #expect(try Self.text(transaction) == "old")
    }
  }

  @Test("are none of another question's")
  func others() async throws {
    try await Self.run { _, transaction in
      let known = try Self.text(transaction)
      #expect(known == "old")
      let other: SQL = "SELECT text FROM mark WHERE id = \("b")"
      #expect(try transaction.remembered(other, of: "mark").isEmpty)
      #expect(try transaction.remembered(other, of: "mark").isEmpty)
    }
  }
}

import Kernel
import Testing

@Suite("The table that a statement changes") struct ChangedTableTests {
  @Test(
    "is read off its first words",
    arguments: [
      ("INSERT INTO place (id) VALUES (1)", "place"), ("INSERT INTO place(id) VALUES (1)", "place"),
      ("UPDATE place SET code = 1", "place"), ("DELETE FROM work_place WHERE id = 1", "work_place"),
      ("\n  UPDATE\n    zone\n  SET state = 'standing'", "zone"), ("UPDATE zone", "zone"),
    ] as [(SQL, String)])
  func named(statement: SQL, table: String) { #expect(statement.changedTable == table) }

  @Test(
    "is not guessed",
    arguments: [
      "SELECT id FROM place", "WITH old AS (SELECT 1) DELETE FROM place", "INSERT", "DELETE FROM",
      "REPLACE INTO place VALUES (1)", "INSERT OR REPLACE INTO place VALUES (1)", "",
    ] as [SQL])
  func unnamed(statement: SQL) { #expect(statement.changedTable == nil) }
}

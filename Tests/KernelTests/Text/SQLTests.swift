import Testing

@testable import Kernel

@Suite("Statements") struct SQLTests {
  @Test("values become arguments, never text")
  func arguments() {
    let evil = "'; DROP TABLE person; --"
    let nothing: Int? = nil
    let statement: SQL =
      "SELECT 1 WHERE a = \(evil) AND b = \(7) AND c = \(nothing) AND d = \(2.5) AND e = \([1, 2] as [UInt8])"
    #expect(
      statement.text { "$\($0)" }
        == "SELECT 1 WHERE a = $1 AND b = $2 AND c = $3 AND d = $4 AND e = $5")
    #expect(
      statement.arguments == [.text(evil), .integer(7), .null, .real(2.5), .bytes([1, 2])])
  }

  @Test("statements joined keep the order of their arguments")
  func joined() {
    let inner: SQL = "b = \(2) OR c = \(3)"
    let outer: SQL = "a = \(1) AND (\(inner)) AND d = \(4)"
    #expect(outer.text { "?\($0)" } == "a = ?1 AND (b = ?2 OR c = ?3) AND d = ?4")
    #expect(outer.arguments == [.integer(1), .integer(2), .integer(3), .integer(4)])
    let twice: SQL = "\(inner) AND \(inner)"
    #expect(twice.text { "?\($0)" } == "b = ?1 OR c = ?2 AND b = ?3 OR c = ?4")
  }

  @Test("a statement without values is its text")
  func plain() {
    let statement: SQL = "SELECT 1"
    #expect(statement.text { _ in "?" } == "SELECT 1" && statement.arguments.isEmpty)
  }
}

import Testing

@testable import Kernel

@Suite("Fields") struct FieldsTests {
  private struct Person: Decodable {
    let name: String
    let age: Int?
  }

  private struct Rows: Decodable {
    let rows: [Fields]
    let people: [Person]?
  }

  @Test("cells that nobody reads are let pass in a value that is taken as it is")
  func wholeValues() throws {
    let fields = try Fields.json(Array(#"{"rows":[{"code":"1","name":"a"},{"x":2}]}"#.utf8))
    #expect(try fields.decoded(Rows.self).rows.count == 2)
  }

  @Test(
    "a field that nobody reads is refused by its path",
    arguments: [
      (#"{"rows":[],"run":"1"}"#, "run"),
      (#"{"rows":[],"people":[{"name":"a","agee":1}]}"#, "people.0.agee"),
    ])
  func unknown(json: String, field: String) throws {
    let fields = try Fields.json(Array(json.utf8))
    let refusal = #expect(throws: Refusal.self) { try fields.decoded(Rows.self) }
    #expect(refusal?.code == "field.unknown" && refusal?.field == field)
    #expect(try fields.decoded(Rows.self, strict: false).rows.isEmpty)
  }

  @Test(
    "what cannot be read is named by its path",
    arguments: [
      (#"{"rows":[],"people":[{"age":1}]}"#, "field.missing", "people.0.name"),
      (#"{"rows":[],"people":[{"name":"a","age":"x"}]}"#, "field.malformed", "people.0.age"),
      (#"{"people":[]}"#, "field.missing", "rows"),
    ])
  func faults(json: String, code: String, field: String) throws {
    let fields = try Fields.json(Array(json.utf8))
    let refusal = #expect(throws: Refusal.self) {
      try fields.decoded(Rows.self, strict: false)
    }
    #expect(refusal?.code == code && refusal?.field == field)
  }

  @Test(
    "white space is taken off both ends",
    arguments: [
      ("a b", "a b"), (" a", "a"), ("a ", "a"), ("\u{3000}张三\u{3000}", "张三"), ("张三", "张三"),
      ("\t", ""), ("", ""),
    ])
  func trimming(written: String, text: String) { #expect(written.trimmingWhitespace() == text) }

  @Test("a list of values becomes placeholders")
  func list() {
    let statement: SQL = "id IN (\(SQL.list(["a", "b", "c"])))"
    #expect(statement.text { "?\($0)" } == "id IN (?1, ?2, ?3)")
    #expect(statement.arguments == [.text("a"), .text("b"), .text("c")])
  }
}

import Kernel
import Testing

@Suite("A plain table") struct PlainTableTests {
  @Test("is read with quotes, broken lines inside them, a byte-order mark and either line end")
  func reading() throws {
    let text = "\u{FEFF}name, note\r\nA,\"x, \"\"y\"\"\nz\"\r\n\r\nB,\n"
    let table = try PlainTable(csv: Array(text.utf8))
    #expect(table.header == ["name", "note"])
    #expect(table.rows == [["A", "x, \"y\"\nz"], ["B", ""]])
    #expect(table.cell(1, 1) == "")
  }

  @Test("gives an empty cell where a row ends early")
  func shortRow() throws {
    let table = try PlainTable(csv: Array("a,b\n1\n".utf8))
    #expect(table.cell(0, try table.column("b")) == "")
  }

  @Test("is refused when a column is missing, is there twice, or a quote stays open")
  func refusals() throws {
    let table = try PlainTable(csv: Array("a,b,a\n".utf8))
    #expect(throws: Refusal.self) { try table.column("c") }
    #expect(throws: Refusal.self) { try table.column("a") }
    #expect(throws: Refusal.self) { try PlainTable(csv: Array("a\n\"1\n".utf8)) }
  }

  @Test(
    "is written so that it reads back and no cell becomes a formula",
    arguments: [
      ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"no\"", "\"say \"\"no\"\"\""),
      ("=1+1", "'=1+1"), ("+86", "'+86"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"),
      ("\r=1+1", "\"'\r=1+1\""), ("\n=1+1", "\"'\n=1+1\""),
      ("1-1", "1-1"), ("", ""),
    ])
  func writing(cell: String, written: String) {
    let table = PlainTable(header: ["x", "y"], rows: [[cell, "z"]])
    #expect(String(decoding: table.csv, as: UTF8.self) == "x,y\n\(written),z\n")
  }
}

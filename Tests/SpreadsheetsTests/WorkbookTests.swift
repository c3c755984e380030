import Testing

@testable import Spreadsheets

@Suite("Workbooks are read without another program")
struct WorkbookTests {
  static let header = MalformedWorkbookTests.header
  static let formats = """
    <numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/>
    <numFmt numFmtId="165" formatCode="0.00&quot;day&quot;"/></numFmts>
    <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
    <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>
    """

  private func second(_ fixture: WorkbookFixture) throws -> Row {
    try #require(try rows(fixture.bytes).first)
  }

  @Test("The first visible sheet is read, another by its name")
  func sheets() throws {
    let bytes = MalformedWorkbookTests.good.bytes
    #expect(try Table(bytes: bytes, columns: testColumns).sheet == "居民")
    let hidden = try Table(bytes: bytes, sheet: "藏", columns: [Column("person")])
    #expect(hidden.header == ["person"])
  }

  @Test("Shared, rich and inline texts come without the readings above them")
  func texts() throws {
    let shared = [
      "<r><t>张</t></r><r><rPr><b/></rPr><t xml:space=\"preserve\"> 三</t></r>"
        + "<rPh sb=\"0\" eb=\"1\"><t>zhang</t></rPh>",
      "<t>a&lt;&#x4E2D;&amp;_x000D_</t>",
    ]
    let row = try second(
      WorkbookFixture(
        rows: Self.header + "<row r=\"5\"><c r=\"A5\" t=\"s\"><v>0</v></c>"
          + "<c r=\"B5\" t=\"s\"><v>1</v></c></row>", texts: shared))
    #expect(row.cells == ["张 三", "a<中&\r"])
    #expect(row.number == 5)
  }

  @Test("Gaps in rows are empty cells; rows with colour only are passed over")
  func gaps() throws {
    let read = try rows(
      WorkbookFixture(
        rows: Self.header + "<row r=\"2\"><c r=\"A2\" s=\"1\"/></row><row r=\"9\">"
          + "<c r=\"B9\"><v>5</v></c><c r=\"AA9\"><v>6</v></c></row>"
      ).bytes)
    #expect(read.map(\.cells) == [["", "5"]])
    #expect(read.map(\.number) == [9])
  }

  @Test(
    "Numbers are dates only by their style",
    arguments: [
      ("44894", 0, "44894", CellKind.number), ("44894", 1, "2022-11-29", .date),
      ("44894.354166666664", 2, "2022-11-29T08:30:00", .date), ("0.5", 1, "12:00:00", .date),
      ("44894.999999", 1, "2022-11-29T23:59:59", .date), ("1", 1, "1900-01-01", .date),
      ("59", 1, "1900-02-28", .date), ("61", 1, "1900-03-01", .date), ("2.5", 3, "2.5", .number),
      ("2958465", 1, "9999-12-31", .date), ("36586", 1, "2000-03-01", .date),
      ("36585", 1, "2000-02-29", .date),
    ])
  func dates(_ raw: String, _ style: Int, _ text: String, _ kind: CellKind) throws {
    let row = try second(
      WorkbookFixture(
        rows: Self.header + "<row><c s=\"\(style)\"><v>\(raw)</v></c></row>",
        formats: Self.formats))
    #expect(row.cells[0] == text)
    #expect(row.kind("person") == kind)
  }

  @Test("A workbook that counts from 1904 gives the same days")
  func macintosh() throws {
    let row = try second(
      WorkbookFixture(
        rows: Self.header + "<row><c s=\"1\"><v>43432</v></c></row>", formats: Self.formats,
        is1904: true))
    #expect(row.cells[0] == "2022-11-29")
  }

  @Test(
    "An identity number kept as a number is found out",
    arguments: [
      ("3.70203199001011E+17", "370203199001011000", true),
      ("370203199001011000", "370203199001011000", true),
      ("999999999999999", "999999999999999", false),
      ("1000000000000000", "1000000000000000", true), ("13800138000", "13800138000", false),
      ("1.38E10", "13800000000", false),
    ])
  func identityNumbers(_ raw: String, _ text: String, _ isLost: Bool) throws {
    let row = try second(
      WorkbookFixture(rows: Self.header + "<row><c><v>\(raw)</v></c></row>"))
    #expect(row["person"] == text)
    #expect(row.hasLostDigits("person") == isLost)
  }

  @Test("Logical values, formula results, comments, CDATA and prefixes are understood")
  func oddities() throws {
    let sheet =
      "\u{FEFF}<?xml version=\"1.0\"?><x:worksheet xmlns:x=\"m\"><!-- > --><x:sheetData>"
      + "<x:row><x:c t='str'><x:v>person</x:v></x:c><x:c t='str'><x:v>name</x:v></x:c></x:row>"
      + "<x:row a='>'><x:c t=\"b\"><x:v>1</x:v></x:c><x:c t='str'><x:f>A1&gt;2</x:f>"
      + "<x:v><![CDATA[<ok>]]></x:v></x:c></x:row></x:sheetData></x:worksheet>"
    #expect(try second(WorkbookFixture(sheet: sheet)).cells == ["true", "<ok>"])
  }

  @Test("Stored parts are read like packed ones")
  func stored() throws {
    let stored = MalformedWorkbookTests.good.changing(MalformedWorkbookTests.sheet) {
      $0.isDeflated = false
    }
    #expect(try rows(stored.bytes).map(\.cells) == [["1", ""]])
  }

  @Test("A long sheet is read across every edge of the buffer")
  func long() throws {
    let body = (2...30_001).map { "<row r=\"\($0)\"><c t=\"str\"><v>P\($0)</v></c></row>" }
    let read = try rows(WorkbookFixture(rows: Self.header + body.joined()).bytes)
    #expect(read.count == 30_000)
    #expect(read.allSatisfy { $0["person"] == "P\($0.number)" })
  }
}

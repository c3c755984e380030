import Testing

@testable import Spreadsheets

@Suite("Malformed workbooks are refused without harm")
struct MalformedWorkbookTests {
  static let header =
    "<row r=\"1\"><c t=\"inlineStr\"><is><t>person</t></is></c>"
    + "<c t=\"inlineStr\"><is><t>name</t></is></c></row>"
  static let good = WorkbookFixture(rows: header + "<row r=\"2\"><c><v>1</v></c></row>")
  static let sheet = "xl/worksheets/sheet1.xml"

  static func body(_ row: String) -> [UInt8] { WorkbookFixture(rows: header + row).bytes }

  static func whole(_ text: String) -> [UInt8] { WorkbookFixture(sheet: text).bytes }

  static let inputs: [Malformed] = [
    Malformed("an archive without an end", Array(good.bytes.dropLast(22)), .archiveDamaged),
    Malformed("half an archive", Array(good.bytes.prefix(good.bytes.count / 2)), .archiveDamaged),
    Malformed("an archive of something else", good.without("xl/workbook.xml").bytes, .notWorkbook),
    Malformed(
      "an empty archive", [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18),
      .notWorkbook),
    Malformed(
      "a binary workbook",
      good.changing("xl/workbook.xml") { $0.name = "xl/workbook.bin" }.bytes, .binaryWorkbook),
    Malformed("a locked part", good.changing(sheet) { $0.flags = 1 }.bytes, .encrypted),
    Malformed(
      "a strange method", good.changing(sheet) { $0.method = 12 }.bytes,
      .archiveUnsupported),
    Malformed("a wrong checksum", good.changing(sheet) { $0.checksum = 1 }.bytes, .archiveDamaged),
    Malformed(
      "a size that is too small", good.changing(sheet) { $0.claimedSize = 9 }.bytes,
      .archiveDamaged),
    Malformed(
      "a size beyond memory",
      good.changing("xl/texts.xml") { $0.claimedSize = 1 << 30 }.bytes, .archiveTooLarge),
    Malformed(
      "deflate data that are none",
      good.changing(sheet) {
        $0.isDeflated = false
        $0.method = 8
      }.bytes, .archiveDamaged),
    Malformed(
      "a bomb",
      good.changing("xl/texts.xml") {
        $0.bytes = Array("<sst>".utf8) + [UInt8](repeating: 0x20, count: 8 << 20)
      }.bytes, .archiveTooLarge),
    Malformed(
      "a tag that never ends",
      good.changing(sheet) {
        $0.bytes = Array("<a b=\"".utf8) + [UInt8](repeating: 0x3E, count: 1 << 20)
        $0.isDeflated = false
      }.bytes, .markupDamaged),
    Malformed(
      "a cell made of very many runs",
      WorkbookFixture(
        rows: header + "<row r=\"2\"><c t=\"inlineStr\"><is>"
          + String(repeating: "<r><t>0123456789abcdef</t></r>", count: 70_000) + "</is></c></row>"
      ).changing(sheet) { $0.isDeflated = false }.bytes,
      .fieldTooLong, row: 2),
    Malformed("a sheet that is not there", good.without(sheet).bytes, .archiveDamaged),
    Malformed(
      "a document type", whole("<!DOCTYPE x [<!ENTITY a \"b\">]><worksheet/>"),
      .markupForbidden),
    Malformed(
      "an unknown entity", body("<row><c t=\"inlineStr\"><is><t>&a;</t></is></c></row>"),
      .markupForbidden, row: 2),
    Malformed("tags that do not match", body("<row r=\"2\"><c></row>"), .markupDamaged, row: 2),
    Malformed(
      "markup that ends early", whole("<worksheet><sheetData>\(header)<row r=\"2\">"),
      .markupDamaged, row: 2),
    Malformed("two roots", whole("<worksheet/><worksheet/>"), .markupDamaged),
    Malformed("an attribute without quotes", body("<row r=2></row>"), .markupDamaged, row: 2),
    Malformed("rows out of order", body("<row r=\"1\"/>"), .markupDamaged, row: 2),
    Malformed("a row beyond the last", body("<row r=\"1048577\"/>"), .markupDamaged, row: 2),
    Malformed(
      "a column beyond the last", body("<row><c r=\"XFE2\"><v>1</v></c></row>"),
      .markupDamaged, row: 2),
    Malformed(
      "a cell without a column", body("<row><c r=\"12\"><v>1</v></c></row>"),
      .markupDamaged, row: 2),
    Malformed("nesting without end", whole(String(repeating: "<a>", count: 100)), .markupDamaged),
    Malformed(
      "a shared text that is not there",
      body("<row><c r=\"B2\" t=\"s\"><v>7</v></c></row>"), .cellDamaged, row: 2, line: 2,
      column: 2),
    Malformed(
      "a number that is none", body("<row><c><v>12a</v></c></row>"), .cellDamaged, row: 2,
      line: 2, column: 1),
    Malformed(
      "a formula's error", body("<row><c/><c t=\"e\"><v>#N/A</v></c></row>"), .cellError,
      row: 2, line: 2, column: 2),
    Malformed(
      "a formula never calculated", body("<row><c><f>A1</f></c></row>"),
      .formulaWithoutValue, row: 2, line: 2, column: 1),
    Malformed("an empty sheet", whole("<worksheet><sheetData/></worksheet>"), .fileEmpty),
  ]

  @Test("The fault names the problem and, inside a sheet, the row", arguments: inputs)
  func faults(_ input: Malformed) throws {
    let fault = try #require(firstFault(input.bytes))
    #expect(fault.code == input.code)
    #expect(fault.row == input.row)
    #expect(fault.place.line == input.line)
    #expect(fault.column == input.column)
  }

  @Test("The honest workbook that these are made from is read")
  func honest() throws {
    #expect(try rows(Self.good.bytes).map(\.cells) == [["1", ""]])
  }

  @Test("A damaged byte anywhere in the archive gives a fault or the same rows, never a crash")
  func damagedArchive() {
    var random = SeededGenerator(seed: 7)
    let bytes = Self.good.bytes
    for _ in 0..<400 {
      let damaged = Self.damaged(bytes, using: &random)
      if firstFault(damaged) == nil {
        #expect((try? rows(damaged))?.map(\.cells) == [["1", ""]])
      }
    }
  }

  @Test("Damaged markup under a right checksum gives rows or a fault, never a crash")
  func damagedMarkup() {
    var random = SeededGenerator(seed: 8)
    let fixture = WorkbookFixture(
      rows: Self.header + "<row r=\"2\"><c r=\"A2\" s=\"1\"><v>44894.5</v></c>"
        + "<c r=\"B2\" t=\"s\"><v>0</v></c></row><!-- x --><row r=\"4\"><c t=\"str\">"
        + "<f>1</f><v><![CDATA[a]]>&amp;&#65;</v></c></row>",
      texts: ["<r><t>a_x000D_</t></r><rPh><t>b</t></rPh>"], formats: WorkbookTests.formats)
    var codes: Set<SpreadsheetFaultCode> = []
    for round in 0..<Self.damageRounds {
      let name = fixture.parts[round % fixture.parts.count].name
      let damaged = fixture.changing(name) { part in
        part.bytes = Self.damaged(part.bytes, using: &random)
      }
      if let fault = firstFault(damaged.bytes) { codes.insert(fault.code) }
    }
    #expect(codes.isSuperset(of: [.markupDamaged, .notWorkbook, .cellDamaged]))
  }

  private static let damageRounds = 1_600

  private static func damaged(_ bytes: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    let position = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<3, using: &random) {
    case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes[position] = Array("<>\"'=/&;_x-![?".utf8).randomElement(using: &random) ?? 0
    default: bytes.remove(at: position)
    }
    return bytes
  }

  @Test("A sheet that is not there is named with those that are")
  func sheets() {
    let fault = #expect(throws: SpreadsheetFault.self) {
      try Table(bytes: Self.good.bytes, sheet: "名单", columns: testColumns)
    }
    #expect(fault?.code == .sheetMissing)
    #expect(fault?.present == ["藏", "居民"])
  }
}

/// Random numbers that are the same every time (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

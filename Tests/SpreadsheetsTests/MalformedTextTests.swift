import Testing

@testable import Spreadsheets

/// One input that is wrong, and what must be said of it.
struct Malformed: Sendable, CustomTestStringConvertible {
  let what: String
  let bytes: [UInt8]
  let code: SpreadsheetFaultCode
  var row: Int?
  var line: Int?
  var column: Int?

  var testDescription: String { what }

  init(
    _ what: String, _ bytes: [UInt8], _ code: SpreadsheetFaultCode, row: Int? = nil,
    line: Int? = nil, column: Int? = nil
  ) {
    self.what = what
    self.bytes = bytes
    self.code = code
    self.row = row
    self.line = line
    self.column = column
  }

  init(
    _ what: String, _ text: String, _ code: SpreadsheetFaultCode, row: Int? = nil,
    line: Int? = nil, column: Int? = nil
  ) {
    self.init(what, Array(text.utf8), code, row: row, line: line, column: column)
  }
}

@Suite("Malformed texts are refused with the place and the remedy")
struct MalformedTextTests {
  static let long = String(repeating: "x", count: ReadingLimits().fieldBytes + 1)
  static let head = "person,name,phone\n"
  static let chinese = "编号,姓名\nP1,张三丰李四王五赵六钱七\nP2,"

  static let inputs: [Malformed] = [
    Malformed("nothing at all", "", .fileEmpty),
    Malformed("only a byte order mark", [0xEF, 0xBB, 0xBF], .fileEmpty),
    Malformed("only blank lines", "\n\r\n\n", .fileEmpty),
    Malformed("only delimiters", ",,,\n,,,\n", .fileEmpty),
    Malformed("a PDF", "%PDF-1.7 ...", .notTable),
    Malformed("a photo", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16], .notTable),
    Malformed("a web page named xls", "\n <html><table>", .notTable),
    Malformed("an XML spreadsheet", "<?xml version=\"1.0\"?><Workbook/>", .notTable),
    Malformed("an old Excel file", [0xD0, 0xCF, 0x11, 0xE0, 0xA1], .oldExcel),
    Malformed(
      "a workbook with a password",
      [0xD0, 0xCF, 0x11, 0xE0] + [UInt8](repeating: 0, count: 900)
        + "EncryptedPackage".utf8.flatMap { [$0, 0] }, .encrypted),
    Malformed("Latin-1 text", Array("person,name\nP1,Ren".utf8) + [0xE9], .encodingUnknown),
    Malformed(
      "UTF-8 with a broken character", Array(chinese.utf8) + [0xE5, 0xBC, 0x0A], .encodingDamaged,
      row: 3, line: 3, column: 2),
    Malformed(
      "UTF-8 cut off inside a character", Array(chinese.utf8) + [0xE5], .encodingDamaged,
      row: 3, line: 3, column: 2),
    Malformed(
      "an overlong form of UTF-8",
      [0xEF, 0xBB, 0xBF] + Array("person,name\nP1,".utf8)
        + [0xC0, 0xAF], .encodingDamaged, row: 2, line: 2, column: 2),
    Malformed("a NUL in a cell", head + "P1,a\0b,1\n", .nullByte, row: 2, line: 2, column: 2),
    Malformed(
      "a NUL in a quoted cell", head + "P1,b,\"\0\"\n", .nullByte, row: 2, line: 2, column: 3),
    Malformed(
      "a NUL in the header", "person,na\0me\nP1,a\n", .nullByte, row: 1, line: 1, column: 2),
    Malformed(
      "a quote that does not end", head + "P1,a,1\nP2,\"b,2\nP3,c,3\n", .quoteUnterminated,
      row: 3, line: 3, column: 2),
    Malformed(
      "a quote open at the very end", head + "P1,a,\"", .quoteUnterminated, row: 2, line: 2,
      column: 3),
    Malformed(
      "text behind a quote", head + "P1,\"a\"b,1\n", .textAfterQuote, row: 2, line: 2, column: 2),
    Malformed(
      "a blank behind a quote", head + "P1,\"a\" ,1\n", .textAfterQuote, row: 2, line: 2,
      column: 2),
    Malformed(
      "a cell that is too long", head + "P1,\(long),1\n", .fieldTooLong, row: 2, line: 2,
      column: 2),
    Malformed(
      "a quote that swallows the file", head + "P1,\"\(long)\n\(long),1\n", .fieldTooLong,
      row: 2, line: 2, column: 2),
    Malformed(
      "a row that never ends", head + String(repeating: "xxxxxxx,", count: 700_000),
      .recordTooLong, row: 2, line: 2),
    Malformed(
      "more columns than any spreadsheet", head + String(repeating: ",", count: 16_384),
      .columnsTooMany, row: 2, line: 2, column: 16_385),
    Malformed("too few cells", head + "P1,a,1\nP2,b\n", .rowTooShort, row: 3, line: 3, column: 3),
    Malformed("too many cells", head + "P1,a,1,x\n", .rowTooLong, row: 2, line: 2, column: 4),
    Malformed(
      "too few cells after a quoted newline", head + "P1,\"a\nb\",1\n\nP2\n", .rowTooShort, row: 4,
      line: 5, column: 2),
    Malformed("no header", "P1,张三,138\nP2,李四,139\n", .headerMissing, row: 1),
    Malformed("a missing column", "person,phone,note\n", .columnMissing, row: 1),
    Malformed("a doubled column", "person,name,Name\n", .columnDoubled, row: 1),
    Malformed("a column doubled by its alias", "person,name,姓 名\n", .columnDoubled, row: 1),
    Malformed(
      "a quote left open in the header", "person,\"name\nP1,a\n", .quoteUnterminated,
      row: 1, line: 1, column: 2),
  ]

  @Test("The fault names the problem, the row, the line and the column", arguments: inputs)
  func faults(_ input: Malformed) throws {
    let fault = try #require(firstFault(input.bytes))
    #expect(fault.code == input.code)
    #expect(fault.row == input.row)
    #expect(fault.place.line == input.line)
    #expect(fault.column == input.column)
    #expect(fault.chinese.hasSuffix("。") && fault.english.hasSuffix("."))
  }

  @Test("A fault of one row does not stop the others")
  func goesOn() throws {
    var table = try Table(
      bytes: Array("person,name\nP1,a\nP2\nP3,\"c\"c\nP4,d\n".utf8), columns: testColumns)
    var good: [Int] = []
    var bad: [Int] = []
    while let entry = try table.next() {
      switch entry {
      case .row(let row): good.append(row.number)
      case .faulty(let row): bad.append(row.number)
      }
    }
    #expect(good == [2, 5])
    #expect(bad == [3, 4])
  }

  @Test("A sentence names the missing column and what is there, but never a cell")
  func sentences() throws {
    let missing = try #require(firstFault(Array("person,phone,370203199001011234\n".utf8)))
    #expect(
      missing.english == "row 1: missing “name”; the file has: person, phone. "
        + "Add the missing columns.")
    #expect(missing.chinese == "第1行：缺少列“name”；文件中有：person、phone。请补上这些列。")
    let short = try #require(firstFault(Array("person,name,phone\nP1,张三\n".utf8)))
    #expect(short.chinese == "第2行C列“phone”：这一行的格数少于表头。请补齐缺少的分隔符。")
    let bare = try #require(firstFault(Array("P1,张三,138\n".utf8)))
    #expect(!bare.chinese.contains("张三") && !bare.english.contains("138"))
  }

  @Test("A file that is not there is said to be missing, a folder to be unreadable")
  func paths() {
    let missing = #expect(throws: SpreadsheetFault.self) {
      try Table(path: "/nonexistent/residents.csv", columns: testColumns)
    }
    #expect(missing?.code == .fileNotFound)
    let folder = #expect(throws: SpreadsheetFault.self) {
      try Table(path: "/", columns: testColumns)
    }
    #expect(folder?.code == .fileUnreadable)
  }
}

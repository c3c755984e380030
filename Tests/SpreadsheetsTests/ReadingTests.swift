import Foundation
import Testing

@testable import Spreadsheets

@Suite("Tables are read as street offices have them")
struct ReadingTests {
  static let gb18030 = String.Encoding(rawValue: 0x8000_0632)
  static let text = "编号,姓名,电话\r\nP1,张三,138\r\nP2,𠮷田,\r\n"

  static func bytes(_ text: String, _ encoding: String.Encoding, mark: [UInt8]) -> [UInt8] {
    mark + Array(text.data(using: encoding) ?? Data())
  }

  @Test(
    "Every encoding gives the same rows",
    arguments: [
      (String.Encoding.utf8, [], TextEncoding.utf8),
      (.utf8, [0xEF, 0xBB, 0xBF], .utf8),
      (gb18030, [], .gb18030),
      (.utf16LittleEndian, [0xFF, 0xFE], .utf16LittleEndian),
      (.utf16BigEndian, [0xFE, 0xFF], .utf16BigEndian),
    ] as [(String.Encoding, [UInt8], TextEncoding)])
  func encodings(_ encoding: String.Encoding, _ mark: [UInt8], _ expected: TextEncoding) throws {
    let bytes = Self.bytes(Self.text, encoding, mark: mark)
    let table = try Table(bytes: bytes, columns: testColumns)
    #expect(table.encoding == expected)
    #expect(table.header == ["编号", "姓名", "电话"])
    let read = try rows(bytes)
    #expect(read.map { $0["name"] } == ["张三", "𠮷田"])
    #expect(read.map { $0["phone"] } == ["138", nil])
    #expect(read.map(\.number) == [2, 3])
  }

  @Test("GB18030 is recognised although its first character comes late, across every chunk edge")
  func lateEncoding() throws {
    let filler = String(repeating: "P,abcdefg,1\n", count: 50_000)
    for shift in 0..<4 {
      let pad = String(repeating: "x", count: shift)
      let text = "person,name,phone\n\(filler)P2,\(pad)" + String(repeating: "张三", count: 90_000)
      let bytes = Self.bytes(text + ",1\n", Self.gb18030, mark: [])
      let read = try rows(bytes)
      #expect(read.last?["name"] == pad + String(repeating: "张三", count: 90_000))
      #expect(read.count == 50_001)
    }
  }

  @Test(
    "The delimiter is taken from the header",
    arguments: [
      ("person,name\n1,a;b\n", Delimiter.comma), ("person;name\n1;a,b\n", .semicolon),
      ("person\tname\n1\ta,b\n", .tab), ("\"per,,,son\";person;name\n0;1;a\n", .semicolon),
      ("sep=;\r\nperson;name\r\n1;a\r\n", .semicolon),
    ])
  func delimiters(_ text: String, _ expected: Delimiter) throws {
    let table = try Table(bytes: Array(text.utf8), columns: testColumns)
    #expect(table.delimiter == expected)
    let read = try rows(text)
    #expect(read.first?["person"] == "1")
    #expect(read.first?.number == 2)
  }

  @Test("Line ends of every kind, quoted newlines and blank lines keep the numbers right")
  func numbers() throws {
    for end in ["\n", "\r\n", "\r"] {
      let lines = ["person,name", "1,a", "", "2,\"b\(end)\"\"c\"\"\"", "3,d"]
      for last in ["", end] {
        let read = try rows(lines.joined(separator: end) + last)
        #expect(read.map(\.number) == [2, 4, 5])
        #expect(read.map(\.line) == [2, 4, 6])
        #expect(read.map { $0["name"] } == ["a", "b\(end)\"c\"", "d"])
      }
    }
  }

  @Test(
    "A header is known by its name or alias, whatever its case, blanks and width",
    arguments: [
      "person", " Person ", "PER_SON", "ｐｅｒｓｏｎ", "*人员", "人 员", "\u{FEFF}编号", "编号\u{3000}",
    ])
  func headers(_ header: String) throws {
    #expect(try rows("\(header),name\n7,a\n").first?["person"] == "7")
  }

  @Test("Columns that nobody asked for are ignored and named once")
  func extras() throws {
    let table = try Table(
      bytes: Array("person,备注,name,,备注\n".utf8), columns: testColumns)
    #expect(table.extraColumns == ["备注", "备注"])
    #expect(table.position(of: "name") == 2)
    #expect(table.position(of: "phone") == nil)
  }

  @Test("Empty cells behind the header do no harm, and empty rows are passed over")
  func emptyCells() throws {
    let text = "person,name,,\n1,a\n2,b,,,,,\n,,\n  ,c\n"
    let read = try rows(text)
    #expect(read.map { $0["name"] } == ["a", "b", "c"])
    #expect(read.map { $0["person"] } == ["1", "2", nil])
    var options = ReadingOptions()
    options.keepsEmptyRows = true
    #expect(try rows(Array(text.utf8), options: options).count == 4)
  }

  @Test(
    "A number in scientific notation has lost its digits",
    arguments: [
      ("3.70203E+17", true), ("3.7e17", true), ("4E+17", true), ("370203199001011234", false),
      ("13E5", false), ("1E", false), ("P3E7", false), ("", false),
    ])
  func lostDigits(_ text: String, _ expected: Bool) throws {
    #expect(LostDigits.isScientific(text) == expected)
    #expect(try rows("person,name,phone\n1,a,\(text)\n").first?.hasLostDigits("phone") == expected)
  }

  @Test("Progress ends with every byte read, and a list without a header has bare rows")
  func lists() throws {
    var list = try RecordList(bytes: Array("11\n\n'=12\n".utf8))
    #expect(try list.next()?.cells == ["11"])
    let second = try list.next()
    #expect(second?.cells == ["=12"])
    #expect(second?.number == 3)
    #expect(try list.next() == nil)
    #expect(list.progress.fraction == 1)
  }
}

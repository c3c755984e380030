import Foundation
import Testing

@testable import Spreadsheets

@Suite("What is written is read back the same")
struct WritingTests {
  private func written(_ cells: [String]) throws -> String {
    var writer = DelimitedWriter()
    try writer.append(cells)
    return String(decoding: writer.takeBytes(), as: UTF8.self)
  }

  @Test(
    "Cells that would run as formulas get a quote in front, and only those",
    arguments: [
      ("=1+1", "'=1+1"), ("+86", "'+86"), ("-5", "'-5"), ("@a", "'@a"), ("\ta", "'\ta"),
      ("＝1", "'＝1"), ("'=1", "''=1"), ("'a", "'a"), ("a=1", "a=1"), ("", ""), ("'", "'"),
      ("a,\"b\"", "\"a,\"\"b\"\"\""), ("a\nb", "\"a\nb\""), (" a", "\" a\""),
      ("=\"a\"", "\"'=\"\"a\"\"\""),
    ])
  func guards(_ cell: String, _ expected: String) throws {
    #expect(try written([cell, "x"]) == expected + ",x\r\n")
    let read = try rows(Array("person,name\n\(expected),x\n".utf8))
    #expect(read.first?.cells.first == cell)
  }

  @Test("Plain values are written as they are, a lone empty cell in quotes")
  func plain() throws {
    var writer = DelimitedWriter(delimiter: .tab, lineEnd: "\n", mark: true)
    try writer.append([.plain("-1.5"), .text("-1.5")])
    try writer.append([""])
    let text = String(decoding: writer.takeBytes(), as: UTF8.self)
    #expect(text == "\u{FEFF}-1.5\t'-1.5\n\"\"\n")
  }

  @Test("Random tables come back from every delimiter and line end", arguments: 1...40)
  func roundTrip(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let pieces = [
      "a", "1", " ", "\"", ",", ";", "\t", "\n", "\r", "\r\n", "张", "🏥", "'", "=", "-", "＠", "é",
    ]
    let width = Int.random(in: 1...6, using: &random)
    let cell = { (random: inout SeededGenerator) in
      (0..<Int.random(in: 0...8, using: &random)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }
      .joined()
    }
    let table = (0..<Int.random(in: 1...60, using: &random)).map { _ in
      (0..<width).map { _ in cell(&random) }
    }
    let delimiter = try #require(Delimiter.allCases.randomElement(using: &random))
    let end = try #require(["\n", "\r\n", "\r"].randomElement(using: &random))
    var writer = DelimitedWriter(
      delimiter: delimiter, lineEnd: end, mark: Bool.random(using: &random))
    for row in table { try writer.append(row) }
    var options = ReadingOptions()
    options.delimiter = delimiter
    var list = try RecordList(bytes: writer.takeBytes(), options: options)
    var read: [[String]] = []
    while let row = try list.next() {
      #expect(row.fault == nil)
      read.append(row.cells)
    }
    #expect(read == table)
  }

  @Test("Rejected rows keep their cells, say why, and replace the reasons of an earlier round")
  func rejected() throws {
    let input = "编号,姓名\nP1,=a\nP2\nP3,c,d\n"
    var table = try Table(bytes: Array(input.utf8), columns: testColumns)
    var rejected = try RejectedRows(header: table.header)
    while let entry = try table.next() {
      switch entry {
      case .row(let row): try rejected.append(row, reason: "甲")
      case .faulty(let row): try rejected.append(row, reason: row.fault.code.rawValue)
      }
    }
    #expect(rejected.count == 3)
    let first = rejected.takeBytes()
    #expect(
      String(decoding: first, as: UTF8.self)
        == "\u{FEFF}编号,姓名,row,reason\r\nP1,'=a,2,甲\r\nP2,3,row_too_short\r\n"
        + "P3,c,d,4,row_too_long\r\n")

    table = try Table(bytes: first, columns: testColumns)
    #expect(table.extraColumns == ["row", "reason"])
    rejected = try RejectedRows(header: table.header)
    while let entry = try table.next() {
      if case .row(let row) = entry { try rejected.append(row, reason: "乙") }
    }
    #expect(
      String(decoding: rejected.takeBytes(), as: UTF8.self)
        == "\u{FEFF}编号,姓名,row,reason\r\nP1,'=a,2,乙\r\n")
  }

  @Test("A file is written so that only its owner may read it, and read back from its path")
  func files() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "sheets-\(ProcessInfo.processInfo.processIdentifier).csv"
    ).path
    defer { unlink(path) }
    var writer = try DelimitedWriter(path: path)
    try writer.append(["person", "name"])
    for number in 0..<20_000 { try writer.append(["P\(number)", "张三"]) }
    try writer.finish()
    let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect(permissions as? Int == 0o600)
    var table = try Table(path: path, columns: testColumns)
    var count = 0
    while let entry = try table.next() {
      if case .row = entry { count += 1 }
    }
    #expect(count == 20_000)
    #expect(table.progress.bytesRead == table.progress.bytesTotal)
  }
}

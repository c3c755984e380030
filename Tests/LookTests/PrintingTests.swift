import Foundation
import Testing

@testable import Look

@Suite("Labels") struct PrintingTests {
  @Test("a QR code is as an independent encoder draws its fixed parts")
  func parts() throws {
    let code = try #require(QRCode("T0000001Z"))
    #expect(code.size == 21)
    // Finder patterns: a dark ring, a light ring, a dark square of three.
    for (column, row) in [(0, 0), (14, 0), (0, 14)] {
      for step in 0..<7 {
        #expect(code.isDark(column + step, row) && code.isDark(column, row + step))
      }
      for step in 1..<6 { #expect(!code.isDark(column + step, row + 1)) }
      #expect(code.isDark(column + 3, row + 3))
    }
    // The timing lines alternate, and one module is always dark.
    for place in 8..<13 {
      #expect(code.isDark(place, 6) == (place % 2 == 0))
      #expect(code.isDark(6, place) == (place % 2 == 0))
    }
    #expect(code.isDark(8, 13))
  }

  @Test("longer texts take larger codes, and what is too long none")
  func sizes() {
    #expect(QRCode(String(repeating: "a", count: 14))?.size == 21)
    #expect(QRCode(String(repeating: "a", count: 15))?.size == 25)
    #expect(QRCode(String(repeating: "a", count: 106))?.size == 41)
    #expect(QRCode(String(repeating: "a", count: 107)) == nil)
  }

  @Test("bars begin with the start of set B, end with the stop, and each letter is eleven wide")
  func bars() throws {
    let code = try #require(BarCode("T1"))
    #expect(code.widths.prefix(6) == [2, 1, 1, 2, 1, 4])
    #expect(code.widths.suffix(7) == [2, 3, 3, 1, 1, 1, 2])
    #expect(code.width == 11 * 4 + 13)
    #expect(BarCode("管") == nil && BarCode("") == nil)
  }

  @Test("sheets of 65 labels are one document whose table of objects is right")
  func sheets() throws {
    let codes = (1...66).map { "T\($0)" }
    let bytes = LabelSheet.pdf(of: codes)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.hasPrefix("%PDF-1.4") && text.hasSuffix("%%EOF\n"))
    #expect(text.contains("/Count 2 "))
    #expect(codes.allSatisfy { text.contains("(\($0)) Tj") })
    let start = try #require(
      text.components(separatedBy: "startxref\n").last?.split(separator: "\n").first)
    let offset = try #require(Int(start))
    #expect(String(decoding: bytes[offset..<offset + 4], as: UTF8.self) == "xref")
    let lines = String(decoding: bytes[offset...], as: UTF8.self).split(separator: "\n")
    for (number, line) in lines.dropFirst(3).prefix(7).enumerated() {
      let at = try #require(Int(line.prefix(10)))
      #expect(
        String(decoding: bytes[at..<at + 8], as: UTF8.self).hasPrefix("\(number + 1) 0 obj"))
    }
  }

  @Test("a label with words has its code, its lines cut to its width, and its number")
  func written() throws {
    let label = WrittenLabel(
      code: "site/20220704-001", lines: ["海云小区 2号楼", "感染性 4.2 kg", "2022-07-04"],
      number: "20220704-001")
    let bytes = LabelSheet.pdf(of: Array(repeating: label, count: 66))
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains("/Count 2 "))
    #expect(text.components(separatedBy: "(20220704-001) Tj").count == 67)
    // 感 is 611F: words stand in the face that has Chinese.
    #expect(text.components(separatedBy: "<611F").count == 67)
  }

  @Test("a long name goes on in the next line, and no sign is lost")
  func pieces() {
    #expect(WrittenLabel.pieces(of: "海滨酒店", width: 4) == ["海滨酒店"])
    #expect(WrittenLabel.pieces(of: "海滨酒店B座", width: 4) == ["海滨酒店", "B座"])
    #expect(WrittenLabel.pieces(of: "12345678", width: 2) == ["1234", "5678"])
    #expect(WrittenLabel.pieces(of: "", width: 4) == [""])
  }
}

/// Pages of A4 as PDF, written here because rectangles and two built-in fonts are all it takes: one for
/// codes, and the reader's own Song face for Chinese and English, which every reader of PDF provides.
package enum PDFDocument {
  /// In points of 1/72 inch.
  package static let page = (width: 595.28, height: 841.89)

  /// A number as PDF takes it.
  package static func short(_ number: Double) -> String {
    let thousandths = Int((number * 1_000).rounded())
    return "\(Double(thousandths) / 1_000)"
  }

  /// Letters of the built-in font, with what has a meaning in PDF marked.
  package static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("(", with: "\\(").replacing(")", with: "\\)")
  }

  /// A code, drawn from its upper left corner; one rectangle for modules that touch.
  package static func drawing(
    _ code: QRCode, left: Double, top: Double, module: Double
  ) -> String {
    var text = "q \(short(module)) 0 0 -\(short(module)) \(short(left)) \(short(top)) cm\n"
    for run in code.runs { text += "\(run.column) \(run.row) \(run.length) 1 re\n" }
    return text + "f Q\n"
  }

  /// A line of Chinese and English, by its lower left corner.
  package static func line(_ words: String, left: Double, base: Double, size: Double) -> String {
    let digits = Array("0123456789ABCDEF")
    let units = words.utf16.map { unit in
      String([12, 8, 4, 0].map { digits[Int(unit >> UInt16($0) & 15)] })
    }
    return "BT /F2 \(short(size)) Tf \(short(left)) \(short(base)) Td <\(units.joined())> Tj ET\n"
  }

  /// A frame around something.
  package static func frame(
    left: Double, bottom: Double, width: Double, height: Double
  ) -> String {
    "\(short(left)) \(short(bottom)) \(short(width)) \(short(height)) re S\n"
  }

  /// A document of pages that each have one stream of drawing.
  package static func bytes(of pages: [String]) -> [UInt8] {
    let first = 7
    let kids = pages.indices.map { "\(first + $0 * 2) 0 R" }.joined(separator: " ")
    var objects = [
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [\(kids)] /Count \(pages.count) >>",
      "<< /Type /Font /Subtype /Type1 /BaseFont /Courier-Bold >>",
      "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H "
        + "/DescendantFonts [5 0 R] >>",
      "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo "
        + "<< /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 6 0 R "
        // Letters and digits of the face are half as wide as its Chinese signs.
        + "/DW 1000 /W [1 95 500] >>",
      "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
        + "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    for (place, content) in pages.enumerated() {
      objects.append(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 \(page.width) \(page.height)] "
          + "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> "
          + "/Contents \(first + place * 2 + 1) 0 R >>")
      objects.append("<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream")
    }
    return file(objects)
  }

  private static func file(_ objects: [String]) -> [UInt8] {
    var bytes = Array("%PDF-1.4\n".utf8)
    var offsets: [Int] = []
    for (number, object) in objects.enumerated() {
      offsets.append(bytes.count)
      bytes += Array("\(number + 1) 0 obj\n\(object)\nendobj\n".utf8)
    }
    let start = bytes.count
    var end = "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
    for offset in offsets {
      let digits = String(offset)
      end += String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
    }
    end += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
    return bytes + Array(end.utf8)
  }
}

extension QRCode {
  /// Dark modules that touch in a row.
  package var runs: [(column: Int, row: Int, length: Int)] {
    var runs: [(column: Int, row: Int, length: Int)] = []
    for row in 0..<size {
      var column = 0
      while column < size {
        var end = column
        while end < size, isDark(end, row) { end += 1 }
        if end > column { runs.append((column, row, end - column)) }
        column = max(end, column + 1)
      }
    }
    return runs
  }
}

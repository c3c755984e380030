/// Sheets of labels as PDF: A4, five by thirteen labels of 38.1 by 21.2 mm, each with a QR code, bars and
/// the code in letters. Written here, because rectangles and one built-in font are all it takes.
package enum LabelSheet {
  // Points of 1/72 inch; the sheet that stationers sell for tubes.
  private static let page = (width: 595.28, height: 841.89)
  private static let label = (width: 108.0, height: 60.09)
  private static let margin = (left: 13.6, top: 30.4)
  private static let gap = 7.1
  private static let columns = 5
  private static let rows = 13
  private static let qrModule = 1.4
  private static let barHeight = 22.0

  /// The sheets for some codes; a code that no label can carry is left out.
  package static func pdf(of codes: [String]) -> [UInt8] {
    let perPage = columns * rows
    let pages = stride(from: 0, to: max(1, codes.count), by: perPage).map { start in
      content(codes[min(start, codes.count)..<min(start + perPage, codes.count)])
    }
    return document(pages)
  }

  private static func content(_ codes: ArraySlice<String>) -> String {
    var text = ""
    for (place, code) in codes.enumerated() {
      let left = margin.left + Double(place % columns) * (label.width + gap)
      let top = page.height - margin.top - Double(place / columns) * label.height
      text += drawing(code, left: left, top: top)
    }
    return text
  }

  private static func drawing(_ code: String, left: Double, top: Double) -> String {
    guard let qr = QRCode(code), let bars = BarCode(code) else { return "" }
    var text =
      "q \(short(qrModule)) 0 0 -\(short(qrModule)) \(short(left + 6)) \(short(top - 8)) cm\n"
    for row in 0..<qr.size {
      var column = 0
      while column < qr.size {
        var end = column
        while end < qr.size, qr.isDark(end, row) { end += 1 }
        if end > column { text += "\(column) \(row) \(end - column) 1 re\n" }
        column = max(end, column + 1)
      }
    }
    text += "f Q\n"
    let room = label.width - 6 - Double(qr.size) * qrModule - 14
    let module = room / Double(bars.width)
    let start = left + 6 + Double(qr.size) * qrModule + 8
    text +=
      "q \(short(module)) 0 0 \(short(barHeight)) \(short(start)) \(short(top - 8 - barHeight)) cm\n"
    var at = 0
    for (place, width) in bars.widths.enumerated() {
      if place % 2 == 0 { text += "\(at) 0 \(width) 1 re\n" }
      at += width
    }
    text += "f Q\n"
    text +=
      "BT /F1 8 Tf \(short(start)) \(short(top - 19 - barHeight)) Td (\(escaped(code))) Tj ET\n"
    return text
  }

  private static func short(_ number: Double) -> String {
    let hundredths = Int((number * 1_000).rounded())
    return "\(Double(hundredths) / 1_000)"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("(", with: "\\(").replacing(")", with: "\\)")
  }

  /// A document of pages that each have one stream of drawing.
  private static func document(_ pages: [String]) -> [UInt8] {
    let first = 4
    let kids = pages.indices.map { "\(first + $0 * 2) 0 R" }.joined(separator: " ")
    var objects = [
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [\(kids)] /Count \(pages.count) >>",
      "<< /Type /Font /Subtype /Type1 /BaseFont /Courier-Bold >>",
    ]
    for (place, content) in pages.enumerated() {
      objects.append(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 \(page.width) \(page.height)] "
          + "/Resources << /Font << /F1 3 0 R >> >> /Contents \(first + place * 2 + 1) 0 R >>")
      objects.append("<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream")
    }
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

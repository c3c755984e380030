/// Sheets of labels as PDF: A4, five by thirteen labels of 38.1 by 21.2 mm, each with a QR code, bars and
/// the code in letters. Written here, because rectangles and one built-in font are all it takes.
package enum LabelSheet {
  // Points of 1/72 inch; the sheet that stationers sell for tubes.
  private static let page = PDFDocument.page
  static let label = (width: 108.0, height: 60.09)
  private static let margin = (left: 13.6, top: 30.4)
  private static let gap = 7.1
  private static let columns = 5
  private static let rows = 13
  private static let qrModule = 1.4
  private static let barHeight = 22.0

  /// The sheets for some codes; a code that no label can carry is left out.
  package static func pdf(of codes: [String]) -> [UInt8] {
    PDFDocument.bytes(of: sheets(codes) { drawing($0, left: $1, top: $2) })
  }

  /// Pages of labels, each drawn at its place from its upper left corner.
  static func sheets<Label>(
    _ labels: [Label], _ drawing: (Label, _ left: Double, _ top: Double) -> String
  ) -> [String] {
    let perPage = columns * rows
    return stride(from: 0, to: max(1, labels.count), by: perPage).map { start in
      var text = ""
      let part = labels[min(start, labels.count)..<min(start + perPage, labels.count)]
      for (place, label) in part.enumerated() {
        let left = margin.left + Double(place % columns) * (Self.label.width + gap)
        let top = page.height - margin.top - Double(place / columns) * Self.label.height
        text += drawing(label, left, top)
      }
      return text
    }
  }

  private static func drawing(_ code: String, left: Double, top: Double) -> String {
    guard let qr = QRCode(code), let bars = BarCode(code) else { return "" }
    var text = PDFDocument.drawing(qr, left: left + 6, top: top - 8, module: qrModule)
    let room = label.width - 6 - Double(qr.size) * qrModule - 14
    let module = room / Double(bars.width)
    let start = left + 6 + Double(qr.size) * qrModule + 8
    let bottom = PDFDocument.short(top - 8 - barHeight)
    let (width, height) = (PDFDocument.short(module), PDFDocument.short(barHeight))
    text += "q \(width) 0 0 \(height) \(PDFDocument.short(start)) \(bottom) cm\n"
    var at = 0
    for (place, width) in bars.widths.enumerated() {
      if place % 2 == 0 { text += "\(at) 0 \(width) 1 re\n" }
      at += width
    }
    text += "f Q\n"
    let base = PDFDocument.short(top - 19 - barHeight)
    text += "BT /F1 8 Tf \(PDFDocument.short(start)) \(base) Td "
    text += "(\(PDFDocument.escaped(code))) Tj ET\n"
    return text
  }
}

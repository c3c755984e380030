/// A label with a few words: a QR code, lines in Chinese and English, and a number in plain letters.
package struct WrittenLabel: Sendable {
  /// What the code holds.
  package let code: String
  /// From the top; what is too long for one line goes on in the next.
  package let lines: [String]
  /// What is read aloud when no scanner is at hand.
  package let number: String

  package init(code: String, lines: [String], number: String) {
    self.code = code
    self.lines = lines
    self.number = number
  }

  /// A line cut into pieces of a width; letters and digits of the face are half as wide as its
  /// Chinese signs, which are one.
  static func pieces(of line: String, width: Double) -> [String] {
    var pieces = [""]
    var room = width
    for sign in line {
      let wide = sign.isASCII ? 0.5 : 1.0
      if wide > room, pieces != [""] {
        pieces.append("")
        room = width
      }
      pieces[pieces.count - 1].append(sign)
      room -= wide
    }
    return pieces
  }
}

extension LabelSheet {
  private static let size = 7.0
  private static let lead = 8.2
  /// Smaller than on a label that bears nothing but a code: words stand beside it.
  private static let widestCode = 40.0

  /// The sheets for labels with words; one whose code no label can carry has its words alone.
  package static func pdf(of labels: [WrittenLabel]) -> [UInt8] {
    PDFDocument.bytes(of: sheets(labels) { drawing($0, left: $1, top: $2) })
  }

  private static func drawing(_ label: WrittenLabel, left: Double, top: Double) -> String {
    var text = ""
    var start = left + 5
    if let code = QRCode(label.code) {
      let module = widestCode / Double(code.size)
      text += PDFDocument.drawing(code, left: left + 4, top: top - 5, module: module)
      start = left + 4 + widestCode + 5
    }
    let width = (left + Self.label.width - 2 - start) / size
    let pieces = label.lines.flatMap { WrittenLabel.pieces(of: $0, width: width) }
    for (place, piece) in pieces.prefix(6).enumerated() {
      text += PDFDocument.line(
        piece, left: start, base: top - 10 - Double(place) * lead, size: size)
    }
    let base = PDFDocument.short(top - Self.label.height + 4)
    text += "BT /F1 7 Tf \(PDFDocument.short(left + 5)) \(base) Td "
    return text + "(\(PDFDocument.escaped(label.number))) Tj ET\n"
  }
}

import Kernel
import Look

/// The codes of a household on paper, for those without a telephone: four to a page of A4, each with its
/// end in figures, in Chinese and English.
package enum PassSheet {
  private static let perPage = 4
  private static let margin = 40.0
  private static let module = 3.4

  /// The sheet as PDF.
  package static func pdf(of answer: PassesOfHome.Answer, zone: Zone) -> [UInt8] {
    let passes = answer.passes.filter { $0.code != nil }
    let pages = stride(from: 0, to: max(1, passes.count), by: perPage).map { start in
      page(
        Array(passes[min(start, passes.count)..<min(start + perPage, passes.count)]),
        answer.address, zone)
    }
    return PDFDocument.bytes(of: pages)
  }

  private static func page(_ passes: [PassView], _ address: [String], _ zone: Zone) -> String {
    let (width, height) = PDFDocument.page
    let top = height - margin
    var text = PDFDocument.line(
      "健康码（纸质）  Pass codes on paper", left: margin, base: top - 16, size: 16)
    text += PDFDocument.line(
      address.suffix(4).joined(separator: " "), left: margin, base: top - 34, size: 10)
    let each = (top - 60 - margin) / Double(perPage)
    for (index, pass) in passes.enumerated() {
      let bottom = top - 50 - each * Double(index + 1)
      text += PDFDocument.frame(
        left: margin, bottom: bottom + 6, width: width - 2 * margin, height: each - 10)
      text += card(pass, top: bottom + each - 4, zone)
    }
    if passes.isEmpty {
      text += PDFDocument.line("没有可打印的码  Nothing to print", left: margin, base: top - 70, size: 12)
    }
    return text
  }

  private static func card(_ pass: PassView, top: Double, _ zone: Zone) -> String {
    guard let code = pass.code, let drawn = QRCode(code), let from = pass.from,
      let until = pass.until
    else { return "" }
    let side = Double(drawn.size) * module
    let left = margin + 14 + side + 18
    var text = PDFDocument.drawing(drawn, left: margin + 14, top: top - 12, module: module)
    func line(_ words: String, _ down: Double, _ size: Double) {
      text += PDFDocument.line(words, left: left, base: top - down, size: size)
    }
    line("\(pass.name ?? "–")   \(pass.document.map { "证件尾号 document …\($0)" } ?? "")", 28, 12)
    line("\(pass.colour.shape) \(pass.words.chinese)  \(pass.words.english)", 54, 18)
    line("\(pass.asks.chinese)  \(pass.asks.english)", 72, 9)
    line("有效至 Valid until  \(clock(until, zone))", 98, 14)
    line("签发 Issued  \(clock(from, zone))", 114, 9)
    if let why = pass.why {
      let end = clock(why.end, zone)
      line("依据 Rule  \(why.clause.chinese)  \(why.clause.english)", 130, 9)
      line("到 Until  \(end)   异议请找社区 Objections: the community", 143, 9)
    } else {
      line("到期后请到社区换新；核验以扫码结果为准。", 130, 9)
      line("Then ask the community for a new one. The scan decides.", 143, 9)
    }
    return text
  }

  private static func clock(_ instant: Instant, _ zone: Zone) -> String {
    "\(Day(of: instant, in: zone).text) \(instant.clock(in: zone).time)"
  }
}

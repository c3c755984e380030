import Kernel

extension Look {
  /// A QR code as a picture, dark on white also in dark mode: telephones read nothing else reliably.
  ///
  /// - Returns: nil when the text is too long for a code; the page shows it in letters then.
  package func qrPicture(of text: String, label: String) -> HTML? {
    guard let code = QRCode(text) else { return nil }
    let quiet = 4
    let side = code.size + quiet * 2
    var path = ""
    for row in 0..<code.size {
      var column = 0
      while column < code.size {
        guard code.isDark(column, row) else {
          column += 1
          continue
        }
        var end = column
        while end < code.size, code.isDark(end, row) { end += 1 }
        path += "M\(column + quiet) \(row + quiet)h\(end - column)v1h-\(end - column)z"
        column = end
      }
    }
    return """
      <svg class="qr" role="img" aria-label="\(label)" viewBox="0 0 \(side) \(side)" \
      shape-rendering="crispEdges"><rect class="paper" width="\(side)" height="\(side)"/>\
      <path class="ink" d="\(path)"/></svg>
      """
  }
}

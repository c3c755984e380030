import Kernel

extension Look {
  /// A QR code to be scanned, dark on white whatever the page's colours are: telephones read nothing else
  /// reliably. Nil when the text is too long for one; the page shows it in letters then.
  ///
  /// - Parameters:
  ///   - label: what it is, for those who do not see it.
  ///   - attributes: further attributes of the picture, such as the step at which it is shown.
  package func qrPicture(of text: String, label: String, attributes: HTML = "") -> HTML? {
    guard let code = QRCode(text) else { return nil }
    let quiet = 4
    let whole = code.size + 2 * quiet
    // A line a row, drawn one module wide: half of what as many rectangles would take.
    var path = ""
    var row = -1
    var end = 0
    for run in code.runs {
      if run.row != row {
        path += "M\(run.column + quiet) \(run.row + quiet).5h\(run.length)"
      } else {
        path += "m\(run.column - end) 0h\(run.length)"
      }
      row = run.row
      end = run.column + run.length
    }
    return """
      <svg class="qr" viewBox="0 0 \(whole) \(whole)" role="img" aria-label="\(label)" \
      shape-rendering="crispEdges"\(attributes)><rect width="\(whole)" height="\(whole)" \
      class="light"/><path class="dark" d="\(path)"/></svg>
      """
  }
}

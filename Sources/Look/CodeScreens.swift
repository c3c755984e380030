import Kernel

extension Look {
  /// A code to be scanned, dark on white whatever the page's colours are; nil when the text is too long.
  ///
  /// - Parameters:
  ///   - label: what it is, for those who do not see it.
  ///   - attributes: further attributes of the picture, such as the step at which it is shown.
  package func code(_ text: String, label: String, attributes: HTML = "") -> HTML? {
    guard let code = QRCode(text) else { return nil }
    let quiet = 4
    let whole = code.size + 2 * quiet
    let path = code.runs.map { run in
      "M\(run.column + quiet) \(run.row + quiet)h\(run.length)v1h-\(run.length)z"
    }.joined()
    return """
      <svg class="code" viewBox="0 0 \(whole) \(whole)" role="img" aria-label="\(label)" \
      shape-rendering="crispEdges"\(attributes)><rect width="\(whole)" height="\(whole)" \
      class="light"/><path class="dark" d="\(path)"/></svg>
      """
  }
}

import Kernel

extension Look {
  /// A way from one view of a thing to another.
  package struct Tab: Sendable {
    package let text: String
    package let address: String
    package let isCurrent: Bool

    package init(_ text: String, _ address: String, isCurrent: Bool) {
      self.text = text
      self.address = address
      self.isCurrent = isCurrent
    }
  }

  /// A panel with its heading.
  package func panel(
    _ title: String, id: String? = nil, note: String? = nil, tabs: [Tab] = [],
    chip: Label? = nil, _ body: HTML
  ) -> HTML {
    let anchor: HTML? = id.map { " id=\"\($0)\"" }
    let about: HTML? = note.map { "<p class=\"note\">\($0)</p>" }
    return """
      <section class="panel"\(anchor)><header class="heading"><h2>\(title)</h2>\(about)\
      \(chip.map { self.chip($0) })\(tabs.isEmpty ? nil : self.tabs(tabs, label: title))</header>\
      \(body)</section>
      """
  }

  /// A card with a title.
  package func card(_ title: String? = nil, _ body: HTML) -> HTML {
    "<section class=\"card\">\(title.map { "<h2>\($0)</h2>" } as HTML?)\(body)</section>"
  }

  /// Views of one thing, the present one marked.
  package func tabs(_ tabs: [Tab], label: String) -> HTML {
    let items = tabs.map { tab -> HTML in
      let current: HTML = tab.isCurrent ? " aria-current=\"page\"" : ""
      return "<a href=\"\(tab.address)\"\(current)>\(tab.text)</a>"
    }
    return "<nav class=\"tabs\" aria-label=\"\(label)\">\(items)</nav>"
  }

  /// The line of a page's title with what stands beside it.
  package func title(markup: HTML, _ beside: HTML? = nil) -> HTML {
    "<div class=\"title\"><h1>\(markup)</h1>\(beside)</div>"
  }

  /// The line of a page's title in words.
  package func title(_ text: String, _ beside: HTML? = nil) -> HTML {
    title(markup: "\(text)", beside)
  }

  /// The line of a section's title with what stands beside it.
  package func subtitle(_ text: String, _ beside: HTML? = nil) -> HTML {
    "<div class=\"title\"><h2>\(text)</h2>\(beside)</div>"
  }

  /// Parts side by side where there is room.
  package func columns(_ parts: [HTML], _ kind: ColumnKind = .main) -> HTML {
    "<div class=\"columns\(kind.rawValue)\">\(parts)</div>"
  }

  /// How the room is divided between two columns.
  package enum ColumnKind: String, Sendable {
    /// 7 : 5.
    case main = ""
    /// 1 : 1.
    case even = " even"
    /// 2 : 1.
    case wide = " wide"
  }

  /// Parts one below another, as one column.
  package func stack(_ parts: [HTML]) -> HTML { "<div class=\"stack\">\(parts)</div>" }

  /// Parts in a row.
  package func row(_ parts: [HTML]) -> HTML { "<div class=\"row\">\(parts)</div>" }

  /// One paragraph.
  package func paragraph(_ text: String) -> HTML { "<p>\(text)</p>" }

  /// Words of somebody, which break wherever they have to: one long word does not widen a page.
  package func anywhere(_ text: String) -> HTML { "<span class=\"anywhere\">\(text)</span>" }

  /// Something that opens when it is pressed, and by itself around a form that was refused; with
  /// its id it stays open over a refresh.
  package func disclosure(_ summary: String, id: String, isOpen: Bool = false, _ body: HTML) -> HTML
  {
    let isRefused = body.text.contains(Self.refusedMark.text)
    let open: HTML = isOpen || isRefused ? " open=\"\"" : ""
    return "<details id=\"\(id)\"\(open)><summary>\(summary)</summary>\(body)</details>"
  }

  /// Names and values, one line each.
  package func facts(_ lines: [(String, HTML)]) -> HTML {
    "<dl class=\"facts\">\(lines.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" } as [HTML])</dl>"
  }

  /// The way to the pages before and after.
  package func pages(before: String? = nil, after: String?, note: String) -> HTML? {
    if before == nil && after == nil { return nil }
    let back: HTML? = before.map {
      "<a class=\"button\" rel=\"prev\" href=\"\($0)\">\(self("上一页", "Previous"))</a>"
    }
    let on: HTML? = after.map {
      "<a class=\"button\" rel=\"next\" href=\"\($0)\">\(self("下一页", "Next"))</a>"
    }
    return """
      <nav class="pages" aria-label="\(self("翻页", "Pages"))">\(back)\
      <span class="note">\(note)</span>\(on)</nav>
      """
  }

  /// Where a page stands among places, the widest first; the last one is the page itself.
  package func places(_ line: [(name: String, address: String?)]) -> HTML {
    let steps = line.enumerated().map { index, step -> HTML in
      if index == line.count - 1 {
        return "<li><span aria-current=\"location\">\(step.name)</span></li>"
      }
      return step.address.map { "<li><a href=\"\($0)\">\(step.name)</a></li>" }
        ?? "<li><span>\(step.name)</span></li>"
    }
    return
      "<nav class=\"places\" aria-label=\"\(self("所在地方", "Where you are"))\"><ol>\(steps)</ol></nav>"
  }

  /// The list that is shown, as a file for a spreadsheet, and on paper.
  package func takeAway(_ kind: String, _ query: [String: String?] = [:]) -> HTML {
    let address = Address("/export/\(kind).csv", query).text
    return """
      <p class="take no-print"><a href="\(address)" download="">\(self("导出表格", "For a spreadsheet"))</a>\
      <span class="note">\(self("打印：Ctrl-P", "Print: Ctrl-P"))</span></p>
      """
  }
}

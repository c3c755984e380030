import Kernel

extension Look {
  /// Who infected whom: a drawing where there is room, the same as a nested list where there is not,
  /// and its key.
  package func treePicture(_ picture: TreePicture, title: String) -> HTML {
    let layout = TreePictureLayout(picture)
    let places = Dictionary(picture.points.enumerated().map { ($1.id, $0) }) { first, _ in first }
    let arrows = picture.points.enumerated().map { index, point -> HTML in
      guard let infector = point.infector.flatMap({ places[$0] }) else { return "" }
      return arrow(from: infector, to: index, layout)
    }
    let points = picture.points.enumerated().map { treePoint($1, index: $0, layout) }
    return """
      <div class="scroll tree-drawing" role="region" tabindex="0" aria-label="\(title)">\
      <svg class="tree" viewBox="0 0 \(layout.width) \(layout.height)" width="\(layout.width)" \
      role="group" aria-labelledby="tree-title"><title id="tree-title">\(title)</title>\
      \(treeDays(layout))\(arrows)\(points)</svg></div>\
      <ul class="tree-list" aria-label="\(title)">\(picture.branches.map(branch))</ul>\(treeKey)
      """
  }

  private func treeDays(_ layout: TreePictureLayout) -> HTML {
    HTML(
      stride(from: 0, to: layout.dayCount, by: layout.step).map { offset -> HTML in
        let day = layout.first + offset
        let x = layout.x(day)
        return """
          <line class="grid" x1="\(x)" x2="\(x)" y1="\(TreePictureLayout.top - 8)" \
          y2="\(layout.bottom)"/><text class="axis" x="\(x)" y="18">\(self.day(day))</text>
          """
      })
  }

  /// Down from the infector and across to the infected, with a head; dashed while nobody has
  /// confirmed it.
  private func arrow(from: Int, to: Int, _ layout: TreePictureLayout) -> HTML {
    let (source, point) = (layout.points[from], layout.points[to])
    let (x1, y1) = (layout.x(source.day), layout.y(from))
    let (x2, y2) = (layout.x(point.day), layout.y(to))
    let radius = TreePictureLayout.radius
    let certainty: HTML = point.isConfirmed ? "confirmed" : "proposed"
    // Who fell ill on the same day, or before, is reached from the left.
    let bend = x2 > x1 + radius ? x1 : x2 - radius - 10
    let tip = x2 - radius - 2
    let path =
      bend == x1
      ? "M\(x1) \(y1 + (y2 > y1 ? radius : -radius))V\(y2)H\(tip)"
      : "M\(x1 - radius) \(y1)H\(bend)V\(y2)H\(tip)"
    return """
      <g class="arrow \(certainty)"><path d="\(path)"/>\
      <path class="head" d="M\(tip) \(y2)l-7 -4v8z"/></g>
      """
  }

  private func treePoint(
    _ point: TreePicture.Point, index: Int, _ layout: TreePictureLayout
  ) -> HTML {
    let (x, y) = (layout.x(point.day), layout.y(index))
    let marked: HTML = point.isMarked ? " marked" : ""
    return """
      <a href="\(point.address)"><title>\(dotted([point.label, point.about, point.link]))</title>\
      <circle class="\(point.tone.rawValue)\(marked)" cx="\(x)" cy="\(y)" \
      r="\(TreePictureLayout.radius)"/><text x="\(x + 14)" y="\(y + 5)">\(point.label)</text></a>
      """
  }

  private func branch(_ branch: TreePicture.Branch) -> HTML {
    let point = branch.point
    let link: HTML = point.link.isEmpty ? "" : "<span class=\"note\">← \(point.link)</span>"
    let nested: HTML =
      branch.branches.isEmpty ? "" : "<ul>\(branch.branches.map(self.branch))</ul>"
    let current: HTML = point.isMarked ? " aria-current=\"true\"" : ""
    return """
      <li><a href="\(point.address)"\(current)>\(point.label)</a> \
      <span class="note">\(point.about)</span> \(link)\(nested)</li>
      """
  }

  private var treeKey: HTML {
    let entries: [(Tone, String)] = [
      (.done, self("传染源已确认", "source confirmed")),
      (.information, self("传染源待确认", "source proposed")),
      (.soon, self("没有传染源线索", "nothing known")),
    ]
    let marks = entries.map { tone, words -> HTML in
      """
      <li class="\(tone.rawValue)"><svg viewBox="0 0 20 14" aria-hidden="true">\
      <circle class="swatch" cx="10" cy="7" r="6"/></svg>\(words)</li>
      """
    }
    return """
      <ul class="legend">\(marks)<li>\(self("实线：已确认", "solid line: confirmed"))</li>\
      <li>\(self("虚线：待确认", "dashed line: proposed"))</li></ul>
      """
  }
}

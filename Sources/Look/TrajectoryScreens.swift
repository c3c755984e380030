import Kernel

extension Look {
  /// A trajectory as a drawing, its key, and below it the same rows as text.
  package func trajectory(_ trajectory: Trajectory, title: String) -> HTML {
    let layout = TrajectoryLayout(
      days: trajectory.days, zone: zone, laneCount: trajectory.lanes.count)
    let lanes = trajectory.lanes.enumerated().map { index, lane in
      HTML(lane.stays.map { stay($0, in: layout, top: layout.laneTop(index)) })
    }
    return """
      <div class="scroll" role="region" tabindex="0" aria-label="\(self("行踪", "Trajectory"))">\
      <svg class="trajectory" viewBox="0 0 \(layout.width) \(layout.height)" role="group" \
      aria-labelledby="trajectory-title"><title id="trajectory-title">\(title)</title>\
      \(trajectory.window.map { window($0, layout) })\(grid(trajectory, layout))\
      \(trajectory.marks.map { mark($0, layout) })\(lanes)\
      \(trajectory.gaps.map { gap($0, layout) })\
      \(trajectory.conflicts.map { conflict($0, layout) })\
      \(trajectory.leaps.map { leap($0, layout) })</svg></div>\
      \(key(of: trajectory))<details id="trajectory-list"><summary>\(self("按行看", "As a list"))</summary>\
      \(rows(of: trajectory))</details>
      """
  }

  private func window(_ span: Trajectory.Span, _ layout: TrajectoryLayout) -> HTML {
    let (from, until) = (layout.x(span.from), layout.x(span.until))
    return """
      <rect class="window" x="\(from)" y="30" width="\(max(until - from, 1))" \
      height="\(layout.bottom - 30)"/>\
      <text class="window-label" x="\(layout.start(of: span.words, at: from + 4))" y="44">\(span.words)</text>
      """
  }

  private func grid(_ trajectory: Trajectory, _ layout: TrajectoryLayout) -> HTML {
    let days = (0...layout.dayCount).map { index -> HTML in
      let x = TrajectoryLayout.names + index * TrajectoryLayout.day
      let name: HTML? =
        index == layout.dayCount
        ? nil
        : """
        <text class="axis" x="\(x + TrajectoryLayout.day / 2)" y="18">\
        \(day(trajectory.days.lowerBound + index))</text>
        """
      return """
        <line class="grid" x1="\(x)" x2="\(x)" y1="26" y2="\(layout.bottom)"/>\(name)
        """
    }
    let lanes = trajectory.lanes.enumerated().map { index, lane -> HTML in
      let top = layout.laneTop(index)
      let foot = top + TrajectoryLayout.lane
      return """
        <line class="grid" x1="0" x2="\(layout.right)" y1="\(foot)" y2="\(foot)"/>\
        <text class="source" x="0" y="\(top + TrajectoryLayout.lane / 2)">\(lane.source)</text>
        """
    }
    return HTML(days) + HTML(lanes)
  }

  private func stay(_ stay: Trajectory.Stay, in layout: TrajectoryLayout, top: Int) -> HTML {
    let (from, until) = (layout.x(stay.from), layout.x(stay.until))
    let width = max(until - from, 10)
    let y = top + TrajectoryLayout.barInset
    let label: HTML? =
      TrajectoryLayout.fits(stay.place, in: width)
      ? "<text x=\"\(from + 6)\" y=\"\(y + 18)\">\(stay.place)</text>" : nil
    let drawing: HTML = """
      <title>\(stayText(stay))</title><rect class="stay \(stay.tone.rawValue)" x="\(from)" \
      y="\(y)" width="\(width)" height="\(TrajectoryLayout.bar)" rx="4"/>\(label)
      """
    return stay.address.map { "<a href=\"\($0)\">\(drawing)</a>" } ?? "<g>\(drawing)</g>"
  }

  private func mark(_ mark: Trajectory.Mark, _ layout: TrajectoryLayout) -> HTML {
    let x = layout.x(mark.at)
    return """
      <line class="mark" x1="\(x)" x2="\(x)" y1="\(TrajectoryLayout.firstLane)" \
      y2="\(layout.bottom)"/>\
      <text class="window-label" x="\(layout.start(of: mark.words, at: x + 5))" \
      y="\(layout.bottom + 16)">\(mark.words)</text>
      """
  }

  private func gap(_ span: Trajectory.Span, _ layout: TrajectoryLayout) -> HTML {
    let (from, until) = (layout.x(span.from), layout.x(span.until))
    let top = TrajectoryLayout.firstLane + 8
    let words = "? \(span.words)"
    let label: HTML? =
      TrajectoryLayout.fits(words, in: until - from)
      ? """
      <text class="gap-label" x="\((from + until) / 2)" y="\((top + layout.bottom) / 2)">\
      \(words)</text>
      """ : nil
    return """
      <g><title>\(words)</title><rect class="gap" x="\(from)" y="\(top)" \
      width="\(max(until - from, 8))" height="\(max(layout.bottom - top - 6, 8))" rx="6"/>\
      \(label)</g>
      """
  }

  private func conflict(_ span: Trajectory.Span, _ layout: TrajectoryLayout) -> HTML {
    let (from, until) = (layout.x(span.from) - 10, layout.x(span.until) + 10)
    let words = "≠ \(span.words)"
    return """
      <rect class="conflict" x="\(from)" y="82" width="\(until - from)" \
      height="\(max(layout.bottom - 84, 8))" rx="6"/>\
      <text class="conflict-label" x="\(layout.middle(of: words, at: (from + until) / 2))" \
      y="72">\(words)</text>
      """
  }

  private func leap(_ span: Trajectory.Span, _ layout: TrajectoryLayout) -> HTML {
    let (from, until) = (layout.x(span.from) - 4, layout.x(span.until) + 4)
    let words = "↯ \(span.words)"
    return """
      <g><title>\(span.detail)</title><rect class="leap" x="\(from)" y="82" \
      width="\(until - from)" height="\(max(layout.bottom - 84, 8))" rx="6"/>\
      <text class="conflict-label" x="\(layout.middle(of: words, at: (from + until) / 2))" \
      y="64">\(words)</text></g>
      """
  }

  private func key(of trajectory: Trajectory) -> HTML {
    let stays = trajectory.lanes.flatMap(\.stays)
    var entries: [(Tone, String)] = [
      (.information, self("公共场所", "public place")), (.neutral, self("住处", "home")),
      (.late, self("另一来源没有", "missing from another source")),
    ]
    if stays.contains(where: { $0.tone == .soon }) {
      entries.append((.soon, self("近距离接触，或不清楚", "encounter, or not known")))
    }
    return "<ul class=\"legend\">\(entries.map { swatch($0.0, $0.1) })</ul>"
  }

  private func swatch(_ tone: Tone, _ text: String) -> HTML {
    """
    <li class="\(tone.rawValue)"><svg viewBox="0 0 20 14" aria-hidden="true">\
    <rect class="swatch" x="1" y="1" width="18" height="12" rx="3"/></svg>\(text)</li>
    """
  }

  private func rows(of trajectory: Trajectory) -> HTML {
    let stays = trajectory.lanes.flatMap { lane in
      lane.stays.map { stay in
        (
          stay.from, stay.until,
          stay.address.map { Cell.linked(stay.place, to: $0) } ?? .text(stay.place), lane.source
        )
      }
    }
    let gaps = trajectory.allGaps.map {
      ($0.from, $0.until, Cell.markup(toned("? \($0.words)", .soon)), "")
    }
    func doubts(_ spans: [Trajectory.Span], _ mark: String) -> [(Instant, Instant, Cell, String)] {
      spans.map { ($0.from, $0.until, .markup(toned("\(mark) \($0.detail)", .late)), "") }
    }
    let all =
      (stays + gaps + doubts(trajectory.conflicts, "≠") + doubts(trajectory.leaps, "↯"))
      .sorted { $0.0 < $1.0 }
    return table(
      self("行踪", "Trajectory"),
      columns: [
        Column(self("从", "From")), Column(self("到", "To")), Column(self("地点", "Place")),
        Column(self("来源", "Source")),
      ],
      rows: all.map { from, until, place, source in
        TableRow(moment(from), cells: [.text(end(until)), place, .text(source)])
      })
  }

  private func stayText(_ stay: Trajectory.Stay) -> String {
    "\(stay.place), \(moment(stay.from)) – \(end(stay.until))"
  }
}

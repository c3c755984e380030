import Kernel

extension Look {
  /// A number with its neighbour, and the way to its rows.
  package struct Figure: Sendable {
    /// What is drawn under the number.
    package enum Drawing: Sendable {
      case bar(value: Int, of: Int, label: String)
      /// One small column for each step, the last one is now.
      case spark([Int])
      case none
    }

    package let label: String
    package let number: String
    /// Yesterday at the same hour, the whole, or the part that is not done.
    package let neighbour: Label
    package let tone: Tone
    package let drawing: Drawing
    package let note: String
    /// Where its rows are; nothing where they stand on the same page.
    package let address: String?

    package init(
      _ label: String, _ number: String, neighbour: Label, tone: Tone = .neutral,
      drawing: Drawing = .none, note: String = "", address: String?
    ) {
      self.label = label
      self.number = number
      self.neighbour = neighbour
      self.tone = tone
      self.drawing = drawing
      self.note = note
      self.address = address
    }
  }

  /// The strip of figures at the head of a wall.
  package func figures(_ figures: [Figure], id: String = "figures", topics: String = "") -> HTML {
    """
    <ul class="figures" id="\(id)" data-live="\(topics)">\(figures.map(figure))</ul>
    """
  }

  private func figure(_ figure: Figure) -> HTML {
    let tone = figure.tone == .neutral ? "" : " \(figure.tone.rawValue)"
    let neighbour: HTML =
      figure.neighbour.tone == .neutral
      ? "<span>\(figure.neighbour.text)</span>"
      : toned(figure.neighbour.text, figure.neighbour.tone)
    let inside: HTML = """
      <span>\(figure.label)</span>\
      <span class="amount"><span class="number">\(figure.number)</span> \(neighbour)</span>\
      \(drawing(figure.drawing, figure.tone))<span>\(figure.note)</span>
      """
    guard let address = figure.address else {
      return "<li><div class=\"figure\(tone)\">\(inside)</div></li>"
    }
    return "<li><a class=\"figure\(tone)\" href=\"\(address)\">\(inside)</a></li>"
  }

  private func drawing(_ drawing: Figure.Drawing, _ tone: Tone) -> HTML {
    switch drawing {
    case .none: ""
    case .bar(let value, let whole, let label):
      bar(value, of: whole, tone == .neutral ? .information : tone, label: label)
    case .spark(let values): spark(values)
    }
  }

  /// Small columns, 8 units each; nothing is a line of one unit so that the step is seen.
  package func spark(_ values: [Int]) -> HTML {
    let highest = max(values.max() ?? 0, 1)
    let columns = values.enumerated().map { index, value -> HTML in
      let height = 1 + value * 16 / highest
      let now: HTML = index == values.count - 1 ? " class=\"now\"" : ""
      return """
        <rect\(now) x="\(index * 8)" y="\(18 - height)" width="6" height="\(height)"/>
        """
    }
    return """
      <svg class="spark" viewBox="0 0 \(max(values.count, 1) * 8) 18" preserveAspectRatio="none" \
      aria-hidden="true">\(columns)</svg>
      """
  }
}

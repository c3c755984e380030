import Kernel

extension Look {
  /// Something owed, as a list shows it: the deadline first, then what, then who has it.
  package struct ObligationRow: Sendable {
    package let label: Label
    package let title: String
    package let address: String?
    /// What happened to it, the last step is now.
    package let trail: [String]
    package let holder: String
    /// Buttons and forms.
    package let buttons: HTML?

    package init(
      label: Label, title: String, address: String?, trail: [String] = [], holder: String,
      buttons: HTML? = nil
    ) {
      self.label = label
      self.title = title
      self.address = address
      self.trail = trail
      self.holder = holder
      self.buttons = buttons
    }
  }

  /// The list of what is owed, by deadline.
  package func obligations(
    _ rows: [ObligationRow], id: String = "obligations", topics: String = "obligations"
  ) -> HTML {
    """
    <ol class="obligations" id="\(id)" data-live="\(topics)">\(rows.map(obligation))</ol>
    """
  }

  private func obligation(_ row: ObligationRow) -> HTML {
    let title: HTML = row.address.map { link(row.title, to: $0) } ?? "\(row.title)"
    let buttons: HTML? = row.buttons.map { "<div class=\"buttons\">\($0)</div>" }
    return """
      <li class="obligation \(row.label.tone.rawValue)">\(chip(row.label))\
      <div class="what"><h3>\(title)</h3>\(trail(row.trail, isLate: row.label.tone == .late))</div>\
      <p class="holder">\(row.holder)</p>\(buttons)</li>
      """
  }

  private func trail(_ steps: [String], isLate: Bool) -> HTML {
    if steps.isEmpty { return "" }
    let items = steps.enumerated().map { index, step -> HTML in
      let now: HTML = isLate && index == steps.count - 1 && index > 0 ? " class=\"now\"" : ""
      return "<li\(now)>\(step)</li>"
    }
    return "<ol class=\"trail\">\(items)</ol>"
  }
}

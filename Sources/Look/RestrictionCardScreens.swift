import Kernel

extension Look {
  /// A restriction, always with six lines: why, clause, evidence, who decided, until, objection.
  package struct RestrictionCard: Sendable {
    package let title: String
    package let label: Label
    package let reason: String
    package let clause: HTML
    package let evidence: HTML
    package let decidedBy: String
    package let until: String
    package let objection: HTML

    package init(
      title: String, label: Label, reason: String, clause: HTML, evidence: HTML,
      decidedBy: String, until: String, objection: HTML
    ) {
      self.title = title
      self.label = label
      self.reason = reason
      self.clause = clause
      self.evidence = evidence
      self.decidedBy = decidedBy
      self.until = until
      self.objection = objection
    }
  }

  /// The card, with what stands below the six lines.
  package func restriction(_ card: RestrictionCard, extra: HTML? = nil) -> HTML {
    """
    <article class="card restriction"><div class="row"><h2>\(card.title)</h2>\
    \(pushedChip(card.label))</div>\(facts([
      (self("原因", "Why"), "\(card.reason)"), (self("依据", "Clause"), card.clause),
      (self("证据", "Evidence"), card.evidence), (self("谁决定", "Decided by"), "\(card.decidedBy)"),
      (self("到何时", "Until"), "<strong>\(card.until)</strong>"),
      (self("不同意", "Disagree"), card.objection),
    ]))\(extra)</article>
    """
  }

  /// One day of a strip.
  package struct StripDay: Sendable {
    /// What the day is to the reader.
    package enum Kind: String, Sendable {
      case done
      case late
      case now
      /// Something is due then.
      case plan
      case blank = ""
    }

    package let number: String
    package let words: String
    package let kind: Kind

    package init(_ number: String, _ words: String, _ kind: Kind) {
      self.number = number
      self.words = words
      self.kind = kind
    }
  }

  /// The days of a measure.
  package func dayStrip(_ days: [StripDay]) -> HTML {
    "<ol class=\"days\">\(days.map { stripDay($0, current: "date") })</ol>"
  }

  /// The steps of a clock.
  package func stepStrip(_ steps: [StripDay]) -> HTML {
    "<ol class=\"days steps\">\(steps.map { stripDay($0, current: "step") })</ol>"
  }

  private func stripDay(_ day: StripDay, current: String) -> HTML {
    let kind: HTML = day.kind == .blank ? "" : " class=\"\(day.kind.rawValue)\""
    let now: HTML = day.kind == .now ? " aria-current=\"\(current)\"" : ""
    let words: HTML? = day.words.isEmpty ? nil : "<span>\(day.words)</span>"
    return "<li\(kind)\(now)><b>\(day.number)</b>\(words)</li>"
  }
}

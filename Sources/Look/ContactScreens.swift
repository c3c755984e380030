import Kernel

extension Look {
  /// How much a piece of evidence weighs.
  package enum Weight: Sendable {
    case strong
    case medium
    case weak
  }

  /// What speaks for a contact, and how much.
  package struct Evidence: Sendable {
    package let text: String
    package let weight: Weight
    package let note: String

    package init(_ text: String, _ weight: Weight, note: String) {
      self.text = text
      self.weight = weight
      self.note = note
    }
  }

  /// Somebody to be decided on: who, what is suggested and why, and the buttons.
  package func contactCard(
    who: HTML, about: String, label: Label, verdict: String, evidence: [Evidence], buttons: HTML
  ) -> HTML {
    """
    <article class="card contact"><div class="row">\(who)<span class="note">\(about)</span>\
    \(pushedChip(label))</div><p class="verdict">\(verdict)</p>\
    <ul class="evidence">\(evidence.map(line))</ul>\(buttons)</article>
    """
  }

  private func line(_ evidence: Evidence) -> HTML {
    """
    <li><span>\(evidence.text)</span>\(chip(weight(evidence.weight)))\
    <span class="note">\(evidence.note)</span></li>
    """
  }

  private func weight(_ weight: Weight) -> Label {
    switch weight {
    case .strong: Label(self("强", "strong"), .done)
    case .medium: Label(self("中", "medium"), .soon)
    case .weak: Label(self("弱", "weak"), .neutral)
    }
  }
}

import Kernel

extension Look {
  /// A chip: never without a word.
  package func chip(_ text: String, _ tone: Tone) -> HTML {
    "<span class=\"chip \(tone.rawValue)\">\(text)</span>"
  }

  /// A chip from a label.
  package func chip(_ label: Label) -> HTML { chip(label.text, label.tone) }

  /// A chip at the far end of its row.
  package func pushedChip(_ label: Label) -> HTML {
    "<span class=\"chip \(label.tone.rawValue) push\">\(label.text)</span>"
  }

  /// The chip of a deadline at this moment.
  package func chip(deadline: Instant) -> HTML { chip(self.deadline(deadline)) }

  /// Coloured words without a chip's shape.
  package func toned(_ text: String, _ tone: Tone) -> HTML {
    "<span class=\"toned \(tone.rawValue)\">\(text)</span>"
  }

  /// Small words beside something.
  package func note(_ text: String) -> HTML { "<span class=\"note\">\(text)</span>" }

  /// A moment that programs can read as well.
  package func timeTag(_ instant: Instant, _ text: String) -> HTML {
    "<time datetime=\"\(instant.text(in: zone))\">\(text)</time>"
  }

  /// A link in a sentence.
  package func link(_ text: String, to address: String) -> HTML {
    "<a href=\"\(address)\">\(text)</a>"
  }

  /// Pieces with a middle dot between them.
  package func dotted(_ parts: [String?]) -> String {
    parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " · ")
  }

  /// A bar; its number always stands in text beside it.
  package func bar(_ value: Int, of whole: Int, _ tone: Tone, label: String) -> HTML {
    """
    <progress class="\(tone.rawValue)" max="\(max(whole, 1))" value="\(min(value, max(whole, 1)))" \
    aria-label="\(label)"></progress>
    """
  }
}

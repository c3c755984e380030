import Kernel

extension Look {
  /// Something that happened.
  package struct Event: Sendable {
    package let at: Instant
    package let text: String
    package let note: String?
    package let address: String?
    package let tone: Tone

    package init(
      at: Instant, _ text: String, note: String? = nil, address: String? = nil,
      tone: Tone = .neutral
    ) {
      self.at = at
      self.text = text
      self.note = note
      self.address = address
      self.tone = tone
    }
  }

  /// The vertical time line, newest first; each day but today stands above its events.
  package func events(_ events: [Event], id: String = "events", topics: String = "") -> HTML {
    var items: [HTML] = []
    var day = today
    for event in events {
      let own = Day(of: event.at, in: zone)
      if own != day {
        items.append("<li class=\"day\">\(nearDay(own))</li>")
        day = own
      }
      items.append(self.event(event))
    }
    return "<ol class=\"events\" id=\"\(id)\" data-live=\"\(topics)\">\(items)</ol>"
  }

  private func event(_ event: Event) -> HTML {
    let tone: HTML = event.tone == .neutral ? "" : " class=\"\(event.tone.rawValue)\""
    let text: HTML = event.address.map { link(event.text, to: $0) } ?? "\(event.text)"
    let note: HTML? = event.note.map { " \(self.note($0))" }
    return "<li\(tone)>\(timeTag(event.at, time(event.at)))<p>\(text)\(note)</p></li>"
  }
}

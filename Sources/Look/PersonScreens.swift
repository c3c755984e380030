import Kernel

extension Look {
  /// A name with stars.
  package func masked(_ name: String) -> HTML {
    "<span class=\"masked\">\(name.isEmpty ? self("姓名未知", "name unknown") : name)</span>"
  }

  /// A masked name and the button that opens the purposes.
  package func masked(
    _ name: String, reveal address: String, purposes: [Purpose], id: String,
    hidden: [(String, String)] = []
  ) -> HTML {
    masked(name) + reveal(at: address, purposes: purposes, id: id, hidden: hidden)
  }

  /// The button that opens the purposes; each purpose is one submit. Stands beside a title, never
  /// inside one.
  package func reveal(
    at address: String, purposes: [Purpose], id: String, hidden: [(String, String)] = []
  ) -> HTML {
    let buttons = purposes.map { purpose -> HTML in
      "<button name=\"purpose\" value=\"\(purpose.rawValue)\">\(self(purpose.words))</button>"
    }
    let hint = self("看了会记下来，本人能看到。为了什么？", "This is recorded and shown to the person. What for?")
    return """
      <details class="reveal" id="reveal-\(id)">\
      <summary>\(self("看姓名", "Show name"))</summary>\
      <form method="get" action="\(address)">\(hidden.map { self.hidden($0.0, $0.1) })\
      <p class="hint">\(hint)</p>\
      <div class="buttons">\(buttons)</div></form></details>
      """
  }

  /// One look at somebody's file.
  package struct Looking: Sendable {
    package let at: Instant
    package let who: String
    package let what: String

    package init(at: Instant, who: String, what: String) {
      self.at = at
      self.who = who
      self.what = what
    }
  }

  /// Who looked, the latest first.
  package func looks(_ looks: [Looking]) -> HTML {
    if looks.isEmpty {
      return empty(self("还没有人看过", "Nobody has looked yet"), isGood: true)
    }
    let items = alike(looks).prefix(30).map { looking, count -> HTML in
      let times = count == 1 ? nil : self("\(count) 次", "\(count)×")
      return """
        <li>\(timeTag(looking.at, nearMoment(looking.at)))\
        <span>\(dotted([looking.who, looking.what, times]))</span></li>
        """
    }
    return "<ul class=\"looks\">\(items)</ul>"
  }

  /// Looks by the same office for the same purpose on one day stand as one, with their number.
  private func alike(_ looks: [Looking]) -> [(Looking, Int)] {
    var groups: [(Looking, Int)] = []
    for looking in looks {
      if let last = groups.last?.0, last.who == looking.who, last.what == looking.what,
        Day(of: last.at, in: zone) == Day(of: looking.at, in: zone)
      {
        groups[groups.count - 1].1 += 1
      } else {
        groups.append((looking, 1))
      }
    }
    return groups
  }
}

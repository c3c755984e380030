import Kernel

extension Look {
  /// The head of a field worker's page, which stays in sight.
  package func roundHeader(
    _ title: String, done: Int, of whole: Int, nextDue: Instant?, chip label: Label? = nil
  ) -> HTML {
    let due = nextDue.map { self("最近到期 \(nearEnd($0))", "next due \(nearEnd($0))") } ?? ""
    let count = self(
      "今天 \(number(whole)) 件 · 已完成 \(number(done))",
      "\(number(whole)) today · \(number(done)) done")
    return """
      <header class="round" id="round" data-live=""><div class="row"><h1>\(title)</h1>\
      \(label.map { chip($0) })</div>\
      <div class="row note"><span>\(count)</span><span>\(due)</span></div>\
      \(bar(done, of: whole, .done, label: self("已完成", "Done")))</header>
      """
  }

  /// What is to be done behind one door.
  package struct DoorWork: Sendable {
    package let text: String
    /// Forms and buttons.
    package let actions: HTML

    package init(_ text: String, actions: HTML) {
      self.text = text
      self.actions = actions
    }
  }

  /// One door: the biggest thing is its number.
  ///
  /// - Parameter needs: what those behind it need, such as a wheelchair.
  package func door(
    number: String, id: String, who: HTML, label: Label, needs: [String] = [], works: [DoorWork]
  ) -> HTML {
    // Where nothing is left to do the door fades, also when it was late.
    let tone: HTML = works.isEmpty ? " done" : label.tone == .late ? " late" : ""
    let shown = works.map { work -> HTML in
      "<p class=\"work\">\(work.text)</p>\(work.actions)"
    }
    return """
      <article class="door\(tone)" id="door-\(id)"><h3 class="number">\(number)</h3>\
      <p class="who">\(who)</p>\(chip(label))\(needsLine(needs))\(shown)</article>
      """
  }

  private func needsLine(_ needs: [String]) -> HTML? {
    if needs.isEmpty { return nil }
    return "<p class=\"needs\">\(HTML(needs.map { chip($0, .information) }))</p>"
  }

  /// The heading of a floor.
  package func floor(_ text: String) -> HTML { "<h2 class=\"floor\">\(text)</h2>" }

  /// The answer with which a resident's page begins.
  package func answer(_ before: String, until instant: Instant, _ after: String) -> HTML {
    """
    <h1 class="answer">\(before)\(timeTag(instant, end(instant)))\(self("，", ". "))\
    <span class="nowrap">\(after)</span></h1>
    """
  }

  /// The answer in words alone.
  package func answer(_ text: String) -> HTML { "<h1 class=\"answer\">\(text)</h1>" }

  /// Something that a resident can do.
  package struct Action: Sendable {
    package let title: String
    package let text: String
    package let address: String
    package let isUrgent: Bool

    package init(_ title: String, _ text: String, to address: String, isUrgent: Bool = false) {
      self.title = title
      self.text = text
      self.address = address
      self.isUrgent = isUrgent
    }
  }

  /// What a resident can do, as large buttons.
  package func actions(_ actions: [Action]) -> HTML {
    let items = actions.map { action -> HTML in
      """
      <li><a class="action\(action.isUrgent ? " urgent" : "")" href="\(action.address)">\
      <strong>\(action.title)</strong>\(action.text)</a></li>
      """
    }
    return "<ul class=\"actions\">\(items)</ul>"
  }

  /// The last line of what leaves the house on paper: its number and its expiry.
  package func slipLine(number: String, until: Instant) -> HTML {
    let text = self(
      "编号 \(number) · 有效至 \(end(until))", "No. \(number) · valid until \(end(until))")
    return "<p class=\"print-only slip\">\(text)</p>"
  }
}

extension Look {
  /// The head of a field worker's page that counts nothing.
  package func fieldHeader(_ title: String) -> HTML {
    "<header class=\"round\" id=\"round\"><div class=\"row\"><h1>\(title)</h1></div></header>"
  }

  /// Where a phone lists what waits on it; without its module the words say that there is none.
  package func queueList(_ without: String) -> HTML {
    "<div class=\"stack\" data-queue=\"\"><p class=\"note\">\(without)</p></div>"
  }

  /// A field worker's page: its own header, which stays in sight, and the doors.
  package func fieldPage(header: HTML, _ doors: HTML) -> HTML {
    "\(header)<main id=\"main\" class=\"doors\">\(doors)</main>"
  }
}

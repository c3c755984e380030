import Kernel

extension Look {
  /// One field of a form.
  package struct Field: Sendable {
    /// How it is filled in.
    package enum Entry: Sendable {
      case line
      case number
      case day
      case moment
      case phone
      case password
      /// A time of day.
      case time
      /// A line with values to choose from; any other may be written as well.
      case suggested([String])
      case long
      /// One of several in a list.
      case list([Choice])
      /// One of several, all in sight.
      case choices([Choice])
      /// Any number of several, all in sight.
      case several([Choice])
      /// Any number of buildings and entrances, as they stand side by side.
      case ground([Block])
    }

    /// One of several values.
    package struct Choice: Sendable {
      package let code: String
      package let words: String

      package init(_ code: String, _ words: String) {
        self.code = code
        self.words = words
      }
    }

    package let name: String
    package let label: String
    package let entry: Entry
    package let hint: String?
    package let isRequired: Bool
    package let start: String

    package init(
      _ name: String, _ label: String, _ entry: Entry = .line, hint: String? = nil,
      required: Bool = false, start: String = ""
    ) {
      self.name = name
      self.label = label
      self.entry = entry
      self.hint = hint
      isRequired = required
      self.start = start
    }
  }

  /// A form that sends a command: hidden are the command's identifier, so that a second press
  /// changes nothing, and the address to come back to, at a part of the page when one is named.
  /// Browsers are told to remember nothing of it: a name that was typed once stood in the profile's
  /// own list of names.
  package func form(
    _ command: String, for request: ScreenRequest, hidden: [(String, String)] = [],
    fields: [Field] = [], buttons: HTML, isInline: Bool = false, anchor: String? = nil
  ) -> HTML {
    let given = hiddenFields(for: request, hidden, anchor: anchor)
    // Several forms of one page may send the same command, each about something else.
    let isOwn =
      request.posted["command"].map { posted in
        posted == command && hidden.allSatisfy { request.posted[$0.0] == $0.1 }
      } ?? true
    let prefix = hidden.first.map { "\(command)-\($0.1)" } ?? command
    let shown = fields.map { field($0, for: isOwn ? request : nil, inside: prefix) }
    let look: HTML = isInline ? "" : " class=\"form\""
    let refused: HTML = isOwn && request.refusal != nil ? Self.refusedMark : ""
    return """
      <form\(look)\(refused) autocomplete="off" method="post" action="/do/\(command)">\(given)\(shown)\
      <div class="buttons">\(buttons)</div></form>
      """
  }

  /// What stands in the form that was refused, so that whatever holds it opens.
  static let refusedMark: HTML = " data-refused=\"\""

  /// A form at a door: one green button does the usual, two others do the rest. Each button may
  /// send another command, with its outcome.
  package func doorForm(
    _ command: String, for request: ScreenRequest, hidden: [(String, String)], anchor: String,
    buttons: HTML, isQuick: Bool = false
  ) -> HTML {
    let given = hiddenFields(for: request, hidden, anchor: anchor)
    let look: HTML = isQuick ? "buttons quick" : "buttons"
    return """
      <form class="\(look)" autocomplete="off" method="post" action="/do/\(command)">\
      \(given)\(buttons)</form>
      """
  }

  /// A button that sends another command than its form's, with a value of its own.
  package func otherButton(_ text: String, command: String, name: String, value: String) -> HTML {
    """
    <button formaction="/do/\(command)" name="\(name)" value="\(value)">\(text)</button>
    """
  }

  /// A button that says a value.
  package func valueButton(_ text: String, name: String, value: String) -> HTML {
    "<button name=\"\(name)\" value=\"\(value)\">\(text)</button>"
  }

  private func hiddenFields(
    for request: ScreenRequest, _ hidden: [(String, String)], anchor: String? = nil
  ) -> [HTML] {
    let back = request.address + (anchor.map { "#\($0)" } ?? "")
    return ([("id", request.newCommandID()), ("back", back)] + hidden).map {
      self.hidden($0.0, $0.1)
    }
  }

  /// A form that asks: its fields stand in the address afterwards, but those that name people where the
  /// page says so.
  package func questionForm(
    to address: String, for request: ScreenRequest, fields: [Field], button: String,
    isUnseen: Bool = false
  ) -> HTML {
    let shown = fields.map { entry in
      field(entry, value: request.query[entry.name] ?? entry.start, error: nil, id: entry.name)
    }
    return """
      <form class="form" autocomplete="off" method="\(method(isUnseen))" action="\(address)">\
      \(shown)<div class="buttons"><button class="primary">\(button)</button></div></form>
      """
  }

  /// A form that is sent to an address of its own, because what it asks for makes a secret or a paper:
  /// an invitation, a key.
  package func sendForm(
    to address: String, for request: ScreenRequest, fields: [Field], button: String
  ) -> HTML {
    let shown = fields.map { field($0, for: request, inside: "send") }
    return """
      <form class="form" autocomplete="off" method="post" action="\(address)">\
      \(hidden("back", request.address))\(shown)\
      <div class="buttons"><button class="primary">\(button)</button></div></form>
      """
  }

  private func method(_ isUnseen: Bool) -> String { isUnseen ? "post" : "get" }

  /// What a list is narrowed down by: its fields stand in the address, one line where there is room.
  /// What the address says besides, such as the view that is open, stays.
  package func filters(
    to address: Address, for request: ScreenRequest, fields: [Field], button: String? = nil,
    isUnseen: Bool = false
  ) -> HTML {
    let own = Set(fields.map(\.name))
    let kept = address.query.sorted { $0.key < $1.key }
      .filter { !own.contains($0.key) && $0.key != "after" }
    let shown = fields.map { entry in
      field(
        entry, value: request.query[entry.name] ?? entry.start, error: nil,
        id: "filter-\(entry.name)")
    }
    let isSet = fields.contains { request.query[$0.name].map { !$0.isEmpty } ?? false }
    let cleared = address.with(Dictionary(fields.map { ($0.name, nil) }) { first, _ in first })
    let clear: HTML? =
      isSet ? "<a class=\"button quiet\" href=\"\(cleared.text)\">\(self("清除", "Clear"))</a>" : nil
    return """
      <form class="filters" autocomplete="off" method="\(method(isUnseen))" action="\(address.path)">\
      \(kept.map { hidden($0.key, $0.value) })\
      \(shown)<div class="buttons"><button>\(button ?? self("筛选", "Filter"))</button>\(clear)</div></form>
      """
  }

  /// A field that the form carries unseen.
  package func hidden(_ name: String, _ value: String) -> HTML {
    "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\"/>"
  }

  /// The green button, once per form.
  package func primaryButton(_ text: String) -> HTML {
    "<button class=\"primary\">\(text)</button>"
  }

  /// The two answers of a second person, as `approved`.
  package var approvalButtons: HTML {
    """
    <button class="primary" name="approved" value="true">\(self("同意", "Approve"))</button>\
    \(valueButton(self("不同意", "Decline"), name: "approved", value: "false"))
    """
  }

  /// The button for what cannot be undone.
  package func dangerButton(_ text: String) -> HTML { "<button class=\"danger\">\(text)</button>" }

  /// The second choice.
  package func plainButton(_ text: String) -> HTML { "<button>\(text)</button>" }

  /// A link that acts.
  package func linkButton(_ text: String, to address: String) -> HTML {
    "<a class=\"button\" href=\"\(address)\">\(text)</a>"
  }

  /// One field, marked when the refusal names it.
  private func field(_ field: Field, for request: ScreenRequest?, inside prefix: String) -> HTML {
    let refused = request?.refusal.map { $0.field == field.name } ?? false
    let error = refused ? request?.refusal.map { self($0.words) } : nil
    let id = "\(prefix)-\(field.name)".replacing(".", with: "-")
    return self.field(
      field, value: request?.value(field.name, or: field.start) ?? field.start, error: error,
      id: id)
  }

  private func field(_ field: Field, value: String, error: String?, id: String) -> HTML {
    if let (choices, kind) = field.entry.choicesInSight {
      return """
        <fieldset><legend>\(field.label)</legend>\(hint(field, id))\
        <div class="choices\(kind == "checkbox" ? " several" : "")">\(choices.map { choice($0, field, value, kind) })</div>\
        \(errorLine(error, id))</fieldset>
        """
    }
    if case .ground(let blocks) = field.entry {
      return """
        <fieldset><legend>\(field.label)</legend>\(hint(field, id))\
        \(ground(blocks, choosing: field.name, chosen: Set(value.split(separator: ",").map(String.init))))\
        \(errorLine(error, id))</fieldset>
        """
    }
    let isShort: HTML =
      switch field.entry {
      case .number, .day, .time: " short"
      case .moment: " moment"
      case .list(let choices): isLong(choices, value) ? " long" : ""
      case .line, .phone, .password, .suggested, .long, .choices, .several, .ground: ""
      }
    return """
      <div class="field\(isShort)\(error == nil ? "" : " wrong")"><label for="\(id)">\
      \(field.label)</label>\(hint(field, id))\(control(field, value, error != nil, id))\
      \(errorLine(error, id))</div>
      """
  }

  /// Whether what is chosen would be cut off where two fields stand side by side on a telephone.
  private func isLong(_ choices: [Field.Choice], _ value: String) -> Bool {
    let shown = choices.first { $0.code == value } ?? choices.first
    return shown.map { Self.width(of: $0.words) > Self.widestHalf } ?? false
  }

  /// In letters.
  private static let widestHalf = 15

  private func hint(_ field: Field, _ id: String) -> HTML? {
    field.hint.map { "<p class=\"hint\" id=\"\(id)-hint\">\($0)</p>" }
  }

  private func errorLine(_ error: String?, _ id: String) -> HTML? {
    error.map { "<p class=\"error\" id=\"\(id)-error\">\($0)</p>" }
  }

  private func choice(
    _ choice: Field.Choice, _ field: Field, _ value: String, _ kind: String
  ) -> HTML {
    let isChosen =
      kind == "radio"
      ? choice.code == value : value.split(separator: ",").contains { $0 == choice.code }
    let chosen: HTML = isChosen ? " checked=\"\"" : ""
    let required: HTML = field.isRequired && kind == "radio" ? " required=\"\"" : ""
    return """
      <label class="choice"><input type="\(kind)" name="\(field.name)" value="\(choice.code)"\
      \(chosen)\(required)/>\(choice.words)</label>
      """
  }

  private func control(_ field: Field, _ value: String, _ isWrong: Bool, _ id: String) -> HTML {
    var described: [String] = []
    if field.hint != nil { described.append("\(id)-hint") }
    if isWrong { described.append("\(id)-error") }
    let about: HTML =
      described.isEmpty ? "" : " aria-describedby=\"\(described.joined(separator: " "))\""
    let wrong: HTML = isWrong ? " aria-invalid=\"true\"" : ""
    let required: HTML = field.isRequired ? " required=\"\"" : ""
    let all: HTML = "id=\"\(id)\" name=\"\(field.name)\"\(required)\(wrong)\(about)"
    switch field.entry {
    case .long: return "<textarea \(all) rows=\"3\">\(value)</textarea>"
    case .list(let choices): return "<select \(all)>\(choices.map { option($0, value) })</select>"
    case .line, .choices, .several, .ground: return "<input \(all) value=\"\(value)\"/>"
    case .time: return "<input \(all) type=\"time\" value=\"\(value)\"/>"
    case .suggested(let values):
      return """
        <input \(all) list="\(id)-values" autocomplete="off" value="\(value)"/>\
        <datalist id="\(id)-values">\(values.map { "<option value=\"\($0)\"></option>" as HTML })</datalist>
        """
    case .number:
      return "<input \(all) type=\"number\" step=\"any\" inputmode=\"decimal\" value=\"\(value)\"/>"
    case .day: return "<input \(all) type=\"date\" value=\"\(value)\"/>"
    case .moment: return "<input \(all) type=\"datetime-local\" value=\"\(value)\"/>"
    case .phone: return "<input \(all) type=\"tel\" value=\"\(value)\"/>"
    case .password: return "<input \(all) type=\"password\" autocomplete=\"off\"/>"
    }
  }

  private func option(_ choice: Field.Choice, _ value: String) -> HTML {
    let chosen: HTML = choice.code == value ? " selected=\"\"" : ""
    return "<option value=\"\(choice.code)\"\(chosen)>\(choice.words)</option>"
  }
}

extension Look.Field.Entry {
  /// The choices that stand in sight, and what kind of input each is.
  fileprivate var choicesInSight: (choices: [Look.Field.Choice], kind: String)? {
    switch self {
    case .choices(let choices): (choices, "radio")
    case .several(let choices): (choices, "checkbox")
    case .line, .number, .day, .moment, .phone, .password, .time, .suggested, .long, .list, .ground:
      nil
    }
  }
}

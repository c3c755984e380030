import Kernel
import Look
import Registry

/// One lead: by when, what, of whom, what is known, the form for the result, and handing it over.
struct LeadPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let answer: LeadCard.Answer
  private let mayVerify: Bool

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    let lead = try LeadID(request.parameter("lead"))
    let path = try LeadsStore(reading.transaction).get(lead).path
    mayVerify = reading.authority.may(VerifyLead.duty, at: path)
    answer = try reading.ask(
      LeadCard(lead: lead, revealed: mayVerify && request.query["reveal"] == "true"))
  }

  private var line: ListLeadsToCheck.Line { answer.line }
  private var isRevealed: Bool { mayVerify && request.query["reveal"] == "true" }

  var title: String { line.title }

  func body() throws -> HTML {
    HTML([
      look.title(title, look.chip(due) + look.chip(urgency) + look.note(line.category ?? "")),
      previous,
      look.columns([
        look.stack([look.card(look("查谁、查什么", "Whom and what"), try facts()), try history()]),
        look.stack([result, try handing()]),
      ]),
    ])
  }

  private var due: Look.Label {
    line.verifiedAt.map { look.closed($0, deadline: line.deadline) }
      ?? look.deadline(line.deadline)
  }

  private var urgency: Look.Label {
    .init(look(line.urgency.words), line.urgency == .ordinary ? .neutral : .soon)
  }

  /// What a check of the same person found out within half a year.
  private var previous: HTML {
    guard let last = answer.previous.first else { return "" }
    let others = answer.previous.count - 1
    return look.notice(
      look(
        "此人 \(look.day(Day(of: last.at, in: reading.zone))) 核查过：\(look(last.measure.words))",
        "Checked on \(look.day(Day(of: last.at, in: reading.zone))): \(look(last.measure.words))"),
      look.dotted([
        last.title, last.placeName,
        others > 0 ? look("另有 \(others) 次", "\(others) more") : nil,
      ]), tone: .information)
  }

  private func facts() throws -> HTML {
    let who: HTML =
      isRevealed
      ? "\(answer.name)"
      : mayVerify
        ? look.masked(
          answer.name, reveal: "/leads/\(Address.escaped(line.lead.text))",
          purposes: [.fieldwork, .investigation], id: "lead", hidden: [("reveal", "true")])
        : look.masked(answer.name)
    var lines: [(String, HTML)] = [(look("姓名", "Name"), who)]
    func add(_ name: String, _ value: HTML?) { if let value { lines.append((name, value)) } }
    add(
      look("电话", "Telephone"),
      answer.phone.map { isRevealed ? look.link($0, to: "tel:\($0)") : "\($0)" })
    add(look("身份证", "Identity number"), answer.identityNumber.map { "\($0)" })
    add(look("地址", "Address"), answer.address.map { "\($0)" })
    add(look("核查要求", "What to check"), answer.requirement.map { "\($0)" })
    add(
      look("台账", "File"),
      answer.person.map {
        look.link(look("居民档案", "resident’s file"), to: "/residents/\(Address.escaped($0.text))")
      })
    lines.append(
      (
        look("在哪", "Where"),
        "\(look.dotted([line.placeName, look(line.routing.words)]))"
      ))
    lines.append((look("收到", "Received"), "\(look.moment(answer.receivedAt))"))
    return look.facts(lines)
  }

  private var result: HTML {
    guard let last = answer.results.last else {
      return mayVerify
        ? look.panel(look("核查结果", "Result"), id: "result", form(nil))
        : look.panel(
          look("核查结果", "Result"), look.empty(look("还没有结果", "There is no result yet")))
    }
    var lines: [(String, HTML)] = [(look("管控措施", "Measure"), "\(look(last.measure.words))")]
    func add(_ name: String, _ value: String?) { if let value { lines.append((name, "\(value)")) } }
    add(look("现住址", "Lives at"), last.foundAddress)
    add(look("近期核酸", "Last test"), last.lastTestOn.map { look.day($0) })
    add(look("关联人员", "Linked people"), last.linkedPeople)
    add(look("健康码", "Code"), last.colour.map { look($0.words) })
    add(look("何时", "When"), look.moment(last.at))
    return look.panel(
      look("核查结果", "Result"), id: "result",
      look.facts(lines)
        + (mayVerify
          ? look.disclosure(look("更正结果", "Put the result right"), id: "correct", form(last)) : ""))
  }

  /// The form, made for a phone: what happened with one tap, the rest as far as it is known.
  private func form(_ before: LeadCard.Result?) -> HTML {
    var fields: [Look.Field] = [
      .init(
        "measure", look("管控措施", "What happened"),
        .choices(LeadMeasure.allCases.map { .init($0.rawValue, look($0.words)) }),
        required: true, start: before?.measure.rawValue ?? ""),
      .init(
        "found_address", look("现住址", "Lives at"), start: before?.foundAddress ?? ""),
      .init(
        "last_test", look("近期核酸日期", "Last test on"), .day, start: before?.lastTestOn?.text ?? ""),
      .init(
        "code_colour", look("健康码", "Colour of the code"),
        .choices(LeadColour.allCases.map { .init($0.rawValue, look($0.words)) }),
        start: before?.colour?.rawValue ?? ""),
      .init(
        "linked_people", look("关联人员", "Linked people"), .long,
        hint: look("同住、同行的人和电话", "who lives or travels with them, and how to reach them"),
        start: before?.linkedPeople ?? ""),
    ]
    if before != nil {
      fields.append(.init("reason", look("更正原因", "Reason"), required: true))
    }
    return look.form(
      VerifyLead.name, for: request, hidden: [("lead", line.lead.text)], fields: fields,
      buttons: look.primaryButton(look("登记结果", "Enter the result")))
  }

  private func handing() throws -> HTML {
    guard mayVerify, line.state != .verified else { return "" }
    return look.disclosure(
      look("不归这里，移交…", "Not ours: hand it over…"), id: "hand-over",
      look.form(
        HandOverLead.name, for: request, hidden: [("lead", line.lead.text)],
        fields: [
          .init(
            "to", look("移交给", "To"), .list(try neighbours()), required: true),
          .init("reason", look("原因", "Reason"), required: true),
        ], buttons: look.primaryButton(look("移交", "Hand over"))))
  }

  /// Communities of the same street, then streets of the same district, then districts.
  private func neighbours() throws -> [Look.Field.Choice] {
    let places = PlacesStore(reading.transaction)
    let path = try places.get(line.place).path
    let around = try places.line(to: path).reversed().flatMap { place -> [Place] in
      guard [.community, .street, .district].contains(place.level) else { return [] }
      return try places.children(of: place.parent, limit: 200)
    }
    return around.filter { $0.path != path }.map { place in
      .init(place.code ?? place.id.text, "\(place.spoken)（\(look(place.level.words))）")
    }
  }

  private func history() throws -> HTML {
    if answer.moves.isEmpty { return "" }
    let rows = try answer.moves.map { move in
      Look.TableRow(
        look.moment(move.at),
        cells: [
          .text("\(try reading.name(of: move.from)) → \(try reading.name(of: move.to))"),
          .text(move.reason),
        ])
    }
    return look.panel(
      look("移交经过", "Handed over"),
      look.table(
        look("移交经过", "Handed over"),
        columns: [
          .init(look("何时", "When")), .init(look("从哪到哪", "From and to")),
          .init(look("原因", "Reason")),
        ], rows: rows))
  }
}

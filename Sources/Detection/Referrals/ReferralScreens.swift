import Gazette
import Kernel
import Look
import Registry

/// One hand-over: how far it has come, and what can be done.
struct ReferralPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let shown: ShowReferral.Answer

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    shown = try reading.ask(
      ShowReferral(referral: ReferralID(request.parameter("referral"), field: "referral")))
  }

  private var entry: ReferralEntry { shown.entry }

  var title: String { look("推送", "Hand-over") }

  func body() throws -> HTML {
    let label =
      entry.due.map { look.deadline($0) } ?? Look.Label(look(entry.state.words), .done)
    return HTML([
      look.title(
        title,
        look.chip(label)
          + (label.text == look(entry.state.words) ? "" : look.note(look(entry.state.words)))),
      look.panel(look("走到哪一步", "How far it has come"), look.stepStrip(steps)),
      look.columns([
        look.stack([look.card(nil, try facts()), try letter(), try history()]),
        look.stack(try forms()),
      ]),
    ])
  }

  private var steps: [Look.StripDay] {
    var all: [(String, Instant?, Instant)] = [
      (look("接收", "accept"), entry.state == .returned ? nil : entry.answeredAt, entry.answerDue),
      (look("落地", "find"), entry.outcomeAt, entry.resultDue),
      (look("告知", "tell"), entry.toldAt, entry.resultDue),
    ]
    if entry.needsMove || entry.movedAt != nil {
      all.append((look("送出", "leave"), entry.departedAt ?? entry.movedAt, entry.resultDue))
      all.append((look("到达", "arrive"), entry.movedAt, entry.resultDue))
    }
    var isNext = true
    return all.map { name, at, due in
      if let at { return Look.StripDay(look.time(at), name, at > due ? .late : .done) }
      defer { isNext = false }
      return Look.StripDay(
        look.nearEnd(due), name, reading.now > due ? .late : isNext ? .now : .plan)
    }
  }

  private func facts() throws -> HTML {
    let person = Address.escaped(entry.person.text)
    let resident = try ResidentsStore(reading.transaction).find(entry.person)
    let name = resident?.name.map { Mask.name($0.revealed) } ?? look("姓名未知", "name unknown")
    var lines: [(String, HTML)] = [
      (look("谁", "Who"), look.link(name, to: "/residents/\(person)")),
      (look("类别", "Kind"), "\(look(entry.kind.words))"),
      (
        look("病例", "Case"),
        look.link(entry.infection.text, to: "/cases/\(Address.escaped(entry.infection.text))")
      ),
      (look("从", "From"), "\(try line(to: entry.from))"),
      (look("到", "To"), "\(try line(to: entry.to))"),
      (
        look("推送", "Sent"),
        "\(look.moment(entry.sentAt)) \(try reading.office(ofSender: entry.sentBy, at: entry.sentAt))"
      ),
    ]
    if let letter = entry.letter { lines.append((look("协查函", "Letter"), "\(letter)")) }
    if let at = entry.answeredAt, let by = entry.answeredBy {
      lines.append(
        (
          look("答复", "Answered"),
          "\(look.moment(at)) \(try reading.office(ofSender: by, at: at))"
        ))
    }
    if let returned = entry.returned {
      lines.append((look("退回原因", "Sent back because"), "\(look(returned.words))"))
    }
    if let outcome = entry.outcome {
      lines.append((look("落地", "Found"), "\(look(outcome.words))"))
    }
    if let site = entry.site { lines.append((look("送往", "Brought to"), "\(site)")) }
    return look.facts(lines)
  }

  private func line(to place: PlaceID) throws -> String {
    let path = try reading.jurisdiction.path(place, reading.transaction)
    return try path.map {
      try PlacesStore(reading.transaction).line(to: $0).map(\.spoken).joined(separator: " ")
    } ?? place.text
  }

  private func history() throws -> HTML {
    if shown.history.count < 2 { return "" }
    let rows = try shown.history.map { earlier in
      Look.TableRow(
        try line(to: earlier.to), to: "/referrals/\(Address.escaped(earlier.referral.text))",
        cells: [
          .text(look.moment(earlier.sentAt)), .text(look(earlier.state.words)),
          .text(earlier.returned.map { look($0.words) } ?? ""),
        ])
    }
    return look.panel(
      look("推送经过", "Where it has been"),
      look.table(
        look("推送经过", "Where it has been"),
        columns: [
          .init(look("辖区", "Area")), .init(look("推送", "Sent")), .init(look("状态", "State")),
          .init(look("原因", "Reason")),
        ], rows: rows))
  }

  // MARK: The letter

  private func letter() throws -> HTML {
    guard entry.letter != nil,
      reading.authority.may(
        ReferralLetter.duty,
        at: try reading.jurisdiction.path(entry.from, reading.transaction) ?? .everywhere)
    else { return "" }
    if request.query["letter"] != "true" {
      return look.card(
        look("协查函", "Help letter"),
        look.paragraph(
          look(
            "函中有本人姓名、证件和电话；打开会记入本人可见的查阅记录。",
            "It names the person in full; opening it is shown to them as a look at their data."))
          + look.reveal(
            at: "/referrals/\(Address.escaped(entry.referral.text))", purposes: [.investigation],
            id: "letter", hidden: [("letter", "true")]))
    }
    let letter = try reading.ask(ReferralLetter(referral: entry.referral))
    let card = letter.person
    return look.card(
      look("协查函 \(letter.number)", "Help letter \(letter.number)"),
      look.facts([
        (look("致", "To"), "\(letter.to)"), (look("发函", "From"), "\(letter.from)"),
        (look("日期", "Date"), "\(look.moment(letter.sentAt))"),
        (
          look("事由", "About"),
          "\(look("请协查下列人员（\(letter.kind.words.chinese)，关联病例 \(letter.infection.text)），落地管控并回复结果", "Please find this \(letter.kind.words.english) of case \(letter.infection.text) and report the result"))"
        ),
        (look("姓名", "Name"), "\(card?.name ?? look("不详", "not known"))"),
        (look("性别", "Sex"), "\(card?.sex.map { look($0.words) } ?? look("不详", "not known"))"),
        (look("证件", "Identity"), "\(card?.identityNumber ?? look("不详", "not known"))"),
        (look("电话", "Telephone"), "\(card?.phone ?? look("不详", "not known"))"),
        (look("住址", "Address"), "\((card?.address ?? []).joined())"),
        (look("最后接触", "Last exposure"), "\(look.moment(letter.lastAt))"),
        (look("请于", "Answer by"), "\(look.nearEnd(letter.resultDue))"),
      ]))
  }

  // MARK: What can be done

  private func forms() throws -> [HTML] {
    let id = ("referral", entry.referral.text)
    let to = try reading.jurisdiction.path(entry.to, reading.transaction) ?? .everywhere
    let from = try reading.jurisdiction.path(entry.from, reading.transaction) ?? .everywhere
    var forms: [HTML] = []
    let mayAnswer = reading.authority.may(AcceptReferrals.duty, at: to)
    if mayAnswer, entry.state == .sent { forms.append(accepting) }
    if mayAnswer, entry.state == .sent || entry.state == .accepted {
      forms += [reporting(id), returning(id)]
    }
    if mayAnswer, entry.movedAt == nil, entry.departedAt == nil,
      [.accepted, .found].contains(entry.state)
    {
      forms.append(departing(id))
    }
    if entry.departedAt != nil, entry.arrivedAt == nil, entry.state.isActive,
      reading.authority.may(ArriveReferral.duty, at: to)
    {
      forms.append(arriving(id))
    }
    if entry.state.isActive, entry.state != .found,
      reading.authority.may(SendReferral.duty, at: from)
    {
      forms.append(sending)
    }
    if forms.isEmpty {
      forms.append(
        look.notice(
          entry.state.isActive
            ? look("您在这里没有要做的", "Nothing is left for you to do here")
            : look(entry.state.words), tone: .information))
    }
    return forms
  }

  private var accepting: HTML {
    look.card(
      look("接收", "Accept"),
      look.form(
        AcceptReferrals.name, for: request, hidden: [("referrals", entry.referral.text)],
        buttons: look.primaryButton(look("由我们负责，接收", "We answer for them: accept"))))
  }

  private func reporting(_ id: (String, String)) -> HTML {
    let buttons = ReferralOutcome.allCases.map {
      look.valueButton(look($0.words), name: "outcome", value: $0.rawValue)
    }
    return look.card(
      look("落地结果：人在哪里", "Found: where the person is"),
      look.form(
        ReportReferral.name, for: request, hidden: [id], buttons: HTML(buttons), isInline: true))
  }

  private func returning(_ id: (String, String)) -> HTML {
    let buttons = ReturnReason.allCases.map {
      look.valueButton(look($0.words), name: "reason", value: $0.rawValue)
    }
    return look.disclosure(
      look("退回", "Send back"), id: "return",
      look.form(
        ReturnReferral.name, for: request, hidden: [id], buttons: HTML(buttons), isInline: true))
  }

  private func departing(_ id: (String, String)) -> HTML {
    look.disclosure(
      look("送出（闭环转运）", "Send off (closed loop)"), id: "depart",
      isOpen: entry.needsMove,
      look.form(
        DepartReferral.name, for: request, hidden: [id],
        fields: [.init("site", look("送往", "Brought to"), .line, required: true)],
        buttons: look.primaryButton(look("人已上车", "The person has left"))))
  }

  private func arriving(_ id: (String, String)) -> HTML {
    look.card(
      look("到达", "Arrival"),
      look.paragraph(
        look(
          "由接收点的人确认；送出的人不能自己确认。",
          "Somebody at the site confirms it; whoever sent the person off cannot."))
        + look.form(
          ArriveReferral.name, for: request, hidden: [id],
          buttons: look.primaryButton(look("人已到达", "The person has arrived"))))
  }

  private var sending: HTML {
    look.disclosure(
      look("改推到另一辖区", "Send to another area"), id: "send", isOpen: entry.state == .returned,
      look.form(
        SendReferral.name, for: request, hidden: [("contact", entry.contact.text)],
        fields: [
          .init(
            "place", look("辖区编号", "The area's code"), .line,
            hint: look("社区、街道或区县的统计代码", "the code of a community, street or district"),
            required: true)
        ], buttons: look.primaryButton(look("推送", "Send"))))
  }
}

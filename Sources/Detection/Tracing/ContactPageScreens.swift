import Gazette
import Kernel
import Look
import Registry

/// One contact: what is known, what to decide, what to put right, and how it came about.
enum ContactPageScreens {
  static let one = Screen(
    path: "/contacts/:contact", title: Words("接触者", "Contact"), duty: ContactCard.duty,
    purpose: .investigation
  ) { request, reading in
    let page = try ContactPage(request: request, reading: reading)
    return Page(title: page.title, body: try page.body(), isLive: true)
  }
}

/// The page of a contact.
private struct ContactPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let contact: ContactID
  let card: ContactCard.Answer
  let mayDecide: Bool

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    contact = try ContactID(request.parameter("contact"))
    card = try reading.ask(ContactCard(contact: contact))
    let store = ContactsStore(reading.transaction)
    let paths = try [store.get(contact).path] + store.places(of: contact)
    mayDecide = paths.contains { reading.authority.may(ConfirmContacts.duty, at: $0) }
  }

  private var line: ListContacts.Line { card.line }
  var title: String {
    look("接触者 \(Mask.name(card.name ?? ""))", "Contact \(Mask.name(card.name ?? ""))")
  }

  func body() throws -> HTML {
    let chip =
      line.needsReview
      ? Look.Label(look("须重新判定", "decide again"), .late)
      : Look.Label(
        look(line.state.words),
        line.state == .proposed ? .soon : line.state == .confirmed ? .done : .neutral)
    return HTML([
      look.title(
        markup: look.masked(Mask.name(card.name ?? "")),
        look.chip(chip) + look.note(look(line.kind.words)) + cases),
      look.columns([
        look.stack([try evidence()]),
        look.stack([decision, look.card(look("登记", "Record"), try facts()), try history()]),
      ]),
    ])
  }

  private var cases: HTML {
    HTML(
      Set(card.links.map(\.infection)).sorted().map { infection in
        look.link(
          look("病例 \(infection)", "Case \(infection)"),
          to: "/cases/\(Address.escaped(infection.text))")
      })
  }

  private func facts() throws -> HTML {
    let home =
      try reading.jurisdiction.path(line.home, reading.transaction)
      .map { try reading.shortAddress(of: $0) } ?? line.home.text
    var lines: [(String, HTML)] = [
      (look("住在", "Lives in"), "\(home)"),
      (look("最后接触", "Last exposure"), "\(look.moment(line.lastAt))"),
      (look("第几层", "Degree"), "\(line.degree)"),
      (
        look("档案", "File"),
        look.link(
          look("居民档案", "resident’s file"), to: "/residents/\(Address.escaped(line.person.text))")
      ),
    ]
    if let referral = try ReferralsStore(reading.transaction).all(of: contact)
      .last(where: \.state.isActive), reading.authority.holds(ShowReferral.duty)
    {
      lines.append(
        (
          look("推送", "Hand-over"),
          look.link(
            look(referral.state.words), to: "/referrals/\(Address.escaped(referral.id.text))")
        ))
    }
    return look.facts(lines)
  }

  // MARK: Deciding

  private var decision: HTML {
    guard mayDecide, line.state.isLive else { return "" }
    let hidden = [("contacts", contact.text)]
    let asksAgain = line.state == .proposed || line.needsReview
    let confirming: HTML =
      !asksAgain
      ? ""
      : card.needsAnother
        ? look.paragraph(
          look("由您本人补录，须由另一人判定。", "You entered this yourself; another person confirms it."))
        : look.form(
          ConfirmContacts.name, for: request, hidden: hidden,
          buttons: look.primaryButton(
            look("判为\(look(line.kind.words))", "Confirm: \(look(line.kind.words))")),
          isInline: true)
    let reasons = RejectionReason.allCases.map {
      look.valueButton(look($0.words), name: "reason", value: $0.rawValue)
    }
    return look.panel(
      look("判定", "Decision"), id: "decide",
      confirming
        + look.disclosure(
          look("不是接触者", "Not a contact"), id: "reject",
          look.paragraph(
            line.state == .confirmed
              ? look("按此人的密接身份做的管控随之解除。", "What is done because of this contact ends with it.")
              : look("不会开始管控。", "No measure starts."))
            + look.form(
              RejectContacts.name, for: request, hidden: hidden, buttons: HTML(reasons),
              isInline: true)))
  }

  // MARK: Evidence

  private func evidence() throws -> HTML {
    // What weighs most stands first.
    let links = card.links.sorted {
      ($1.kind.weight, $1.span.to, $0.key) < ($0.kind.weight, $0.span.to, $1.key)
    }
    let rows = try links.map { link in
      let sources = link.sources.map { VisitSource(rawValue: $0).map { look($0.words) } ?? $0 }
      var lines: [(String, HTML)] = [
        (look("病例", "Case"), "\(link.infection)"),
        (look("类别", "Kind"), "\(look(link.kind.words))"),
        (look("怎么接触的", "How"), "\(try how(link))"),
        (look("时间", "When"), "\(look.moment(link.span.from))–\(look.end(link.span.to))"),
      ]
      if link.seconds > 0 {
        lines.append(
          (look("共处", "Together"), "\(look.duration(.seconds(link.seconds)))"))
      }
      if !sources.isEmpty {
        lines.append((look("来源", "Sources"), "\(sources.joined(separator: look("、", ", ")))"))
      }
      return look.card(
        nil, look.facts(lines) + (mayDecide && line.state.isLive ? correcting(link) : ""))
    }
    return look.panel(
      look("依据 \(card.links.count) 条", "Evidence: \(card.links.count)"), id: "evidence",
      look.stack(rows))
  }

  private func how(_ link: ContactCard.Link) throws -> String {
    let basis =
      switch link.basis {
      case .household: look("同住一户", "the same door")
      case .venue: look("同一场所", "the same venue")
      case .encounter: look("近距离接触", "encounter")
      case .interview: look("流调询问", "told in an interview")
      }
    let venue = try link.venue.map { try reading.name(of: PlaceID(trusted: $0.text)) }
    let through = try link.via.map { via in
      let file = try ResidentsStore(reading.transaction).current(via)
      reading.disclose(file?.id ?? via)
      return file?.name.map { Mask.name($0.revealed) } ?? via.text
    }
    return look.dotted([basis, venue, through.map { look("经由 \($0)", "through \($0)") }])
  }

  private func correcting(_ link: ContactCard.Link) -> HTML {
    func text(_ instant: Instant) -> String {
      let clock = instant.clock(in: reading.zone)
      return "\(clock.day.text)T\(clock.time)"
    }
    return look.disclosure(
      look("更正类别或时间…", "Correct kind or time…"), id: "correct-\(link.key)",
      look.form(
        CorrectContact.name, for: request,
        hidden: [
          ("exposure", link.key), ("contact", contact.text), ("infection", link.infection.text),
        ],
        fields: [
          .init(
            "kind", look("应为", "It is"),
            .choices(
              [ContactKind.close, .secondary, .general]
                .filter { ($0 == .secondary) == (link.degree == 2) || $0 == .general }
                .map { .init($0.rawValue, look($0.words)) }), required: true,
            start: link.kind.rawValue),
          .init(
            "from", look("从", "From"), .moment,
            hint: look("只改类别就都空着", "leave both empty to correct the kind only")),
          .init(
            "to", look("到", "To"), .moment,
            hint: look(
              "依据里是 \(text(link.span.from)) 到 \(text(link.span.to))",
              "the evidence says \(text(link.span.from)) to \(text(link.span.to))")),
          .init("reason", look("原因", "Reason"), required: true),
        ],
        buttons: look.primaryButton(look("更正", "Correct"))
          + look.note(
            look(
              "更轻、更短立即生效，再次计算也不变；更重的作为补录，由另一人判定。",
              "Weaker or shorter holds at once, also when computed again; stronger is entered as told, and another confirms."
            ))))
  }

  // MARK: History

  private func history() throws -> HTML {
    let steps = try reading.ask(ContactHistory(contact: contact)).steps
    let events = try steps.map { step in
      Look.Event(
        at: step.at, words(step),
        note: look.dotted([
          try step.by.map { try reading.office(ofSender: $0, at: step.at) },
          try step.approver.map {
            look(
              "复核：\(try reading.office(ofSender: $0, at: step.at))",
              "approved: \(try reading.office(ofSender: $0, at: step.at))")
          }, reason(step),
        ]), tone: step.what == .ruled ? .soon : .neutral)
    }
    return look.panel(
      look("判定经过", "How it came about"), id: "history", look.events(events, id: "steps"))
  }

  private func words(_ step: ContactHistory.Step) -> String {
    switch step.what {
    case .proposed: return look("系统提出", "proposed")
    case .confirmed: return look("已判定", "confirmed")
    case .changed:
      var parts: [String] = []
      if let was = step.wasKind, let kind = step.kind, was != kind {
        parts.append("\(look(was.words)) → \(look(kind.words))")
      }
      if let was = step.wasState, let state = step.state, was != state {
        parts.append("\(look(was.words)) → \(look(state.words))")
      }
      return parts.joined(separator: look("，", ", "))
    case .ruled:
      var parts: [String] = []
      if let was = step.wasKind, let kind = step.kind, was != kind {
        parts.append(look("更正为\(look(kind.words))", "corrected to \(look(kind.words))"))
      }
      if let was = step.wasSpan, let span = step.span, was != span {
        parts.append(
          look(
            "时间更正为 \(look.moment(span.from))–\(look.end(span.to))",
            "time corrected to \(look.moment(span.from))–\(look.end(span.to))"))
      }
      return parts.joined(separator: look("，", ", "))
    }
  }

  private func reason(_ step: ContactHistory.Step) -> String? {
    step.reason.map { code in
      switch code {
      case "evidence_gone": look("依据已不存在", "the evidence is gone")
      case Contact.merged: look("档案合并", "files were merged")
      case Contact.State.becameCase.rawValue: ""
      default: RejectionReason(rawValue: code).map { look($0.words) } ?? code
      }
    }
  }
}

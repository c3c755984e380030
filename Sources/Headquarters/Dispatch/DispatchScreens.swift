import Kernel
import Look
import Registry

/// The list of obligations and one of them.
enum DispatchScreens {
  static let list = Screen(
    path: "/obligations", title: Words("事项", "Obligations"), duty: ListObligations.duty,
    purpose: .supervision, navigation: 10
  ) { request, reading in
    let page = try ObligationsPage(request: request, reading: reading)
    let look = Look(reading)
    return Page(title: look("事项", "Obligations"), body: try page.body(), isLive: true)
  }

  static let one = Screen(
    path: "/obligations/:obligation", title: Words("事项", "Obligation"),
    duty: ListObligations.duty, purpose: .supervision
  ) { request, reading in
    let page = try ObligationPage(request: request, reading: reading)
    return Page(title: page.title, body: try page.body(), isLive: true)
  }
}

/// One obligation: where it stands, who was told, who was at the door, and what can be done.
private struct ObligationPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let obligation: Obligation
  let kind: ObligationKind?

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    let id = try ObligationID(request.parameter("obligation"))
    let found = try ObligationStore(reading.transaction).find(id)
    guard let found, reading.authority.may(ListObligations.duty, at: found.path) else {
      throw Refusal.notFound(Words("事项", "obligation"), id.text)
    }
    obligation = found
    kind = reading.assembly.obligationKinds[found.kind]
  }

  var title: String { kind.map { look($0.title) } ?? obligation.kind }

  func body() throws -> HTML {
    let label =
      obligation.closedAt.map {
        look.closed($0, deadline: obligation.deadline, waived: obligation.state == .waived)
      } ?? look.deadline(obligation.deadline)
    return HTML([
      look.title(title, look.chip(label)),
      look.columns([
        look.stack([look.card(nil, try facts()), try attempts()]),
        look.stack(obligation.isOwed ? forms() : closedForms()),
      ]),
    ])
  }

  /// The titles of the editions that were asked.
  private var policy: String {
    obligation.policy.split(separator: " ")
      .map { look.edition(String($0), of: reading.rules.policies) }
      .joined(separator: look("、", ", "))
  }

  private func facts() throws -> HTML {
    var lines: [(String, HTML)] = [
      (look("编号", "Number"), "\(obligation.id)"),
      (look("地点", "Where"), "\(try reading.address(of: obligation.path))"),
      (look("到期", "Due"), "\(look.nearEnd(obligation.deadline))"),
      (
        look("谁负责", "Who has it"),
        "\(try reading.holder(claimedBy: obligation.claimedBy, seat: obligation.seat.description))"
      ),
      (look("提级", "Escalation"), try ladder()),
      (look("依据", "Policy"), "\(policy)"),
    ]
    if let person = obligation.person {
      lines.append(
        (
          look("关于", "About"),
          look.link(
            look("居民档案", "resident’s file"), to: "/residents/\(Address.escaped(person.text))")
        ))
    }
    if let subject = subjectAddress {
      lines.append((look("事由", "Because of"), look.link(look("打开", "open its page"), to: subject)))
    }
    if let closedAt = obligation.closedAt, obligation.state == .done {
      let who = try obligation.closedBy.map { try reading.office(ofSender: $0, at: closedAt) }
      lines.append(
        (
          look("办结", "Done"), "\(look.dotted([look.moment(closedAt), who]))"
        ))
      lines.append(
        (
          look("凭证", "Proof"),
          look.link(
            look("照片、签名、凭条", "photographs, signature, slip"),
            to: "/proofs/of/\(Address.escaped(obligation.id.text))")
        ))
    }
    if let reason = obligation.reason {
      lines.append((look("撤销原因", "Waived because"), "\(reason)"))
    }
    return look.facts(lines)
  }

  /// The page of what it is about, by the slice that made it.
  private var subjectAddress: String? {
    guard let page = kind?.page else { return nil }
    if page.contains(":person"), obligation.person == nil { return nil }
    return page.replacing(":subject", with: Address.escaped(obligation.subject))
      .replacing(":person", with: Address.escaped(obligation.person?.text ?? ""))
  }

  private func ladder() throws -> HTML {
    let told = try ObligationStore(reading.transaction).escalations(of: obligation.id)
    if told.isEmpty { return "\(look("还没有提级", "nobody above has been told"))" }
    let steps = try told.map { step in
      let seat = try step.seat.map { try reading.words(of: $0) } ?? "?"
      return "\(seat) \(look.time(step.at))"
    }
    return "\(steps.joined(separator: " → "))"
  }

  private func attempts() throws -> HTML {
    let calls = try ObligationStore(reading.transaction).attempts(of: obligation.id)
    if calls.isEmpty { return "" }
    return look.card(
      look("上门记录", "Calls at the door"),
      look.events(
        try calls.map { call in
          let isHelp = call.outcome == NoteAttempt.Outcome.needsHelp.rawValue
          return Look.Event(
            at: call.at, isHelp ? look("求助", "Help was asked for") : look("没人", "Nobody home"),
            note: try reading.office(ofSender: call.sender, at: call.at),
            tone: isHelp ? .late : .neutral)
        }, id: "attempts"))
  }

  private func forms() -> [HTML] {
    let id = ("obligation", obligation.id.text)
    var forms = [kind?.decidedWhere.map(decision) ?? finishing(id)]
    if obligation.claimedBy == nil {
      forms.append(
        look.card(
          look("认领", "Take it on"),
          look.form(
            ClaimObligation.name, for: request, hidden: [id],
            buttons: look.plainButton(look("我来办", "I take it")))))
    }
    if kind?.decidedWhere == nil, reading.authority.may(WaiveObligation.duty, at: obligation.path) {
      forms.append(
        look.disclosure(
          look("撤销这件事项", "Waive it"), id: "waive",
          look.form(
            WaiveObligation.name, for: request, hidden: [id],
            fields: [.init("reason", look("原因", "Reason"), .long, required: true)],
            buttons: look.dangerButton(look("撤销", "Waive")))))
    }
    return forms
  }

  private func finishing(_ id: (String, String)) -> HTML {
    look.card(
      look("办结", "Finish"),
      look.form(
        FinishObligation.name, for: request, hidden: [id],
        fields: ProofFields(look: look).fields(of: kind),
        buttons: look.primaryButton(kind.map { look($0.action) } ?? look("已办", "Done"))))
  }

  /// Nobody ticks a decision off: the page says where it is made.
  private func decision(_ place: Words) -> HTML {
    look.card(
      look("只有作出决定才能办结", "Only the decision closes this"),
      look.paragraph(look(place))
        + (subjectAddress.map {
          look.linkButton(kind.map { look($0.action) } ?? look("去决定", "Decide"), to: $0)
        } ?? ""))
  }

  private func closedForms() -> [HTML] {
    guard let closedAt = obligation.closedAt, closedAt > obligation.deadline else {
      return [look.notice(look("已办结", "It is done"), tone: .done)]
    }
    if let at = obligation.struckOffAt {
      return [
        look.notice(
          look("已销号 \(look.nearMoment(at))", "Struck off \(look.nearMoment(at))"), tone: .done)
      ]
    }
    let mayStrike = reading.authority.may(StrikeOffObligation.duty, at: obligation.path)
    return [
      look.card(
        look("超时后才办结", "Done, but late"),
        mayStrike
          ? look.form(
            StrikeOffObligation.name, for: request, hidden: [("obligation", obligation.id.text)],
            buttons: look.primaryButton(look("销号", "Strike off the list")))
          : look.paragraph(look("等督办人销号。", "A supervisor strikes it off.")))
    ]
  }
}

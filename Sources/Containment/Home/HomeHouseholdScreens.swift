import Kernel
import Look
import Registry

/// One household in isolation: who, the six rules, what is brought, who cares, and what was done.
struct HomeHouseholdPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let shown: ShowHomeHousehold.Answer
  private let path: PlacePath

  init(_ id: HomeHouseholdID, request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    shown = try reading.ask(ShowHomeHousehold(household: id))
    path =
      try reading.jurisdiction.path(shown.household.home, reading.transaction) ?? .everywhere
  }

  private var household: HomeHouseholdView { shown.household }
  private var mayDecide: Bool { reading.authority.may(DecideRemedy.duty, at: path) }
  private var mayArrange: Bool { reading.authority.may(AskOuting.duty, at: path) }

  func body() throws -> HTML {
    let address = try reading.address(of: path)
    return HTML([
      look.title(address, label.map { look.chip($0) }),
      look.columns([
        look.stack([people, rules, remedy, try decisions(), try visits()]),
        look.stack([deliveries, coResidents, reports, outings, asking]),
      ]),
    ])
  }

  private var label: Look.Label? {
    if household.closedAt != nil { return .init(look("已结束", "over"), .neutral) }
    return household.unmet > 0
      ? .init(look("\(household.unmet) 项不符合", "\(household.unmet) not met"), .soon) : nil
  }

  private func name(_ masked: String) -> String {
    masked.isEmpty ? look("姓名未知", "name unknown") : masked
  }

  private var people: HTML {
    if household.people.isEmpty {
      return look.empty(look("现在没有人居家隔离", "Nobody is isolated here now"), isGood: true)
    }
    return look.panel(
      look("居家隔离的人", "Who is isolated"),
      HTML(household.people.map { look.card(nil, look.facts(lines(of: $0))) }))
  }

  private func lines(of person: HomePersonView) -> [(String, HTML)] {
    let measure = look.dotted([
      look(person.kind.words),
      look("第 \(person.day) 天，共 \(person.days) 天", "day \(person.day) of \(person.days)"),
      look("到 \(look.end(person.until))", "until \(look.end(person.until))"),
    ])
    let address = "/restrictions/of/\(Address.escaped(person.person.text))"
    var lines: [(String, HTML)] = [
      (look("人", "Who"), look.link(name(person.name), to: address)),
      (look("措施", "Measure"), "\(measure)"), (look("报告", "Reports"), heard(person)),
    ]
    let registry = try? reading.policy(RegistryPolicy.self)
    let needs = person.needs.compactMap { registry?.need($0).title }.map { look($0) }
    if !needs.isEmpty {
      lines.append((look("特殊需要", "Needs"), "\(needs.joined(separator: look("、", ", ")))"))
    }
    return lines + care(of: person.person)
  }

  private func heard(_ person: HomePersonView) -> HTML {
    if person.isSilent { return look.chip(look("超时没有报告", "silent too long"), .late) }
    guard let at = person.heardAt else { return "\(look("尚无报告", "no word yet"))" }
    return "\(look("最近 \(look.nearMoment(at))", "last \(look.nearMoment(at))"))"
  }

  private func care(of person: PersonID) -> [(String, HTML)] {
    guard let care = shown.care.first(where: { $0.person == person }) else { return [] }
    let address = "/home/care/\(Address.escaped(person.text))"
    let said: HTML =
      care.carer.map { look.masked($0) } ?? look.chip(look("未落实", "nobody named"), .late)
    let asked = care.carer == nil ? look("登记", "name one") : look("更换", "change")
    return [
      (look("照护人", "Carer"), "\(said) \(mayArrange ? look.link(asked, to: address) : "")")
    ]
  }

  private var rules: HTML {
    guard let checklist = shown.checklist, let by = household.checklistBy else { return "" }
    let kind = reading.assembly.obligationKinds[HomeDuties.checklist.name]
    return look.panel(
      look("核对六要求", "The six rules"), chip: look.deadline(by),
      look.form(
        FinishObligation.name, for: request, hidden: [("obligation", checklist.text)],
        fields: ProofFields(look: look).fields(of: kind),
        buttons: look.primaryButton(look("登记", "Record"))))
  }

  private var remedy: HTML {
    guard let by = household.remedyBy else { return "" }
    let note = look(
      "不符合不会自动加重措施：由街道整改、采取替代措施，或说明理由后转集中隔离。本人可以提出异议。",
      "Nothing gets stricter by itself: the street mends it, takes other precautions, or says why they move to a site. The person may object."
    )
    let form: HTML =
      mayDecide
      ? look.form(
        DecideRemedy.name, for: request, hidden: [("household", household.household.text)],
        fields: [
          .init(
            "outcome", look("处置", "Decision"),
            .choices(RemedyOutcome.allCases.map { .init($0.rawValue, look($0.words)) }),
            required: true),
          .init("reason", look("理由和措施", "Reason and what was done"), .long, required: true),
        ], buttons: look.primaryButton(look("登记处置", "Decide"))) : ""
    return look.panel(
      look("不符合六要求", "A rule is not met"), chip: look.deadline(by),
      look.paragraph(note) + form)
  }

  private func decisions() throws -> HTML {
    if shown.decisions.isEmpty { return "" }
    let rows = try shown.decisions.reversed().map { decision in
      look.paragraph(
        look.dotted([
          look.nearMoment(decision.at), look(decision.outcome.words), decision.reason,
          try reading.office(ofSender: decision.by, at: decision.at),
        ]))
    }
    return look.panel(look("处置记录", "Decisions"), HTML(rows))
  }

  private func visits() throws -> HTML {
    let rows = try shown.visits.map { visit in
      look.paragraph(
        look.dotted([
          look.nearMoment(visit.at),
          visit.unmet.isEmpty
            ? look("六要求全部符合", "all six rules met")
            : look("不符合：", "not met: ")
              + visit.unmet.map { look($0.words) }.joined(separator: look("；", "; ")),
          try reading.office(ofSender: visit.sender, at: visit.at),
        ]))
    }
    return look.panel(
      look("上门核对记录", "Visits"),
      rows.isEmpty ? look.empty(look("还没有核对过", "Nobody has looked yet")) : HTML(rows))
  }

  private var deliveries: HTML {
    let rows = household.deliveries.map { delivery -> HTML in
      "<p>\(look(delivery.service.words)) \(look.chip(deadline: delivery.by))</p>"
    }
    return look.panel(
      look("送达和清运", "Brought and fetched"),
      rows.isEmpty
        ? look.empty(look("现在没有待办", "Nothing is left for now"), isGood: true) : HTML(rows))
  }

  private var coResidents: HTML {
    if shown.coResidents.isEmpty { return "" }
    let rows = shown.coResidents.map { other -> HTML in
      let applies =
        other.isAway
        ? look("已另住", "lives elsewhere for now")
        : other.measures.isEmpty
          ? look("同住人：一同不外出，或另住", "lives here: stays in too, or elsewhere")
          : other.measures.map { look($0.words) }.joined(separator: look("、", ", "))
      return "<p>\(look.masked(name(other.name))) \(applies)</p>"
    }
    return look.panel(look("同住人", "Who else lives here"), HTML(rows))
  }

  private var reports: HTML {
    if shown.reports.isEmpty { return "" }
    let rows = shown.reports.map { report -> HTML in
      let who = report.isOwn ? look("本人报告", "by the person") : look("上门询问", "at the door")
      let said =
        report.at.map { look.dotted([look.nearMoment($0), who]) }
        ?? (report.due < reading.now ? look("没有报告", "missed") : look("待报告", "to come"))
      return """
        <p>\(look.masked(name(report.name))) \
        \(look("\(look.nearEnd(report.due)) 前：", "by \(look.nearEnd(report.due)): "))\(said)</p>
        """
    }
    return look.panel(look("体温和症状", "Temperature and symptoms"), HTML(rows))
  }

  private var outings: HTML {
    if shown.outings.isEmpty { return "" }
    let rows = shown.outings.map { outing -> HTML in
      let said = look.dotted([look.nearMoment(outing.leaveAt), look(outing.state.words)])
      return "<p>\(look.link(said, to: HomeScreens.address(outing.outing)))</p>"
    }
    return look.panel(look("外出就医", "Out for care"), HTML(rows))
  }

  private var asking: HTML {
    guard mayArrange, household.closedAt == nil, !household.people.isEmpty else { return "" }
    let choices = household.people.map {
      Look.Field.Choice($0.person.text, name($0.name))
    }
    return look.disclosure(
      look("代为申请外出就医", "Ask for a way out for care"), id: "ask-outing",
      look.paragraph(
        look("急症先打 120，不等审批。", "Emergency: call 120 first; nobody waits for approval."))
        + look.form(
          AskOuting.name, for: request,
          fields: [.init("person", look("谁", "Who"), .list(choices), required: true)]
            + OutingPage.fields(look), buttons: look.primaryButton(look("申请", "Ask"))))
  }
}

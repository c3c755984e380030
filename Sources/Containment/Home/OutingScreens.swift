import Kernel
import Look
import Registry

/// One way out for care: the decision, each leg by its own side, and home again.
struct OutingPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let shown: ShowOuting.Answer
  private let path: PlacePath

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    shown = try reading.ask(ShowOuting(outing: OutingID(request.parameter("outing"))))
    path = try reading.jurisdiction.path(shown.view.home, reading.transaction) ?? .everywhere
  }

  private var view: OutingView { shown.view }
  private var own: (String, String) { ("outing", view.outing.text) }

  /// What is asked of whoever asks for a way out.
  static func fields(_ look: Look) -> [Look.Field] {
    [
      .init("destination", look("去哪里（医院）", "Where to (hospital)"), .line, required: true),
      .init("reason", look("为什么", "Why"), .long, required: true),
      .init(
        "leaveAt", look("什么时候出发", "When to leave"), .moment,
        hint: look("急症可不填", "not needed in an emergency")),
      .init(
        "emergency", look("是急症吗", "Is it an emergency"),
        .choices([
          .init("false", look("不是", "no")), .init("true", look("是，已打 120", "yes, 120 was called")),
        ]), required: true, start: "false"),
    ]
  }

  func body() throws -> HTML {
    HTML([
      look.title(
        markup: look.masked(view.name.isEmpty ? look("姓名未知", "name unknown") : view.name),
        look.chip(look(view.state.words), view.state.isAway ? .soon : .today)),
      look.columns([look.stack([try card(), try legs()]), look.stack([next, decision, cancel])]),
    ])
  }

  private func card() throws -> HTML {
    var lines: [(String, HTML)] = [
      (look("去哪里", "Where to"), "\(shown.destination)"), (look("原因", "Why"), "\(shown.reason)"),
      (look("出发时间", "To leave"), "\(look.nearMoment(view.leaveAt))"),
      (look("住处", "Home"), "\(try reading.address(of: path))"),
      (
        look("申请", "Asked"),
        "\(look.dotted([look.nearMoment(view.askedAt), try reading.office(ofSender: view.askedBy, at: view.askedAt)]))"
      ),
    ]
    if view.isEmergency {
      lines.append(
        (look("急症", "Emergency"), look.chip(look("先打 120，不等审批", "120 first, nobody waits"), .late)))
    } else if let at = view.decidedAt, let by = view.decidedBy {
      lines.append(
        (
          look("审批", "Decided"),
          "\(look.dotted([look.nearMoment(at), try reading.office(ofSender: by, at: at)]))"
        ))
    }
    if let refusal = shown.refusal { lines.append((look("不批准的理由", "Why not"), "\(refusal)")) }
    if let there = shown.driverThere {
      lines.append(
        (
          look("去程司机和车辆", "Driver and vehicle there"),
          "\(look.dotted([there, view.vehicleThere]))"
        ))
    }
    if let driver = shown.driver {
      let title =
        shown.driverThere == nil
        ? look("司机和车辆", "Driver and vehicle") : look("返程司机和车辆", "Driver and vehicle back")
      lines.append((title, "\(look.dotted([driver, view.vehicle]))"))
    }
    if let due = shown.due { lines.append((look("下一步", "Next"), look.chip(deadline: due))) }
    lines.append(
      (
        look("措施", "Measure"),
        look.link(
          look("外出期间措施照常执行", "the measure holds while they are out"),
          to: "/restrictions/of/\(Address.escaped(view.person.text))")
      ))
    return look.card(nil, look.facts(lines))
  }

  private func legs() throws -> HTML {
    if view.legs.isEmpty { return "" }
    let rows = try view.legs.map { leg in
      look.paragraph(
        look.dotted([
          look(leg.state.words), look.nearMoment(leg.at),
          try reading.office(ofSender: leg.by, at: leg.at),
        ]))
    }
    return look.panel(look("行程（双方确认）", "The way, said by both sides"), HTML(rows))
  }

  /// The next leg, in one press by the side whose word it is.
  private var next: HTML {
    guard reading.authority.may(AskOuting.duty, at: path),
      let to = HomeRules.next(of: view.state)
    else { return "" }
    let words =
      switch to {
      case .out: look("车已出发", "The car has left")
      case .there: look("已到达", "Arrived")
      case .back: look("已离开医院返程", "Left for home")
      default: look("已到家", "Home again")
      }
    let isDriving = to == .out || to == .back
    let fields: [Look.Field] =
      isDriving
      ? [
        .init(
          "driver", look("司机", "Driver"), .line,
          hint: view.isEmergency && to == .out
            ? look("120 救护车可不填", "not needed for an ambulance") : nil,
          required: !(view.isEmergency && to == .out)),
        .init(
          "vehicle", look("车牌", "Number plate"), .line,
          required: !(view.isEmergency && to == .out)),
      ] : []
    let hint =
      isDriving
      ? ""
      : look.paragraph(
        look("由另一方确认，不能由报告出发的人确认。", "The other side says so, not whoever said they left."))
    return look.panel(
      look("下一程", "Next leg"),
      hint
        + look.form(
          MoveOuting.name, for: request, hidden: [own, ("to", to.rawValue)], fields: fields,
          buttons: look.primaryButton(words)))
  }

  private var decision: HTML {
    guard view.state == .asked, reading.authority.may(AnswerOuting.duty, at: path) else {
      return ""
    }
    return look.panel(
      look("审批", "Decide"), chip: shown.due.map { look.deadline($0) },
      look.form(
        AnswerOuting.name, for: request, hidden: [own],
        fields: [
          .init(
            "reason", look("不批准须写明理由（本人会看到）", "If not, why (the person reads it)"), .long)
        ], buttons: look.approvalButtons))
  }

  private var cancel: HTML {
    guard [.asked, .approved].contains(view.state),
      reading.authority.may(CancelOuting.duty, at: path)
    else { return "" }
    return look.form(
      CancelOuting.name, for: request, hidden: [own],
      buttons: look.plainButton(look("取消这次外出", "Cancel")), isInline: true)
  }
}

/// Who cares for somebody who cannot be alone.
struct CarePage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let shown: ShowCare.Answer

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    shown = try reading.ask(ShowCare(person: PersonID(request.parameter("person"))))
  }

  func body() throws -> HTML {
    let path = try reading.jurisdiction.path(shown.home, reading.transaction) ?? .everywhere
    let carer: HTML =
      shown.carer.map { look.masked($0) } ?? look.chip(look("未落实", "nobody named"), .late)
    let since = shown.since.map { look("自 \(look.nearMoment($0))", "since \(look.nearMoment($0))") }
    let facts = look.facts([
      (look("被照护人", "Who is cared for"), look.masked(shown.name)),
      (look("住处", "Home"), "\(try reading.address(of: path))"),
      (look("照护人", "Carer"), "\(carer) \(since ?? "")"),
    ])
    return HTML([
      look.title(look("落实照护人", "Name a carer")), look.card(nil, facts),
      reading.authority.may(NameCarer.duty, at: path) ? form : "",
    ])
  }

  private var form: HTML {
    if !shown.isDependent {
      return look.notice(
        look("台账显示此人能够自理", "By the register they can be alone"), tone: .information)
    }
    let hint = look(
      "照护人须为健康成年人，不是老人或病人。家中没有合适的人，请填写亲友或社区人员的人员编号。",
      "A carer is a healthy adult, not the old or the ill. If nobody at home fits, give the number of a relative or somebody of the community."
    )
    let entry: Look.Field =
      shown.candidates.isEmpty
      ? .init("carer", look("照护人的人员编号", "The carer’s number"), .line, required: true)
      : .init(
        "carer", look("照护人", "Carer"),
        .list(shown.candidates.map { .init($0.person.text, $0.name) }), required: true)
    return look.panel(
      look("登记照护人", "Name a carer"),
      look.paragraph(hint)
        + look.form(
          NameCarer.name, for: request, hidden: [("person", shown.person.text)],
          fields: [entry], buttons: look.primaryButton(look("登记", "Enter"))))
  }
}

/// What a resident asked for, with the form to answer it.
struct ResidentRequestPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let shown: ShowResidentRequest.Answer

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    shown = try reading.ask(
      ShowResidentRequest(request: ResidentRequestID(request.parameter("request"))))
  }

  func body() throws -> HTML {
    let view = shown.request
    let label =
      view.answeredAt.map { look.closed($0, deadline: view.due) } ?? look.deadline(view.due)
    var lines: [(String, HTML)] = [
      (
        look("谁", "Who"),
        look.link(
          shown.name.isEmpty ? look("姓名未知", "name unknown") : shown.name,
          to: "/residents/\(Address.escaped(shown.person.text))")
      ), (look("提出", "Asked"), "\(look.nearMoment(view.askedAt))"),
      (
        look("由谁办", "Who has it"),
        "\(try reading.holder(claimedBy: view.claimedBy, seat: view.seat))"
      ),
    ]
    if !view.text.isEmpty { lines.append((look("本人写道", "They wrote"), "\(view.text)")) }
    if let answer = view.answer { lines.append((look("答复", "Answer"), "\(answer)")) }
    let kind = reading.assembly.obligationKinds[HomeDuties.request.name]
    let form: HTML? = shown.obligation.map { obligation in
      look.panel(
        look("答复", "Answer"),
        look.form(
          FinishObligation.name, for: request, hidden: [("obligation", obligation.text)],
          fields: ProofFields(look: look).fields(of: kind),
          buttons: look.primaryButton(look("答复", "Answer"))))
    }
    return HTML([
      look.title(look(view.words), look.chip(label)), look.card(nil, look.facts(lines)),
      form ?? "",
    ])
  }
}

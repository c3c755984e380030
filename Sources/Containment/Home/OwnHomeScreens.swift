import Kernel
import Look
import Registry

/// What stands on a resident's own page of isolation at home: what to report, who brings what, what they
/// asked for, and the way out for care.
struct OwnHomePart {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let own: OwnHome.Answer

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    own = try reading.ask(OwnHome())
  }

  /// The large buttons that lead to the parts below.
  var actions: [Look.Action] {
    var actions: [Look.Action] = []
    if !own.kinds.isEmpty {
      actions.append(
        Look.Action(
          look("我要帮助", "I need help"),
          own.kinds.map { look($0.words) }.joined(separator: look("、", ", ")), to: "#help"))
    }
    if own.isKeptHome {
      actions.append(
        Look.Action(
          look("我要外出就医", "I need care outside"),
          look("批准后专车往返", "a car takes you there and back"), to: "#outing"))
    }
    return actions
  }

  /// Temperature and symptoms, where a report is due or was given.
  var reports: HTML {
    HTML(
      own.reports.map { report in
        let title =
          report.childName.map {
            look("为 \($0) 报告体温和症状", "Report temperature and symptoms of \($0)")
          } ?? look("报告体温和症状", "Report temperature and symptoms")
        guard let due = report.due else {
          let next =
            report.from.map {
              look("下一次请在 \(look.time($0)) 以后。", "The next one after \(look.time($0)).")
            } ?? look("今天不用再报。", "Nothing more today.")
          return look.card(
            title,
            look.paragraph(look("已经报过了，谢谢。", "Reported, thank you. ") + next)
              + look.disclosure(
                look("不舒服了，马上再报", "I feel ill: report again"),
                id: "report-again-\(report.person.text)",
                healthForm(of: report.person)))
        }
        let late = due < reading.now
        let hint =
          late
          ? look(
            "应在 \(look.time(due)) 前报告，请现在补报。", "It was due by \(look.time(due)); please report now."
          )
          : look("请在 \(look.time(due)) 前报告。", "Please report by \(look.time(due)).")
        return look.card(title, look.paragraph(hint) + healthForm(of: report.person))
      })
  }

  private func healthForm(of person: PersonID) -> HTML {
    look.form(
      ReportOwnHealth.name, for: request, hidden: [("person", person.text)],
      fields: [
        .init("temperature", look("体温（℃）", "Temperature (°C)"), .number, required: true),
        .init(
          "symptom", look("有没有不舒服", "Any symptoms"),
          .list(Symptom.choices.map { .init($0.code, look($0.words)) }), required: true),
      ], buttons: look.primaryButton(look("报告", "Report")))
      + look.paragraph(
        look(
          "有发热或症状，社区会马上联系您。呼吸困难、神志不清请直接打 120。",
          "With a fever or a symptom the community calls you at once. If you cannot breathe well, call 120."
        ))
  }

  /// Who brings what, and when.
  func deliveries() throws -> HTML {
    guard own.isKeptHome else { return "" }
    let carrier = try own.carrier.flatMap(Seat.init).map { try reading.words(of: $0) } ?? ""
    var lines = own.deliveries.map { delivery in
      let state =
        delivery.isDone
        ? look("已送到", "done") : look("\(look.time(delivery.by)) 前", "by \(look.time(delivery.by))")
      let service = words(of: delivery.service)
      return look.paragraph(look("\(service)：\(state)", "\(service): \(state)"))
    }
    if lines.isEmpty {
      lines = [
        look.paragraph(
          own.isServedByZone
            ? look("风险区工作人员每天送生活物资到门口。", "The zone’s staff bring supplies to your door each day.")
            : look("今天没有更多安排；需要什么请在下面提出。", "Nothing more today; ask below for what you need."))
      ]
    }
    let who = look(
      "由 \(carrier) 负责，放在门口，不用见面。", "\(carrier) does it and leaves it at your door.")
    return look.card(
      look("谁送什么", "Who brings what"), HTML(lines) + (carrier.isEmpty ? "" : look.paragraph(who)))
  }

  private func words(of service: HomeService) -> String {
    switch service {
    case .supply: look("生活物资和药品", "Food and medicine")
    case .rubbish: look("清运垃圾（双层装袋）", "Rubbish fetched (in two bags)")
    }
  }

  /// What may be asked for, and what became of what was.
  func requests() throws -> HTML {
    if own.kinds.isEmpty { return "" }
    let asked = try own.requests.map(asked)
    let form = look.form(
      AskForHelp.name, for: request,
      fields: [
        .init(
          "kind", look("需要什么", "What do you need"),
          .choices(own.kinds.map { .init($0.code, label(of: $0)) }), required: true),
        .init("text", look("说明（可不填）", "In words (may be empty)"), .long),
      ], buttons: look.primaryButton(look("提出", "Ask")))
    return """
      <section class="card" id="help"><h2>\(look("我要帮助", "I need help"))</h2>\
      \(HTML(asked))\(form)</section>
      """
  }

  private func label(of kind: OwnHome.Kind) -> String {
    let span = look.duration(.minutes(kind.minutes))
    return look("\(look(kind.words))（\(span)内答复）", "\(look(kind.words)) (answer within \(span))")
  }

  private func asked(_ asked: ResidentRequestView) throws -> HTML {
    let outcome: String? =
      switch asked.outcome {
      case "done": look("已办到", "done")
      case "partly": look("部分办到", "done in part")
      case "not": look("没有办到", "not possible")
      default: asked.answeredAt == nil ? nil : look("已处理", "closed")
      }
    let who = try Seat(asked.seat).map { try reading.words(of: $0) } ?? asked.seat
    let state: HTML =
      outcome.map { look.chip($0, asked.outcome == "not" ? .soon : .done) }
      ?? look.chip(deadline: asked.due)
    let said = look.dotted([look.nearMoment(asked.askedAt), asked.text.isEmpty ? nil : asked.text])
    let holder = outcome == nil ? look("\(who) 正在办理", "\(who) has it") : asked.answer ?? ""
    return """
      <div class="row"><strong>\(look(asked.words))</strong> \(state)</div>\
      \(look.paragraph(said))\(holder.isEmpty ? "" : look.paragraph(holder))
      """
  }

  /// The way out for care: asked, decided, under way.
  var outing: HTML {
    if let shown = own.outing, !shown.view.state.isOver || shown.view.state == .declined {
      return card(stands(shown))
    }
    return own.isKeptHome ? card(ask) : ""
  }

  private func card(_ body: HTML) -> HTML {
    """
    <section class="card" id="outing"><h2>\(look("外出就医", "Care outside"))</h2>\(body)</section>
    """
  }

  private var ask: HTML {
    look.paragraph(
      look(
        "急症先打 120，不等审批。其他就医在这里申请，批准后由专车送去、接回。",
        "Emergency: call 120 first and wait for nobody. Other care is asked for here; a car takes you there and back."
      ))
      + look.disclosure(
        look("申请外出就医", "Ask for care outside"), id: "ask-outing",
        look.form(
          AskOwnOuting.name, for: request, fields: OutingPage.fields(look),
          buttons: look.primaryButton(look("申请", "Ask"))))
  }

  private func stands(_ shown: ShowOuting.Answer) -> HTML {
    let view = shown.view
    let own = ("outing", view.outing.text)
    let head: HTML = """
      <div class="row"><strong>\(shown.destination)</strong> \
      \(look.chip(look(view.state.words), view.state == .declined ? .late : .today))</div>
      """
    let when = look.paragraph(
      look("出发时间 \(look.nearMoment(view.leaveAt))", "To leave \(look.nearMoment(view.leaveAt))"))
    switch view.state {
    case .asked:
      let due = shown.due.map { look.nearEnd($0) } ?? ""
      return head + when
        + look.paragraph(look("街道会在 \(due) 前答复。", "The street answers by \(due)."))
        + cancel(own)
    case .declined:
      return head
        + look.paragraph(look("不批准的理由：\(shown.refusal ?? "")", "Why not: \(shown.refusal ?? "")"))
        + look.paragraph(
          look(
            "不同意可以再次申请，也可以在下面提出异议，由别的单位复核。",
            "If you disagree, ask again, or object below: another office looks at it."))
        + ask
    case .approved: return head + when + car(shown) + cancel(own)
    case .back:
      return head + car(shown)
        + look.form(
          ConfirmOwnReturn.name, for: request, hidden: [own],
          buttons: look.primaryButton(look("我已到家", "I am home")))
    case .out, .there: return head + car(shown)
    case .cancelled, .home: return head
    }
  }

  private func car(_ shown: ShowOuting.Answer) -> HTML {
    guard let driver = shown.driver else {
      return look.paragraph(look("已批准，司机确定后显示在这里。", "Approved; the driver will be shown here."))
    }
    let who = look.dotted([driver, shown.view.vehicle])
    return look.paragraph(look("司机和车辆：\(who)", "Driver and vehicle: \(who)"))
  }

  private func cancel(_ own: (String, String)) -> HTML {
    look.form(
      CancelOwnOuting.name, for: request, hidden: [own],
      buttons: look.plainButton(look("取消申请", "Cancel")), isInline: true)
  }
}

import Kernel
import Look
import Registry

/// The page that a resident opens from a slip of paper.
enum OwnPageScreens {
  static let me = Screen(
    path: "/me", title: Words("我的情况", "My situation"), duty: .ownFile, purpose: .ownFile
  ) { request, reading in
    let page = try OwnPage(request: request, reading: reading)
    return Page(
      title: Look(reading)("我的情况", "My situation"), body: try page.body(), frame: .resident)
  }
}

/// First the answer, then the days, then why, then what one can do, then who looked.
private struct OwnPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let all: [RestrictionView]
  let home: OwnHomePart

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    all = try reading.ask(OwnRestrictions()).restrictions
    home = try OwnHomePart(request: request, reading: reading)
  }

  /// What holds now, that which ends last first.
  private var holding: [RestrictionView] {
    all.filter { $0.state == .effective && $0.kind.isLimiting }.sorted { $0.end > $1.end }
  }

  func body() throws -> HTML {
    let notices = all.filter { $0.state == .effective && !$0.kind.isLimiting }
    let lifted = all.filter { $0.state == .suspended }
    let over = all.filter { $0.state == .ended }
    return HTML(
      [
        answer, several, home.reports, try HTML(holding.map(why)), try home.deliveries(), actions,
        try home.requests(), home.outing, objectionForm,
        try HTML((notices + lifted).map { try card($0).html(isOwn: true) }),
        try HTML(over.isEmpty ? [] : [former(over)]), try looks(), emergency,
      ] + holding.prefix(1).map { look.slipLine(number: $0.restriction.text, until: $0.end) })
  }

  private var answer: HTML {
    if let first = holding.first {
      let what = look(first.kindWords)
      return look.answer(
        look("您需要\(what)到 ", "You are in \(what) until "), until: first.end,
        look("到期自动解除。", "It ends by itself."))
    }
    if all.contains(where: { $0.state == .suspended }) {
      return look.answer(
        look(
          "您现在不受限制：异议没有按时答复，措施已先行解除。",
          "Nothing limits you: your objection was not answered in time, so it is lifted."))
    }
    return look.answer(look("您现在没有任何管控措施，可以正常出行。", "Nothing limits you. You may go out as usual."))
  }

  /// That more than one measure holds, so that nobody takes the first for all.
  private var several: HTML {
    if holding.count < 2 { return "" }
    return look.paragraph(
      look(
        "现在同时有 \(holding.count) 项措施，到期各不相同，都列在下面。",
        "\(holding.count) measures hold at once, each with its own end; all stand below."))
  }

  private func card(_ view: RestrictionView) -> RestrictionCardView {
    RestrictionCardView(view: view, reading: reading, look: look)
  }

  private func why(_ view: RestrictionView) throws -> HTML {
    let today = look(
      "今天是第 \(view.day) 天，共 \(view.days) 天。", "Today is day \(view.day) of \(view.days).")
    let steps = view.dayStates.first { $0.day == reading.today }?.steps ?? []
    let due = steps.filter { $0.state == .owed || $0.state == .planned || $0.state == .late }
    let coming =
      due.isEmpty
      ? (steps.isEmpty
        ? look("今天没有安排。", "Nothing is due today.")
        : look("今天的都做完了。", "All of today’s is done."))
      : due.map { step in
        let what =
          step.kind == "test"
          ? look("上门采样", "We come to take a sample")
          : look("问体温和症状", "We ask temperature and symptoms")
        let due = look.endTime(step.deadline)
        return look("\(what)（\(due) 前）", "\(what) (by \(due))")
      }.joined(separator: look("；", ". ")) + look("。", ".")
    let head: HTML =
      "<p class=\"large\">\(today)\(look.language == .chinese ? "" : " ")\(coming)</p>"
    return look.card(nil, head + card(view).days) + (try card(view).html(isOwn: true))
  }

  private func mayObject(_ view: RestrictionView) -> Bool {
    view.objection.map { $0.state == .rejected } ?? true
  }

  private var actions: HTML {
    let calls = holding.first?.calls ?? []
    var actions = calls.map { call in
      Look.Action(look(call.title), call.place, to: "#calls")
    }
    actions.append(
      Look.Action(
        look("急症打 120", "Emergency: call 120"), look("不用等任何审批", "nobody has to approve"),
        to: "tel:120", isUrgent: true))
    actions += home.actions
    actions.append(
      Look.Action(
        look("健康码", "Pass code"), look("没有网络也能出示", "shown without network too"),
        to: "/me/code"))
    actions.append(
      Look.Action(
        look("检测结果", "Test results"), look("核酸证明，可打印", "certificate, to show or print"),
        to: "/me/tests"))
    if !open.isEmpty {
      actions.append(
        Look.Action(
          look("我有异议", "I object"),
          look("由别的单位复核，超时先解除", "another office reviews it; if late, lifted first"),
          to: "#object"))
    }
    return look.actions(actions)
  }

  /// What may be objected to now.
  private var open: [RestrictionView] { holding.filter(mayObject) }

  private var objectionForm: HTML {
    guard let first = open.first else { return "" }
    let isOne = open.count == 1
    let which = Look.Field(
      "restriction", look("对哪一项", "To which measure"),
      .choices(
        open.map {
          .init(
            $0.restriction.text,
            look(
              "\(look($0.kindWords))，到 \(look.end($0.end))",
              "\(look($0.kindWords)), until \(look.end($0.end))"))
        }), required: true)
    let ground = Look.Field("ground", look("理由", "Reason"), .long, required: true)
    let hint = look(
      "写下您的理由。由没有参与这个决定的单位复核；没有按时答复，先解除。",
      "Write your reason. An office that had no part in the decision reviews it; if it is late, the "
        + "measure is lifted first.")
    let form = look.form(
      RaiseObjection.name, for: request,
      hidden: isOne ? [("restriction", first.restriction.text)] : [],
      fields: isOne ? [ground] : [which, ground],
      buttons: look.primaryButton(look("提出异议", "Object")))
    return """
      <section class="card" id="object"><h2>\(look("我有异议", "I object"))</h2>\
      \(look.paragraph(hint))\(form)</section>
      """
  }

  private func former(_ over: [RestrictionView]) throws -> HTML {
    look.disclosure(
      look("以前的措施 \(over.count)", "Earlier measures \(over.count)"), id: "former",
      try HTML(over.map { try card($0).html(isOwn: true) }))
  }

  private func looks() throws -> HTML {
    let lines = try reading.ask(ListOwnDisclosures()).disclosures
    let looks = lines.map { line in
      let offices = line.offices.map { look.dotted([look($0.title), $0.place]) }
      let list = line.isList ? look("名单", "a list") : ""
      return Look.Looking(
        at: line.at, who: offices.first ?? look("系统或本人", "the system or yourself"),
        what: look.dotted([look(line.purpose.words), list]))
    }
    return look.card(look("谁看过我的信息", "Who looked at my record"), look.looks(looks))
  }

  private var emergency: HTML {
    let text = look(
      "有急事打 120。打不通或不会用：社区值班 ", "Emergency: call 120. No phone or no luck: community desk ")
    return "<p class=\"note\" id=\"calls\">\(text)<a href=\"tel:12345\">12345</a></p>"
  }
}

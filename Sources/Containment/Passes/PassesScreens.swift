import Kernel
import Look

/// The pages of codes: my own, the one that checks others', and the sheet of a household.
enum PassesScreens {
  static let all: [Screen] = [own, verify, sheet, PassCareScreens.ofPerson]

  static let own = Screen(
    path: "/me/code", title: Words("健康码", "Pass code"), duty: .ownFile, purpose: .ownFile
  ) { _, reading in
    let look = Look(reading)
    let answer = try reading.ask(OwnPasses())
    return Page(
      title: look("健康码", "Pass code"),
      body: OwnPassPage(look: look, answer: answer, policies: reading.rules.policies).body,
      frame: .resident, scripts: ["/pass.js"])
  }

  static let verify = Screen(
    path: "/verify", title: Words("核验健康码", "Check a pass code"), duty: nil, purpose: .supervision
  ) { _, reading in
    let look = Look(reading)
    return Page(
      title: look("核验健康码", "Check a pass code"), body: VerifyPage(look: look).body,
      frame: .resident, scripts: ["/verify.js"])
  }

  static let sheet = Screen(
    path: "/passes/sheet/:home", title: Words("纸质健康码", "Pass codes on paper"),
    duty: PassesOfHome.duty, purpose: .fieldwork
  ) { request, reading in
    let home = PlaceID(trusted: request.parameter("home"))
    let answer = try reading.ask(PassesOfHome(home: home))
    return Page(
      PageFile(
        name: "pass-codes.pdf", type: "application/pdf",
        bytes: PassSheet.pdf(of: answer, zone: reading.zone)))
  }
}

extension CodeColour {
  /// What says the same without colour: a round, a triangle, a square.
  var shape: String {
    switch self {
    case .green: "●"
    case .yellow: "▲"
    case .red: "■"
    }
  }

  var tone: Look.Tone {
    switch self {
    case .green: .done
    case .yellow: .soon
    case .red: .late
    }
  }
}

/// My code first, then those whom I look after, then what it is.
private struct OwnPassPage {
  let look: Look
  let answer: OwnPasses.Answer
  let policies: PolicyLibrary

  var body: HTML {
    guard answer.used else {
      return look.answer(
        look("现行政策已不使用健康码，不需要出示。", "Codes are not used any more. You need to show nothing."))
    }
    let ends = answer.passes.compactMap(\.until).min() ?? answer.at
    let isGreen = answer.passes.allSatisfy { $0.colour == .green }
    return """
      <h1>\(look("健康码", "Pass code"))</h1><div id="passes" data-at="\(answer.at.text(in: look.zone))" \
      data-until="\(ends.text(in: look.zone))" data-renew="\(answer.renew)" \
      data-green="\(isGreen ? "1" : "0")"><p class="note" id="pass-said" role="status">\(look(
        "没有网络也能出示。", "It can be shown without network."))</p>\(answer.passes.map(card))</div>\
      \(about)
      """
  }

  private func card(_ pass: PassView) -> HTML {
    let who =
      pass.carried
      ? look("代 \(pass.name ?? "–") 出示", "Shown for \(pass.name ?? "–")")
      : look("本人 \(pass.name ?? "")", "Mine, \(pass.name ?? "")")
    let drawn = pass.code.flatMap { code in
      look.qrPicture(of: code, label: look("\(who)的健康码", "Pass code: \(who)"))
    }
    let none = look.paragraph(
      look("即将更新，请稍候再打开。", "It is about to change; open it again in a minute."))
    return """
      <section class="card pass \(pass.colour.tone.rawValue)" data-colour="\(pass.colour.rawValue)">\
      <p class="who">\(who)</p><h2 class="colour"><span aria-hidden="true">\(pass.colour.shape)</span> \
      \(look(pass.words))</h2><p class="large">\(look(pass.asks))</p>\(drawn ?? none)\
      \(span(pass))\(why(pass))\(typed(pass))</section>
      """
  }

  private func span(_ pass: PassView) -> HTML {
    guard let until = pass.until else { return "" }
    let tail =
      pass.document.map {
        look("证件尾号 \($0)", "document ends in \($0)")
      } ?? look("没有登记证件号", "no document on file")
    return """
      <p class="until">\(look("有效至", "Valid until")) \(look.timeTag(until, look.end(until)))</p>\
      <p class="note">\(tail)</p>
      """
  }

  /// How to object, in the reader’s language. A decision keeps the Chinese of its edition, which says the
  /// same in English.
  private func appeal(_ why: PassView.Why) -> String {
    let sections = policies.edition(why.edition)?.sections
    guard let policy = sections?[RestrictionsPolicy.key] as? RestrictionsPolicy,
      policy.appeal.chinese == why.appeal
    else { return why.appeal }
    return look(policy.appeal)
  }

  /// Rule, reason, unit, end, and how to object: no colour without them.
  private func why(_ pass: PassView) -> HTML {
    guard let why = pass.why else {
      if pass.colour == .green { return "" }
      return look.paragraph(
        look("原因由本人在自己的页面上查看。", "Why is on the person’s own page."))
    }
    let unit = why.units.map { look.dotted([look($0.title), $0.place]) }
      .joined(separator: look("；", "; "))
    let edition = look.edition(why.edition, of: policies)
    let objection =
      pass.carried
      ? "\(appeal(why))" as HTML
      : "\(appeal(why)) \(look.link(look("我有异议", "I object"), to: "/me#object"))"
    return look.facts([
      (look("原因", "Why"), "\(look(why.reason))"),
      (
        look("依据", "Rule"),
        """
        \(look(why.clause)) <span class="note">\(edition)</span>\
        <blockquote lang="zh-CN">\(why.quote)</blockquote>
        """
      ),
      (look("负责单位", "Office"), "\(unit)"),
      (
        look("到何时", "Until"),
        "<strong>\(look.end(why.end))</strong>\(look("，到期自动解除", ", it ends by itself"))"
      ), (look("不同意", "Disagree"), objection),
    ])
  }

  private func typed(_ pass: PassView) -> HTML {
    guard let code = pass.code else { return "" }
    let groups = stride(from: 0, to: code.count, by: 5).map { start in
      String(code.dropFirst(start).prefix(5))
    }
    return look.disclosure(
      look("扫不出来？读出编码", "Cannot be scanned? Read it out"), id: "typed-\(pass.person.text)",
      "<p class=\"typed\">\(groups.joined(separator: " "))</p>")
  }

  private var about: HTML {
    look.card(
      look("这个码", "About this code"),
      look.paragraph(
        look(
          "码里没有姓名和证件全号，只有颜色、有效期、证件后四位和签名。截图过期即失效；情况有变，旧码立即作废。",
          "It holds no name and no whole number: a colour, an end, the last four signs of your document and a signature. A picture of it ends when it does; when something changes, earlier codes are revoked at once."
        ))
        + look.row([
          look.linkButton(look("取最新的码", "Fetch the newest"), to: "/me/code?fresh=1"),
          look.linkButton(look("我的情况", "My situation"), to: "/me"),
        ]))
  }
}

/// The page at a gate. Everything on it is said by its module, which works without network.
private struct VerifyPage {
  let look: Look

  var body: HTML {
    """
    <h1>\(look("核验健康码", "Check a pass code"))</h1>\
    <p class="note" id="verify-state" role="status">\(look(
      "正在准备……没有脚本的浏览器无法在这里核验。", "Getting ready… A browser without scripts cannot check here."))</p>\
    <div class="card" id="verify-result" role="alert" hidden=""></div>\
    <form class="card" id="verify-form"><div class="buttons"><button type="button" class="primary" \
    id="verify-scan" hidden="">\(look("扫码", "Scan"))</button></div>\
    <div class="field"><label for="verify-code">\(look("粘贴、输入编码", "Paste or type the code"))</label>\
    <textarea id="verify-code" rows="3" autocomplete="off" autocapitalize="characters" \
    spellcheck="false"></textarea></div>\
    <div class="buttons"><button>\(look("核验", "Check"))</button></div></form>\
    \(look.card(
      look("怎样核验", "How to check"),
      look.paragraph(look(
        "只看这里的结论，不看对方屏幕的颜色。再比对证件后四位，孩子看同行的大人。",
        "Go by what this page says, not by the colour on the other screen. Then compare the last four signs of the document; a child goes by the adult."
      ))
        + "<p class=\"note\" id=\"verify-list\"></p>"
        + "<div class=\"buttons\"><button type=\"button\" id=\"verify-update\">\(look("更新名单", "Update the list"))</button></div>"))
    """
  }
}

import Kernel
import Look
import Registry

/// The pages of venues: the screen at the till, what opens when it is scanned, and the list of all.
enum VenueCodesScreens {
  static let all: [Screen] = [list, screen, scanned]

  static let list = Screen(
    path: "/venues", title: Words("场所码", "Venue codes"), duty: MakeVenueCode.duty,
    purpose: .supervision, navigation: 92
  ) { request, reading in
    let look = Look(reading)
    let venues = try reading.ask(ListVenueCodes()).venues
    return Page(
      title: look("场所码", "Venue codes"),
      body: look.title(look("场所码", "Venue codes"))
        + look.paragraph(
          look(
            "一园一码、一店一码、一仓一码。屏幕上的码每分钟更换；印制的码谁都能翻拍，只作弱证据。",
            "One park, one shop, one warehouse, each its own code. On a screen it changes every minute; a printed one can be copied and is weak evidence."
          ))
        + (try form(request, reading, look)) + look.stack(venues.map { card($0, request, look) }))
  }

  private static func form(
    _ request: ScreenRequest, _ reading: Reading, _ look: Look
  ) throws -> HTML {
    let policy = try reading.policy(VenueCodesPolicy.self)
    guard policy.inUse else {
      return look.notice(
        look("按现行政策已不使用场所码", "Under the policy in force venues have no codes"), tone: .information)
    }
    return look.disclosure(
      look("新增场所码", "A code for another venue"), id: "make",
      look.form(
        MakeVenueCode.name, for: request,
        fields: [
          Look.Field("title", look("门头名称", "What stands above the door"), .line, required: true),
          Look.Field(
            "kind", look("类型", "Kind"),
            .choices(policy.kinds.map { .init($0.code, look($0.words)) }), required: true),
          Look.Field("place", look("地点编号", "Place, by identifier or code"), .line, required: true),
        ], buttons: look.primaryButton(look("生成", "Make it"))))
  }

  private static func card(
    _ line: ListVenueCodes.Line, _ request: ScreenRequest, _ look: Look
  ) -> HTML {
    let state =
      line.ended
      ? Look.Label(look("已停用", "not used"), .neutral) : Look.Label(look("使用中", "in use"), .done)
    let printed = look.qrPicture(
      of: "\(request.origin)/v/\(line.printed)",
      label: look("\(line.title) 的印制码", "Printed code of \(line.title)"))
    let number = [("number", String(line.number))]
    let buttons = look.row([
      look.linkButton(look("打开屏幕页", "Open the screen"), to: line.screen),
      look.form(
        RenewVenueCode.name, for: request, hidden: number, fields: [],
        buttons: look.plainButton(look("更换", "Make anew"))),
      look.form(
        EndVenueCode.name, for: request, hidden: number, fields: [],
        buttons: look.plainButton(look("停用", "End"))),
    ])
    let paper = look.disclosure(
      look("印制的码（弱）", "Printed code (weak)"), id: "printed-\(line.number)",
      "\(printed)<p class=\"note\">\(look("印制码：谁都能翻拍，不能单独证明到过", "Printed: anybody can copy it; no proof by itself"))</p>"
    )
    let what = look.dotted([look(line.kind), line.place])
    return """
      <article class="card"><div class="row"><h2>\(line.title)</h2>\(look.pushedChip(state))</div>\
      <p class="note">\(what)</p>\(line.ended ? HTML() : buttons + paper)</article>
      """
  }

  static let screen = Screen(
    path: "/venues/screen/:key", title: Words("场所码屏幕", "A venue’s screen"), duty: nil,
    purpose: .supervision
  ) { request, reading in
    let look = Look(reading)
    let answer = try reading.ask(VenueScreenCodes(key: request.parameter("key")))
    let codes = answer.steps.enumerated().compactMap { index, step -> HTML? in
      let hidden: HTML = index == 0 ? "" : " hidden=\"\""
      let times: HTML = """
         data-from="\(Int(step.from.seconds))" data-until="\(Int(step.until.seconds))"\(hidden)
        """
      return look.qrPicture(
        of: "\(request.origin)/v/\(step.code)",
        label: look("\(answer.title) 的场所码", "The code of \(answer.title)"), attributes: " " + times)
    }
    let seconds = answer.steps.first.map { Int(($0.until - $0.from).inSeconds) } ?? 60
    return Page(
      title: answer.title,
      body: """
        <section class="pass" id="venue-screen" data-now="\(Int(answer.at.seconds))">\
        <h1>\(answer.title)</h1><p>\(look("请扫码登记", "Scan to register"))</p>\
        <div class="codes">\(codes)</div>\
        <p class="note" role="status" id="venue-said">\(look(
          "每 \(seconds) 秒更换一次，转发的图片无效。",
          "It changes every \(seconds) seconds; a picture passed on proves nothing."))</p></section>
        """, frame: .resident, scripts: ["/venue.js"])
  }

  static let scanned = Screen(
    path: "/v/:code", title: Words("扫码登记", "Register here"), duty: nil, purpose: .ownFile
  ) { request, reading in
    let look = Look(reading)
    let code = request.parameter("code")
    let read: ReadVenueCode.Answer
    do {
      read = try reading.ask(ReadVenueCode(code: code))
    } catch let refusal as Refusal {
      return Page(
        title: look("扫码登记", "Register here"),
        body: look.notice(look("不能登记", "Cannot register"), look(refusal.words), tone: .late),
        frame: .resident)
    }
    let worth = look.notice(
      read.strength == .strong
        ? look("有效的场所码", "A valid code") : look("弱证据", "Weak evidence"),
      look(read.words), tone: read.strength == .strong ? .done : .soon)
    let form = look.form(
      ScanVenueCode.name, for: request, hidden: [("code", code)], fields: [],
      buttons: look.primaryButton(look("我到了，登记", "I am here: register")))
    let done = try registered(at: read, reading, look)
    return Page(
      title: read.title,
      body: look.answer(read.title) + look.paragraph(read.place) + (done ?? worth + form)
        + look.paragraph(
          look(
            "登记后只用于流行病学调查，\(try reading.policy(VenueCodesPolicy.self).keepDays) 天后删除。没有纸条的，请店员帮忙登记。",
            "It is used for tracing only and deleted after \(try reading.policy(VenueCodesPolicy.self).keepDays) days. Without a slip ask the staff."
          )), frame: .resident)
  }
}

extension VenueCodesScreens {
  /// For how many minutes a page says that somebody is registered, and offers it again afterwards.
  private static let shownMinutes = 10

  /// That the resident has just registered here, and what that is worth; nil when not.
  private static func registered(
    at venue: ReadVenueCode.Answer, _ reading: Reading, _ look: Look
  ) throws -> HTML? {
    guard case .resident = reading.authority.sender else { return nil }
    let last = try reading.ask(OwnVenueScans()).scans.first { scan in
      scan.title == venue.title && scan.place == venue.place
    }
    guard let last, last.at > reading.now - .minutes(shownMinutes) else { return nil }
    return look.notice(
      look("\(look.time(last.at)) 已登记", "Registered at \(look.time(last.at))"),
      look(last.words), tone: last.strength == .strong ? .done : .soon)
  }
}

extension Instant {
  /// Whole seconds since 1970.
  fileprivate var seconds: Int64 { milliseconds / 1_000 }
}

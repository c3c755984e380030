import Kernel
import Look
import Registry

/// What stands at a venue: the screen at the till, and what opens when it is scanned.
enum VenueCodesScreens {
  static let all: [Screen] = VenueListScreens.all + [screen, scanned]

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

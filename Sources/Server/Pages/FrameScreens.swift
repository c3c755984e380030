import Kernel
import Look

/// What stands around a page: who looks, where they may go, which policy is in force.
struct Surroundings: Sendable {
  struct Link: Sendable {
    let path: String
    let title: String
    let isHere: Bool
  }

  let language: Language
  let caption: Doorkeeper.Caption?
  let navigation: [Link]
  let hasSearch: Bool
  /// As of when the oldest figure on the page is.
  let asOf: Instant
  let isOfNow: Bool
  let zone: Zone
  let policies: [(title: Words, from: Day)]

  init(
    _ reading: Reading, caption: @Sendable (Reading) throws -> Doorkeeper.Caption?, path: String
  ) throws {
    language = reading.language
    self.caption = try caption(reading)
    let language = reading.language
    let open = reading.assembly.screens.filter { screen in
      screen.duty.map { reading.authority.holds($0) } ?? true
    }
    navigation = open.filter { $0.navigation != nil }
      .sorted { ($0.navigation ?? 0, $0.path) < ($1.navigation ?? 0, $1.path) }
      .map { screen in
        let isHere =
          screen.path == path || (screen.path != "/" && path.hasPrefix("\(screen.path)/"))
        return Link(path: screen.path, title: screen.title(language), isHere: isHere)
      }
    hasSearch = open.contains { $0.path == "/find" }
    asOf = reading.countedAt
    isOfNow = reading.countedAt == reading.now
    zone = reading.zone
    policies = Self.deciding(reading.rules.policies.editions, on: reading.today)
      .map { ($0.head.title, $0.head.effectiveFrom) }
  }

  /// The editions that decide today where several speak of the same matter, the youngest first.
  private static func deciding(_ editions: [PolicyEdition], on day: Day) -> [PolicyEdition] {
    let speaking = Dictionary(
      editions.flatMap(\.sections.keys).map { ($0, 1) }, uniquingKeysWith: +)
    var open = Set(speaking.filter { $0.value > 1 }.keys)
    return editions.reversed().filter { edition in
      guard edition.isInForce(on: day), !open.isDisjoint(with: edition.sections.keys) else {
        return false
      }
      open.subtract(edition.sections.keys)
      return true
    }
  }
}

/// The frame of every page, as docs/DESIGN.md draws it.
struct FrameScreen: Sendable {
  let surroundings: Surroundings
  let address: String
  var notice: Words?
  var refusal: Refusal?
  /// Why nothing new is taken at the moment.
  var standstill: Words?

  private var language: Language { surroundings.language }

  func html(_ page: Page) -> HTML {
    switch page.frame {
    case .console:
      return document(
        page, bodyClass: "",
        """
        \(header(isLive: page.isLive))\(navigation)<main id="main">\(notices(page))\(page.body)</main>
        \(footer)
        """)
    case .field:
      // A field page brings its own progress header and its own `main`.
      return document(page, bodyClass: "", "\(notices(page))\(page.body)\(navigation)\(footer)")
    case .resident:
      return document(
        page, bodyClass: "resident",
        """
        <header class="top"><span class="brand"><img src="/icon.svg" width="28" height="28" \
        alt="">\(Words("灯火", "Denghuo")(language))</span>\(languageLink)</header>
        <main id="main">\(notices(page))\(page.body)</main>\(residentFooter)
        """)
    }
  }

  private func document(_ page: Page, bodyClass: String, _ content: HTML) -> HTML {
    DocumentScreen(language: language).html(
      title: page.title, bodyClass: bodyClass, live: page.isLive ? address : nil,
      scripts: frameScripts(page) + page.scripts,
      content)
  }

  private func frameScripts(_ page: Page) -> [String] {
    switch page.frame {
    case .field: ["/field.js"]
    case .console: ["/door.js"]
    case .resident: []
    }
  }

  private func header(isLive: Bool) -> HTML {
    """
    <header class="top">
    <a class="brand" href="/"><img src="/icon.svg" width="28" height="28" alt="">\(Words("灯火", "Denghuo")(language))</a>
    \(surroundings.hasSearch ? search : HTML())
    \(isLive ? clock : surroundings.isOfNow ? HTML() : stillClock)
    <div class="end">\(person)\(languageLink)\(signOut)</div>
    </header>
    """
  }

  private var search: HTML {
    """
    <form class="search" role="search" method="post" action="/find" autocomplete="off"><input type="search" name="words" \
    aria-label="\(Words("查找", "Find")(language))" \
    placeholder="\(Words("姓名或首字母、后四位、地点、编号", "Name, last four, place, any number")(language))"></form>
    """
  }

  private var clock: HTML {
    let instant = surroundings.asOf
    let look = Look(language: language, now: instant, zone: surroundings.zone)
    return """
      <p class="clock" id="clock" data-live data-stale-after="120"><span>\
      \(Words("截至", "As of")(language)) <time datetime="\(instant.text(in: surroundings.zone))">\
      \(look.moment(instant))</time></span>\
      <span class="lost">\(Words("连接已断，数字停在此刻", "Connection lost; the figures stand still")(language))</span></p>
      """
  }

  /// On a page that does not refresh by itself, as of when counts of a large area are.
  private var stillClock: HTML {
    let look = Look(language: language, now: surroundings.asOf, zone: surroundings.zone)
    let moment = surroundings.asOf
    return """
      <p class="clock" id="clock"><span>\(Words("数字截至", "Figures as of")(language)) \
      <time datetime="\(moment.text(in: surroundings.zone))">\(look.moment(moment))</time></span></p>
      """
  }

  private var person: HTML {
    guard let caption = surroundings.caption else { return HTML() }
    let roles = caption.roles.prefix(2).map { $0(language) }
      .joined(separator: Words("、", ", ")(language))
    let text = roles.isEmpty ? caption.name : "\(roles) · \(caption.name)"
    return "<a class=\"person\" href=\"/password\">\(text)</a>"
  }

  private var other: (String, String) {
    language == .chinese ? ("en", "English") : ("zh-CN", "中文")
  }

  private var languageAddress: String {
    let code = language == .chinese ? Language.english.rawValue : Language.chinese.rawValue
    return address + (address.contains("?") ? "&" : "?") + "language=\(code)"
  }

  private var languageLink: HTML {
    """
    <a class="button quiet language" href="\(languageAddress)" hreflang="\(other.0)" \
    lang="\(other.0)">\(other.1)</a>
    """
  }

  private var signOut: HTML {
    if surroundings.caption == nil {
      return "<a class=\"button quiet\" href=\"/sign-in\">\(Words("登录", "Sign in")(language))</a>"
    }
    return """
      <form method="post" action="/sign-out"><button class="quiet">\
      \(Words("退出", "Sign out")(language))</button></form>
      """
  }

  private var navigation: HTML {
    if surroundings.navigation.isEmpty { return HTML() }
    let links = surroundings.navigation.map { link -> HTML in
      link.isHere
        ? "<a href=\"\(link.path)\" aria-current=\"page\">\(link.title)</a>"
        : "<a href=\"\(link.path)\">\(link.title)</a>"
    }
    return """
      <nav class="sections" aria-label="\(Words("主要页面", "Main pages")(language))">\(links)</nav>
      """
  }

  /// The notice of success, and why a form was refused where the page does not say so itself.
  private func notices(_ page: Page) -> HTML {
    var parts: [HTML] = []
    if let standstill {
      parts.append(
        """
        <div class="notice late" role="status"><strong>\(Words("暂停办理", "Nothing new is taken")(language))</strong>\
        <p>\(standstill(language))</p></div>
        """)
    }
    if let notice {
      parts.append(
        "<div class=\"notice done\" role=\"status\"><strong>\(notice(language))</strong></div>")
    }
    // Another alert on the page says nothing of this refusal: only its own words do.
    let said: HTML? = refusal.map { "\($0.words(language))" }
    if let said, !page.body.text.contains(said.text) {
      parts.append(
        """
        <div class="notice late" role="alert"><strong>\(Words("没有办成", "Not done")(language))</strong>\
        <p>\(said)</p></div>
        """)
    }
    return HTML(parts)
  }

  private var footer: HTML {
    let look = Look(language: language, now: surroundings.asOf, zone: surroundings.zone)
    let policies = surroundings.policies.map { policy in
      look(
        "\(policy.title.chinese)（\(look.day(policy.from)) 起）",
        "\(policy.title.english) (from \(look.day(policy.from)))")
    }.joined(separator: Words("、", ", ")(language))
    return """
      <footer>\(Words("灯火 · 政策：", "Denghuo · policy: ")(language))\(policies) · \(publicFigures)</footer>
      """
  }

  /// The page of the public figures does not lead to itself.
  private var residentFooter: HTML {
    address.hasPrefix("/figures") ? HTML() : "<footer>\(publicFigures)</footer>"
  }

  /// Whoever is restricted, and whoever decides it, is one press from what is decided of all.
  private var publicFigures: HTML {
    "<a href=\"/figures\">\(Words("公开数字", "Public figures")(language))</a>"
  }
}

/// The document around everything.
struct DocumentScreen: Sendable {
  let language: Language

  /// Where the head of every page ends.
  static let headEnd = Array("</head>".utf8)

  /// The line of a head that has a module fetched before it is asked for.
  static func preload(_ address: String) -> String {
    "<link rel=\"modulepreload\" href=\"\(address)\">\n"
  }

  /// - Parameters:
  ///   - live: the page's own address, when it keeps itself up to date: after a refused form the
  ///     browser stands at the address of the command.
  ///   - scripts: further modules that the page loads.
  func html(
    title: String, bodyClass: String, live: String? = nil, scripts: [String] = [],
    _ content: HTML
  ) -> HTML {
    let tag = language == .chinese ? "zh-CN" : "en"
    let address: HTML? = live.map { " data-address=\"\($0)\"" }
    let modules = ((live == nil ? [] : ["/live.js"]) + scripts).map { path -> HTML in
      "<script type=\"module\" src=\"\(path)\"></script>"
    }
    let start: HTML = bodyClass.isEmpty ? "<body>" : "<body class=\"\(bodyClass)\">"
    return """
      <!doctype html>
      <html lang="\(tag)"\(address)>
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title) · \(Words("灯火", "Denghuo")(language))</title>
      <link rel="icon" href="/icon.svg" type="image/svg+xml">
      <link rel="stylesheet" href="/app.css">
      <link rel="stylesheet" href="/pages.css">
      <link rel="manifest" href="/manifest.webmanifest">
      <meta name="theme-color" content="#a35312">
      \(modules)
      </head>
      \(start)
      <a class="skip" href="#main">\(Words("跳到正文", "Skip to the content")(language))</a>
      \(content)
      </body>
      </html>
      """
  }
}

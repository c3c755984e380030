import Kernel

/// The pages of the slices in their frame, and the forms on them.
struct Pages: Sendable {
  let hall: Hall
  private let routes: ScreenRoutes

  init(hall: Hall) {
    self.hall = hall
    routes = ScreenRoutes(hall.desk.assembly.screens)
  }

  /// The way to a page or to where forms are sent; nil when there is none.
  func route(_ parts: [String]) -> Route? {
    if parts.count == 2, parts[0] == "do" {
      let name = parts[1]
      guard let kind = hall.desk.assembly.commands[name], !kind.isEdgeOnly else { return nil }
      return Route("/do/\(kind.name)", kind.urgency, ["POST": { try await submit(kind, $0) }])
    }
    if let (screen, parameters) = routes.find(parts) {
      var answers: [String: Route.Answer] = ["GET": { try await show(screen, parameters, $0) }]
      if !screen.unseen.isEmpty { answers["POST"] = { try await seal(screen, $0) } }
      return Route(screen.path, screen.duty == .ownFile ? .resident : .reading, answers)
    }
    return parts.isEmpty ? Route("/", .reading, ["GET": start]) : nil
  }

  // MARK: Showing

  /// What a page is shown with besides its address.
  private struct Occasion: Sendable {
    var posted: [String: String] = [:]
    var refusal: Refusal?
    var status = 200
    var notice: Words?
  }

  private func show(
    _ screen: Screen, _ parameters: [String: String], _ asked: Asked
  ) async throws -> Reply {
    if let reply = languageChange(asked) { return reply }
    let visitor = try await hall.doorkeeper.visitor(of: asked)
    var occasion = Occasion()
    occasion.notice = asked.cookie(CookieName.notice).map(Self.notice)
    do {
      let reply = try await render(screen, parameters, asked, visitor, occasion)
      return occasion.notice == nil ? reply : forgetNotice(reply)
    } catch let refusal as Refusal where refusal.kind == .unknownSender {
      if screen.duty == .ownFile { throw visitor.explained(refusal) }
      return .seeOther("/sign-in?next=\(PercentText.encode(asked.address))")
    } catch let refusal as Refusal where refusal.kind == .forbidden && screen.path == "/" {
      // The first page is not everybody's; whoever may not open it begins at the first that they may.
      let first = try await surroundings(visitor, asked)?.navigation.first { $0.path != "/" }
      guard let first else { throw refusal }
      return .seeOther(first.path)
    }
  }

  /// What a form leaves to be said on the page that follows it.
  private static func notice(_ code: String) -> Words {
    if code == "password" { return Words("口令已设置", "The password is set") }
    let said =
      code.hasPrefix(told)
      ? PercentText.decode(code.dropFirst(told.count), plusIsSpace: false) : nil
    let parts = (said ?? "").split(separator: "\n", maxSplits: 1).map(String.init)
    return parts.count == 2 ? Words(parts[0], parts[1]) : Words("已办成", "Done")
  }

  /// How the notice begins that carries words of its own.
  private static let told = "told:"

  private func render(
    _ screen: Screen, _ parameters: [String: String], _ asked: Asked, _ visitor: Visitor,
    _ occasion: Occasion
  ) async throws -> Reply {
    let desk = hall.desk
    let unseen = UnseenFields(screen, sender: visitor.sender, vault: desk.vault)
    let request = ScreenRequest(
      parameters: parameters, query: Self.dictionary(unseen.opened(asked.query ?? [])),
      posted: occasion.posted, refusal: occasion.refusal, address: asked.address,
      origin: hall.settings.origin(of: asked),
      newCommandID: { desk.newCommandID().text })
    let look = Desk.Look(
      sender: visitor.sender(for: screen.duty), purpose: Self.purpose(of: screen, asked),
      language: asked.language, question: screen.path, takesKeptCounts: true)
    let caption = hall.doorkeeper.caption
    return try await desk.read(look) { reading in
      if let duty = screen.duty { try reading.authority.require(duty) }
      let page = try screen.render(request, reading)
      if let file = page.file {
        return Reply(200, type: file.type, file.bytes)
          .with("content-disposition", "inline; filename=\"\(file.name)\"")
      }
      let html = FrameScreen(
        surroundings: try Surroundings(reading, caption: caption, path: screen.path),
        address: asked.address, notice: occasion.notice, refusal: occasion.refusal,
        standstill: desk.standstill.map { Trouble($0).words }
      ).html(page)
      return .html(occasion.status, html)
    }
  }

  /// Sends on to the page's own address, in which the fields that name people are sealed: going back
  /// and loading anew work as everywhere.
  private func seal(_ screen: Screen, _ asked: Asked) async throws -> Reply {
    try OriginCheck.require(asked, publicAddress: hall.settings.publicAddress)
    let visitor = try await hall.doorkeeper.visitor(of: asked)
    if visitor.sender == .nobody {
      return .seeOther("/sign-in?next=\(PercentText.encode(asked.rawPath))")
    }
    let unseen = UnseenFields(screen, sender: visitor.sender, vault: hall.desk.vault)
    let query = FormPair.text(try unseen.sealed(Self.form(asked)))
    return .seeOther(query.isEmpty ? asked.rawPath : "\(asked.rawPath)?\(query)")
  }

  /// The purpose that somebody states in the address, or the page's own; each question on the page
  /// checks that it takes it.
  private static func purpose(of screen: Screen, _ asked: Asked) -> Purpose {
    let stated = asked.query?.first { $0.name == "purpose" }.flatMap { Purpose(rawValue: $0.value) }
    guard let stated, stated != .ownFile, screen.duty != .ownFile else { return screen.purpose }
    return stated
  }

  /// The address `/` when no slice has a page there: the first page that the sender may open.
  private func start(_ asked: Asked) async throws -> Reply {
    if let reply = languageChange(asked) { return reply }
    let visitor = try await hall.doorkeeper.visitor(of: asked)
    if visitor.sender == .nobody { return .seeOther("/sign-in") }
    let first = try await surroundings(visitor, asked)?.navigation.first
    return .seeOther(first?.path ?? "/password")
  }

  /// A page that says one thing: refused, missing, failed.
  func message(_ trouble: Trouble, to asked: Asked) -> Reply {
    trouble.headed(
      .html(
        trouble.status,
        MessageScreen(language: asked.language, address: asked.address).html(trouble)))
  }

  /// What stands around a page that is not a slice's own; nil when nobody is signed in.
  func surroundings(_ visitor: Visitor, _ asked: Asked) async throws -> Surroundings? {
    if visitor.sender == .nobody { return nil }
    let look = Desk.Look(
      sender: visitor.sender, purpose: .supervision, language: asked.language, question: "/")
    let caption = hall.doorkeeper.caption
    return try await hall.desk.read(look) { reading in
      try Surroundings(reading, caption: caption, path: asked.rawPath)
    }
  }

  // MARK: Forms

  private func submit(_ kind: CommandKind, _ asked: Asked) async throws -> Reply {
    try OriginCheck.require(asked, publicAddress: hall.settings.publicAddress)
    let visitor = try await hall.doorkeeper.visitor(of: asked)
    let pairs = try Self.form(asked)
    let back = Self.localAddress(pairs.first { $0.name == "back" }?.value)
    let written = pairs.first { $0.name == "id" }?.value
    let said = pairs.filter { $0.name != "back" && $0.name != "id" }
    var notice: String?
    do {
      let id =
        try written.map { try ProgramsAPI.commandID($0, field: "id") } ?? hall.desk.newCommandID()
      let body = try Fields(form: said, shape: kind.shapes().body)
      let receipt = try await hall.desk.submit(
        Envelope(id: id, name: kind.name, body: body, sender: visitor.sender(for: kind.duty)))
      notice = kind.told(receipt).map {
        Self.told + PercentText.encode("\($0.chinese)\n\($0.english)")
      }
    } catch let refusal as Refusal {
      if refusal.kind == .unknownSender {
        if visitor.resident != nil || kind.duty == .ownFile { throw visitor.explained(refusal) }
        return .seeOther("/sign-in?next=\(PercentText.encode(back))")
      }
      return try await again(back, kind.name, said, refusal, asked, visitor)
    }
    return Reply.seeOther(back).with(
      cookie: CookieName.notice, notice ?? "done", seconds: 60, secure: hall.settings.isSecure)
  }

  /// The page from which a refused form came, with what was typed and why it was refused.
  func again(
    _ back: String, _ command: String, _ said: [FormPair], _ refusal: Refusal, _ asked: Asked,
    _ visitor: Visitor
  ) async throws -> Reply {
    let bare = back.prefix { $0 != "#" }
    let sides = bare.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let page = Asked(
      door: asked.door, method: "GET", rawPath: String(sides[0]),
      rawQuery: sides.count > 1 ? String(sides[1]) : "", headers: asked.headers,
      headerCount: asked.headerCount, headerBytes: asked.headerBytes)
    var occasion = Occasion()
    occasion.posted = Self.dictionary(said + [FormPair(name: "command", value: command)])
    occasion.refusal = refusal
    occasion.status = 422
    guard let parts = page.parts, let (screen, parameters) = routes.find(parts) else {
      return message(Trouble(refusal), to: asked)
    }
    return try await render(screen, parameters, page, visitor, occasion)
  }

  private func forgetNotice(_ reply: Reply) -> Reply {
    reply.with(
      cookie: CookieName.notice, "", seconds: 0, secure: hall.settings.isSecure)
  }

  // MARK: What pages share

  /// Answers `?language=`: keeps the choice and comes back without it.
  func languageChange(_ asked: Asked) -> Reply? {
    guard let pairs = asked.query, let wish = pairs.first(where: { $0.name == "language" }),
      let language = Language(rawValue: wish.value)
    else { return nil }
    let rest = FormPair.text(pairs.filter { $0.name != "language" })
    let aYear: Int64 = 31_536_000
    return Reply.seeOther(rest.isEmpty ? asked.rawPath : "\(asked.rawPath)?\(rest)").with(
      cookie: CookieName.language, language.rawValue, seconds: aYear,
      secure: hall.settings.isSecure)
  }

  /// The fields of a form that was sent.
  static func form(_ asked: Asked) throws -> [FormPair] {
    guard asked.isOf(type: "application/x-www-form-urlencoded") || asked.body.isEmpty else {
      throw TroubleError(
        415, "body.type", Words("请从页面提交表单", "Send the form from its page"))
    }
    let text = String(decoding: asked.body, as: UTF8.self)
    guard let pairs = FormPair.all(in: text[...]) else {
      throw Refusal(
        .invalid, "form.malformed",
        Words("表单内容无法识别，请回到页面重新提交", "The form cannot be read; go back and send it again"))
    }
    return pairs
  }

  /// An address on this server, and nothing else.
  static func localAddress(_ written: String?) -> String {
    guard let written, written.hasPrefix("/"), !written.hasPrefix("//"),
      !written.contains("\\"), !written.unicodeScalars.contains(where: { $0.value < 33 })
    else { return "/" }
    return written
  }

  private static func dictionary(_ pairs: [FormPair]) -> [String: String] {
    Dictionary(pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { $0 + "," + $1 })
  }
}

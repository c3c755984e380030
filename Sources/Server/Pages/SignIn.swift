import Kernel

/// Signing in and out, one-time links, passwords, slips.
struct SignIn: Sendable {
  let hall: Hall
  let pages: Pages

  /// The way to an address at the door; nil when it is none.
  func route(_ parts: [String]) -> Route? {
    switch (parts.first, parts.count) {
    case ("sign-in", 1): return Route("/sign-in", .work, ["GET": show, "POST": enter])
    case ("sign-out", 1): return Route("/sign-out", .work, ["POST": leave])
    case ("password", 1):
      return Route("/password", .work, ["GET": showPassword, "POST": setPassword])
    case ("second-factor", _), ("invite", 2):
      return SecondStep(hall: hall, pages: pages, signIn: self).route(parts)
    case ("link", 2):
      let secret = parts[1]
      return Route(
        "/link/:secret", .work,
        ["GET": { showLink(secret, $0) }, "POST": { try await redeem(secret, $0) }])
    case ("device", 1):
      return Route("/device", .work, ["GET": standing, "POST": takeOver])
    case ("offline", 1): return Route("/offline", nil, ["GET": { offline($0) }])
    case ("s", 2):
      let secret = parts[1]
      return Route("/s/:secret", .resident, ["GET": { try await slip(secret, $0) }])
    default: return nil
    }
  }

  private func show(_ asked: Asked) async throws -> Reply {
    if let reply = pages.languageChange(asked) { return reply }
    let visitor = try await hall.doorkeeper.visitor(of: asked)
    let next = Pages.localAddress(asked.query?.first { $0.name == "next" }?.value)
    if visitor.sender != .nobody { return .seeOther(next) }
    if visitor.owesFactor {
      return .seeOther("/second-factor?next=\(PercentText.encode(next))")
    }
    return .html(
      200,
      SignInScreens(language: asked.language).signIn(
        account: "", next: next, refusal: nil, hint: visitor.ended?.words))
  }

  private func enter(_ asked: Asked) async throws -> Reply {
    try OriginCheck.require(asked, publicAddress: hall.settings.publicAddress)
    let form = try Pages.form(asked)
    let value = { (name: String) in form.first { $0.name == name }?.value ?? "" }
    let next = Pages.localAddress(value("next"))
    let device = BrowserDevice(asked, new: hall.desk.vault.newSecret)
    do {
      let entry = try await hall.doorkeeper.signIn(
        value("account"), Redacted(value("password")), on: device.device)
      return admit(entry, to: next, on: device)
    } catch let refusal as Refusal {
      let trouble = Trouble(refusal)
      return trouble.headed(
        .html(
          trouble.status,
          SignInScreens(language: asked.language).signIn(
            account: value("account"), next: next, refusal: refusal, hint: nil)))
    }
  }

  private func leave(_ asked: Asked) async throws -> Reply {
    try OriginCheck.require(asked, publicAddress: hall.settings.publicAddress)
    if let secret = asked.cookie(CookieName.session) {
      do {
        try await hall.doorkeeper.signOut(Redacted(secret))
      } catch let refusal as Refusal where refusal.kind == .unknownSender {
        // It had ended by itself.
      }
    }
    return Reply.seeOther("/sign-in")
      .with(cookie: CookieName.session, "", seconds: 0, secure: hall.settings.isSecure)
      .with(cookie: CookieName.slip, "", seconds: 0, secure: hall.settings.isSecure)
      // What waits to be sent stays where it is, sealed: signing out must lose nothing.
      .with("clear-site-data", "\"cache\"")
  }

  /// Shows a button only: programs that look at links before people do must not use one up.
  private func showLink(_ secret: String, _ asked: Asked) -> Reply {
    pages.languageChange(asked)
      ?? .html(200, SignInScreens(language: asked.language).link(secret: secret))
  }

  private func redeem(_ secret: String, _ asked: Asked) async throws -> Reply {
    try OriginCheck.require(asked, publicAddress: hall.settings.publicAddress)
    let device = BrowserDevice(asked, new: hall.desk.vault.newSecret)
    let entry = try await hall.doorkeeper.redeem(Redacted(secret), on: device.device)
    return admit(entry, to: "/password?first=1", on: device)
  }

  private func showPassword(_ asked: Asked) async throws -> Reply {
    if let reply = pages.languageChange(asked) { return reply }
    let visitor = try await hall.doorkeeper.visitor(of: asked)
    guard visitor.session != nil else {
      let next = PercentText.encode(asked.address)
      return .seeOther("/sign-in?next=\(next)")
    }
    return try await password(
      200, visitor, asked, isFirst: asked.query?.contains { $0.name == "first" } ?? false)
  }

  private func setPassword(_ asked: Asked) async throws -> Reply {
    try OriginCheck.require(asked, publicAddress: hall.settings.publicAddress)
    let visitor = try await hall.doorkeeper.visitor(of: asked)
    guard let session = visitor.session else { return .seeOther("/sign-in?next=%2Fpassword") }
    let form = try Pages.form(asked)
    let value = { (name: String) in form.first { $0.name == name }?.value ?? "" }
    do {
      guard value("password") == value("again") else {
        throw Refusal(
          .invalid, "password.differs",
          Words("两次输入的口令不同，请重新输入", "The two passwords differ; enter them again"),
          field: "again")
      }
      try await hall.doorkeeper.setPassword(session, Redacted(value("password")))
    } catch let refusal as Refusal {
      return try await password(
        422, visitor, asked, isFirst: value("first") == "1", refusal: refusal)
    }
    return Reply.seeOther("/").with(
      cookie: CookieName.notice, "password", seconds: 60, secure: hall.settings.isSecure)
  }

  private func password(
    _ status: Int, _ visitor: Visitor, _ asked: Asked, isFirst: Bool, refusal: Refusal? = nil
  ) async throws -> Reply {
    let caption = try await pages.surroundings(visitor, asked)?.caption
    return .html(
      status,
      SignInScreens(language: asked.language).password(
        caption: caption, isFirst: isFirst, refusal: refusal))
  }

  private func slip(_ secret: String, _ asked: Asked) async throws -> Reply {
    let sender = try await hall.doorkeeper.forSlip(Redacted(secret))
    guard case .resident = sender else { throw TroubleError(Trouble.noSuchAddress) }
    let home = hall.settings.residentHome
    return Reply.html(200, SignInScreens(language: asked.language).slip(home: home)).with(
      cookie: CookieName.slip, secret, seconds: hall.settings.limits.slipSeconds,
      secure: hall.settings.isSecure)
  }

  /// Lets somebody in: the session's cookie, the device's, and on to a page.
  func admit(
    _ entry: Doorkeeper.Entry, to next: String, on device: BrowserDevice
  ) -> Reply {
    let seconds = max((entry.until - hall.desk.clock.now()).inSeconds, 0)
    return Reply.seeOther(next).with(
      cookie: CookieName.session, entry.secret.revealed, seconds: seconds,
      secure: hall.settings.isSecure
    ).with(
      cookie: CookieName.device, device.device.secret.revealed, seconds: BrowserDevice.seconds,
      secure: hall.settings.isSecure)
  }
}

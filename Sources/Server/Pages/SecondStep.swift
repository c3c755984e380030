import Kernel

/// The steps at the door beside the password: the second factor, and invitations by slip.
struct SecondStep: Sendable {
  let hall: Hall
  let pages: Pages
  let signIn: SignIn

  /// The way to an address of these steps; nil when it is none.
  func route(_ parts: [String]) -> Route? {
    switch parts {
    case ["second-factor"]:
      return Route("/second-factor", .work, ["GET": show, "POST": prove])
    case ["second-factor", "begin"]:
      return Route("/second-factor/begin", .work, ["POST": begin])
    case ["second-factor", "cancel"]:
      return Route("/second-factor/cancel", .work, ["POST": cancel])
    case ["second-factor", "enrol"]:
      return Route("/second-factor/enrol", .work, ["POST": enrol])
    case ["second-factor", "codes"]:
      return Route("/second-factor/codes", .work, ["POST": renewCodes])
    default:
      if parts.count == 3, parts.starts(with: ["second-factor", "passkey"]) {
        return passkeyRoute(parts[2])
      }
      guard parts.count == 2, parts[0] == "invite" else { return nil }
      let secret = Redacted(parts[1])
      return Route(
        "/invite/:secret", .work,
        ["GET": { try await invitation(secret, $0) }, "POST": { try await accept(secret, $0) }])
    }
  }

  // MARK: The second factor

  /// The secret of the session, shown or not; whoever has none is asked to sign in.
  func session(_ asked: Asked) throws(Refusal) -> Redacted<String> {
    guard let secret = asked.cookie(CookieName.session) else { throw .notSignedIn }
    return Redacted(secret)
  }

  private func next(_ asked: Asked, _ form: [FormPair] = []) -> String {
    let pairs = form.isEmpty ? asked.query ?? [] : form
    return Pages.localAddress(pairs.first { $0.name == "next" }?.value)
  }

  private func show(_ asked: Asked) async throws -> Reply {
    if let reply = pages.languageChange(asked) { return reply }
    do {
      return try await page(200, session(asked), asked, next: next(asked))
    } catch let refusal as Refusal where refusal.kind == .unknownSender {
      return .seeOther("/sign-in?next=\(PercentText.encode(asked.address))")
    }
  }

  private func page(
    _ status: Int, _ session: Redacted<String>, _ asked: Asked, next: String,
    refusal: Refusal? = nil
  ) async throws -> Reply {
    let factor = hall.doorkeeper.factor
    let standing = try await factor.standing(session)
    let screens = FactorScreens(
      language: asked.language, next: next, now: hall.desk.clock.now(),
      zone: hall.desk.rules.zone)
    if standing.isEnrolled, !standing.isProven {
      return .html(status, screens.asking(standing, refusal: refusal))
    }
    if let candidate = try await factor.candidate(session) {
      return .html(status, screens.enrolling(standing, candidate, refusal: refusal))
    }
    return .html(status, screens.standing(standing, refusal: refusal))
  }

  /// Does something in a session and shows the page again when it is refused.
  func step(
    _ asked: Asked,
    _ body: (Redacted<String>, [FormPair], _ next: String) async throws -> Reply
  ) async throws -> Reply {
    try OriginCheck.require(asked, publicAddress: hall.settings.publicAddress)
    let form = try Pages.form(asked)
    let next = next(asked, form)
    do {
      let session = try session(asked)
      do {
        return try await body(session, form, next)
      } catch let refusal as Refusal where refusal.kind != .unknownSender {
        let trouble = Trouble(refusal)
        let status = refusal.kind == .overloaded ? trouble.status : 422
        return trouble.headed(
          try await page(status, session, asked, next: next, refusal: refusal))
      }
    } catch let refusal as Refusal where refusal.kind == .unknownSender {
      return .seeOther("/sign-in?next=\(PercentText.encode(next))")
    }
  }

  private func prove(_ asked: Asked) async throws -> Reply {
    try await step(asked) { session, form, next in
      let entry = try await hall.doorkeeper.factor.prove(session, proof(form, asked))
      return keep(entry, Reply.seeOther(next))
    }
  }

  private func begin(_ asked: Asked) async throws -> Reply {
    try await step(asked) { session, form, next in
      try await hall.doorkeeper.factor.begin(session, proof(form, asked))
      return .seeOther("/second-factor?next=\(PercentText.encode(next))")
    }
  }

  private func cancel(_ asked: Asked) async throws -> Reply {
    try await step(asked) { session, _, next in
      try await hall.doorkeeper.factor.cancel(session)
      return .seeOther("/second-factor?next=\(PercentText.encode(next))")
    }
  }

  private func enrol(_ asked: Asked) async throws -> Reply {
    try await step(asked) { session, form, next in
      let enrolment = try await hall.doorkeeper.factor.enrol(session, code(form))
      return keep(
        enrolment.entry,
        codesPage(enrolment.codes, of: enrolment.entry.account, asked, next: next))
    }
  }

  private func renewCodes(_ asked: Asked) async throws -> Reply {
    try await step(asked) { session, form, next in
      let codes = try await hall.doorkeeper.factor.renewCodes(session, proof(form, asked))
      let account = try await hall.doorkeeper.factor.standing(session).account
      return codesPage(codes, of: account, asked, next: next)
    }
  }

  private func code(_ form: [FormPair]) -> Redacted<String> {
    Redacted(form.first { $0.name == "code" }?.value ?? "")
  }

  func codesPage(
    _ codes: [Redacted<String>], of account: AccountID, _ asked: Asked, next: String
  ) -> Reply {
    let paper = PaperScreens(
      language: asked.language, zone: hall.desk.rules.zone, now: hall.desk.clock.now())
    return .html(200, paper.recoveryCodes(codes, account: account.text, next: next))
  }

  /// The session's cookie holds its new secret and lasts as long as the session does now.
  func keep(_ entry: Doorkeeper.Entry, _ reply: Reply) -> Reply {
    let seconds = max((entry.until - hall.desk.clock.now()).inSeconds, 0)
    return reply.with(
      cookie: CookieName.session, entry.secret.revealed, seconds: seconds,
      secure: hall.settings.isSecure)
  }

  // MARK: Invitations

  private func invitation(_ secret: Redacted<String>, _ asked: Asked) async throws -> Reply {
    if let reply = pages.languageChange(asked) { return reply }
    return try await invitation(200, secret, asked, refusal: nil)
  }

  private func invitation(
    _ status: Int, _ secret: Redacted<String>, _ asked: Asked, refusal: Refusal?
  ) async throws -> Reply {
    let slip = try await hall.doorkeeper.invitation.show(secret)
    let screens = FactorScreens(
      language: asked.language, next: "/", now: hall.desk.clock.now(), zone: hall.desk.rules.zone)
    return .html(
      status, screens.invitation(slip, secret: secret.revealed, refusal: refusal))
  }

  private func accept(_ secret: Redacted<String>, _ asked: Asked) async throws -> Reply {
    try OriginCheck.require(asked, publicAddress: hall.settings.publicAddress)
    let form = try Pages.form(asked)
    let value = { (name: String) in form.first { $0.name == name }?.value ?? "" }
    let device = BrowserDevice(asked, new: hall.desk.vault.newSecret)
    do {
      guard value("password") == value("again") else {
        throw Refusal(
          .invalid, "password.differs",
          Words("两次输入的口令不同，请重新输入", "The two passwords differ; enter them again"),
          field: "again")
      }
      let entry = try await hall.doorkeeper.invitation.accept(
        secret, Redacted(value("password")), device.device)
      return signIn.admit(entry, to: "/", on: device)
    } catch let refusal as Refusal where [.invalid, .conflict].contains(refusal.kind) {
      return try await invitation(422, secret, asked, refusal: refusal)
    }
  }
}

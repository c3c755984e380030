import Kernel

/// What is printed and handed over: a resident's slip, an account's one-time link. The secret is
/// made here, shown once, and only its fingerprint is kept.
struct Papers: Sendable {
  let hall: Hall
  let pages: Pages

  /// The way to where such a paper is asked for; nil when it is another address.
  func route(_ parts: [String]) -> Route? {
    switch parts {
    case ["slips"]: Route("/slips", .work, ["POST": issueSlip])
    case ["links"]: Route("/links", .work, ["POST": issueLink])
    case ["invitations", "issue"]:
      Route("/invitations/issue", .work, ["POST": issueInvitation])
    default: nil
    }
  }

  private func issueSlip(_ asked: Asked) async throws -> Reply {
    let (visitor, form) = try await open(asked)
    let person = form.first { $0.name == "person" }?.value ?? ""
    let secret = hall.desk.vault.newSecret()
    let body: [String: Fields] = [
      "person": .text(person), "fingerprint": .text(hall.desk.vault.fingerprint(of: secret)),
    ]
    let receipt = try await hall.desk.submit(
      Envelope(
        id: hall.desk.newCommandID(), name: "residents.issueSlip", body: .object(body),
        sender: visitor.sender))
    let until = try receipt.decoded(Expiry.self).expiresAt
    return .html(
      200,
      screens(asked).slip(
        address: "\(hall.settings.origin(of: asked))/s/\(secret)", until: until,
        number: String(receipt.command.text.suffix(8)).uppercased(),
        back: "/residents/\(PercentText.encode(person))"))
  }

  private func issueLink(_ asked: Asked) async throws -> Reply {
    let (visitor, form) = try await open(asked)
    let account = try AccountID(
      form.first { $0.name == "account" }?.value ?? "", field: "account")
    let secret = try await hall.doorkeeper.issueLink(account, visitor.sender)
    return .html(
      200,
      screens(asked).link(
        address: "\(hall.settings.origin(of: asked))/link/\(secret.revealed)",
        account: account.text,
        back: "/offices/\(PercentText.encode(account.text))"))
  }

  private func issueInvitation(_ asked: Asked) async throws -> Reply {
    let (visitor, form) = try await open(asked)
    let value = { (name: String) in form.first { $0.name == name }?.value ?? "" }
    let back = Pages.localAddress(value("back"))
    do {
      let until = try value("until").isEmpty ? nil : moment(value("until"))
      let order = InvitationDoor.Order(
        account: value("account"), title: value("title"), role: value("role"),
        place: value("place"), until: until)
      let (secret, slip) = try await hall.doorkeeper.invitation.issue(order, visitor.sender)
      return .html(
        200,
        screens(asked).invitation(
          slip, address: "\(hall.settings.origin(of: asked))/invite/\(secret.revealed)", back: back)
      )
    } catch let refusal as Refusal where refusal.kind != .unknownSender {
      return try await pages.again(back, "send", form, refusal, asked, visitor)
    }
  }

  private func moment(_ written: String) throws(Refusal) -> Instant {
    guard let instant = Instant(written, in: hall.desk.rules.zone) else {
      throw .malformed("until", written, expected: Words("日期和时间", "a day and a time"))
    }
    return instant
  }

  private func open(_ asked: Asked) async throws -> (visitor: Visitor, form: [FormPair]) {
    try OriginCheck.require(asked, publicAddress: hall.settings.publicAddress)
    let visitor = try await hall.doorkeeper.visitor(of: asked)
    return (visitor, try Pages.form(asked))
  }

  private func screens(_ asked: Asked) -> PaperScreens {
    PaperScreens(
      language: asked.language, zone: hall.desk.rules.zone, now: hall.desk.clock.now())
  }

  private struct Expiry: Decodable {
    let expiresAt: Instant

    private enum CodingKeys: String, CodingKey { case expiresAt = "expires_at" }
  }
}

extension DistrictServer.Settings {
  /// The address under which this server is reached.
  func origin(of asked: Asked) -> String {
    publicAddress ?? "http://\(asked.headers["host", default: "localhost"])"
  }
}

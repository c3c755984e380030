import Kernel

/// Makes secrets for people who are signed in: a resident's slip, a colleague's one-time link, a
/// program's token. Each is shown once, on the page that answers the form.
///
/// A page's form posts to `/mint/slip` with `person`, to `/mint/link` with `account`, or to
/// `/mint/token` with `account` and perhaps `days`.
struct Minting: Sendable {
  let hall: Hall

  /// The way to a form's address; nil when it is none of these.
  func route(_ parts: [String]) -> Route? {
    guard parts.count == 2, parts[0] == "mint" else { return nil }
    switch parts[1] {
    case "slip": return Route("/mint/slip", ["POST": slip])
    case "link": return Route("/mint/link", ["POST": link])
    case "token": return Route("/mint/token", ["POST": token])
    default: return nil
    }
  }

  private func slip(_ asked: Asked) async throws -> Reply {
    let (visitor, value) = try await wish(asked)
    let person = try PersonID(value("person"), field: "person")
    let secret = try await hall.doorkeeper.issueSlip(person, visitor.sender)
    return .html(
      200,
      MintedScreen(language: asked.language).slip(
        address: address("/s/\(secret.revealed)", asked), back: Pages.localAddress(value("back"))))
  }

  private func link(_ asked: Asked) async throws -> Reply {
    let (visitor, value) = try await wish(asked)
    let account = try AccountID(value("account"), field: "account")
    let secret = try await hall.doorkeeper.issueLink(account, visitor.sender)
    return .html(
      200,
      MintedScreen(language: asked.language).link(
        address: address("/link/\(secret.revealed)", asked),
        back: Pages.localAddress(value("back"))))
  }

  private func token(_ asked: Asked) async throws -> Reply {
    let (visitor, value) = try await wish(asked)
    let account = try AccountID(value("account"), field: "account")
    let written = value("days")
    if !written.isEmpty, Int(written) == nil {
      throw Refusal.malformed("days", written, expected: Words("天数", "a number of days"))
    }
    let secret = try await hall.doorkeeper.issueToken(account, Int(written), visitor.sender)
    return .html(
      200,
      MintedScreen(language: asked.language).token(
        secret: secret.revealed, back: Pages.localAddress(value("back"))))
  }

  private func wish(
    _ asked: Asked
  ) async throws -> (visitor: Visitor, value: (String) -> String) {
    try OriginCheck.require(asked, publicAddress: hall.settings.publicAddress)
    let form = try Pages.form(asked)
    return (
      try await hall.doorkeeper.visitor(of: asked),
      { name in form.first { $0.name == name }?.value ?? "" }
    )
  }

  private func address(_ path: String, _ asked: Asked) -> String {
    (hall.settings.publicAddress ?? "http://\(asked.headers["host"] ?? "localhost")") + path
  }
}

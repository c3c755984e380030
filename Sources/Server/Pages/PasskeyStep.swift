import Kernel

/// Passkeys at the second step: what the browser is asked for as JSON, and what it answers as a form that
/// `passkey.js` fills in.
extension SecondStep {
  /// The way to an address of passkeys; nil when it is none.
  func passkeyRoute(_ part: String) -> Route? {
    switch part {
    case "ask": Route("/second-factor/passkey/ask", .work, ["POST": askForPasskey])
    case "begin": Route("/second-factor/passkey/begin", .work, ["POST": beginPasskey])
    case "enrol": Route("/second-factor/passkey/enrol", .work, ["POST": enrolPasskey])
    case "remove": Route("/second-factor/passkey/remove", .work, ["POST": removePasskey])
    default: nil
    }
  }

  /// What a form shows of the second factor: the answer of a browser that was asked for a passkey, else what
  /// was typed.
  func proof(_ form: [FormPair], _ asked: Asked) throws(Refusal) -> FactorDoor.Proof {
    let value = { (name: String) in form.first { $0.name == name }?.value ?? "" }
    guard !value("signature").isEmpty else { return .code(Redacted(value("code"))) }
    // What cannot be read is nothing, and refused as a wrong answer after it was counted as one.
    let bytes = { (name: String) in Base64URL.bytes(value(name)) ?? [] }
    return .passkey(
      PasskeyDoor.Assertion(
        credential: bytes("credential"), client: bytes("client"),
        authenticator: bytes("authenticator"), signature: bytes("signature"), user: bytes("user"),
        site: try site(asked)))
  }

  /// The address under which the browser sees us: the public one, else the one that it sent the request to.
  private func site(_ asked: Asked) throws(Refusal) -> PasskeyDoor.Site {
    let origin = asked.headers["origin", default: ""].lowercased()
    let host = asked.headers["host", default: ""].lowercased()
    let isOwn = origin == "https://\(host)" || origin == "http://\(host)"
    let known = hall.settings.publicAddress ?? (isOwn ? origin : "")
    guard let site = PasskeyDoor.Site(origin: known) else {
      throw Refusal(
        .conflict, "passkey.address",
        Words(
          "通行密钥只能在 https 网址或本机 localhost 上使用；请用验证器和恢复码",
          "Passkeys work at an https address or at localhost only; use the authenticator app and recovery codes"
        ), field: "passkey")
    }
    return site
  }

  /// Answers a script: what it asked for, or why not.
  private func answer(
    _ asked: Asked, _ body: (Redacted<String>, [FormPair]) async throws -> Fields
  ) async throws -> Reply {
    do {
      try OriginCheck.require(asked, publicAddress: hall.settings.publicAddress)
      return .json(200, try await body(session(asked), Pages.form(asked)))
    } catch let refusal as Refusal { return Trouble(refusal).reply(asked.language) }
  }

  /// `PublicKeyCredentialRequestOptions` (WebAuthn Level 2, §5.5); bytes as base64url.
  private func askForPasskey(_ asked: Asked) async throws -> Reply {
    try await answer(asked) { session, _ in
      let offer = try await hall.doorkeeper.factor.passkeys.ask(session, site(asked))
      return .object([
        "challenge": Self.text(offer.challenge), "rpId": .text(offer.site.relyingParty),
        "allowCredentials": Self.credentials(offer), "userVerification": .text("preferred"),
        "timeout": .integer(Int64(offer.milliseconds)),
      ])
    }
  }

  /// `PublicKeyCredentialCreationOptions` (§5.4): a key for ES256, no attestation, on whatever the browser
  /// has.
  private func beginPasskey(_ asked: Asked) async throws -> Reply {
    try await answer(asked) { session, form in
      let offer = try await hall.doorkeeper.factor.passkeys.begin(
        session, proof(form, asked), site(asked))
      return .object([
        "challenge": Self.text(offer.challenge),
        "rp": .object([
          "id": .text(offer.site.relyingParty),
          "name": .text(Words("灯火", "Denghuo")(asked.language)),
        ]),
        "user": .object([
          "id": Self.text(offer.user), "name": .text(offer.account),
          "displayName": .text(offer.title),
        ]),
        "pubKeyCredParams": .list([
          .object(["type": .text("public-key"), "alg": .integer(Self.es256)])
        ]),
        "excludeCredentials": Self.credentials(offer),
        "authenticatorSelection": .object([
          "residentKey": .text("preferred"), "userVerification": .text("preferred"),
        ]),
        "attestation": .text("none"), "timeout": .integer(Int64(offer.milliseconds)),
      ])
    }
  }

  /// The number of ES256 in the register of COSE.
  private static let es256: Int64 = -7

  private static func text(_ bytes: [UInt8]) -> Fields { .text(Base64URL.text(bytes)) }

  private static func credentials(_ offer: PasskeyDoor.Offer) -> Fields {
    .list(
      offer.credentials.map { one in
        .object([
          "type": .text("public-key"), "id": text(one.id),
          "transports": .list(one.transports.map(Fields.text)),
        ])
      })
  }

  private func enrolPasskey(_ asked: Asked) async throws -> Reply {
    try await step(asked) { session, form, next in
      let value = { (name: String) in form.first { $0.name == name }?.value ?? "" }
      let named = value("title").trimmingWhitespace()
      let device = BrowserDevice(asked, new: hall.desk.vault.newSecret).device
      let enrolment = try await hall.doorkeeper.factor.passkeys.enrol(
        session,
        PasskeyDoor.Registration(
          client: Base64URL.bytes(value("client")) ?? [],
          attestation: Base64URL.bytes(value("attestation")) ?? [],
          transports: value("transports").split(separator: ",").map(String.init),
          name: named.isEmpty ? device.name : named, site: try site(asked)))
      return keep(
        enrolment.entry,
        enrolment.codes.isEmpty
          ? .seeOther("/second-factor?next=\(PercentText.encode(next))")
          : codesPage(enrolment.codes, of: enrolment.entry.account, asked, next: next))
    }
  }

  private func removePasskey(_ asked: Asked) async throws -> Reply {
    try await step(asked) { session, form, next in
      let passkey = form.first { $0.name == "passkey" }?.value ?? ""
      try await hall.doorkeeper.factor.passkeys.remove(session, passkey, proof(form, asked))
      return .seeOther("/second-factor?next=\(PercentText.encode(next))")
    }
  }
}

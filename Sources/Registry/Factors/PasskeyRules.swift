import Kernel

/// The two ceremonies of a passkey, as far as they need no table: making one (WebAuthn Level 2, §7.1) and
/// showing one (§7.2). What the tables know of it, that a challenge is used once and that a counter grows, is
/// judged in the transaction.
enum PasskeyRules {
  /// Which ceremony a browser says that it did (§5.8.1 `type`).
  enum Ceremony: String, Sendable {
    case making = "webauthn.create"
    case showing = "webauthn.get"
  }

  /// A passkey that may come into force.
  struct Made: Sendable, Equatable {
    let credential: [UInt8]
    let point: [UInt8]
    let counter: UInt32
    /// Whether the authenticator made sure who held it.
    let isVerified: Bool
  }

  // Browsers and authenticators stay far below; what is longer is no answer of theirs.
  private static let longestClient = 4_096
  private static let longestAttestation = 16_384
  private static let longestAuthenticator = 4_096
  /// The longest DER form of a signature of P-256.
  private static let longestSignature = 72
  private static let challengeLetters = 43

  /// The challenge that an answer carries (§7.1 step 8, §7.2 step 12), as text; nil when the answer cannot be
  /// read. Whether it was ours, and for the first time, the tables say.
  static func challenge(in client: [UInt8]) -> String? {
    guard let text = members(of: client)?["challenge"]?.asText,
      text.utf8.count == challengeLetters, Base64URL.bytes(text) != nil
    else { return nil }
    return text
  }

  /// What stands in the data of a browser (§5.8.1); nil when that cannot be read.
  private static func members(of client: [UInt8]) -> [String: Fields]? {
    guard client.count <= longestClient, case .object(let members)? = try? Fields.json(client)
    else { return nil }
    return members
  }

  /// Checks what the browser says it did, and where (§7.1 steps 5 to 10, §7.2 steps 9 to 14).
  private static func check(
    _ client: [UInt8], of ceremony: Ceremony, at site: PasskeyDoor.Site
  ) throws(Refusal) {
    guard let members = members(of: client), members["type"] == .text(ceremony.rawValue) else {
      throw .passkeyWrong
    }
    // Inside a page of somebody else nobody sees whom they talk to.
    guard members["origin"] == .text(site.origin),
      members["crossOrigin"] ?? .flag(false) == .flag(false)
    else { throw .passkeyElsewhere }
    // We bind to no line; a browser that says that it did talks of another one.
    if case .object(let binding)? = members["tokenBinding"], binding["status"] == .text("present") {
      throw .passkeyWrong
    }
  }

  /// Checks for whom the authenticator answers, and that somebody touched it (§7.1 steps 13 and 14, §7.2
  /// steps 15 and 16). Whether it knew who that was is noted, not asked: the password was the other factor.
  private static func check(
    _ data: AuthenticatorData, at site: PasskeyDoor.Site, _ suite: any CryptoSuite
  ) throws(Refusal) {
    guard data.relyingParty == suite.digest(Array(site.relyingParty.utf8)) else {
      throw .passkeyElsewhere
    }
    guard data.isPresent else { throw .passkeyWrong }
  }

  /// A new passkey (§7.1).
  ///
  /// - Throws: a refusal when anything is not as the section says.
  static func made(
    _ answer: PasskeyDoor.Registration, suite: any CryptoSuite
  ) throws(Refusal) -> Made {
    try check(answer.client, of: .making, at: answer.site)
    guard answer.attestation.count <= longestAttestation,
      let object = CBOR.value(of: answer.attestation),
      let bytes = object["authData"]?.asBytes, bytes.count <= longestAuthenticator,
      let data = AuthenticatorData(bytes), let made = data.made, suite.isPoint(made.point)
    else { throw .passkeyUnreadable }
    try check(data, at: answer.site, suite)
    let signed = bytes + suite.digest(answer.client)
    guard isAttested(object, signed, by: made, suite) else { throw .passkeyUnreadable }
    return Made(
      credential: made.credential, point: made.point, counter: data.counter,
      isVerified: data.isVerified)
  }

  /// We ask for no attestation. What browsers then leave is none at all (§8.7), or what the key says of itself
  /// (§8.2, self attestation); anything else was not asked for and is refused (§7.1 steps 18 and 19).
  private static func isAttested(
    _ object: CBOR, _ signed: [UInt8], by made: AuthenticatorData.Made, _ suite: any CryptoSuite
  ) -> Bool {
    guard case .map(let members) = object, members.count == 3,
      case .map(let statement)? = object["attStmt"]
    else { return false }
    switch object["fmt"] {
    case .text("none"): return statement.isEmpty
    case .text("packed"):
      guard statement.count == 2, statement[.text("alg")] == COSEKey.es256,
        let signature = statement[.text("sig")]?.asBytes, signature.count <= longestSignature
      else { return false }
      return suite.isSigned(signed, byPoint: made.point, signature: signature)
    default: return false
    }
  }

  /// What an authenticator said when it showed a passkey (§7.2), if its signature is right.
  ///
  /// - Parameters:
  ///   - key: the passkey that the answer names, of the account that asks.
  ///   - user: the account as authenticators know it.
  static func shown(
    _ answer: PasskeyDoor.Assertion, by key: Passkey, user: [UInt8], suite: any CryptoSuite
  ) throws(Refusal) -> AuthenticatorData {
    // Step 6: whoever the answer is said to be of is the one who was asked.
    guard answer.user.isEmpty || answer.user == user else { throw .passkeyUnknown }
    try check(answer.client, of: .showing, at: answer.site)
    guard key.relyingParty == answer.site.relyingParty else { throw .passkeyElsewhere }
    guard answer.authenticator.count <= longestAuthenticator,
      let data = AuthenticatorData(answer.authenticator), data.made == nil
    else { throw .passkeyWrong }
    try check(data, at: answer.site, suite)
    guard answer.signature.count <= longestSignature,
      suite.isSigned(
        answer.authenticator + suite.digest(answer.client), byPoint: key.point,
        signature: answer.signature)
    else { throw .passkeyWrong }
    return data
  }

  /// Whether a counter may follow the one that is known (§7.2 step 21): it grows, or the authenticator keeps
  /// none and both are zero.
  static func mayFollow(_ counter: Int64, after known: Int64) -> Bool {
    counter > known || counter == 0 && known == 0
  }

  /// How browsers reach authenticators (§5.8.4); what else they say is left out.
  static let transports: Set = ["usb", "nfc", "ble", "hybrid", "internal"]
}

extension Fields {
  fileprivate var asText: String? {
    if case .text(let text) = self { text } else { nil }
  }
}

extension Refusal {
  /// The answer is not right: a wrong signature, another ceremony, nobody touched it.
  static let passkeyWrong = Refusal(
    .invalid, "passkey.wrong",
    Words(
      "通行密钥没有通过核对，请再试一次；不行就用验证码或恢复码",
      "The passkey did not pass the check; try again, or use a code or a recovery code"),
    field: "passkey")

  /// The passkey answers to another address than the one in the browser, or to a page inside another.
  static let passkeyElsewhere = Refusal(
    .invalid, "passkey.elsewhere",
    Words(
      "这个通行密钥是为另一个网址设置的，或此页不在本系统的网址上；请核对地址栏，不要在可疑页面登录",
      "This passkey belongs to another address, or this page is not at ours; look at the address bar and do not sign in on a page that you doubt"
    ), field: "passkey")

  /// The account has no such passkey, or not any more.
  static let passkeyUnknown = Refusal(
    .invalid, "passkey.unknown",
    Words(
      "本账号没有这个通行密钥（可能已移除）；请用另一个，或用验证码、恢复码",
      "The account has no such passkey, or not any more; use another one, a code or a recovery code"
    ),
    field: "passkey")

  /// What the authenticator made cannot be read or used.
  static let passkeyUnreadable = Refusal(
    .invalid, "passkey.unreadable",
    Words(
      "这台设备做出的通行密钥不能用（须为 ES256）；请换一台设备或安全密钥",
      "What this device made cannot be used: it takes a key for ES256. Use another device or security key"
    ), field: "passkey")

  /// The challenge was used, is over, or was another session's.
  static let passkeyLate = Refusal(
    .conflict, "passkey.late",
    Words(
      "等得太久，或这一次已经用过；请再点一次",
      "It took too long, or was used already; press the button again"), field: "passkey")

  /// The counter did not grow: there may be two of it.
  static let passkeyCopied = Refusal(
    .conflict, "passkey.copied",
    Words(
      "这个通行密钥的计数没有增加，可能被复制过，已停用并记入审计；请用验证码或恢复码登录，移除它，并告诉管理员",
      "This passkey’s counter did not grow: it may have been copied. It is out of use and stands in the audit list. Sign in with a code or a recovery code, remove it, and tell an administrator"
    ), field: "passkey")
}

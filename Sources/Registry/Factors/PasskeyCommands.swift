import Kernel

/// Keeps a challenge for a session that shows one of its account's passkeys.
package struct AskForPasskey: Command {
  package static let name = "factors.askForPasskey"
  package static let duty: Duty = .ownAccount
  /// The fingerprint of the session.
  package let session: String
  /// The fingerprint of the challenge.
  package let challenge: String

  package init(session: String, challenge: String) {
    self.session = session
    self.challenge = challenge
  }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Done {
    let found = try work.factorSession(session, proven: false)
    try work.keepChallenge(challenge, for: .showing, of: found.account, in: session)
    return Done()
  }
}

/// Keeps a challenge for a session that makes a passkey. Whoever has a second factor in force shows it once
/// more: a session left open on a desk must not be enough.
package struct BeginPasskey: Command {
  package static let name = "factors.beginPasskey"
  package static let duty: Duty = .ownAccount
  package let session: String
  package let challenge: String
  /// What was shown of the factor in force; nil when there is none.
  package let shown: FactorShown?

  package init(session: String, challenge: String, shown: FactorShown?) {
    self.session = session
    self.challenge = challenge
    self.shown = shown
  }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Done {
    let found = try work.factorSession(session, proven: true)
    if try FactorsStore(work.transaction).isEnrolled(found.account) {
      guard let shown else { throw Refusal.missing("code") }
      _ = try work.useFactor(shown, of: found.account)
    }
    try work.requireRoomForPasskey(of: found.account)
    try work.keepChallenge(challenge, for: .making, of: found.account, in: session)
    return Done()
  }
}

/// Uses a challenge up and counts the attempt, before the answer is looked at: whatever comes of it, the
/// challenge is worth nothing afterwards.
package struct TakePasskeyChallenge: Command {
  package static let name = "factors.takeChallenge"
  package static let duty: Duty = .ownAccount
  package let session: String
  /// The fingerprint of the challenge that the answer carries; empty when the answer cannot be read.
  package let challenge: String
  package let purpose: PasskeyPurpose

  package init(session: String, challenge: String, purpose: PasskeyPurpose) {
    self.session = session
    self.challenge = challenge
    self.purpose = purpose
  }

  package func area(in work: Work) -> Area { .own }

  /// Answers whether there was one, of this session and for this, that had not ended.
  package func perform(in work: Work) throws -> Bool {
    _ = try work.factorSession(session, proven: purpose == .making)
    try work.noteFactorAttempt()
    return try PasskeyStore(work.transaction).takeChallenge(
      challenge, for: purpose, in: session, at: work.now)
  }
}

/// What the edge gets for a new passkey.
package struct PasskeyEnrolment: Codable, Sendable {
  /// Until when the session lasts.
  package let until: Instant
  /// Whether the recovery codes that came with it are in force: of the first factor only. Whoever had one
  /// before has its codes on paper.
  package let areCodesNew: Bool

  private enum CodingKeys: String, CodingKey {
    case until
    case areCodesNew = "are_codes_new"
  }
}

/// Takes a new passkey into force: the edge has checked what the authenticator made (WebAuthn Level 2, §7.1).
package struct EnrolPasskey: Command {
  package static let name = "factors.enrolPasskey"
  package static let duty: Duty = .ownAccount
  package let session: String
  /// The identifier that the authenticator gave it, as hexadecimal text.
  package let credential: String
  /// The point of P-256, as hexadecimal text.
  package let point: String
  package let relyingParty: String
  /// What its holder calls it.
  package let title: String
  package let transports: [String]
  package let counter: Int64
  package let isVerified: Bool
  /// The fingerprints of recovery codes, for an account that has none yet.
  package let codes: [String]
  /// The fingerprint of the session's new secret.
  package let renewed: String

  package init(
    session: String, credential: String, point: String, relyingParty: String, title: String,
    transports: [String], counter: Int64, isVerified: Bool, codes: [String], renewed: String
  ) {
    self.session = session
    self.credential = credential
    self.point = point
    self.relyingParty = relyingParty
    self.title = title
    self.transports = transports
    self.counter = counter
    self.isVerified = isVerified
    self.codes = codes
    self.renewed = renewed
  }

  private enum CodingKeys: String, CodingKey {
    case session
    case credential
    case point
    case relyingParty = "relying_party"
    case title
    case transports
    case counter
    case isVerified = "is_verified"
    case codes
    case renewed
  }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> PasskeyEnrolment {
    let session = try work.factorSession(session, proven: true)
    try work.requireRoomForPasskey(of: session.account)
    let isFirst = try !FactorsStore(work.transaction).isEnrolled(session.account)
    let passkey = try keep(for: session.account, in: work)
    try work.record(
      PasskeyEnrolled(account: session.account, passkey: passkey, isVerified: isVerified))
    if isFirst {
      try work.keepRecoveryCodes(codes, of: session.account)
      // Sessions that never showed a factor must not outlive its coming.
      try work.endOtherSessions(of: session.account, except: self.session)
    }
    try FactorsStore(work.transaction).forgetAttempts(by: session.account)
    return PasskeyEnrolment(
      until: try work.proveFactor(in: session, renewed: renewed), areCodesNew: isFirst)
  }

  private func keep(for account: AccountID, in work: Work) throws -> PasskeyID {
    let store = PasskeyStore(work.transaction)
    guard let credential = Hex.bytes(credential), !credential.isEmpty else {
      throw Refusal.missing("credential")
    }
    guard let point = Hex.bytes(point), !point.isEmpty else { throw Refusal.missing("point") }
    // §7.1 step 22: two accounts must not share one.
    guard try store.find(credential: credential) == nil else {
      throw Refusal(
        .conflict, "passkey.known",
        Words(
          "这个通行密钥已经登记过，请换一个", "This passkey is registered already; use another one"),
        field: "passkey")
    }
    let passkey = Passkey(
      id: work.newID(), account: account, credential: credential, point: point,
      relyingParty: relyingParty, name: try WrittenWords.passkeyName.required(title),
      transports: transports.filter(PasskeyRules.transports.contains), counter: counter,
      isVerified: isVerified, madeAt: work.now, lastUsedAt: nil, suspectedAt: nil)
    try store.insert(passkey)
    return passkey.id
  }
}

/// Shows the factor by a passkey: the edge has checked the signature (WebAuthn Level 2, §7.2).
package struct ProvePasskey: Command {
  package static let name = "factors.provePasskey"
  package static let duty: Duty = .ownAccount
  package let session: String
  package let shown: PasskeyShown
  /// The fingerprint of the session's new secret.
  package let renewed: String

  package init(session: String, shown: PasskeyShown, renewed: String) {
    self.session = session
    self.shown = shown
    self.renewed = renewed
  }

  package func area(in work: Work) -> Area { .own }

  /// Answers until when the session lasts.
  package func perform(in work: Work) throws -> Instant {
    try work.prove(FactorShown(passkey: shown), in: session, renewed: renewed)
  }
}

/// Takes a passkey out of use whose signature was right and whose counter did not grow. In a transaction of
/// its own: what was asked for with it is refused, and leaves nothing behind.
package struct SuspectPasskey: Command {
  package static let name = "factors.suspectPasskey"
  package static let duty: Duty = .ownAccount
  package let shown: PasskeyShown

  package init(shown: PasskeyShown) { self.shown = shown }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Done {
    let store = PasskeyStore(work.transaction)
    guard let passkey = try store.find(shown.passkey), passkey.suspectedAt == nil,
      passkey.account == (try work.authority.account()),
      !PasskeyRules.mayFollow(shown.counter, after: passkey.counter)
    else { return Done() }
    try store.suspect(passkey.id, at: work.now)
    try work.record(
      PasskeySuspected(
        account: passkey.account, passkey: passkey.id, known: passkey.counter, sent: shown.counter))
    return Done()
  }
}

/// Takes a passkey away. The factor is shown once more; other sessions of the account end, because whoever has
/// lost a key may have lost them with it.
package struct RemovePasskey: Command {
  package static let name = "factors.removePasskey"
  package static let duty: Duty = .ownAccount
  package let session: String
  package let passkey: PasskeyID
  package let shown: FactorShown

  package init(session: String, passkey: PasskeyID, shown: FactorShown) {
    self.session = session
    self.passkey = passkey
    self.shown = shown
  }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Done {
    let account = try work.factorSession(session, proven: true).account
    _ = try work.useFactor(shown, of: account)
    let store = PasskeyStore(work.transaction)
    guard let found = try store.find(passkey), found.account == account else {
      throw Refusal.notFound(Words("通行密钥", "passkey"), passkey.text, field: "passkey")
    }
    try store.remove(found.id)
    let factors = FactorsStore(work.transaction)
    if try !factors.isEnrolled(account) {
      let rule = try FactorDuty(work.rules.policies, at: work.now)
      guard try !factors.isRequired(of: account, at: work.now, rule) else {
        throw Refusal(
          .conflict, "passkey.last",
          Words(
            "岗位要求第二步验证，这是最后一个；请先设置验证器或另一个通行密钥",
            "Your office asks for a second factor and this is the last one; set up an authenticator or another passkey first"
          ), field: "passkey")
      }
      // Paper must not open what has no second step.
      try factors.remove(account)
    }
    try work.record(PasskeyRemoved(account: account, passkey: found.id))
    try work.endOtherSessions(of: account, except: session)
    return Done()
  }
}

extension WrittenWords {
  /// What somebody calls a passkey of theirs.
  static let passkeyName = WrittenWords(
    "title", Words("通行密钥的名称", "The passkey’s name"), longest: 40, tooLong: "passkey.nameLong")
}

import Kernel

/// Passkeys at the door: challenges are made and signatures checked here; commands hear of fingerprints,
/// points and counters only.
extension Doorkeeping {
  var passkeyDoor: PasskeyDoor {
    PasskeyDoor(
      ask: { try await askForPasskey($0, at: $1) },
      begin: { try await beginPasskey($0, proof: $1, at: $2) },
      enrol: { try await enrolPasskey($0, $1) },
      remove: { try await removePasskey($0, $1, proof: $2) })
  }

  /// WebAuthn Level 2, §13.4.3: at least 16 bytes of chance.
  private static let challengeBytes = 32

  private func askForPasskey(
    _ secret: Redacted<String>, at site: PasskeyDoor.Site
  ) async throws -> PasskeyDoor.Offer {
    let session = try await session(secret)
    let found = try await passkeys(of: session.account, at: site).filter { $0.suspectedAt == nil }
    guard !found.isEmpty else {
      throw Refusal(
        .conflict, "passkey.none",
        Words(
          "本账号在这个网址没有可用的通行密钥，请用验证码或恢复码",
          "The account has no passkey that is in use at this address; use a code or a recovery code"
        ),
        field: "passkey")
    }
    let challenge = desk.vault.entropy.bytes(Self.challengeBytes)
    try await desk.submit(
      AskForPasskey(
        session: desk.vault.fingerprint(of: secret.revealed), challenge: mark(of: challenge)),
      id: desk.newCommandID(), as: .account(session.account))
    return try await offer(challenge, of: session.account, found, at: site)
  }

  private func beginPasskey(
    _ secret: Redacted<String>, proof: FactorDoor.Proof?, at site: PasskeyDoor.Site
  ) async throws -> PasskeyDoor.Offer {
    let session = try await session(secret)
    let isEnrolled = try await desk.storage.read {
      try FactorsStore($0).isEnrolled(session.account)
    }
    if isEnrolled, session.provenAt == nil { throw Refusal.factorOwed }
    let shown = isEnrolled ? try await self.shown(proof, of: session, secret) : nil
    let challenge = desk.vault.entropy.bytes(Self.challengeBytes)
    try await submit(
      BeginPasskey(
        session: desk.vault.fingerprint(of: secret.revealed), challenge: mark(of: challenge),
        shown: shown), showing: shown, as: session.account)
    let known = try await passkeys(of: session.account, at: site)
    return try await offer(challenge, of: session.account, known, at: site)
  }

  private func enrolPasskey(
    _ secret: Redacted<String>, _ answer: PasskeyDoor.Registration
  ) async throws -> FactorDoor.Enrolment {
    let session = try await session(secret)
    try await takeChallenge(in: answer.client, for: .making, secret, session.account)
    let made = try PasskeyRules.made(answer, suite: desk.vault.suite)
    let codes = try newCodes()
    let renewed = desk.vault.newSecret()
    let receipt = try await desk.submit(
      EnrolPasskey(
        session: desk.vault.fingerprint(of: secret.revealed),
        credential: Hex.text(made.credential), point: Hex.text(made.point),
        relyingParty: answer.site.relyingParty, title: answer.name,
        transports: answer.transports, counter: Int64(made.counter), isVerified: made.isVerified,
        codes: codes.map(fingerprint), renewed: desk.vault.fingerprint(of: renewed)),
      id: desk.newCommandID(), as: .account(session.account))
    let enrolment = try receipt.decoded(PasskeyEnrolment.self)
    return FactorDoor.Enrolment(
      codes: enrolment.areCodesNew ? codes : [],
      entry: Doorkeeper.Entry(
        secret: Redacted(renewed), account: session.account, until: enrolment.until))
  }

  private func removePasskey(
    _ secret: Redacted<String>, _ id: String, proof: FactorDoor.Proof
  ) async throws {
    let session = try await session(secret)
    if session.provenAt == nil { throw Refusal.factorOwed }
    let passkey = try PasskeyID(id, field: "passkey")
    let shown = try await self.shown(proof, of: session, secret)
    try await submit(
      RemovePasskey(
        session: desk.vault.fingerprint(of: secret.revealed), passkey: passkey, shown: shown),
      showing: shown, as: session.account)
  }

  /// What an answer shows of the account's passkeys. The challenge is used up and the attempt counted first.
  func shown(
    _ answer: PasskeyDoor.Assertion, of session: Credential, _ secret: Redacted<String>
  ) async throws -> FactorShown {
    try await takeChallenge(in: answer.client, for: .showing, secret, session.account)
    let found = try await desk.storage.read {
      try PasskeyStore($0).find(credential: answer.credential)
    }
    guard let found, found.account == session.account else { throw Refusal.passkeyUnknown }
    let data = try PasskeyRules.shown(
      answer, by: found, user: user(session.account), suite: desk.vault.suite)
    return FactorShown(passkey: PasskeyShown(passkey: found.id, counter: Int64(data.counter)))
  }

  /// Sends a command with which a factor was shown. A passkey that may have been copied is put out of use,
  /// whatever it was shown for.
  @discardableResult
  func submit<C: Command>(
    _ command: C, showing shown: FactorShown?, as account: AccountID
  ) async throws -> Receipt {
    do {
      return try await desk.submit(command, id: desk.newCommandID(), as: .account(account))
    } catch let refusal as Refusal where refusal.code == Refusal.passkeyCopied.code {
      if let passkey = shown?.passkey {
        try await desk.submit(
          SuspectPasskey(shown: passkey), id: desk.newCommandID(), as: .account(account))
      }
      throw refusal
    }
  }

  private func takeChallenge(
    in client: [UInt8], for purpose: PasskeyPurpose, _ secret: Redacted<String>,
    _ account: AccountID
  ) async throws {
    let challenge = PasskeyRules.challenge(in: client)
    let receipt = try await desk.submit(
      TakePasskeyChallenge(
        session: desk.vault.fingerprint(of: secret.revealed),
        challenge: challenge.map(mark(ofText:)) ?? "", purpose: purpose),
      id: desk.newCommandID(), as: .account(account))
    guard try receipt.decoded(Bool.self) else { throw Refusal.passkeyLate }
  }

  private func mark(of challenge: [UInt8]) -> String { mark(ofText: Base64URL.text(challenge)) }

  private func mark(ofText challenge: String) -> String {
    desk.vault.fingerprint(of: "passkey|\(challenge)")
  }

  private func passkeys(
    of account: AccountID, at site: PasskeyDoor.Site
  ) async throws -> [Passkey] {
    try await desk.storage.read { try PasskeyStore($0).all(of: account) }
      .filter { $0.relyingParty == site.relyingParty }
  }

  /// The account as authenticators know it: always the same, and told back to nobody.
  private func user(_ account: AccountID) -> [UInt8] {
    Array(desk.vault.index(account.text, kind: "passkey user").utf8)
  }

  private func offer(
    _ challenge: [UInt8], of account: AccountID, _ passkeys: [Passkey], at site: PasskeyDoor.Site
  ) async throws -> PasskeyDoor.Offer {
    let title = try await desk.storage.read { try OfficesStore($0).title(of: account) }
    let today = Day(of: desk.clock.now(), in: desk.rules.zone)
    let policy = try desk.rules.policies.section(PasskeyPolicy.self, on: today).section
    return PasskeyDoor.Offer(
      challenge: challenge, user: user(account), account: account.text,
      title: title ?? account.text,
      credentials: passkeys.map { .init(id: $0.credential, transports: $0.transports) },
      site: site, milliseconds: policy.challengeMinutes * 60_000)
  }
}

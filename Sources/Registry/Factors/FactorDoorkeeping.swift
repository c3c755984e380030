import Kernel

/// The second factor at the door: secrets are made, sealed and compared here; commands hear of steps and
/// fingerprints only.
extension Doorkeeping {
  var factorDoor: FactorDoor {
    FactorDoor(
      standing: { try await factorStanding($0) }, begin: { try await beginFactor($0, proof: $1) },
      candidate: { try await factorCandidate($0) }, cancel: { try await cancelFactor($0) },
      enrol: { try await enrolFactor($0, code: $1) },
      prove: { try await proveFactor($0, proof: $1) },
      renewCodes: { try await renewRecoveryCodes($0, proof: $1) }, passkeys: passkeyDoor)
  }

  /// The open session of a secret, whether its factor was shown or is owed.
  func session(_ secret: Redacted<String>) async throws -> Credential {
    let fingerprint = desk.vault.fingerprint(of: secret.revealed)
    let now = desk.clock.now()
    let found = try await desk.storage.read {
      try CredentialsStore($0).find(.session, fingerprint: fingerprint)
    }
    guard let found, found.isOpen(at: now) else {
      throw Refusal(
        .unknownSender, "session.ended",
        Words("登录已结束，请重新登录", "Your sign-in has ended; sign in again"))
    }
    return found
  }

  private func factorStanding(
    _ secret: Redacted<String>
  ) async throws -> FactorDoor.Standing {
    let session = try await session(secret)
    let now = desk.clock.now()
    let rule = try FactorDuty(desk.rules.policies, at: now)
    return try await desk.storage.read { transaction in
      let store = FactorsStore(transaction)
      return FactorDoor.Standing(
        account: session.account,
        title: try OfficesStore(transaction).title(of: session.account) ?? session.account.text,
        enrolledAt: try store.find(session.account)?.enrolledAt,
        passkeys: try PasskeyStore(transaction).all(of: session.account).map(\.shown),
        isRequired: try store.isRequired(of: session.account, at: now, rule),
        isProven: session.provenAt != nil, codesLeft: try store.codesLeft(session.account))
    }
  }

  private func beginFactor(
    _ secret: Redacted<String>, proof: FactorDoor.Proof?
  ) async throws {
    let session = try await session(secret)
    let isEnrolled = try await desk.storage.read {
      try FactorsStore($0).isEnrolled(session.account)
    }
    if isEnrolled, session.provenAt == nil { throw Refusal.factorOwed }
    let shown = isEnrolled ? try await self.shown(proof, of: session, secret) : nil
    let text = Base32.text(desk.vault.entropy.bytes(20))
    let sealed = try desk.vault.lock(text, place: Factor.place(session.account))
    try await submit(
      BeginFactor(
        session: desk.vault.fingerprint(of: secret.revealed), sealed: Hex.text(sealed),
        shown: shown), showing: shown, as: session.account)
  }

  /// What somebody shows of the factor in force.
  func shown(
    _ proof: FactorDoor.Proof?, of session: Credential, _ secret: Redacted<String>
  ) async throws -> FactorShown {
    switch proof {
    case .code(let code): try await shown(code, of: session)
    case .passkey(let answer): try await shown(answer, of: session, secret)
    case nil: throw Refusal.missing("code")
    }
  }

  /// What a typed code shows of the factor in force. Six digits can be guessed and are counted; a
  /// recovery code of 120 bits cannot, so that whoever mistyped the one has the other left.
  private func shown(
    _ code: Redacted<String>, of session: Credential
  ) async throws -> FactorShown {
    let typed = FactorsRules.normalised(code.revealed)
    if typed.isEmpty { throw Refusal.missing("code") }
    guard FactorsRules.isCode(typed) else {
      return FactorShown(recoveryCode: fingerprint(Redacted(typed)))
    }
    try await desk.submit(
      NoteFactorAttempt(), id: desk.newCommandID(), as: .account(session.account))
    let factor = try await desk.storage.read { try FactorsStore($0).find(session.account) }
    return FactorShown(step: try step(of: Redacted(typed), factor?.secret, session.account))
  }

  private func cancelFactor(_ secret: Redacted<String>) async throws {
    let session = try await session(secret)
    try await desk.submit(
      CancelFactor(session: desk.vault.fingerprint(of: secret.revealed)),
      id: desk.newCommandID(), as: .account(session.account))
  }

  /// The secret that waits in a session, sealed. Shown to whoever may replace the one in force only: a
  /// session that has not shown that may not.
  private func waitingSecret(
    _ secret: Redacted<String>, of session: Credential
  ) async throws -> [UInt8]? {
    let (factor, isEnrolled) = try await desk.storage.read { transaction in
      let store = FactorsStore(transaction)
      return (try store.find(session.account), try store.isEnrolled(session.account))
    }
    guard let factor, session.provenAt != nil || !isEnrolled else { return nil }
    return factor.candidate(
      in: desk.vault.fingerprint(of: secret.revealed), at: desk.clock.now(),
      minutes: try policy().confirmMinutes)
  }

  private func factorCandidate(
    _ secret: Redacted<String>
  ) async throws -> FactorDoor.Candidate? {
    let session = try await session(secret)
    guard let sealed = try await waitingSecret(secret, of: session) else { return nil }
    let text = try desk.vault.unlock(sealed, place: Factor.place(session.account))
    return FactorDoor.Candidate(
      address: Redacted(FactorsRules.address(secret: text, account: session.account.text)),
      secret: Redacted(Base32.grouped(text)))
  }

  private func enrolFactor(
    _ secret: Redacted<String>, code: Redacted<String>
  ) async throws -> FactorDoor.Enrolment {
    let session = try await session(secret)
    try await desk.submit(
      NoteFactorAttempt(), id: desk.newCommandID(), as: .account(session.account))
    guard let sealed = try await waitingSecret(secret, of: session) else {
      throw Refusal.factorNotBegun
    }
    let step = try step(of: code, sealed, session.account)
    let codes = try newCodes()
    let renewed = desk.vault.newSecret()
    let receipt = try await desk.submit(
      EnrolFactor(
        session: desk.vault.fingerprint(of: secret.revealed), sealed: Hex.text(sealed),
        step: step, codes: codes.map(fingerprint),
        renewed: desk.vault.fingerprint(of: renewed)), id: desk.newCommandID(),
      as: .account(session.account))
    return FactorDoor.Enrolment(
      codes: codes,
      entry: Doorkeeper.Entry(
        secret: Redacted(renewed), account: session.account,
        until: try receipt.decoded(Instant.self)))
  }

  private func proveFactor(
    _ secret: Redacted<String>, proof: FactorDoor.Proof
  ) async throws -> Doorkeeper.Entry {
    let session = try await session(secret)
    let mark = desk.vault.fingerprint(of: secret.revealed)
    let shown = try await self.shown(proof, of: session, secret)
    let fresh = desk.vault.newSecret()
    let renewed = desk.vault.fingerprint(of: fresh)
    let receipt: Receipt
    if let passkey = shown.passkey {
      receipt = try await submit(
        ProvePasskey(session: mark, shown: passkey, renewed: renewed), showing: shown,
        as: session.account)
    } else if let step = shown.step {
      receipt = try await submit(
        ProveFactor(session: mark, step: step, renewed: renewed), showing: shown,
        as: session.account)
    } else {
      receipt = try await submit(
        UseRecoveryCode(session: mark, code: shown.recoveryCode ?? "", renewed: renewed),
        showing: shown, as: session.account)
    }
    return Doorkeeper.Entry(
      secret: Redacted(fresh), account: session.account,
      until: try receipt.decoded(Instant.self))
  }

  private func renewRecoveryCodes(
    _ secret: Redacted<String>, proof: FactorDoor.Proof
  ) async throws -> [Redacted<String>] {
    let session = try await session(secret)
    if session.provenAt == nil { throw Refusal.factorOwed }
    let shown = try await self.shown(proof, of: session, secret)
    let codes = try newCodes()
    try await submit(
      RenewRecoveryCodes(
        session: desk.vault.fingerprint(of: secret.revealed), codes: codes.map(fingerprint),
        shown: shown), showing: shown, as: session.account)
    return codes
  }

  private func policy() throws -> FactorPolicy {
    let today = Day(of: desk.clock.now(), in: desk.rules.zone)
    return try desk.rules.policies.section(FactorPolicy.self, on: today).section
  }

  /// The step to which a code belongs by a sealed secret.
  private func step(
    of code: Redacted<String>, _ sealed: [UInt8]?, _ account: AccountID
  ) throws -> Int64 {
    let typed = FactorsRules.normalised(code.revealed)
    guard let sealed, FactorsRules.isCode(typed),
      let secret = Base32.bytes(try desk.vault.unlock(sealed, place: Factor.place(account))),
      let step = FactorsRules.matchingStep(
        of: typed, secret: secret, now: desk.clock.now(), policy: try policy(),
        suite: desk.vault.suite)
    else { throw Refusal.wrongFactorCode }
    return step
  }

  /// How many bytes of chance a recovery code holds: 120 bits, which is 24 letters.
  private static let codeBytes = 15

  func newCodes() throws -> [Redacted<String>] {
    (0..<(try policy().recoveryCodes)).map { _ in
      Redacted(Base32.grouped(Base32.text(desk.vault.entropy.bytes(Self.codeBytes)), by: "-"))
    }
  }

  func fingerprint(_ code: Redacted<String>) -> String {
    desk.vault.fingerprint(of: "recovery|\(FactorsRules.normalised(code.revealed))")
  }
}

import Kernel

extension Work {
  /// A session of the sender's own that is open, for what concerns the second factor.
  ///
  /// - Throws: a refusal when the account has a factor that this session has not shown, if it must.
  func factorSession(_ fingerprint: String, proven: Bool) throws -> Credential {
    let account = try authority.account()
    let store = CredentialsStore(transaction)
    guard let session = try store.find(.session, fingerprint: fingerprint),
      session.account == account, session.isOpen(at: now)
    else {
      throw Refusal(
        .unknownSender, "session.ended",
        Words("登录已结束，请重新登录", "Your sign-in has ended; sign in again"))
    }
    // Whoever has found out a password only must not put a factor of their own in its place.
    if proven, try FactorsStore(transaction).isEnrolled(account), session.provenAt == nil {
      throw Refusal.factorOwed
    }
    return session
  }

  /// Notes that somebody shows a factor, before it is looked at.
  ///
  /// - Throws: a refusal when there were too many attempts in the window.
  func noteFactorAttempt() throws {
    let account = try authority.account()
    let policy = try policy(FactorPolicy.self)
    let store = FactorsStore(transaction)
    let since = now - .minutes(policy.attemptWindowMinutes)
    let before = try store.attempts(by: account, since: since)
    guard before < policy.attempts else {
      throw Refusal(
        .overloaded, "factor.heldBack",
        Words(
          "错得太多，请 \(policy.attemptWindowMinutes) 分钟后再试；验证器或通行密钥不在手边请用恢复码，都没有请管理员重置（须两人）",
          "Too many wrong attempts; try again in \(policy.attemptWindowMinutes) minutes. Without your authenticator or passkey use a recovery code; without both, ask an administrator for a reset, which takes two people"
        ), field: "code")
    }
    let id: ID<CommandTag> = newID()
    try store.noteAttempt(id.text, by: account, at: now)
    if before + 1 == policy.attempts { try record(FactorHeldBack(account: account)) }
  }

  /// Uses up what was shown of an account's factor: a code of the authenticator, a passkey, or a code of the
  /// paper.
  ///
  /// - Returns: which of them it was.
  func useFactor(_ shown: FactorShown, of account: AccountID) throws -> FactorProven.Means {
    let store = FactorsStore(transaction)
    guard try store.isEnrolled(account) else { throw Refusal.factorOwed }
    let means: FactorProven.Means
    if let step = shown.step {
      try useStep(step, of: account)
      means = .code
    } else if let passkey = shown.passkey {
      try usePasskey(passkey, of: account)
      means = .passkey
    } else if let code = shown.recoveryCode {
      guard try store.useCode(code, of: account, at: now) else { throw Refusal.wrongFactorCode }
      means = .recoveryCode
    } else {
      throw Refusal.missing("code")
    }
    try store.forgetAttempts(by: account)
    return means
  }

  private func useStep(_ step: Int64, of account: AccountID) throws {
    let store = FactorsStore(transaction)
    guard let factor = try store.find(account), factor.enrolledAt != nil else {
      throw Refusal.wrongFactorCode
    }
    // Somebody who looked over a shoulder, or on the line, comes second with the same code.
    guard step > factor.lastStep else {
      throw Refusal(
        .conflict, "factor.used",
        Words(
          "这个验证码已用过，请等验证器显示下一个（最多半分钟）",
          "This code was used already; wait for the next one, half a minute at most"),
        field: "code")
    }
    try store.use(step, of: account)
  }

  /// Shows a factor in a session of the sender's own.
  ///
  /// - Returns: until when the session lasts.
  func prove(_ shown: FactorShown, in session: String, renewed: String) throws -> Instant {
    let session = try factorSession(session, proven: false)
    let means = try useFactor(shown, of: session.account)
    let until = try proveFactor(in: session, renewed: renewed)
    try record(
      FactorProven(
        account: session.account, by: means,
        codesLeft: try FactorsStore(transaction).codesLeft(session.account)))
    return until
  }

  /// Notes that the factor was shown in a session, which lasts a shift from now on. It goes on under a
  /// new secret: whoever learnt the one from before has a session that opens nothing.
  ///
  /// - Parameter renewed: the fingerprint of the new secret.
  func proveFactor(in session: Credential, renewed: String) throws -> Instant {
    let until = now + .hours(try policy(SignInPolicy.self).sessionHours)
    try CredentialsStore(transaction).prove(
      session.id, at: now, until: until, renewed: renewed)
    return until
  }

  /// Keeps new recovery codes in the place of those before.
  func keepRecoveryCodes(_ fingerprints: [String], of account: AccountID) throws {
    try FactorsStore(transaction).replaceCodes(of: account, with: fingerprints, at: now)
    try record(RecoveryCodesMade(account: account, count: fingerprints.count))
  }
}

/// When a second factor is owed, as the policies of a day say it; the statements that ask for it are in
/// the stores.
struct FactorDuty: Sendable {
  /// The roles whose holders must have one.
  let roles: [String]
  /// For how long a colleague still acts by an office that was handed over, after its time.
  let grace: Duration

  init(_ policies: PolicyLibrary, at now: Instant) throws(Refusal) {
    let today = Day(of: now, in: .china)
    roles = try policies.section(FactorPolicy.self, on: today).section.roles
    grace = .minutes(try policies.section(ShiftsPolicy.self, on: today).section.graceMinutes)
  }
}

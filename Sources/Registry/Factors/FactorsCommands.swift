import Kernel

/// Notes that somebody shows a code, before it is looked at, so that attempts made at the same moment
/// count too. Refused when there were too many.
package struct NoteFactorAttempt: Command {
  package static let name = "factors.noteAttempt"
  package static let duty: Duty = .ownAccount

  package init() {}

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Done {
    try work.noteFactorAttempt()
    return Done()
  }
}

/// Keeps a new secret, sealed, until its first code shows that an authenticator has it. Whoever has a
/// factor in force shows it once more: a session left open on a desk must not be enough.
package struct BeginFactor: Command {
  package static let name = "factors.begin"
  package static let duty: Duty = .ownAccount
  /// The fingerprint of the session in which it is set up.
  package let session: String
  /// The secret in base 32, sealed by the edge, as hexadecimal text.
  package let sealed: String
  /// What was shown of the factor in force; nil when there is none.
  package let shown: FactorShown?

  package init(session: String, sealed: String, shown: FactorShown?) {
    self.session = session
    self.sealed = sealed
    self.shown = shown
  }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Done {
    let found = try work.factorSession(session, proven: true)
    guard let bytes = Hex.bytes(sealed), !bytes.isEmpty else { throw Refusal.missing("sealed") }
    if try FactorsStore(work.transaction).isEnrolled(found.account) {
      guard let shown else { throw Refusal.missing("code") }
      _ = try work.useFactor(shown, of: found.account)
    }
    try FactorsStore(work.transaction).propose(
      Factor.Candidate(sealed: bytes, madeAt: work.now, session: session), for: found.account)
    return Done()
  }
}

/// Forgets the secret that waits in a session: its holder thought better of it.
package struct CancelFactor: Command {
  package static let name = "factors.cancel"
  package static let duty: Duty = .ownAccount
  package let session: String

  package init(session: String) { self.session = session }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Done {
    let found = try work.factorSession(session, proven: true)
    try FactorsStore(work.transaction).forgetCandidate(of: found.account, in: session)
    return Done()
  }
}

/// Takes the waiting secret into force: the edge has checked its first code.
package struct EnrolFactor: Command {
  package static let name = "factors.enrol"
  package static let duty: Duty = .ownAccount
  package let session: String
  /// The secret of which the code was checked, sealed, as hexadecimal text: no other comes into force.
  package let sealed: String
  /// The step of the code that was shown; it is used up.
  package let step: Int64
  /// The fingerprints of the recovery codes.
  package let codes: [String]
  /// The fingerprint of the session's new secret.
  package let renewed: String

  package init(
    session: String, sealed: String, step: Int64, codes: [String], renewed: String
  ) {
    self.renewed = renewed
    self.session = session
    self.sealed = sealed
    self.step = step
    self.codes = codes
  }

  package func area(in work: Work) -> Area { .own }

  /// Answers until when the session lasts.
  package func perform(in work: Work) throws -> Instant {
    let session = try work.factorSession(session, proven: true)
    let store = FactorsStore(work.transaction)
    let minutes = try work.policy(FactorPolicy.self).confirmMinutes
    let waiting = try store.find(session.account)?.candidate(
      in: self.session, at: work.now, minutes: minutes)
    guard let waiting, Hex.text(waiting) == sealed,
      try store.enrol(
        session.account, waiting, in: self.session, step: step, at: work.now)
    else { throw Refusal.factorNotBegun }
    try work.record(FactorEnrolled(account: session.account))
    try work.keepRecoveryCodes(codes, of: session.account)
    // Sessions that never showed a factor must not outlive its coming.
    try work.endOtherSessions(of: session.account, except: self.session)
    try store.forgetAttempts(by: session.account)
    return try work.proveFactor(in: session, renewed: renewed)
  }
}

/// Shows the factor in a session: the edge has checked the code and found its step.
package struct ProveFactor: Command {
  package static let name = "factors.prove"
  package static let duty: Duty = .ownAccount
  package let session: String
  package let step: Int64
  /// The fingerprint of the session's new secret.
  package let renewed: String

  package init(session: String, step: Int64, renewed: String) {
    self.session = session
    self.step = step
    self.renewed = renewed
  }

  package func area(in work: Work) -> Area { .own }

  /// Answers until when the session lasts.
  package func perform(in work: Work) throws -> Instant {
    try work.prove(FactorShown(step: step), in: session, renewed: renewed)
  }
}

/// Shows the factor by a recovery code, which is used up by it.
package struct UseRecoveryCode: Command {
  package static let name = "factors.recover"
  package static let duty: Duty = .ownAccount
  package let session: String
  /// The code's fingerprint.
  package let code: String
  /// The fingerprint of the session's new secret.
  package let renewed: String

  package init(session: String, code: String, renewed: String) {
    self.session = session
    self.code = code
    self.renewed = renewed
  }

  package func area(in work: Work) -> Area { .own }

  /// Answers until when the session lasts.
  package func perform(in work: Work) throws -> Instant {
    try work.prove(FactorShown(recoveryCode: code), in: session, renewed: renewed)
  }
}

/// Replaces an account's own recovery codes; those printed before are void. The factor is shown once more.
package struct RenewRecoveryCodes: Command {
  package static let name = "factors.renewCodes"
  package static let duty: Duty = .ownAccount
  package let session: String
  package let codes: [String]
  package let shown: FactorShown

  package init(session: String, codes: [String], shown: FactorShown) {
    self.session = session
    self.codes = codes
    self.shown = shown
  }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Done {
    let session = try work.factorSession(session, proven: true)
    _ = try work.useFactor(shown, of: session.account)
    try work.keepRecoveryCodes(codes, of: session.account)
    return Done()
  }
}

/// The clock's command: forgets attempts whose window is over, and challenges that nobody answered.
package struct ForgetFactorAttempts: Command {
  package static let name = "factors.forget"
  package static let duty: Duty = .clockOnly

  package init() {}

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many rows went.
  package func perform(in work: Work) throws -> Int {
    let minutes = try work.policy(FactorPolicy.self).attemptWindowMinutes
    return try FactorsStore(work.transaction).forgetAttempts(before: work.now - .minutes(minutes))
      + PasskeyStore(work.transaction).forgetChallenges(endedBefore: work.now)
  }
}

extension Refusal {
  /// No secret waits in this session, or another one than that of which a code was checked.
  static let factorNotBegun = Refusal(
    .conflict, "factor.notBegun",
    Words(
      "没有等待确认的新密钥，或已超时，请点“开始设置”重新扫码",
      "No new key waits here, or its time is over; press “Begin” and scan again"), field: "code")

  /// The code is not one of the authenticator's, nor a recovery code that is left.
  static let wrongFactorCode = Refusal(
    .invalid, "factor.wrong",
    Words(
      "验证码不对：请看验证器上正在显示的 6 位数字；手机时间须自动校准。也可输入一个没用过的恢复码",
      "The code is wrong: enter the six digits that the authenticator shows now, with the telephone’s clock set by itself; or an unused recovery code"
    ), field: "code")
}

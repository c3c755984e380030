import Kernel

/// Notes that somebody tries to sign in, before the password is looked at, so that attempts made at
/// the same moment count too. Refused when there were too many.
package struct NoteSignInAttempt: Command {
  package static let name = "accounts.noteAttempt"
  package static let duty: Duty = .anyone
  /// The blind index of what was typed as account.
  package let who: String

  package init(who: String) { self.who = who }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Done {
    let policy = try work.policy(SignInPolicy.self)
    let store = CredentialsStore(work.transaction)
    let since = work.now - .minutes(policy.attemptWindowMinutes)
    let before = try store.attempts(by: who, since: since)
    guard before < policy.attempts else {
      throw Refusal(
        .overloaded, "signIn.heldBack",
        Words(
          "尝试次数过多，请 \(policy.attemptWindowMinutes) 分钟后再试，或请管理员发一次性登录链接",
          "Too many attempts; try again in \(policy.attemptWindowMinutes) minutes, or ask an administrator for a one-time link"
        ))
    }
    let id: ID<CommandTag> = work.newID()
    try store.noteAttempt(id.text, by: who, at: work.now)
    if before + 1 == policy.attempts { try work.record(SignInHeldBack(who: who)) }
    return Done()
  }
}

/// What the edge gets for a session: which account, and how long it lasts.
package struct SessionAnswer: Codable, Sendable {
  package let session: CredentialID
  package let account: AccountID
  package let until: Instant
}

/// Opens a session for an account whose password was right.
package struct OpenSession: Command {
  /// What somebody proved themself with.
  package enum Means: String, Codable, CaseIterable, Sendable {
    case password
    case link
    case invitation
  }

  /// The browser in which the session is opened.
  package struct DeviceMark: Codable, Sendable {
    /// The fingerprint of the secret in its cookie.
    package let fingerprint: String
    package let name: String

    package init(fingerprint: String, name: String) {
      self.fingerprint = fingerprint
      self.name = name
    }
  }

  package static let name = "accounts.openSession"
  package static let duty: Duty = .ownAccount
  /// The fingerprint of the session's secret.
  package let fingerprint: String
  /// The blind index under which attempts were noted.
  package let who: String
  package let device: DeviceMark?

  package init(fingerprint: String, who: String, device: DeviceMark? = nil) {
    self.fingerprint = fingerprint
    self.who = who
    self.device = device
  }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> SessionAnswer {
    try CredentialsStore(work.transaction).forgetAttempts(by: who)
    return try work.openSession(
      for: work.authority.account(), fingerprint: fingerprint, by: .password, on: device)
  }
}

/// Uses up a one-time link and opens a session with it.
package struct RedeemLink: Command {
  package static let name = "accounts.redeemLink"
  package static let duty: Duty = .anyone
  /// The fingerprint of the link's secret.
  package let link: String
  /// The fingerprint of the new session's secret.
  package let session: String
  package let device: OpenSession.DeviceMark?

  package init(link: String, session: String, device: OpenSession.DeviceMark? = nil) {
    self.link = link
    self.session = session
    self.device = device
  }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> SessionAnswer {
    let store = CredentialsStore(work.transaction)
    guard let found = try store.find(.link, fingerprint: link), found.isOpen(at: work.now) else {
      throw Refusal(
        .unknownSender, "link.spent",
        Words(
          "链接已使用或已过期，请向管理员要一个新的",
          "This link was used or has expired; ask an administrator for a new one"))
    }
    try store.end(found.id, at: work.now)
    try work.record(LinkRedeemed(account: found.account, link: found.id))
    return try work.openSession(
      for: found.account, fingerprint: session, by: .link, on: device)
  }
}

/// Signs out: ends the session with a fingerprint.
package struct EndSession: Command {
  package static let name = "accounts.endSession"
  package static let duty: Duty = .ownAccount
  package let fingerprint: String

  package init(fingerprint: String) { self.fingerprint = fingerprint }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Done {
    let store = CredentialsStore(work.transaction)
    if let found = try store.find(.session, fingerprint: fingerprint), found.endedAt == nil,
      work.authority.sender == .account(found.account)
    {
      try store.end(found.id, at: work.now)
      try work.record(SessionEnded(account: found.account, session: found.id))
    }
    return Done()
  }
}

/// Makes a one-time link for an account.
package struct IssueLink: Command {
  package static let name = "accounts.issueLink"
  package static let duty: Duty = "offices.manage"
  package let account: AccountID
  package let fingerprint: String

  package init(account: AccountID, fingerprint: String) {
    self.account = account
    self.fingerprint = fingerprint
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Instant {
    _ = try OfficesStore(work.transaction).openAccount(account)
    try work.requireManaging(account)
    let until = work.now + .hours(try work.policy(SignInPolicy.self).linkHours)
    let link: CredentialID = work.newID()
    try CredentialsStore(work.transaction).insert(
      Credential(
        id: link, kind: .link, account: account, issuedAt: work.now, until: until, endedAt: nil),
      fingerprint: fingerprint)
    try work.record(LinkIssued(account: account, link: link, until: until))
    return until
  }
}

/// Makes a program's token for an account.
package struct IssueToken: Command {
  package static let name = "accounts.issueToken"
  package static let duty: Duty = "offices.manage"
  package let account: AccountID
  package let fingerprint: String
  package let days: Int?

  package init(account: AccountID, fingerprint: String, days: Int?) {
    self.account = account
    self.fingerprint = fingerprint
    self.days = days
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Instant {
    _ = try OfficesStore(work.transaction).openAccount(account)
    try work.requireManaging(account)
    let policy = try work.policy(SignInPolicy.self)
    let days = days ?? policy.tokenDays
    guard (1...policy.mostTokenDays).contains(days) else {
      throw Refusal(
        .invalid, "token.days",
        Words(
          "令牌有效期为 1 到 \(policy.mostTokenDays) 天", "A token lasts 1 to \(policy.mostTokenDays) days"),
        field: "days")
    }
    let until = work.now + .days(days)
    let token: CredentialID = work.newID()
    try CredentialsStore(work.transaction).insert(
      Credential(
        id: token, kind: .token, account: account, issuedAt: work.now, until: until,
        endedAt: nil), fingerprint: fingerprint)
    try work.record(TokenIssued(account: account, token: token, until: until))
    return until
  }
}

/// Keeps the slow digest of an account's own new password and ends its other sessions.
package struct KeepPassword: Command {
  package static let name = "accounts.keepPassword"
  package static let duty: Duty = .ownAccount
  package let salt: String
  package let digest: String
  /// The fingerprint of the session that goes on.
  package let session: String

  package init(salt: String, digest: String, session: String) {
    self.salt = salt
    self.digest = digest
    self.session = session
  }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Done {
    let account = try work.authority.account()
    let store = CredentialsStore(work.transaction)
    try store.setPassword(of: account, salt: salt, digest: digest, at: work.now)
    try work.record(PasswordSet(account: account))
    let ended = try store.endSessions(of: account, at: work.now, except: session)
    if ended > 0 { try work.record(CredentialsRevoked(account: account, count: ended)) }
    return Done()
  }
}

extension Work {
  /// Opens a session. One that owes its second factor lasts as long as typing it takes.
  func openSession(
    for account: AccountID, fingerprint: String, by means: OpenSession.Means,
    on mark: OpenSession.DeviceMark?
  ) throws -> SessionAnswer {
    let isOwed = try FactorsStore(transaction).isOwed(
      by: account, at: now, FactorDuty(rules.policies, at: now))
    let until =
      isOwed
      ? now + .minutes(try policy(FactorPolicy.self).confirmMinutes)
      : now + .hours(try policy(SignInPolicy.self).sessionHours)
    let session: CredentialID = newID()
    try CredentialsStore(transaction).insert(
      Credential(
        id: session, kind: .session, account: account, issuedAt: now, until: until, endedAt: nil),
      fingerprint: fingerprint, on: try mark.map { try device($0, of: account) })
    try record(SessionOpened(account: account, session: session, by: means, until: until))
    return SessionAnswer(session: session, account: account, until: until)
  }
}

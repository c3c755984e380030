import Kernel

/// Makes the first account of a fresh district: administrator and command duty everywhere, without
/// a password. Sent once, by the edge that made the data folder.
package struct FoundDistrict: Command {
  package static let name = "accounts.found"
  package static let duty: Duty = .clockOnly
  package let account: AccountID
  package let title: String

  package init(account: AccountID, title: String) {
    self.account = account
    self.title = title
  }

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Done {
    let store = OfficesStore(work.transaction)
    guard try !store.hasAccounts() else {
      throw Refusal(
        .conflict, "accounts.founded",
        Words("这里已有账号，请由管理员开设新账号", "There are accounts already; an administrator opens more"))
    }
    try work.openAccount(account, title: title)
    for role in ["administrator", "command_duty"] {
      try work.grant(
        Office(
          account: account, role: role, place: Offices.everywhere, path: .everywhere,
          from: work.now, until: nil))
    }
    return Done()
  }
}

/// Opens an account. It is born without a password and without an office.
package struct OpenAccount: Command {
  package static let name = "accounts.open"
  package static let duty: Duty = "offices.manage"
  package let account: AccountID
  /// What colleagues call it: a person's name, or what the program is.
  package let title: String

  package init(account: AccountID, title: String) {
    self.account = account
    self.title = title
  }

  // An account without an office may do nothing, so whoever manages offices anywhere may open one.
  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Done {
    guard try OfficesStore(work.transaction).account(account) == nil else {
      throw Refusal(
        .conflict, "account.taken",
        Words("账号名已被使用，请换一个", "This account name is taken; choose another"),
        field: "account")
    }
    try work.openAccount(account, title: title)
    return Done()
  }
}

/// Closes an account: its offices end, and everything that lets somebody into it.
package struct CloseAccount: Command {
  package static let name = "accounts.close"
  package static let duty: Duty = "offices.manage"
  package let account: AccountID

  package init(account: AccountID) { self.account = account }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Done {
    let store = OfficesStore(work.transaction)
    _ = try store.openAccount(account)
    try work.requireManaging(account)
    try work.requireAnotherManager(besides: account, losing: nil)
    try work.revokeDevices(of: account)
    let ended = try CredentialsStore(work.transaction).endAll(of: account, at: work.now)
    try store.closeAccount(account, at: work.now)
    try work.record(AccountClosed(account: account))
    if ended > 0 { try work.record(CredentialsRevoked(account: account, count: ended)) }
    return Done()
  }
}

/// Takes away everything that lets somebody into an account: a telephone was lost.
package struct RevokeCredentials: Command {
  package static let name = "accounts.revoke"
  package static let duty: Duty = "offices.manage"
  package let account: AccountID

  package init(account: AccountID) { self.account = account }

  package func area(in work: Work) -> Area { .eachChecked }

  /// Answers how many there were.
  package func perform(in work: Work) throws -> Int {
    _ = try OfficesStore(work.transaction).openAccount(account)
    try work.requireManaging(account)
    let ended = try CredentialsStore(work.transaction).endAll(of: account, at: work.now)
    try work.revokeDevices(of: account)
    try work.record(CredentialsRevoked(account: account, count: ended))
    return ended
  }
}

/// Takes away one session, token or link; one's own, or of an account that one manages.
package struct RevokeCredential: Command {
  package static let name = "accounts.revokeOne"
  package static let duty: Duty = .ownAccount
  package let credential: CredentialID

  package init(credential: CredentialID) { self.credential = credential }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Done {
    let store = CredentialsStore(work.transaction)
    guard let found = try store.find(credential) else {
      throw Refusal.notFound(
        Words("登录凭据", "credential"), credential.text, field: "credential")
    }
    if work.authority.sender != .account(found.account) {
      try work.requireManaging(found.account)
    }
    if found.endedAt == nil {
      try store.end(found.id, at: work.now)
      try work.record(CredentialsRevoked(account: found.account, count: 1))
    }
    return Done()
  }
}

/// The clock's command: deletes credentials and attempts whose time of keeping is over.
package struct ForgetCredentials: Command {
  package static let name = "accounts.forget"
  package static let duty: Duty = .clockOnly

  package init() {}

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many rows went.
  package func perform(in work: Work) throws -> Int {
    let policy = try work.policy(SignInPolicy.self)
    let store = CredentialsStore(work.transaction)
    return try store.forget(endedBefore: work.now - .days(policy.keepDays))
      + store.forgetAttempts(before: work.now - .minutes(policy.attemptWindowMinutes))
  }
}

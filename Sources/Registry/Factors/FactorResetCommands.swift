import Kernel

/// Asks that an account's second factor be taken away, codes by time and passkeys: the telephone is lost and
/// the recovery codes, too. A second person of another organisation decides.
package struct AskFactorReset: Command {
  package static let name = "factors.askReset"
  package static let duty: Duty = "offices.manage"
  package let account: AccountID
  /// How it is known that it is the account's holder who asks.
  package let reason: String

  package init(account: AccountID, reason: String) {
    self.account = account
    self.reason = reason
  }

  package func area(in work: Work) -> Area { .eachChecked }

  /// Answers the request's identifier.
  package func perform(in work: Work) throws -> FactorResetID {
    _ = try OfficesStore(work.transaction).openAccount(account)
    try work.requireManaging(account)
    let reason = try WrittenWords.reason.required(reason)
    let store = FactorsStore(work.transaction)
    guard try store.isEnrolled(account) else {
      throw Refusal(
        .conflict, "factor.none",
        Words("该账号没有设置验证器或通行密钥", "The account has no second factor"), field: "account")
    }
    let hours = try work.policy(FactorPolicy.self).resetHours
    if let open = try store.openReset(of: account, at: work.now) { return open.reset }
    let reset = FactorReset(
      reset: work.newID(), account: account, askedBy: try work.authority.account(),
      askedAt: work.now, until: work.now + .hours(hours), reason: reason)
    try store.insert(reset)
    try work.record(FactorResetAsked(reset: reset.reset, account: account))
    return reset.reset
  }
}

/// A second person decides whether an account's second factor is taken away.
package struct DecideFactorReset: Command {
  package static let name = "factors.decideReset"
  package static let duty: Duty = "factors.approve"
  package let reset: FactorResetID
  package let approved: Bool

  package init(reset: FactorResetID, approved: Bool) {
    self.reset = reset
    self.approved = approved
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Done {
    let store = FactorsStore(work.transaction)
    guard let found = try store.openReset(reset, at: work.now) else {
      throw Refusal.notFound(Words("重置申请", "request"), reset.text, field: "reset")
    }
    // Over the whole account, as whoever asked: somebody who answers for one of its places only does not
    // open the others with it.
    try work.require(Self.duty, overAll: found.account)
    let approver = try work.authority.account()
    guard approver != found.account else {
      throw Refusal(
        .forbidden, "factor.ownReset",
        Words("不能批准重置自己的验证器或通行密钥", "Nobody approves the reset of their own factor"))
    }
    if approved {
      try SecondPersonRules.require(
        approver: approver.text,
        organisations: try work.organisations(of: approver, carrying: Self.duty, at: work.now),
        issuer: found.askedBy.text,
        issuerOrganisations: try work.organisations(
          of: found.askedBy, carrying: AskFactorReset.duty, at: found.askedAt), what: "factor")
      try store.remove(found.account)
      try PasskeyStore(work.transaction).removeAll(of: found.account)
      let ended = try CredentialsStore(work.transaction).endSessions(
        of: found.account, at: work.now, except: "")
      if ended > 0 { try work.record(CredentialsRevoked(account: found.account, count: ended)) }
    }
    try store.decide(found.reset, approved: approved, by: approver, at: work.now)
    try work.record(
      FactorResetDecided(reset: found.reset, account: found.account, approved: approved))
    return Done()
  }
}

extension Work {
  /// The organisations by whose offices an account carried a duty at a moment: offices of its own, without
  /// what was delegated to it. Whoever founded a district holds several; by one of them they ask.
  fileprivate func organisations(
    of account: AccountID, carrying duty: Duty, at moment: Instant
  ) throws -> Set<String> {
    let roles = try policy(OfficesPolicy.self).roles
    let held = try OfficesStore(transaction).offices(of: account, at: moment)
    return Set(
      held.compactMap { roles[$0.role] }.filter { $0.held.contains(duty) }.map(\.organisation))
  }
}

extension WrittenWords {
  /// Why somebody asks for something: a colleague reads it.
  static let reason = WrittenWords(
    "reason", Words("原因", "The reason"), longest: 500, tooLong: "reason.long")
}

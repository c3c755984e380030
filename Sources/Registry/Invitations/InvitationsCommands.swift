import Kernel

/// Makes an invitation for a new colleague.
package struct IssueInvitation: Command {
  package static let name = "invitations.issue"
  package static let duty: Duty = "offices.invite"
  /// The name of the account that it will open.
  package let account: AccountID
  package let title: String
  package let role: String
  package let place: PlaceID
  package let officeUntil: Instant?
  /// The fingerprint of the slip's secret.
  package let fingerprint: String

  package init(
    account: AccountID, title: String, role: String, place: PlaceID, officeUntil: Instant?,
    fingerprint: String
  ) {
    self.account = account
    self.title = title
    self.role = role
    self.place = place
    self.officeUntil = officeUntil
    self.fingerprint = fingerprint
  }

  package func area(in work: Work) -> Area { .place(place) }

  /// Answers the invitation's identifier.
  package func perform(in work: Work) throws -> InvitationID {
    let inviter = try work.authority.account()
    try InvitationsRules.check(account: account)
    // What would be refused when the slip is used is refused while its maker can mend it.
    let title = try OfficesRules.check(opening: account, title: title)
    let store = InvitationsStore(work.transaction)
    guard try OfficesStore(work.transaction).account(account) == nil,
      try !store.isPromised(account, at: work.now)
    else {
      throw Refusal(
        .conflict, "account.taken",
        Words("账号名已被使用，请换一个", "This account name is taken; choose another"),
        field: "account")
    }
    let path = try work.invitablePath(place, role: role, by: work.authority)
    let policy = try work.policy(InvitationsPolicy.self)
    guard try store.open(by: inviter, at: work.now) < policy.mostOpen else {
      throw Refusal(
        .conflict, "invitation.many",
        Words(
          "您已有 \(policy.mostOpen) 张未用的邀请，请先撤回不用的",
          "You have \(policy.mostOpen) invitations out; withdraw those that are not needed"))
    }
    if let officeUntil, officeUntil <= work.now {
      throw Refusal(
        .invalid, "office.span",
        Words("岗位的结束时间须在将来", "The office must end in the future"), field: "until")
    }
    let invitation = Invitation(
      invitation: work.newID(), account: account, title: title, role: role, place: place,
      inviter: inviter, issuedAt: work.now, until: work.now + .hours(policy.hours),
      officeUntil: officeUntil, acceptedAt: nil, withdrawnAt: nil)
    try store.insert(invitation, path: path, fingerprint: fingerprint)
    try work.record(
      InvitationIssued(
        invitation: invitation.invitation, account: account, role: role, place: place,
        until: invitation.until))
    return invitation.invitation
  }
}

/// Uses an invitation up: opens the account with its password and its office, and a session.
package struct AcceptInvitation: Command {
  package static let name = "invitations.accept"
  package static let duty: Duty = .anyone
  /// The fingerprint of the slip's secret.
  package let invitation: String
  /// The fingerprint of the new session's secret.
  package let session: String
  package let salt: String
  package let digest: String
  package let device: OpenSession.DeviceMark?

  package init(
    invitation: String, session: String, salt: String, digest: String,
    device: OpenSession.DeviceMark?
  ) {
    self.invitation = invitation
    self.session = session
    self.salt = salt
    self.digest = digest
    self.device = device
  }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> SessionAnswer {
    let store = InvitationsStore(work.transaction)
    guard let (found, _) = try store.find(fingerprint: invitation), found.isOpen(at: work.now)
    else { throw Refusal.invitationSpent }
    // What the inviter may not give any more, the slip does not give either.
    let inviter: Authority
    do {
      inviter = try work.jurisdiction.authority(
        .account(found.inviter), work.transaction, work.now, work.rules.policies)
    } catch let refusal as Refusal where refusal.kind == .unknownSender {
      throw Refusal.invitationSpent
    }
    let path: PlacePath
    do {
      path = try work.invitablePath(found.place, role: found.role, by: inviter)
      guard inviter.may(IssueInvitation.duty, at: path) else { throw Refusal.invitationSpent }
    } catch is Refusal {
      // The newcomer cannot mend what the inviter lacks; they are told what they themself can do.
      throw inviter.resting.contains { $0.duties.contains(IssueInvitation.duty) }
        ? Refusal.inviterRests : Refusal.invitationSpent
    }
    guard try OfficesStore(work.transaction).account(found.account) == nil else {
      throw Refusal(
        .conflict, "account.taken",
        Words("账号名已被使用，请邀请人另发一张", "This account name is taken by now; ask for another slip"))
    }
    try work.openAccount(found.account, title: found.title)
    try work.grant(
      Office(
        account: found.account, role: found.role, place: found.place, path: path,
        from: work.now, until: found.officeUntil))
    try CredentialsStore(work.transaction).setPassword(
      of: found.account, salt: salt, digest: digest, at: work.now)
    try work.record(PasswordSet(account: found.account))
    try store.accept(found.invitation, at: work.now)
    try work.record(
      InvitationAccepted(
        invitation: found.invitation, account: found.account, inviter: found.inviter))
    return try work.openSession(
      for: found.account, fingerprint: session, by: .invitation, on: device)
  }
}

/// Withdraws an invitation: the slip was lost, or nobody came.
package struct WithdrawInvitation: Command {
  package static let name = "invitations.withdraw"
  package static let duty: Duty = IssueInvitation.duty
  package let invitation: InvitationID

  package init(invitation: InvitationID) { self.invitation = invitation }

  package func area(in work: Work) throws -> Area { .path(try found(work).path) }

  package func perform(in work: Work) throws -> Done {
    let found = try found(work).invitation
    guard found.acceptedAt == nil else {
      throw Refusal(
        .conflict, "invitation.accepted",
        Words(
          "这张邀请已被使用；请在账号页停用账号", "This invitation was used; close the account on its page"),
        field: "invitation")
    }
    if found.withdrawnAt == nil {
      try InvitationsStore(work.transaction).withdraw(found.invitation, at: work.now)
      try work.record(
        InvitationWithdrawn(invitation: found.invitation, account: found.account))
    }
    return Done()
  }

  private func found(_ work: Work) throws -> (invitation: Invitation, path: PlacePath) {
    guard let found = try InvitationsStore(work.transaction).find(invitation) else {
      throw Refusal.notFound(Words("邀请", "invitation"), invitation.text, field: "invitation")
    }
    return found
  }
}

extension Work {
  /// The path of a place at which a role may be given by somebody.
  fileprivate func invitablePath(
    _ place: PlaceID, role: String, by inviter: Authority
  ) throws -> PlacePath {
    let offices = try policy(OfficesPolicy.self)
    let definition = try offices.defined(role)
    let path: PlacePath
    if place == Offices.everywhere {
      path = .everywhere
    } else {
      let found = try PlacesStore(transaction).get(place)
      try OfficesRules.check(definition, at: found)
      path = found.path
    }
    let organisations = Set(
      inviter.own.offices.compactMap { offices.roles[$0.role]?.organisation })
    try InvitationsRules.check(
      definition, at: path, by: inviter, organisations: organisations,
      policy: try policy(InvitationsPolicy.self))
    return path
  }
}

extension Refusal {
  /// Whoever made it is between two shifts: it opens again with the next one.
  static let inviterRests = Refusal(
    .conflict, "invitation.rests",
    Words(
      "邀请您的人现在不在班上，邀请条暂时不能用；请等其上班后再打开，或请另一位负责人重新邀请",
      "Whoever invited you is not on shift now, so the slip does not open; try again when they are, or ask somebody else for a new one"
    ))

  /// Used, withdrawn, expired or never made: told apart for nobody.
  static let invitationSpent = Refusal(
    .unknownSender, "invitation.spent",
    Words(
      "邀请已使用、已撤回或已过期，请向邀请人要一张新的",
      "This invitation was used, withdrawn or has expired; ask whoever invited you for a new one"))
}

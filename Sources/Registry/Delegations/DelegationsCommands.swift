import Kernel

/// Hands an office of one's own to a colleague for a bounded time. Approving, appointing and inviting
/// stay with the holder, so that two people never become one.
package struct DelegateOffice: Command {
  package static let name = "offices.delegate"
  package static let duty: Duty = .ownAccount
  package let role: String
  package let place: PlaceID
  package let to: AccountID
  package let from: Instant?
  package let until: Instant
  package let reason: String

  package init(
    role: String, place: PlaceID, to: AccountID, from: Instant? = nil, until: Instant,
    reason: String
  ) {
    self.role = role
    self.place = place
    self.to = to
    self.from = from
    self.until = until
    self.reason = reason
  }

  package func area(in work: Work) -> Area { .own }

  /// Answers the delegation's identifier.
  package func perform(in work: Work) throws -> DelegationID {
    let giver = try work.authority.account()
    let policy = try work.policy(DelegationPolicy.self)
    let reason = try WrittenWords.reason.required(reason)
    // One's own, not one that was delegated: nothing is passed on from hand to hand.
    let office = try work.heldOffice(giver, role, at: place)
    guard to != giver else {
      throw Refusal(
        .invalid, "delegation.self",
        Words("请选择另一位同事", "Choose a colleague"), field: "to")
    }
    _ = try OfficesStore(work.transaction).openAccount(to, field: "to")
    let begin = from ?? work.now
    guard begin >= work.now else {
      throw Refusal(
        .invalid, "office.past",
        Words("岗位不能追溯到过去开始", "An office cannot begin in the past"), field: "from")
    }
    guard until > begin, until - begin <= .days(policy.longestDays) else {
      throw Refusal(
        .invalid, "delegation.span",
        Words(
          "代理须在开始后结束，最长 \(policy.longestDays) 天",
          "A delegation ends after it begins, \(policy.longestDays) days later at most"),
        field: "until")
    }
    let store = DelegationsStore(work.transaction)
    guard
      try !store.overlaps(
        giver: giver, taker: to, role: role, place: place, from: begin, until: until)
    else {
      throw Refusal(
        .conflict, "delegation.held",
        Words("这段时间已由这位同事代理", "The colleague has it already during that time"), field: "to")
    }
    let delegation = Delegation(
      delegation: work.newID(), giver: giver, taker: to, role: role, place: place, from: begin,
      until: until, reason: reason, endedAt: nil)
    try store.insert(delegation, path: office.path)
    try work.record(
      OfficeDelegated(
        delegation: delegation.delegation, giver: giver, taker: to, role: role, place: place,
        from: begin, until: until))
    return delegation.delegation
  }
}

/// Ends a delegation before its time: either side may, and whoever manages the giver's offices.
package struct EndDelegation: Command {
  package static let name = "offices.endDelegation"
  package static let duty: Duty = .ownAccount
  package let delegation: DelegationID

  package init(delegation: DelegationID) { self.delegation = delegation }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Done {
    let store = DelegationsStore(work.transaction)
    guard let found = try store.find(delegation) else {
      throw Refusal.notFound(Words("代理", "delegation"), delegation.text, field: "delegation")
    }
    let sender = try work.authority.account()
    if sender != found.giver && sender != found.taker { try work.requireManaging(found.giver) }
    guard found.endedAt == nil, found.until > work.now else { return Done() }
    try store.end(found.delegation, at: work.now)
    try work.record(
      DelegationEnded(
        delegation: found.delegation, giver: found.giver, taker: found.taker))
    return Done()
  }
}

/// An office was handed to a colleague for a time. The reason stands in its row.
package struct OfficeDelegated: Fact {
  package static let name = "offices.delegated"
  package static let words = Words("岗位已交由同事代理", "Office delegated to a colleague")
  package static let about = Matter.account
  package let delegation: DelegationID
  package let giver: AccountID
  package let taker: AccountID
  package let role: String
  package let place: PlaceID
  package let from: Instant
  package let until: Instant
  package var subject: String { taker.text }
}

/// A delegation was ended before its time.
package struct DelegationEnded: Fact {
  package static let name = "offices.delegationEnded"
  package static let words = Words("代理提前结束", "Delegation ended before its time")
  package static let about = Matter.account
  package let delegation: DelegationID
  package let giver: AccountID
  package let taker: AccountID
  package var subject: String { taker.text }
}

import Kernel

/// Gives an office: a role at a place, from a moment on, perhaps until another.
package struct GrantOffice: Command {
  package static let name = "offices.grant"
  package static let duty: Duty = "offices.manage"
  package let account: AccountID
  package let role: String
  /// A place, or `everywhere`.
  package let place: PlaceID
  package let from: Instant?
  package let until: Instant?

  package init(
    account: AccountID, role: String, place: PlaceID, from: Instant? = nil, until: Instant? = nil
  ) {
    self.account = account
    self.role = role
    self.place = place
    self.from = from
    self.until = until
  }

  package func area(in work: Work) -> Area { .place(place) }

  package func perform(in work: Work) throws -> Done {
    let store = OfficesStore(work.transaction)
    _ = try store.openAccount(account)
    let definition = try work.policy(OfficesPolicy.self).defined(role)
    let path: PlacePath
    if place == Offices.everywhere {
      path = .everywhere
    } else {
      let found = try PlacesStore(work.transaction).get(place)
      try OfficesRules.check(definition, at: found)
      path = found.path
    }
    let begin = from ?? work.now
    guard begin >= work.now else {
      throw Refusal(
        .invalid, "office.past",
        Words("岗位不能追溯到过去开始", "An office cannot begin in the past"), field: "from")
    }
    try OfficesRules.check(from: begin, until: until)
    guard try !store.holds(account, role, at: place, from: begin, until: until) else {
      throw Refusal(
        .conflict, "office.held",
        Words("该账号在此期间已担任这个岗位", "The account holds this office during that time already"),
        field: "role")
    }
    try work.grant(
      Office(
        account: account, role: role, place: place, path: path, from: begin, until: until))
    return Done()
  }
}

/// Ends an office that somebody holds, now or at a later moment.
package struct EndOffice: Command {
  package static let name = "offices.end"
  package static let duty: Duty = "offices.manage"
  package let account: AccountID
  package let role: String
  package let place: PlaceID
  package let at: Instant?

  package init(account: AccountID, role: String, place: PlaceID, at: Instant? = nil) {
    self.account = account
    self.role = role
    self.place = place
    self.at = at
  }

  package func area(in work: Work) -> Area { .place(place) }

  package func perform(in work: Work) throws -> Done {
    let end = at ?? work.now
    guard end >= work.now else {
      throw Refusal(
        .invalid, "office.past",
        Words("岗位不能追溯到过去结束", "An office cannot be ended in the past"), field: "at")
    }
    if place == Offices.everywhere {
      try work.requireAnotherManager(besides: account, losing: role)
    }
    let ended = try OfficesStore(work.transaction).endOffice(
      account, role, at: place, until: end)
    guard ended > 0 else {
      throw Refusal(
        .notFound, "office.none",
        Words("该账号在此处没有这个岗位", "The account does not hold this office there"),
        field: "role")
    }
    try work.record(OfficeEnded(account: account, role: role, place: place, until: end))
    return Done()
  }
}

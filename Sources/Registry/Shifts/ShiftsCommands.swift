import Kernel

/// Plans a shift for an office; with its first shift an office is held during shifts only. Nobody plans
/// their own.
package struct PlanShift: Command {
  package static let name = "shifts.plan"
  package static let duty: Duty = "offices.shifts"
  package let account: AccountID
  package let role: String
  package let place: PlaceID
  package let begins: Instant
  package let ends: Instant

  package init(
    account: AccountID, role: String, place: PlaceID, begins: Instant, ends: Instant
  ) {
    self.account = account
    self.role = role
    self.place = place
    self.begins = begins
    self.ends = ends
  }

  package func area(in work: Work) -> Area { .place(place) }

  /// Answers the shift's identifier.
  package func perform(in work: Work) throws -> ShiftID {
    try work.requireOther(
      than: account,
      Words("不能给自己排班，请上级排班", "Nobody plans their own shift; ask whoever is above you"))
    let policy = try work.policy(ShiftsPolicy.self)
    try ShiftsRules.check(begins: begins, ends: ends, policy: policy)
    guard ends > work.now else {
      throw Refusal(
        .invalid, "shift.past", Words("班次已经过去", "The shift is over already"), field: "ends")
    }
    let path = try work.heldOffice(account, role, at: place).path
    // Whoever is the last to manage offices by day and night must not be bound to hours.
    if place == Offices.everywhere {
      try work.requireAnotherManager(besides: account, losing: role)
    }
    let store = ShiftsStore(work.transaction)
    // Nobody is in two places at once (I-48).
    guard try !store.overlaps(account, from: begins, until: ends, except: nil) else {
      throw Refusal(
        .conflict, "shift.overlaps",
        Words("与这个人的另一班次重叠", "It overlaps another shift of this person"), field: "begins")
    }
    let shift = Shift(
      shift: work.newID(), account: account, role: role, place: place, begins: begins, ends: ends,
      extendedBy: nil, endedBy: nil)
    if try store.tie(account, role, at: place, now: work.now) {
      try work.record(OfficeTied(account: account, role: role, place: place))
    }
    try store.insert(shift, path: path)
    try work.record(
      ShiftPlanned(shift: shift.shift, account: account, begins: begins, ends: ends))
    return shift.shift
  }
}

/// Extends a shift; nobody extends their own.
package struct ExtendShift: Command {
  package static let name = "shifts.extend"
  package static let duty: Duty = PlanShift.duty
  package let shift: ShiftID
  package let hours: Int

  package init(shift: ShiftID, hours: Int) {
    self.shift = shift
    self.hours = hours
  }

  package func area(in work: Work) throws -> Area { .path(try work.shift(shift).path) }

  /// Answers when it ends now.
  package func perform(in work: Work) throws -> Instant {
    let found = try work.shift(shift).shift
    let policy = try work.policy(ShiftsPolicy.self)
    let extender = try work.requireOther(
      than: found.account,
      Words("不能延长自己的班次，请上级延长", "Nobody extends their own shift; ask whoever is above you"))
    guard (1...policy.extendHours).contains(hours) else {
      throw Refusal(
        .invalid, "shift.extension",
        Words(
          "一次可延长 1 到 \(policy.extendHours) 小时",
          "A shift is extended by 1 to \(policy.extendHours) hours at a time"), field: "hours")
    }
    guard ShiftsRules.isExtendable(found, at: work.now, policy: policy) else {
      throw Refusal(
        .conflict, "shift.over",
        Words(
          "只能延长正在进行或结束不到 \(policy.takeHours) 小时的班次，请另排一班",
          "Only a shift that runs, or ended less than \(policy.takeHours) hours ago, is extended; plan another"
        ), field: "shift")
    }
    // A shift that ended a while ago goes on from now, not from then.
    let ends = max(found.ends, work.now) + .hours(hours)
    try ShiftsRules.check(begins: found.begins, ends: ends, policy: policy, field: "hours")
    let store = ShiftsStore(work.transaction)
    guard
      try !store.overlaps(found.account, from: found.begins, until: ends, except: found.shift)
    else {
      throw Refusal(
        .conflict, "shift.overlaps",
        Words("与这个人的另一班次重叠", "It overlaps another shift of this person"), field: "hours")
    }
    try store.extend(found.shift, until: ends, by: extender)
    try work.record(
      ShiftMoved(shift: found.shift, account: found.account, from: found.ends, ends: ends))
    return ends
  }
}

/// Ends a shift at once: somebody goes home early, or must not go on. Nothing is done by the office from
/// this moment on, and of what was done without network only what was done before.
package struct EndShift: Command {
  package static let name = "shifts.end"
  package static let duty: Duty = PlanShift.duty
  package let shift: ShiftID

  package init(shift: ShiftID) { self.shift = shift }

  package func area(in work: Work) throws -> Area { .path(try work.shift(shift).path) }

  package func perform(in work: Work) throws -> Done {
    let found = try work.shift(shift).shift
    let grace = Duration.minutes(try work.policy(ShiftsPolicy.self).graceMinutes)
    // One that ran out is over, but for the handing over.
    if found.isCancelled || found.endedBy != nil && found.ends <= work.now
      || found.ends + grace <= work.now
    {
      return Done()
    }
    // One that has not begun leaves nothing: it ends as it begins.
    let ends = max(found.begins, min(found.ends, work.now))
    try ShiftsStore(work.transaction).end(
      found.shift, at: ends, by: try work.authority.account())
    try work.record(
      ShiftMoved(shift: found.shift, account: found.account, from: found.ends, ends: ends))
    return Done()
  }
}

/// Lets an office be held day and night again.
package struct UntieOffice: Command {
  package static let name = "shifts.untie"
  package static let duty: Duty = PlanShift.duty
  package let account: AccountID
  package let role: String
  package let place: PlaceID

  package init(account: AccountID, role: String, place: PlaceID) {
    self.account = account
    self.role = role
    self.place = place
  }

  package func area(in work: Work) -> Area { .place(place) }

  package func perform(in work: Work) throws -> Done {
    try work.requireOther(
      than: account,
      Words("不能取消自己的班次限制，请上级办理", "Nobody frees their own office of its shifts"))
    if try ShiftsStore(work.transaction).untie(account, role, at: place) {
      try work.record(OfficeUntied(account: account, role: role, place: place))
    }
    return Done()
  }
}

extension Work {
  /// Checks that somebody decides on another's hours, not on their own.
  ///
  /// - Returns: who decides.
  @discardableResult
  fileprivate func requireOther(
    than account: AccountID, _ words: Words
  ) throws(Refusal) -> AccountID {
    let sender = try authority.account()
    guard sender != account else { throw Refusal(.forbidden, "shift.own", words) }
    return sender
  }

  /// A shift that must be there.
  fileprivate func shift(_ id: ShiftID) throws -> (shift: Shift, path: PlacePath) {
    guard let found = try ShiftsStore(transaction).find(id) else {
      throw Refusal.notFound(Words("班次", "shift"), id.text, field: "shift")
    }
    return found
  }

  /// An office that an account holds itself at this moment.
  func heldOffice(_ account: AccountID, _ role: String, at place: PlaceID) throws -> Office {
    let held = try OfficesStore(transaction).offices(of: account, at: now)
    guard let office = held.first(where: { $0.role == role && $0.place == place }) else {
      throw Refusal(
        .notFound, "office.none",
        Words("该账号在此处没有这个岗位", "The account does not hold this office there"),
        field: "role")
    }
    return office
  }
}

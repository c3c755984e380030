import Kernel
import Registry

/// Takes somebody into the closed loop of a site: from now on they hold posts inside it and no
/// other.
package struct EnterLoop: Command {
  package struct Answer: Codable, Sendable {
    package let loop: SiteLoopID
  }

  package static let name = "isolation.enterLoop"
  package static let duty: Duty = SetUpSite.duty
  package let site: PlaceID
  package let account: AccountID
  /// When the negative sample was taken with which they enter.
  package let testedAt: Instant?

  package init(site: PlaceID, account: AccountID, testedAt: Instant?) {
    self.site = site
    self.account = account
    self.testedAt = testedAt
  }

  package func area(in work: Work) -> Area { .place(site) }

  package func perform(in work: Work) throws -> Answer {
    let site = try work.requireOpenSite(site)
    guard try OfficesStore(work.transaction).hasAccount(account) else {
      throw Refusal.notFound(Words("账号", "account"), account.text, field: "account")
    }
    if let inside = try work.staffStore.inside(account) {
      throw Refusal(
        .conflict, "isolation.inLoop",
        inside.site == site.place
          ? Words("该人员已在闭环内", "This account is in the loop already")
          : Words(
            "该人员在另一隔离点的闭环内，请先办理离开",
            "This account is in the loop of another site; it leaves that first"),
        field: "account")
    }
    let tested = try requireTest(in: work)
    let isPlanned =
      try !work.staffStore.turns(of: account, notOverAt: work.now).isEmpty
      || !ZoneStaffStore(work.transaction).shifts(of: account, notOverAt: work.now).isEmpty
    guard !isPlanned else {
      throw Refusal(
        .conflict, "isolation.openTurns",
        Words(
          "该人员在闭环外还有班次，请先撤下",
          "This account has turns outside the loop; take them off the roster first"),
        field: "account")
    }
    let loop = SiteLoop(
      id: work.newID(), site: site.place, account: account, enteredAt: work.now,
      testedAt: tested, leftAt: nil, edition: nil, openFrom: nil)
    try work.staffStore.insert(loop, by: work.authority.sender.text)
    try work.record(
      SiteLoopChanged(loop: loop.id, site: site.place, account: account, what: "entered"))
    return Answer(loop: loop.id)
  }

  private func requireTest(in work: Work) throws -> Instant {
    let hours = try work.policy(SiteStaffPolicy.self).entryNegativeHours
    guard let testedAt, testedAt <= work.now, testedAt > work.now - .hours(hours) else {
      throw Refusal(
        .invalid, "isolation.entryTest",
        Words(
          "进入闭环须有 \(hours) 小时内的阴性结果，请填采样时间",
          "A negative sample of the last \(hours) hours is needed to enter; give its time"),
        field: "testedAt")
    }
    return testedAt
  }
}

/// Lets somebody leave the closed loop: what was planned of their turns falls away, and the days
/// without an open post begin that the edition in force asks.
package struct LeaveLoop: Command {
  package struct Answer: Codable, Sendable {
    /// From when on open posts are theirs again.
    package let openFrom: Instant
  }

  package static let name = "isolation.leaveLoop"
  package static let duty: Duty = SetUpSite.duty
  package let loop: SiteLoopID

  package init(loop: SiteLoopID) { self.loop = loop }

  package func area(in work: Work) throws -> Area { .place(try found(in: work).site) }

  package func perform(in work: Work) throws -> Answer {
    let found = try found(in: work)
    guard found.leftAt == nil else {
      throw Refusal(
        .conflict, "isolation.leftLoop",
        Words("该人员已离开闭环", "This account has left the loop"), field: "loop")
    }
    try work.takeOffRoster(found.account)
    try work.waive(IsolationDuties.staffTest, about: found.id.text, reason: "left_loop")
    let asked: (section: ClosedLoopPolicy, edition: PolicyEdition)? = try work.editionIfAny()
    let openFrom = SiteStaffRules.openFrom(
      leaving: work.now, asked?.section, zone: work.zone)
    try work.staffStore.leave(
      found.id, by: work.authority.sender.text, at: work.now,
      edition: asked?.edition.reference, openFrom: openFrom)
    for day in asked?.section.testDays ?? [] {
      try work.oblige(
        IsolationDuties.staffTest, about: found.id.text, at: found.site,
        by: (work.today + day).end(in: work.zone))
    }
    try work.record(
      SiteLoopChanged(loop: found.id, site: found.site, account: found.account, what: "left"))
    try work.checkStaff(of: found.site)
    return Answer(openFrom: openFrom)
  }

  private func found(in work: Work) throws -> SiteLoop {
    guard let found = try work.staffStore.loop(loop) else {
      throw Refusal.notFound(Words("闭环记录", "entry of the loop"), loop.text, field: "loop")
    }
    return found
  }
}

import Kernel
import Registry

/// Puts somebody on the roster of a site, on one day or on several at the same hours.
package struct AssignTurn: Command {
  package struct Answer: Codable, Sendable {
    package let turns: [SiteTurnID]
    /// What is still missing in the coming hours.
    package let gaps: [SiteGap]
  }

  package static let name = "isolation.assignTurn"
  package static let duty: Duty = SetUpSite.duty
  package let site: PlaceID
  /// A post of the policy.
  package let post: String
  package let account: AccountID
  package let from: Instant
  package let until: Instant
  /// On how many days in a row; one when nothing is said.
  package let days: Int?

  package init(
    site: PlaceID, post: String, account: AccountID, from: Instant, until: Instant,
    days: Int? = nil
  ) {
    self.site = site
    self.post = post
    self.account = account
    self.from = from
    self.until = until
    self.days = days
  }

  package func area(in work: Work) -> Area { .place(site) }

  package func perform(in work: Work) throws -> Answer {
    _ = try work.requireOpenSite(site)
    let policy = try work.policy(SiteStaffPolicy.self)
    guard let post = policy.post(post) else {
      let known = policy.posts.map(\.code).joined(separator: " | ")
      throw Refusal.malformed("post", self.post, expected: Words(known, known))
    }
    guard try OfficesStore(work.transaction).hasAccount(account) else {
      throw Refusal.notFound(Words("账号", "account"), account.text, field: "account")
    }
    guard from < until, until - from <= .hours(policy.shiftHoursMost) else {
      throw Refusal(
        .invalid, "isolation.turnLength",
        Words(
          "一班最长 \(policy.shiftHoursMost) 小时，且结束须晚于开始",
          "A turn is at most \(policy.shiftHoursMost) hours and ends after it begins"),
        field: "until")
    }
    let days = days ?? 1
    guard (1...31).contains(days) else {
      throw Refusal.malformed("days", String(days), expected: Words("1 至 31", "1 to 31"))
    }
    if post.isInLoop { try requireInside(in: work) }
    let turns = try (0..<days).map { day in
      try insert(from + .days(day), until + .days(day), post, policy, in: work)
    }
    try work.checkStaff(of: site)
    return Answer(turns: turns, gaps: try work.staffGaps(of: site))
  }

  /// Posts inside the loop are held by those who are inside.
  private func requireInside(in work: Work) throws {
    if let inside = try work.staffStore.inside(account), inside.site == site,
      inside.enteredAt <= from
    {
      let known = try ObligationStore(work.transaction).about(inside.id.text)
      guard known.contains(where: { $0.kind == IsolationDuties.staffPositive.name }) else { return }
      throw Refusal(
        .conflict, "isolation.positiveInLoop",
        Words(
          "该人员检出阳性，不能排班；请安排他人，并为其办理离开闭环",
          "This account was found positive and takes no turn; name somebody else, and let them leave the loop"
        ),
        field: "account")
    }
    throw Refusal(
      .conflict, "isolation.notInLoop",
      Words(
        "该岗位在闭环内：请先登记该人员进入本点闭环，班次从进入之后起",
        "This post lies inside the loop: let the account enter it first, with turns after that"),
      field: "account")
  }

  private func insert(
    _ from: Instant, _ until: Instant, _ post: SiteStaffPolicy.Post, _ policy: SiteStaffPolicy,
    in work: Work
  ) throws -> SiteTurnID {
    if !post.isInLoop { try work.requireOpen(account, from: from, until: until) }
    let rest = Duration.hours(policy.restHours)
    switch RosterRules.conflict(
      from: from, until: until,
      with: try work.turns(of: account, from: from - rest, until: until + rest), rest: rest)
    {
    case .twice:
      throw Refusal(
        .conflict, "isolation.turnTwice",
        Words(
          "该人员在 \(from.shortText(in: work.zone)) 起的时段已有班次",
          "This account has another turn at \(from.shortText(in: work.zone))"), field: "account")
    case .unrested:
      throw Refusal(
        .conflict, "isolation.unrested",
        Words(
          "两班之间至少休息 \(policy.restHours) 小时，请改时间或换人",
          "\(policy.restHours) hours of rest lie between two turns; change the time or the person"),
        field: "from")
    case nil: break
    }
    let turn = SiteTurn(
      id: work.newID(), site: site, post: post.code, account: account, from: from, until: until)
    try work.staffStore.insert(turn, isInLoop: post.isInLoop)
    try work.record(
      SiteStaffed(
        site: site, turn: turn.id, account: account, post: post.code, removed: false))
    return turn.id
  }
}

/// Takes a turn off the roster; a gap that it leaves is owed at once.
package struct UnassignTurn: Command {
  package static let name = "isolation.unassignTurn"
  package static let duty: Duty = SetUpSite.duty
  package let turn: SiteTurnID

  package init(turn: SiteTurnID) { self.turn = turn }

  package func area(in work: Work) throws -> Area { .place(try found(in: work).site) }

  package func perform(in work: Work) throws -> Done {
    let found = try found(in: work)
    try work.staffStore.remove(found.id, at: work.now)
    try work.record(
      SiteStaffed(
        site: found.site, turn: found.id, account: found.account, post: found.post,
        removed: true))
    try work.checkStaff(of: found.site)
    return Done()
  }

  private func found(in work: Work) throws -> SiteTurn {
    guard let found = try work.staffStore.turn(turn) else {
      throw Refusal.notFound(Words("班次", "turn"), turn.text, field: "turn")
    }
    return found
  }
}

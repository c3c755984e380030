import Kernel
import Registry

extension Work {
  var staffStore: SiteStaffStore { SiteStaffStore(transaction) }

  /// Every turn of an account that touches a span, at sites and at zones.
  func turns(of account: AccountID, from: Instant, until: Instant) throws -> [RosterTurn] {
    try staffStore.turns(of: account, from: from, until: until).map(\.rosterTurn)
      + ZoneStaffStore(transaction).shifts(of: account, from: from, until: until).map {
        RosterTurn(account: $0.account, from: $0.from, until: $0.until)
      }
  }

  /// Refuses an open post to somebody who is in a closed loop, or has left one and whose days are
  /// not complete (RULES 13).
  func requireOpen(_ account: AccountID, from: Instant, until: Instant) throws {
    guard let loop = try staffStore.keeping(account, from: from, until: until) else { return }
    guard let open = loop.openFrom else {
      throw Refusal(
        .conflict, "isolation.closedLoop",
        Words(
          "该人员在隔离点闭环内，不能上闭环外的岗位",
          "This account is in a site's closed loop and takes no post outside it"),
        field: "account")
    }
    throw Refusal(
      .conflict, "isolation.coolDown",
      Words(
        "该人员离开闭环未满规定天数，\(open.shortText(in: zone)) 前不能上开放岗位",
        "This account has left a closed loop; no open post before \(open.shortText(in: zone))"),
      field: "account")
  }

  /// The gaps in the roster of a site in the coming hours.
  func staffGaps(of site: PlaceID) throws -> [SiteGap] {
    let policy = try policy(SiteStaffPolicy.self)
    let until = now + .hours(policy.rosterHours)
    return SiteStaffRules.gaps(
      try staffStore.turns(at: site, from: now, until: until), policy.posts, from: now,
      until: until, zone: zone)
  }

  /// Lets the gaps of the coming hours be owed as long as somebody is at the site.
  func checkStaff(of site: PlaceID) throws {
    guard try mealsStore.hasGuests(site) else { return }
    let owed = try ObligationStore(transaction).owed(IsolationDuties.staff.name, about: site.text)
    if try staffGaps(of: site).isEmpty {
      try discharge(IsolationDuties.staff, about: site.text, proof: ["gaps": "0"])
    } else if owed.isEmpty {
      try oblige(
        IsolationDuties.staff, about: site.text, at: site,
        by: now + .minutes(policy(SiteStaffPolicy.self).staffMinutes))
    }
  }

  /// Ends what an account does at sites now and takes off what is planned of it.
  func takeOffRoster(_ account: AccountID) throws {
    for turn in try staffStore.turns(of: account, notOverAt: now) {
      if turn.from < now {
        try staffStore.cut(turn.id, at: now)
      } else {
        try staffStore.remove(turn.id, at: now)
      }
    }
  }

  /// Lets the tests of those in the loop be owed on their days.
  func openStaffTests(of site: PlaceID) throws {
    let end = today.end(in: zone)
    let policy = try policy(SiteStaffPolicy.self)
    for loop in try staffStore.untested(at: site, until: end) {
      let deadline = today.start(in: zone) + .minutes(policy.testBy.minutes)
      let isDay = SiteStaffRules.isTestDay(
        today, entered: Day(of: loop.enteredAt, in: zone), every: policy.testEveryDays)
      if isDay, deadline > now {
        try oblige(IsolationDuties.staffTest, about: loop.id.text, at: site, by: deadline)
      }
      try staffStore.noteTests(loop.id, until: end)
    }
  }
}

import Gazette
import Kernel
import Registry

/// Sets a place up as an isolation site: from now on it is to be emptied, cleaned and handed over.
package struct SetUpSite: Command {
  package static let name = "isolation.setUp"
  package static let duty: Duty = "isolation.manage"
  package let site: PlaceID

  package init(site: PlaceID) { self.site = site }

  package func area(in work: Work) -> Area { .place(site) }

  package func perform(in work: Work) throws -> Done {
    let place = try PlacesStore(work.transaction).get(site)
    guard place.level.depth > PlaceLevel.community.depth, place.level != .grid,
      place.level != .household
    else {
      throw Refusal(
        .invalid, "isolation.notASite",
        Words(
          "隔离点须是小区、楼栋或单元，请选择具体地点", "A site is an estate, a building or an entrance; choose one"),
        field: "site")
    }
    if let known = try work.sites.find(site) {
      guard known.state == .closed else {
        throw Refusal(
          .conflict, "isolation.setUpAlready",
          Words("该地点已是隔离点", "This is an isolation site already"), field: "site")
      }
      try work.sites.reopen(site, at: work.now)
    } else {
      try work.sites.insert(
        IsolationSite(
          place: site, path: place.path, setUpAt: work.now, readyAt: nil, closedAt: nil))
    }
    try work.record(SiteChanged(site: site, what: "set_up", about: ""))
    let minutes = try work.policy(IsolationPolicy.self).readyMinutes
    try work.oblige(
      IsolationDuties.ready, about: site.text, at: site, by: work.now + .minutes(minutes))
    return Done()
  }
}

/// Adds rooms with running numbers to a site: 301 to 318 on floor 3.
package struct AddRooms: Command {
  package static let name = "isolation.addRooms"
  package static let duty: Duty = SetUpSite.duty
  private static let mostRooms = 500
  private static let floors = -9...199
  private static let mostBeds = 12

  package let site: PlaceID
  package let floor: Int
  package let first: Int
  package let last: Int
  /// For how many a room is at most; one unless they share for a reason.
  package let beds: Int
  package let barrierFree: Bool?

  package init(
    site: PlaceID, floor: Int, first: Int, last: Int, beds: Int, barrierFree: Bool? = nil
  ) {
    self.site = site
    self.floor = floor
    self.first = first
    self.last = last
    self.beds = beds
    self.barrierFree = barrierFree
  }

  package func area(in work: Work) -> Area { .place(site) }

  package func perform(in work: Work) throws -> Done {
    let found = try work.requireOpenSite(site)
    guard first > 0, last >= first, last - first < Self.mostRooms else {
      throw Refusal.malformed(
        "last", String(last),
        expected: Words(
          "不小于首个房号，一次最多 \(Self.mostRooms) 间",
          "a number from the first on, \(Self.mostRooms) rooms at most"))
    }
    guard (1...Self.mostBeds).contains(beds) else {
      throw Refusal.malformed(
        "beds", String(beds),
        expected: Words("1 至 \(Self.mostBeds)", "a number from 1 to \(Self.mostBeds)"))
    }
    guard Self.floors.contains(floor) else {
      throw Refusal.malformed(
        "floor", String(floor),
        expected: Words(
          "\(Self.floors.lowerBound) 至 \(Self.floors.upperBound)",
          "a number from \(Self.floors.lowerBound) to \(Self.floors.upperBound)"))
    }
    let known = Set(try work.sites.rooms(of: site).map(\.number))
    for number in first...last {
      guard !known.contains(String(number)) else {
        throw Refusal(
          .conflict, "isolation.roomKnown",
          Words("房间 \(number) 已登记，请更正房号", "Room \(number) is there already; correct the numbers"),
          field: "first")
      }
      try work.sites.insert(
        SiteRoom(
          id: work.newID(), site: site, number: String(number), floor: floor, beds: beds,
          isBarrierFree: barrierFree ?? false, isDirty: false))
    }
    try work.record(SiteChanged(site: site, what: "rooms", about: String(last - first + 1)))
    try work.countRooms(of: found.place)
    return Done()
  }
}

/// Says that a step of readiness is done: the hotel, the cleaners.
package struct GiveSiteStep: Command {
  package static let name = "isolation.giveStep"
  package static let duty: Duty = "isolation.prepare"
  package let site: PlaceID
  package let step: String

  package init(site: PlaceID, step: String) {
    self.site = site
    self.step = step
  }

  package func area(in work: Work) -> Area { .place(site) }

  package func perform(in work: Work) throws -> Done {
    _ = try work.requireOpenSite(site)
    let steps = try work.policy(IsolationPolicy.self).steps.map(\.code)
    guard let index = steps.firstIndex(of: step) else {
      let known = steps.joined(separator: " | ")
      throw Refusal.malformed("step", step, expected: Words(known, known))
    }
    let given = try work.sites.steps(of: site)
    guard !given.contains(where: { $0.step == step }) else {
      throw Refusal(
        .conflict, "isolation.stepGiven",
        Words("这一步已报告，等待对方确认", "This step was reported; the other side confirms it"), field: "step")
    }
    guard steps[..<index].allSatisfy({ code in given.contains { $0.step == code } }) else {
      throw Refusal(
        .conflict, "isolation.stepOrder",
        Words("前一步还没有报告，请按顺序办理", "The step before was not reported; go in order"), field: "step")
    }
    try work.sites.give(step, of: site, by: work.authority.sender.text, at: work.now)
    try work.record(SiteChanged(site: site, what: "given", about: step))
    return Done()
  }
}

/// Confirms a step as the side that takes the site over. With the last one the site is ready.
package struct ConfirmSiteStep: Command {
  package static let name = "isolation.confirmStep"
  package static let duty: Duty = SetUpSite.duty
  package let site: PlaceID
  package let step: String

  package init(site: PlaceID, step: String) {
    self.site = site
    self.step = step
  }

  package func area(in work: Work) -> Area { .place(site) }

  package func perform(in work: Work) throws -> Done {
    let found = try work.requireOpenSite(site)
    guard let given = try work.sites.steps(of: site).first(where: { $0.step == step }) else {
      throw Refusal(
        .conflict, "isolation.stepNotGiven",
        Words("对方还没有报告这一步", "The other side has not reported this step"), field: "step")
    }
    if given.confirmedAt != nil { return Done() }
    let sender = work.authority.sender.text
    try IsolationRules.requireOther(sender, than: given.givenBy)
    try work.sites.confirm(step, of: site, by: sender, at: work.now)
    try work.record(SiteChanged(site: site, what: "confirmed", about: step))
    let confirmed = Set(
      try work.sites.steps(of: site).filter { $0.confirmedAt != nil }.map(\.step))
    let steps = try work.policy(IsolationPolicy.self).steps
    guard found.readyAt == nil, steps.allSatisfy({ confirmed.contains($0.code) }) else {
      return Done()
    }
    try work.sites.noteReady(site, at: work.now)
    try work.record(SiteChanged(site: site, what: "ready", about: ""))
    try work.discharge(IsolationDuties.ready, about: site.text, proof: ["ready": "yes"])
    try work.countRooms(of: site)
    return Done()
  }
}

/// Closes a site in which nobody is and to which nobody is on the way.
package struct CloseSite: Command {
  package static let name = "isolation.close"
  package static let duty: Duty = SetUpSite.duty
  package let site: PlaceID

  package init(site: PlaceID) { self.site = site }

  package func area(in work: Work) -> Area { .place(site) }

  package func perform(in work: Work) throws -> Done {
    _ = try work.requireOpenSite(site)
    guard try work.stays.running(at: site).isEmpty else {
      throw Refusal(
        .conflict, "isolation.notEmpty",
        Words("还有人在住或在途，不能关闭", "Somebody is there or on the way; it cannot close"), field: "site")
    }
    guard try WasteStore(work.transaction).oldestUntaken(at: site) == nil else {
      throw Refusal(
        .conflict, "isolation.wasteLeft",
        Words("还有医疗废物未交接，不能关闭", "Medical waste was not handed over; it cannot close"),
        field: "site")
    }
    guard try work.staffStore.loops(of: site, at: work.now).allSatisfy({ $0.leftAt != nil })
    else {
      throw Refusal(
        .conflict, "isolation.staffInside",
        Words("还有工作人员在闭环内，请先办理离开", "Staff is still in the loop; let them leave it first"),
        field: "site")
    }
    try work.sites.noteClosed(site, at: work.now)
    try work.record(SiteChanged(site: site, what: "closed", about: ""))
    for kind in [IsolationDuties.ready, IsolationDuties.meal, IsolationDuties.staff] {
      try work.waive(kind, about: site.text, reason: "closed")
    }
    try work.countRooms(of: site)
    return Done()
  }
}

extension Work {
  var sites: SitesStore { SitesStore(transaction) }
  var stays: StaysStore { StaysStore(transaction) }

  /// A site that is not closed.
  func requireOpenSite(_ place: PlaceID) throws -> IsolationSite {
    let found = try sites.get(place)
    guard found.state != .closed else {
      throw Refusal(
        .conflict, "isolation.closed",
        Words("该隔离点已关闭，可重新设立", "This site is closed; set it up again first"), field: "site")
    }
    return found
  }

  /// Tells everybody else how many rooms a site has and how many are not free. One that is not
  /// ready has none.
  func countRooms(of place: PlaceID) throws {
    let site = try sites.get(place)
    guard site.state == .ready else {
      return try record(SiteRoomsCounted(site: place, total: 0, used: 0))
    }
    let counts = try sites.counts(of: place)
    try record(
      SiteRoomsCounted(site: place, total: counts.rooms, used: counts.rooms - counts.free))
  }
}

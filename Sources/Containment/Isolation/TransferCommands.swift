import Gazette
import Kernel
import Registry

/// Asks a site for a room for somebody whom a measure in force sends there, or for a companion.
package struct AskTransfer: Command {
  package struct Answer: Codable, Sendable {
    package let stay: SiteStayID
  }

  package static let name = "isolation.ask"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "isolation.transfer"
  package let person: PersonID
  package let site: PlaceID
  /// Whom the person comes along with; nobody asks a companion for it.
  package let companionOf: PersonID?

  package init(person: PersonID, site: PlaceID, companionOf: PersonID? = nil) {
    self.person = person
    self.site = site
    self.companionOf = companionOf
  }

  package func area(in work: Work) throws -> Area {
    .path(try ResidentsStore(work.transaction).survivor(of: person).path)
  }

  package func perform(in work: Work) throws -> Answer {
    let resident = try ResidentsStore(work.transaction).survivor(of: person)
    let site = try work.requireOpenSite(site)
    let running = try work.stays.running(of: resident.id)
    if running.contains(where: { $0.arrivedAt == nil || $0.site == site.place }) {
      throw Refusal(
        .conflict, "isolation.askedAlready",
        Words(
          "此人已在该隔离点或已有待办转运，请先取消", "They are there or another transfer is open; cancel that first"),
        field: "person")
    }
    let held = try CentralIsolation.holding(
      resident.id, at: work.now, in: work.transaction)
    let companion = try companionOf.map { try requireCompanion($0, of: resident.id, in: work) }
    guard held != nil || companion != nil else {
      throw Refusal(
        .conflict, "isolation.noMeasure",
        Words(
          "现在没有措施要求此人集中隔离，不得送入隔离点",
          "No measure asks central isolation of this person now; nobody may be brought to a site"),
        field: "person")
    }
    let stay = SiteStay(
      id: work.newID(), person: resident.id, site: site.place, path: site.path,
      restriction: held?.restriction.id, companionOf: companion,
      from: running.first { $0.arrivedAt != nil }?.id, room: nil, sharing: nil,
      askedAt: work.now, acceptedAt: nil, departedAt: nil, departedBy: nil, arrivedAt: nil,
      freeFrom: nil, noticeAt: nil, leftAt: nil, leaving: nil, declinedAt: nil)
    try work.stays.insert(stay, by: work.authority.sender.text)
    try work.note(stay, "asked")
    let minutes = try work.policy(IsolationPolicy.self).acceptMinutes
    try work.oblige(
      IsolationDuties.accept, about: stay.id.text, person: stay.person, at: site.place,
      by: work.now + .minutes(minutes))
    return Answer(stay: stay.id)
  }

  /// Whoever comes along comes along with somebody who is there or goes there.
  private func requireCompanion(
    _ other: PersonID, of person: PersonID, in work: Work
  ) throws -> PersonID {
    let other = try ResidentsStore(work.transaction).survivor(of: other, field: "companionOf").id
    let isThere = try work.stays.running(of: other).contains { $0.site == site }
    guard other != person, isThere else {
      throw Refusal(
        .conflict, "isolation.nobodyToCareFor",
        Words("被陪护人不在该隔离点，也没有申请该点", "Whom they come along with is neither there nor asked for"),
        field: "companionOf")
    }
    return other
  }
}

/// The site's answer: a room, or no.
package struct AnswerTransfer: Command {
  package static let name = "isolation.answer"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = SetUpSite.duty
  package let stay: SiteStayID
  package let accepted: Bool
  package let room: SiteRoomID?
  package let sharing: SharingReason?

  package init(
    stay: SiteStayID, accepted: Bool, room: SiteRoomID? = nil, sharing: SharingReason? = nil
  ) {
    self.stay = stay
    self.accepted = accepted
    self.room = room
    self.sharing = sharing
  }

  package func area(in work: Work) throws -> Area { .path(try work.stays.get(stay).path) }

  package func perform(in work: Work) throws -> Done {
    let found = try work.requireStay(stay, .asked)
    let sender = work.authority.sender.text
    if accepted {
      let site = try work.requireOpenSite(found.site)
      guard site.state == .ready else {
        throw Refusal(
          .conflict, "isolation.notReady",
          Words("隔离点尚未准备完毕，不能接收", "The site is not ready and takes nobody in"), field: "stay")
      }
      guard let room else { throw Refusal.missing("room") }
      try work.requireRoom(room, for: found, because: sharing)
      try work.stays.accept(found.id, room: room, sharing: sharing, by: sender, at: work.now)
    } else {
      try work.stays.decline(found.id, by: sender, at: work.now)
    }
    try work.note(found, accepted ? "accepted" : "declined", room: accepted ? room : nil)
    try work.discharge(
      IsolationDuties.accept, about: found.id.text, proof: ["accepted": accepted ? "yes" : "no"])
    try work.countRooms(of: found.site)
    return Done()
  }
}

/// Takes a transfer back before the car has left.
package struct CancelTransfer: Command {
  package static let name = "isolation.cancel"
  package static let duty: Duty = AskTransfer.duty
  package let stay: SiteStayID

  package init(stay: SiteStayID) { self.stay = stay }

  package func area(in work: Work) throws -> Area {
    .path(try ResidentsStore(work.transaction).survivor(of: work.stays.get(stay).person).path)
  }

  package func perform(in work: Work) throws -> Done {
    let found = try work.requireStay(stay, .asked, .accepted)
    try work.stays.decline(found.id, by: work.authority.sender.text, at: work.now)
    try work.note(found, "cancelled")
    try work.waive(IsolationDuties.accept, about: found.id.text, reason: "cancelled")
    try work.countRooms(of: found.site)
    return Done()
  }
}

/// Says that the car has left with the person: the giving side's word.
package struct DepartTransfer: Command {
  package static let name = "isolation.depart"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = AskTransfer.duty
  package let stay: SiteStayID

  package init(stay: SiteStayID) { self.stay = stay }

  // From a home its own office sends, from a site that site does.
  package func area(in work: Work) throws -> Area {
    let found = try work.stays.get(stay)
    if let from = try found.from.flatMap({ try work.stays.find($0) }) { return .path(from.path) }
    return .path(try ResidentsStore(work.transaction).survivor(of: found.person).path)
  }

  package func perform(in work: Work) throws -> Done {
    let found = try work.requireStay(stay, .accepted)
    let from = try found.from.flatMap { try work.stays.find($0) }
    let held = try CentralIsolation.holding(found.person, at: work.now, in: work.transaction)
    guard from.map({ $0.state == .present }) != false, held != nil || found.companionOf != nil
    else {
      throw Refusal(
        .conflict, "isolation.noMeasure",
        Words(
          "此人已离开原隔离点，或现在没有措施要求集中隔离：请取消转运",
          "They have left the site they were at, or no measure asks it any more: cancel the transfer"
        ),
        field: "stay")
    }
    try work.stays.depart(found.id, by: work.authority.sender.text, at: work.now)
    if let from { try work.leave(from, .transferred) }
    try work.note(found, "travelling", room: found.room)
    let minutes = try work.policy(IsolationPolicy.self).arriveMinutes
    try work.oblige(
      IsolationDuties.arrive, about: found.id.text, person: found.person, at: found.site,
      by: work.now + .minutes(minutes))
    return Done()
  }
}

/// Says that the person is there: the taking side's word. The loop is closed.
package struct ArriveTransfer: Command {
  package static let name = "isolation.arrive"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = SetUpSite.duty
  package let stay: SiteStayID

  package init(stay: SiteStayID) { self.stay = stay }

  package func area(in work: Work) throws -> Area { .path(try work.stays.get(stay).path) }

  package func perform(in work: Work) throws -> Done {
    let found = try work.requireStay(stay, .travelling)
    let sender = work.authority.sender.text
    try IsolationRules.requireOther(sender, than: found.departedBy ?? "")
    // Somebody may have left the room meanwhile: it is entered clean, or another one is.
    if let room = try found.room.flatMap({ try work.sites.room($0) }), room.isDirty {
      throw Refusal(
        .conflict, "isolation.roomDirty",
        Words("安排的房间尚未消毒，请先换房或消毒", "The room was not disinfected yet; disinfect it or move them"),
        field: "stay")
    }
    try work.stays.arrive(found.id, by: sender, at: work.now)
    try work.stays.move(
      found, found.from == nil ? "admitted" : "transferred_in", at: work.now)
    try work.note(found, "present", room: found.room)
    try work.discharge(IsolationDuties.arrive, about: found.id.text, proof: ["arrived": "yes"])
    // The measure says what follows: the transfer is no longer owed, central isolation begins.
    try work.record(PersonArrived(person: found.person))
    try work.settle(found.person, at: found.site, found.path)
    try work.openMeals(of: work.sites.get(found.site))
    try work.feed(found)
    return Done()
  }
}

/// Puts somebody into another room of the same site.
package struct MoveRoom: Command {
  package static let name = "isolation.moveRoom"
  package static let duty: Duty = SetUpSite.duty
  package let stay: SiteStayID
  package let room: SiteRoomID
  package let sharing: SharingReason?

  package init(stay: SiteStayID, room: SiteRoomID, sharing: SharingReason? = nil) {
    self.stay = stay
    self.room = room
    self.sharing = sharing
  }

  package func area(in work: Work) throws -> Area { .path(try work.stays.get(stay).path) }

  package func perform(in work: Work) throws -> Done {
    let found = try work.requireStay(stay, .accepted, .travelling, .present)
    if found.room == room { return Done() }
    try work.requireRoom(room, for: found, because: sharing)
    try work.stays.put(found.id, into: room, sharing: sharing)
    if found.arrivedAt != nil {
      try work.vacate(found.room, of: found.site)
      try work.carryMeal(from: found.room, to: room, at: found.site)
    }
    try work.note(found, "room", room: room)
    try work.countRooms(of: found.site)
    return Done()
  }
}

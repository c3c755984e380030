import Gazette
import Kernel
import Registry

extension Work {
  /// A stay that stands where a command needs it.
  func requireStay(_ id: SiteStayID, _ states: SiteStay.State...) throws -> SiteStay {
    let found = try stays.get(id)
    guard states.contains(found.state) else {
      throw Refusal(
        .conflict, "isolation.state",
        Words(
          "该入住记录现为“\(found.state.words.chinese)”，不能这样办理",
          "This stay is “\(found.state.words.english)” now; this cannot be done"), field: "stay")
    }
    return found
  }

  func note(_ stay: SiteStay, _ what: String, room: SiteRoomID? = nil) throws {
    try record(
      StayMoved(stay: stay.id, person: stay.person, site: stay.site, what: what, room: room))
  }

  /// A room of the stay's site that may take the person: disinfected, and shared only for a reason
  /// (I-38).
  func requireRoom(
    _ id: SiteRoomID, for stay: SiteStay, because reason: SharingReason?
  ) throws {
    guard let room = try sites.room(id), room.site == stay.site else {
      throw Refusal.notFound(Words("房间", "room"), id.text, field: "room")
    }
    guard !room.isDirty else {
      throw Refusal(
        .conflict, "isolation.roomDirty",
        Words("该房间尚未消毒，请另选房间", "The room was not disinfected yet; choose another"), field: "room")
    }
    let others = try stays.guests(of: id).filter { $0.id != stay.id }
    try IsolationRules.share(
      try guest(stay.person), with: try others.map { try guest($0.person) }, beds: room.beds,
      because: reason, policy(IsolationPolicy.self).sharing)
  }

  private func guest(_ person: PersonID) throws -> RoomGuest {
    let resident = try ResidentsStore(transaction).current(person)
    let registry = try policy(RegistryPolicy.self)
    return RoomGuest(
      person: person, home: resident?.home, age: resident?.birthDay?.age(on: today),
      needs: Set(resident.map { registry.needs(of: $0, on: today) } ?? []))
  }

  /// Lets everything that is asked of a person be owed at the site, where the person is.
  func settle(_ person: PersonID, at site: PlaceID, _ path: PlacePath) throws {
    let store = RestrictionsStore(transaction)
    for restriction in try store.running(for: person, at: now) where restriction.place != site {
      try record(
        RestrictionRelocated(restriction: restriction.id, from: restriction.place, to: site))
    }
    try store.move(allOf: person, to: site, path)
    for id in try ResidentsStore(transaction).identifiers(of: person) {
      try moveObligations(of: id, to: site)
    }
  }

  /// Lets somebody go from a site: the movement is written down, the room waits for disinfection,
  /// and what is asked of the person follows home.
  func leave(_ stay: SiteStay, _ kind: LeavingKind) throws {
    let basis = try stay.restriction.flatMap { try RestrictionsStore(transaction).find($0) }
    try stays.leave(
      stay.id, kind, by: authority.sender.text, at: now, countedFrom: basis?.countedFrom)
    try stays.move(stay, kind.rawValue, at: now)
    try note(stay, "left", room: stay.room)
    try waive(IsolationDuties.notice, about: stay.id.text, reason: kind.rawValue)
    try discharge(
      IsolationDuties.release, about: stay.id.text, proof: ["leaving": kind.rawValue])
    try stays.setMedicine(stay.id, nil)
    try vacate(stay.room, of: stay.site)
    try carryMeal(from: stay.room, to: nil, at: stay.site)
    try clear(stay.site)
    try countRooms(of: stay.site)
    try follow(stay.person)
    if let home = try ResidentsStore(transaction).current(stay.person)?.home {
      for id in try ResidentsStore(transaction).identifiers(of: stay.person) {
        try moveObligations(of: id, to: home)
      }
    }
  }

  /// A room that somebody left and in which nobody is any more waits for disinfection.
  func vacate(_ room: SiteRoomID?, of site: PlaceID) throws {
    guard let room, try !stays.guests(of: room).contains(where: { $0.arrivedAt != nil }) else {
      return
    }
    try sites.soil(room)
    let minutes = try policy(IsolationPolicy.self).disinfection.withinMinutes
    try oblige(
      IsolationDuties.disinfect, about: room.text, at: site, by: now + .minutes(minutes))
  }
}

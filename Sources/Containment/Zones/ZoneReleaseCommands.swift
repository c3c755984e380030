import Gazette
import Kernel
import Registry

/// Releases a zone: only when each clause of the edition that opened it is computed true.
package struct ReleaseZone: Command {
  package static let name = "zones.release"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "zones.release"
  package let zone: ZoneID

  package init(zone: ZoneID) { self.zone = zone }

  package func area(in work: Work) throws -> Area { .path(try work.zonesStore.get(zone).path) }

  package func perform(in work: Work) throws -> Done {
    let held = try work.requireZone(zone, .standing)
    if let below = work.zonesPolicy(of: held)?.level(held.level)?.stepDownTo {
      throw Refusal(
        .conflict, "zone.stepsDown",
        Words(
          "该等级先降为“\(below.rawValue)”，请用降级（zones.stepDown）",
          "This level goes down to “\(below.rawValue)” first; use zones.stepDown"), field: "zone")
    }
    try work.requireMet(work.findings(of: held))
    try work.lower(held)
    return Done()
  }
}

/// Lets a zone ask less: only when each clause of its level is computed true.
package struct StepDownZone: Command {
  package static let name = "zones.stepDown"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = ReleaseZone.duty
  package let zone: ZoneID

  package init(zone: ZoneID) { self.zone = zone }

  package func area(in work: Work) throws -> Area { .path(try work.zonesStore.get(zone).path) }

  package func perform(in work: Work) throws -> Done {
    let held = try work.requireZone(zone, .standing)
    guard work.zonesPolicy(of: held)?.level(held.level)?.stepDownTo != nil else {
      throw Refusal(
        .conflict, "zone.noLower",
        Words("该等级之下没有更低等级，请用解除（zones.release）", "There is no lower level; use zones.release"),
        field: "zone")
    }
    try work.requireMet(work.findings(of: held))
    try work.lower(held)
    return Done()
  }
}

/// Takes places off a zone: only when each clause is computed true of these places alone. Where the
/// level goes down to another first, they go on as a zone of that level, with a life of its own.
package struct ReleaseZonePlaces: Command {
  package struct Answer: Codable, Sendable {
    /// The zone that the places are now, where their level goes down to another; nil where they are none.
    package let zone: ZoneID?
  }

  package static let name = "zones.releasePlaces"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = ReleaseZone.duty
  package let zone: ZoneID
  package let places: [PlaceID]

  package init(zone: ZoneID, places: [PlaceID]) {
    self.zone = zone
    self.places = places
  }

  package func area(in work: Work) throws -> Area { .path(try work.zonesStore.get(zone).path) }

  package func perform(in work: Work) throws -> Answer {
    let held = try work.requireZone(zone, .standing)
    guard !places.isEmpty else { throw Refusal.missing("places") }
    let released = try Set(places).sorted().map(PlacesStore(work.transaction).get)
    guard released.allSatisfy({ $0.level.depth <= PlaceLevel.entrance.depth }) else {
      throw Refusal.zonePlaceSmall
    }
    let part = released.map {
      ZonePlace(place: $0.id, path: $0.path, from: work.now, until: nil)
    }
    // Judged first, so that a refusal changes nothing.
    try work.requireMet(work.findings(of: held, part: part))
    for place in released { try takeOff(place, of: held, in: work) }
    guard try work.zonesStore.places(of: zone).contains(where: { $0.until == nil }) else {
      throw Refusal(
        .conflict, "zone.allReleased",
        Words("这是全部地点，请用解除或降级", "These are all its places; use zones.release or zones.stepDown"),
        field: "places")
    }
    try work.note(
      .placesReleased, of: held, about: released.map(\.id.text).joined(separator: "|"))
    try work.record(ZonePlacesReleased(zone: zone, places: released.map(\.id)))
    let policy = work.zonesPolicy(of: held)
    if let below = policy?.level(held.level)?.stepDownTo.flatMap({ policy?.level($0) }) {
      return Answer(zone: try work.stepDown(released, of: held, to: below))
    }
    let minutes = work.zonesPolicy(of: held)?.gateMinutes ?? 0
    for place in released {
      try work.oblige(
        ZoneDuties.gate, about: zone.text, at: place.id, by: work.now + .minutes(minutes))
    }
    return Answer(zone: nil)
  }

  /// Takes a place off; one that is a part of a place of the zone leaves the other parts in it.
  private func takeOff(_ place: Place, of held: HeldZone, in work: Work) throws {
    let standing = try work.zonesStore.places(of: zone).filter { $0.until == nil }
    guard var whole = standing.first(where: { $0.path.holds(place.path) }) else {
      throw Refusal(
        .invalid, "zone.placeNotHeld",
        Words("“\(place.id.text)”不在该区域内", "“\(place.id.text)” does not belong to this zone"),
        field: "places")
    }
    try work.zonesStore.takeOff(whole.place, from: zone, at: work.now)
    while whole.path != place.path {
      // Nobody may fall out of a zone because a file names the building and no entrance.
      guard
        try ResidentsStore(work.transaction).count(directlyAt: whole.path) == 0
      else {
        throw Refusal(
          .conflict, "zone.homesUnclear",
          Words(
            "有住户只登记到“\(whole.place.text)”，请先补全单元或户，再部分解除",
            "Some people are registered at “\(whole.place.text)” only; complete their doors first"),
          field: "places")
      }
      let parts = try PlacesStore(work.transaction).children(of: whole.place)
      guard let next = parts.first(where: { $0.path.holds(place.path) }) else { break }
      for part in parts where part.id != next.id {
        try work.zonesStore.join(
          ZonePlace(place: part.id, path: part.path, from: work.now, until: nil), to: zone)
      }
      whole = ZonePlace(place: next.id, path: next.path, from: work.now, until: nil)
    }
  }
}

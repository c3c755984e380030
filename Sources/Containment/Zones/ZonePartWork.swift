import Gazette
import Kernel
import Registry

extension Work {
  /// Lets a part of a zone go one level down as a zone of its own; what stands over the rest stays.
  ///
  /// It keeps the edition, the opening and the infections of the zone of which it was a part; of the
  /// infections those count for its days that live or were found inside it.
  func stepDown(_ places: [Place], of zone: HeldZone, to below: ZonesPolicy.Level) throws -> ZoneID
  {
    let common = ZonesRules.common(places.map(\.path))
    guard let place = try PlacesStore(transaction).find(path: common), let opened = zone.openedAt
    else { throw Refusal.zonePlacesApart }
    let part = HeldZone(
      id: newID(), level: zone.level, edition: zone.edition, state: .proposed, place: place.id,
      path: common, infection: zone.infection, proposedBy: zone.proposedBy,
      proposedByOrganisations: zone.proposedByOrganisations, proposedAt: zone.proposedAt,
      openedBy: nil, openedAt: nil, isOpenedAlone: nil, countedFrom: nil, levelSince: nil,
      isSteppedDown: false, people: try people(in: places), plan: zone.plan, servedUntil: nil,
      endedAt: nil, end: nil)
    let paths = places.map(\.path)
    try zonesStore.insert(
      part, places.map { ZonePlace(place: $0.id, path: $0.path, from: now, until: nil) })
    var counted = opened
    for infection in try zonesStore.infections(of: zone.id) {
      var kept = infection
      kept.counts = infection.counts && infection.isInside(paths)
      if kept.counts { counted = max(counted, kept.at) }
      try zonesStore.note(kept, in: part.id, at: now)
    }
    try zonesStore.openPart(part.id, of: zone, countedFrom: counted, at: now)
    let standing = try zonesStore.get(part.id)
    try note(.proposed, of: standing, about: zone.infection.text)
    try note(.parted, of: standing, about: zone.id.text)
    try zonesStore.stepDown(part.id, to: below.level, at: now)
    try note(.steppedDown, of: standing, about: below.level.rawValue)
    try record(
      ZoneSteppedDown(zone: part.id, from: zone.level.rawValue, to: below.level.rawValue))
    if let clause = below.residentsClause {
      try record(
        ZoneOpened(
          zone: part.id, level: below.level.rawValue, edition: zone.edition,
          places: places.map(\.id), clause: clause, countedFrom: now))
    }
    if let policy = zonesPolicy(of: zone) {
      try checkRoster(of: zonesStore.get(part.id), below, policy)
    }
    return part.id
  }
}

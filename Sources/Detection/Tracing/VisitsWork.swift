import Kernel
import Registry

/// Takes visits and encounters in one command: checks each, keeps it, and at the end asks for the
/// cases to be computed anew that they may concern.
struct VisitsRecorder {
  private let work: Work
  private let duty: Duty
  /// Where the sender answers for whatever is recorded: the district of a case that is asked.
  private let answering: PlacePath?
  private var places: [VenueID: Place?] = [:]
  private var paths: [PersonID: PlacePath?] = [:]
  private var taken: TimeSpan?
  private var visits = 0
  private var encounters = 0

  init(_ work: Work, duty: Duty, answering: PlacePath? = nil) {
    self.work = work
    self.duty = duty
    self.answering = answering
  }

  /// Keeps a visit; false when it is known already.
  mutating func take(_ row: VisitRow) throws -> Bool {
    let span = TimeSpan(row.from, row.to)
    try VisitsRules.requireOrder(span)
    try VisitsRules.requireCoordinates(latitude: row.latitude, longitude: row.longitude)
    let place = try place(row.venue)
    try requireDuty(at: [try path(of: row.person), place?.path])
    let visit = Visit(
      person: row.person, venue: row.venue, place: place?.id, span: span, source: row.source,
      latitude: row.latitude, longitude: row.longitude)
    return try keep(visit, place)
  }

  private mutating func keep(_ visit: Visit, _ place: Place?) throws -> Bool {
    let store = VisitsStore(work.transaction)
    guard try store.add(visit, id: work.newID(), at: work.now) else { return false }
    if place?.level == .household, try store.kind(ofSpot: visit.spot) == nil {
      try store.setKind(.household, ofSpot: visit.spot)
    }
    note(visit.span)
    visits += 1
    return true
  }

  /// Keeps an encounter; false when it is known already.
  mutating func take(_ encounter: Encounter) throws -> Bool {
    try requireDuty(at: [try path(of: encounter.personA), try path(of: encounter.personB)])
    guard try VisitsStore(work.transaction).add(encounter, at: work.now) else { return false }
    note(encounter.span)
    encounters += 1
    return true
  }

  /// Writes down what was taken; nothing when nothing was.
  func finish(run: String?) throws {
    guard let taken else { return }
    try work.record(VisitsRecorded(run: run, visits: visits, encounters: encounters))
    try work.recompute(touchedBy: taken)
  }

  /// The place of the registry that a venue means, by identifier or code.
  mutating func place(_ venue: VenueID) throws -> Place? {
    if let known = places[venue] { return known }
    let store = PlacesStore(work.transaction)
    let found = try store.find(PlaceID(trusted: venue.text)) ?? store.find(code: venue.text)
    places[venue] = .some(found)
    return found
  }

  private mutating func path(of person: PersonID) throws -> PlacePath? {
    if let known = paths[person] { return known }
    let found = try ResidentsStore(work.transaction).current(person)?.path
    paths[person] = .some(found)
    return found
  }

  /// The duty must be held where one of those concerned is; where nobody knows, anywhere.
  private func requireDuty(at paths: [PlacePath?]) throws(Refusal) {
    let known = (paths + [answering]).compactMap { $0 }
    guard known.isEmpty || known.contains(where: { work.authority.may(duty, at: $0) }) else {
      throw .outsideArea(duty)
    }
  }

  private mutating func note(_ span: TimeSpan) {
    taken = taken.map { TimeSpan(min($0.from, span.from), max($0.to, span.to)) } ?? span
  }
}

extension Work {
  /// Notes that a spot is somebody's own door.
  func noteHousehold(_ place: PlaceID) throws {
    try VisitsStore(transaction).setKind(.household, ofSpot: place.text)
  }
}

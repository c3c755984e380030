import Kernel
import Registry

/// All visits, in the form in which they are imported.
package struct ExportVisits: Query {
  package static let name = "visits.export"
  package static let urgency = Urgency.export
  package static let duty: Duty = "visits.read"
  package static let purposes: [Purpose] = [.exchange]
  package let after: String?

  package func area(in reading: Reading) -> Area { .everywhere }

  package func answer(in reading: Reading) throws -> ExportAnswer {
    reading.disclose(everybodyIn: .everywhere)
    let page = try VisitsStore(reading.transaction).visits(after: after ?? "", limit: 2_000)
    let rows = page.map { _, visit in
      [
        visit.person.text, visit.venue.text, visit.span.from.text(in: reading.zone),
        visit.span.to.text(in: reading.zone), visit.source.rawValue,
        visit.latitude.map { String($0) } ?? "", visit.longitude.map { String($0) } ?? "",
      ]
    }
    return ExportAnswer(rows: rows, after: page.count == 2_000 ? page.last?.id : nil)
  }
}

/// All encounters, in the form in which they are imported.
package struct ExportEncounters: Query {
  package static let name = "encounters.export"
  package static let urgency = Urgency.export
  package static let duty: Duty = "visits.read"
  package static let purposes: [Purpose] = [.exchange]
  package let after: String?

  package func area(in reading: Reading) -> Area { .everywhere }

  package func answer(in reading: Reading) throws -> ExportAnswer {
    reading.disclose(everybodyIn: .everywhere)
    let page = try VisitsStore(reading.transaction).encounters(after: last(), limit: 2_000)
    let rows = page.map {
      [$0.personA.text, $0.personB.text, $0.at.text(in: reading.zone), String($0.seconds)]
    }
    return ExportAnswer(rows: rows, after: page.count == 2_000 ? page.last.map(cursor) : nil)
  }

  private func cursor(_ last: Encounter) -> String {
    [
      last.personA.text, last.personB.text, String(last.at.milliseconds), String(last.seconds),
    ].joined(separator: "\t")
  }

  private func last() throws -> Encounter? {
    guard let parts = after?.split(separator: "\t"), parts.count == 4, let at = Int64(parts[2]),
      let seconds = Int(parts[3])
    else { return nil }
    return Encounter(
      PersonID(trusted: String(parts[0])), PersonID(trusted: String(parts[1])),
      at: Instant(milliseconds: at), seconds: seconds)
  }
}

/// Where a person was, from all sources on one line of time.
package struct TrajectoryOfPerson: Query {
  /// One stretch of the line.
  package struct Stretch: Codable, Sendable {
    package let venue: VenueID
    package let place: PlaceID?
    package let span: TimeSpan
    package let source: VisitSource
    package let latitude: Double?
    package let longitude: Double?
    /// Whether the person is said to be somewhere else at the same time.
    package let conflict: Bool
  }

  /// Somebody who was close to the person.
  package struct Closeness: Codable, Sendable {
    package let other: PersonID
    package let span: TimeSpan
  }

  package struct Answer: Codable, Sendable {
    package let person: PersonID
    package let stretches: [Stretch]
    /// Spans between the first and the last visit in which nobody knows where the person was.
    package let gaps: [TimeSpan]
    /// Spans in which the person is said to be at two places at once.
    package let conflicts: [TimeSpan]
    /// Ways for which there was too little time.
    package let leaps: [Leap]
    /// Direct encounters, observed or told, by time.
    package let encounters: [Closeness]
    /// Whether there are more visits than were looked at.
    package let isCut: Bool
  }

  package static let name = "trajectory.ofPerson"
  package static let duty: Duty = "visits.read"
  package static let purposes: [Purpose] = [.investigation, .supervision, .objection]
  package let person: PersonID
  package let from: Instant?
  package let to: Instant?

  package init(person: PersonID, from: Instant? = nil, to: Instant? = nil) {
    self.person = person
    self.from = from
    self.to = to
  }

  package func area(in reading: Reading) throws -> Area {
    if let resident = try ResidentsStore(reading.transaction).current(person) {
      return .path(resident.path)
    }
    let investigation = try InvestigationStore(reading.transaction).about(person).first
    return investigation.map { .path($0.path) } ?? .eachChecked
  }

  package func answer(in reading: Reading) throws -> Answer {
    let people = try ResidentsStore(reading.transaction).identifiers(of: person)
    reading.disclose(people.first ?? person)
    let span = TimeSpan(
      from ?? Instant(milliseconds: 0), to ?? Instant(milliseconds: 253_402_300_799_000))
    let limit = 5_000
    let store = VisitsStore(reading.transaction)
    let found = try people.map { try store.visits(of: $0, in: span, limit: limit) }
    let known = try KnownVisits(reading.transaction, rules: reading.rules)
    let scans = try people.flatMap { try known.visits(byScanOf: $0, in: span, limit: limit) }
    let visits = found.flatMap(\.self) + scans
    let least = try reading.policy(ContactsPolicy.self).gapMinutes
    let line = TrajectoryRules.line(visits, leastGap: .minutes(least))
    let encounters = try people.flatMap { try store.encounterCrossings(of: $0, in: span) }
      .filter { !people.contains($0.other) }
      .sorted { ($0.span.from, $0.other) < ($1.span.from, $1.other) }
      .prefix(limit).map { Closeness(other: $0.other, span: $0.span) }
    for one in encounters { reading.disclose(one.other) }
    return Answer(
      person: people.first ?? person,
      stretches: line.visits.map { visit, conflict in
        Stretch(
          venue: visit.venue, place: visit.place, span: visit.span, source: visit.source,
          latitude: visit.latitude, longitude: visit.longitude, conflict: conflict)
      },
      gaps: line.gaps, conflicts: line.conflicts,
      leaps: TravelRules.leaps(visits, policy: try reading.policy(TrajectoryPolicy.self)),
      encounters: encounters,
      isCut: (found + [scans]).contains { $0.count >= limit })
  }
}

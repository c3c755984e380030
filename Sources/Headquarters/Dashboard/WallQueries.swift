import Kernel
import Registry

/// What the wall shows of a place: today's numbers beside yesterday's at the same hour, and what is
/// owed in each place below.
package struct ShowWall: Query {
  /// What is counted at one moment.
  /// How many there are of each thing in the whole place, at one moment.
  package struct Counts: Codable, Sendable {
    package let contacts: Int
    package let restricted: Int
    package let owed: Int
    package let late: Int
    package let closed: Int
  }

  /// A place below, with what is owed there.
  /// One place below, with what is owed in it.
  package struct Part: Codable, Sendable {
    package let place: PlaceID
    package let name: String
    /// The name as people say it.
    package let spoken: String
    package let level: PlaceLevel
    package let owed: Int
    package let late: Int
    package let closed: Int
  }

  package struct Answer: Codable, Sendable {
    package let now: Counts
    package let yesterday: Counts
    package let dueWithinAnHour: Int
    package let endingToday: Int
    package let residents: Int
    package let households: Int
    package let parts: [Part]
  }

  package static let name = "dashboard.wall"
  package static let duty: Duty = ListObligations.duty
  package static let purposes: [Purpose] = []
  /// A place; everywhere when there is none.
  package let place: PlaceID?

  package init(place: PlaceID?) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let found = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let path = found ?? .everywhere
    let (now, start) = (reading.now, reading.today.start(in: reading.zone))
    let obligations = ObligationStore(reading.transaction)
    let wall = WallStore(reading.transaction)
    return Answer(
      now: try counts(in: path, from: start, at: now, reading),
      yesterday: try counts(in: path, from: start - .days(1), at: now - .days(1), reading),
      dueWithinAnHour: try obligations.due(in: path, from: now, to: now + .hours(1)),
      endingToday: try wall.ending(
        .restriction, in: path, from: now, to: reading.today.end(in: reading.zone)),
      residents: try ResidentsStore(reading.transaction).count(in: path),
      households: try PlacesStore(reading.transaction).count(.household, inside: path),
      parts: try PlacesStore(reading.transaction).children(of: place, limit: 500).map { child in
        let counts = try obligations.counts(in: child.path, at: now, closedSince: start)
        return Part(
          place: child.id, name: child.name, spoken: child.spoken, level: child.level,
          owed: counts.owed,
          late: counts.late, closed: counts.closed)
      })
  }

  private func counts(
    in path: PlacePath, from start: Instant, at moment: Instant, _ reading: Reading
  ) throws -> Counts {
    let obligations = ObligationStore(reading.transaction)
    let wall = WallStore(reading.transaction)
    let standing = try obligations.standing(in: path, at: moment)
    return Counts(
      contacts: try wall.begun(.contact, in: path, from: start, to: moment),
      restricted: try wall.standing(.restriction, in: path, at: moment), owed: standing.owed,
      late: standing.late, closed: try obligations.closed(in: path, from: start, to: moment))
  }
}

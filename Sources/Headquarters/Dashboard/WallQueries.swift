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

  /// What is owed of one kind.
  package struct Kind: Codable, Sendable {
    package let kind: String
    package let owed: Int
    package let late: Int
    package let dueToday: Int
  }

  package struct Answer: Codable, Sendable {
    package let now: Counts
    package let yesterday: Counts
    package let dueWithinAnHour: Int
    package let endingToday: Int
    /// Nil for a district and above: nobody counts a million each time a screen asks.
    package let residents: Int?
    package let households: Int?
    package let kinds: [Kind]
    package let parts: [Part]
  }

  package static let name = "dashboard.wall"
  package static let duty: Duty = ListObligations.duty
  package static let purposes: [Purpose] = []
  package static let isCount = true
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
    let places = PlacesStore(reading.transaction)
    let end = reading.today.end(in: reading.zone)
    let children = try places.children(of: place, limit: 500)
    let counted = try obligations.counts(
      of: children.map(\.path), at: now, closedSince: start)
    let depth = try place.flatMap { try places.find($0) }?.level.depth ?? 0
    let isSmall = depth > PlaceLevel.district.depth
    return Answer(
      now: try counts(in: path, from: start, at: now, reading),
      yesterday: try counts(in: path, from: start - .days(1), at: now - .days(1), reading),
      dueWithinAnHour: try obligations.due(in: path, from: now, to: now + .hours(1)),
      endingToday: try wall.ending(
        .restriction, in: path, from: now, to: end),
      residents: isSmall ? try ResidentsStore(reading.transaction).count(in: path) : nil,
      households: isSmall ? try places.count(.household, inside: path) : nil,
      kinds: try obligations.kinds(in: path, at: now, until: end).map {
        Kind(kind: $0.kind, owed: $0.owed, late: $0.late, dueToday: $0.due)
      },
      parts: zip(children, counted).map { child, counts in
        Part(
          place: child.id, name: child.name, spoken: child.spoken, level: child.level,
          owed: counts.owed, late: counts.late, closed: counts.closed)
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

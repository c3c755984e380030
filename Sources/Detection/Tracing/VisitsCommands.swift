import Kernel
import Registry

/// One row of visits, as a file or a form brings it.
package struct VisitRow: Codable, Sendable {
  package let person: PersonID
  package let venue: VenueID
  package let from: Instant
  package let to: Instant
  package let source: VisitSource
  package let latitude: Double?
  package let longitude: Double?

  package init(
    person: PersonID, venue: VenueID, from: Instant, to: Instant, source: VisitSource,
    latitude: Double? = nil, longitude: Double? = nil
  ) {
    self.person = person
    self.venue = venue
    self.from = from
    self.to = to
    self.source = source
    self.latitude = latitude
    self.longitude = longitude
  }

  private enum CodingKeys: String, CodingKey {
    case person
    case venue
    case from
    case to
    case source
    case latitude = "lat"
    case longitude = "lon"
  }
}

/// Records one visit.
package struct RecordVisit: Command {
  package struct Answer: Codable, Sendable {
    /// Whether it was known already and nothing was added.
    package let known: Bool
  }

  package static let name = "visits.record"
  package static let duty: Duty = "visits.record"
  package let row: VisitRow

  package init(_ row: VisitRow) { self.row = row }
  package init(from decoder: any Decoder) throws { row = try VisitRow(from: decoder) }
  package func encode(to encoder: any Encoder) throws { try row.encode(to: encoder) }

  // Whoever knows may record it: the office of the person's home or that of the venue.
  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Answer {
    var recorder = VisitsRecorder(work, duty: Self.duty)
    let isNew = try recorder.take(row)
    try recorder.finish(run: nil)
    return Answer(known: !isNew)
  }
}

/// Takes in a list of visits.
package struct ImportVisits: Command {
  package static let name = "visits.import"
  package static let duty: Duty = "visits.record"
  package let rows: [Fields]
  package let run: String?

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> ImportAnswer {
    var recorder = VisitsRecorder(work, duty: Self.duty)
    let answer = try ImportAnswer(rows: rows, as: VisitRow.self) { try recorder.take($0) }
    try recorder.finish(run: run)
    return answer
  }
}

/// Takes in a list of encounters.
package struct ImportEncounters: Command {
  package struct Row: Codable, Sendable {
    package let personA: PersonID
    package let personB: PersonID
    package let at: Instant
    package let seconds: Int

    private enum CodingKeys: String, CodingKey {
      case at
      case seconds
      case personA = "person_a"
      case personB = "person_b"
    }
  }

  package static let name = "encounters.import"
  package static let duty: Duty = "visits.record"
  package let rows: [Fields]
  package let run: String?

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> ImportAnswer {
    var recorder = VisitsRecorder(work, duty: Self.duty)
    let answer = try ImportAnswer(rows: rows, as: Row.self) { row in
      try VisitsRules.requireTwo(row.personA, row.personB)
      try VisitsRules.requireLength(row.seconds)
      return try recorder.take(
        Encounter(row.personA, row.personB, at: row.at, seconds: row.seconds))
    }
    try recorder.finish(run: run)
    return answer
  }
}

/// Says what kind of venue a venue is, by which the rules of contact differ.
package struct ClassifyVenue: Command {
  package static let name = "venues.classify"
  package static let duty: Duty = "contacts.decide"
  package let venue: VenueID
  package let kind: VenueKind

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Done {
    guard kind != .encounter else {
      throw Refusal.malformed(
        "kind", kind.rawValue,
        expected: Words("一种场所类型", "a kind of venue: household, enclosed, transport, open_air"))
    }
    var recorder = VisitsRecorder(work, duty: Self.duty)
    let place = try recorder.place(venue)
    if let place { try work.require(Self.duty, at: place.path) }
    try VisitsStore(work.transaction).setKind(kind, ofSpot: place?.id.text ?? venue.text)
    try work.record(VenueClassified(kind: kind))
    try work.recompute(touchedBy: TimeSpan(.distantPast, .distantFuture))
    return Done()
  }
}

extension Instant {
  fileprivate static let distantPast = Instant(milliseconds: 0)
  fileprivate static let distantFuture = Instant(milliseconds: 253_402_300_799_000)
}

extension ImportAnswer {
  /// Takes rows one by one; `take` says whether a row was new.
  init<Row: Decodable>(
    rows: [Fields], as type: Row.Type, _ take: (Row) throws -> Bool
  ) throws {
    self.init()
    for (index, fields) in rows.enumerated() {
      do {
        if try take(fields.decoded(Row.self, strict: false)) {
          accepted += 1
        } else {
          outcomes.append(
            Outcome(row: index, verdict: .duplicate, code: "row.known", words: VisitsRules.known))
        }
      } catch let refusal as Refusal {
        reject(index, refusal)
      }
    }
  }
}

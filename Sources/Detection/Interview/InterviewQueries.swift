import Gazette
import Kernel
import Registry

/// What a case has said already, day by day, and of which hours nobody knows anything.
package struct InterviewOfCase: Query {
  /// One piece, as whoever calls reads it.
  package struct Piece: Codable, Sendable {
    package let entry: InterviewEntryID
    package let topic: InterviewTopic
    package let answer: InterviewAnswer
    package let day: Day?
    package let span: TimeSpan?
    package let venue: VenueID?
    package let place: PlaceID?
    package let transport: InterviewTransport?
    package let person: PersonID?
    package let contact: ContactID?
    package let lead: LeadID?
    /// Whether the lead is still looked for.
    package let isLooked: Bool
    package let masked: Bool?
    package let onsetOn: Day?
    package let symptoms: [String]
    package let words: String?
    /// Masked unless revealed.
    package let name: String?
    package let phone: String?
    package let recordedAt: Instant
    package let recordedBy: String
    package let struckAt: Instant?
    package let struckReason: String?
    /// What the venue or the person may be, while the registry does not know.
    package let venues: [FindVenues.Venue]
    package let people: [PersonID]
  }

  /// One day, the last first.
  package struct DayLine: Codable, Sendable {
    package let day: Day
    /// Whether others may have been infected on it.
    package let isInfectious: Bool
    package let pieces: Int
    /// Hours of which nobody has said anything.
    package let gaps: [TimeSpan]
  }

  package struct Answer: Codable, Sendable {
    package let infection: CaseID
    package let person: PersonID
    package let pieces: [Piece]
    package let days: [DayLine]
    /// Names of venues to choose from: home, work, and wherever the case is known to have been.
    package let suggestions: [String]
    /// The case's own door.
    package let home: PlaceID?
  }

  package static let name = "interview.ofCase"
  package static let duty: Duty = "visits.read"
  package static let purposes: [Purpose] = [.investigation, .supervision]
  private static let mostCandidates = 5

  package let infection: CaseID
  /// Whether names and telephones stand whole.
  package let revealed: Bool?

  package init(infection: CaseID, revealed: Bool = false) {
    self.infection = infection
    self.revealed = revealed
  }

  package func area(in reading: Reading) throws -> Area {
    .path(try InvestigationStore(reading.transaction).get(infection).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let known = try InvestigationStore(reading.transaction).get(infection)
    let person = try reading.liveFile(of: known.person)
    reading.disclose(person)
    let entries = try InterviewStore(reading.transaction).entries(of: infection)
    let line = try reading.ask(TrajectoryOfPerson(person: person))
    let resident = try ResidentsStore(reading.transaction).current(person)
    let home = try resident.flatMap { try PlacesStore(reading.transaction).find($0.home) }
    let places = try line.stretches.map { stretch in
      try stretch.place.map { try reading.name(of: $0) } ?? stretch.venue.text
    }
    let said = entries.compactMap { $0.place == nil ? $0.venue?.text : nil }
    let names = Set(places + said + [resident?.workPlace?.value].compactMap { $0 })
    return Answer(
      infection: infection, person: person,
      pieces: try pieces(entries, known, in: reading),
      days: try days(of: known, entries, line.stretches.map(\.span), in: reading),
      suggestions: names.sorted(), home: home?.level == .household ? home?.id : nil)
  }

  private func days(
    of known: Investigation, _ entries: [InterviewEntry], _ stays: [TimeSpan], in reading: Reading
  ) throws -> [DayLine] {
    let policy = try reading.policy(InterviewPolicy.self)
    let least = try reading.policy(ContactsPolicy.self).gapMinutes
    let end = min(known.window.to, reading.now)
    let last = Day(of: max(end - .milliseconds(1), known.window.from), in: reading.zone)
    let first = min(Day(of: known.window.from, in: reading.zone), last - policy.daysBack)
    let standing = entries.filter { $0.struckAt == nil }
    let covered =
      stays + standing.filter { $0.topic != .meeting }.compactMap(\.span)
    return (first.number...last.number).reversed().map { number in
      let day = Day(number: number)
      let whole = TimeSpan(day.start(in: reading.zone), min(day.end(in: reading.zone), end))
      return DayLine(
        day: day, isInfectious: !whole.common(with: known.window).isEmpty,
        pieces: standing.filter { $0.day == day }.count,
        gaps: InterviewRules.gaps(in: whole, known: covered, least: .minutes(least)))
    }
  }

  private func pieces(
    _ entries: [InterviewEntry], _ known: Investigation, in reading: Reading
  ) throws -> [Piece] {
    var venues = InterviewVenues(transaction: reading.transaction, area: known.path)
    return try entries.map { try piece($0, known, &venues, in: reading) }
  }

  private func piece(
    _ entry: InterviewEntry, _ known: Investigation, _ candidates: inout InterviewVenues,
    in reading: Reading
  ) throws -> Piece {
    func open(_ bytes: [UInt8]?, _ column: String) throws -> String? {
      try bytes.map {
        try reading.vault.unlock($0, place: Vault.interviewPlace(column, of: entry.id))
      }
    }
    let name = try open(entry.sealed.name, "name")
    let phone = try open(entry.sealed.phone, "phone")
    let lead = try entry.lead.flatMap { try LeadsStore(reading.transaction).find($0) }
    let isOpen = entry.struckAt == nil && entry.lead != nil
    let venues =
      isOpen && entry.topic == .stay && entry.place == nil
      ? try reading.venues(entry.venue?.text ?? "", among: &candidates, limit: Self.mostCandidates)
        .filter { $0.venue != entry.venue } : []
    let people =
      isOpen && entry.topic == .meeting && entry.person == nil
      ? try ResidentsStore(reading.transaction).named(
        name ?? "", in: known.path, limit: Self.mostCandidates
      ).map(\.id) : []
    let met = try entry.person.map { try reading.liveFile(of: $0) }
    for one in people + [met].compactMap({ $0 }) { reading.disclose(one) }
    return Piece(
      entry: entry.id, topic: entry.topic, answer: entry.answer, day: entry.day,
      span: entry.span, venue: entry.venue, place: entry.place, transport: entry.transport,
      person: met, contact: entry.contact, lead: entry.lead,
      isLooked: lead.map { $0.state != .verified } ?? false, masked: entry.isMasked,
      onsetOn: entry.onsetOn, symptoms: entry.codes, words: try open(entry.sealed.words, "words"),
      name: name.map { revealed == true ? $0 : Mask.name($0) },
      phone: phone.map { revealed == true ? $0 : Mask.phone($0) },
      recordedAt: entry.recordedAt, recordedBy: entry.recordedBy, struckAt: entry.struckAt,
      struckReason: entry.struckReason, venues: venues, people: people)
  }
}

/// Venues in whose name some words stand: communities and estates of the registry, and venues at which
/// somebody of the area is known to have been.
package struct FindVenues: Query {
  /// One that it may be.
  package struct Venue: Codable, Sendable {
    package let venue: VenueID
    package let place: PlaceID?
    package let name: String
    /// In which area it lies, when it is a place of the registry.
    package let area: String?
  }

  package struct Answer: Codable, Sendable {
    package let venues: [Venue]
  }

  package static let name = "interview.venues"
  package static let duty: Duty = "visits.read"
  // What somebody wrote of where they were may name who lives there.
  package static let purposes: [Purpose] = InterviewOfCase.purposes
  package let place: PlaceID
  package let words: String
  package let limit: Int?

  package init(place: PlaceID, words: String, limit: Int? = nil) {
    self.place = place
    self.words = words
    self.limit = limit
  }

  package func area(in reading: Reading) -> Area { .place(place) }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try PlacesStore(reading.transaction).get(place).path
    var candidates = InterviewVenues(transaction: reading.transaction, area: path)
    return Answer(
      venues: try reading.venues(
        words, among: &candidates, limit: min(max(limit ?? 20, 1), 100)))
  }
}

extension Reading {
  /// What a venue may be, with where it lies.
  fileprivate func venues(
    _ words: String, among venues: inout InterviewVenues, limit: Int
  ) throws -> [FindVenues.Venue] {
    try venues.candidates(words, limit: limit)
      .map { found in
        FindVenues.Venue(
          venue: found.venue, place: found.place, name: found.name,
          area: try found.path?.ancestors.first.map { try shortAddress(of: $0) })
      }
  }
}

import Gazette
import Kernel
import Registry

/// The contacts of a case, in the columns of the contacts file.
package struct ContactsOfCase: Query {
  /// One contact, as a row of the file.
  package struct Line: Codable, Sendable {
    package let contact: ContactID
    package let person: PersonID
    package let degree: Int
    package let kind: ContactKind
    package let state: Contact.State
    /// Measured seconds together, none counted twice.
    package let overlapSeconds: Int
    package let firstAt: Instant
    package let lastAt: Instant
    /// How many meetings there were.
    package let visits: Int
    package let evidence: [String]

    /// The same under the identifier under which the person's file is kept now.
    fileprivate func known(as person: PersonID) -> Line {
      Line(
        contact: contact, person: person, degree: degree, kind: kind, state: state,
        overlapSeconds: overlapSeconds, firstAt: firstAt, lastAt: lastAt, visits: visits,
        evidence: evidence)
    }
  }

  /// Contacts of the case that wait for a second person.
  package struct Request: Codable, Sendable {
    package let request: ContactRequestID
    package let contacts: Int
  }

  package struct Answer: Codable, Sendable {
    package let infection: CaseID
    package let header: [String]
    package let lines: [Line]
    /// How many wait for a decision and how many were decided, whatever part of them the lines are.
    package let waiting: Int
    package let decided: Int
    /// How many of the decided are close contacts.
    package let close: Int
    /// What a second person has been asked to decide about contacts of this case, and on how many.
    package let requests: [Request]

    /// The lines as the rows of a file.
    package func rows(in zone: Zone) -> [[String]] {
      lines.map { line in
        [
          infection.text, line.person.text, String(line.degree), line.kind.rawValue,
          String(line.overlapSeconds), line.firstAt.text(in: zone), line.lastAt.text(in: zone),
          String(line.visits), line.evidence.joined(separator: "|"),
        ]
      }
    }
  }

  package static let name = "contacts.ofCase"
  package static let duty: Duty = "contacts.read"
  package static let purposes: [Purpose] = [
    .investigation, .containment, .supervision, .exchange,
  ]

  /// A part of the contacts: a page shows, and discloses, no more than it has room for.
  package struct Part: Codable, Sendable {
    /// How many of those that wait to leave out from the beginning, and how many to give.
    package let skip: Int
    package let waiting: Int
    /// How many of those decided to give.
    package let decided: Int

    package init(skip: Int, waiting: Int, decided: Int) {
      self.skip = skip
      self.waiting = waiting
      self.decided = decided
    }
  }

  package let infection: CaseID
  /// All when there is none.
  package let part: Part?

  package init(infection: CaseID, part: Part? = nil) {
    self.infection = infection
    self.part = part
  }

  package func area(in reading: Reading) throws -> Area {
    let infected = try CasesStore(reading.transaction).get(infection)
    return .path(infected.path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    guard try InvestigationStore(reading.transaction).find(infection) != nil else {
      throw Refusal.contactsNotDetermined(infection)
    }
    let store = ContactsStore(reading.transaction)
    let exposures = Dictionary(
      grouping: try store.exposures(to: infection, onlyByHand: false)
    ) { $0.0 }
    let shown: Set<Contact.State> = [.proposed, .confirmed, .becameCase]
    let contacts = try store.ofCase(infection).filter { shown.contains($0.state) }
    let found = contacts.compactMap { Self.line($0, exposures[$0.id]?.map(\.1) ?? []) }
      .sorted { left, right in
        if left.degree != right.degree { return left.degree < right.degree }
        if left.overlapSeconds != right.overlapSeconds {
          return left.overlapSeconds > right.overlapSeconds
        }
        return left.person < right.person
      }
    let waiting = found.filter { $0.state == .proposed }
    let decided = found.filter { $0.state != .proposed }
    let shownLines =
      part.map { part in
        Array(waiting.dropFirst(max(part.skip, 0)).prefix(max(part.waiting, 0)))
          + decided.prefix(max(part.decided, 0))
      } ?? found
    let live = try ResidentsStore(reading.transaction).liveIdentifiers(
      of: Set(shownLines.map(\.person)))
    let lines = shownLines.map { $0.known(as: live[$0.person] ?? $0.person) }
    for line in lines { reading.disclose(line.person) }
    return Answer(
      infection: infection, header: TracingFiles.contactsHeader, lines: lines,
      waiting: waiting.count, decided: decided.count,
      close: decided.count { $0.kind == .close },
      requests: try ContactRequestsStore(reading.transaction).waiting(about: infection)
        .map { Request(request: $0.request, contacts: $0.contacts) })
  }

  private static func line(_ contact: Contact, _ exposures: [Exposure]) -> Line? {
    guard let summary = ContactsRules.summary(of: exposures) else { return nil }
    let counted = exposures.filter { $0.degree == summary.degree }
    let measured = counted.filter { $0.basis != .household }
    let evidence = counted.map { exposure in
      exposure.venue.map { "\(exposure.basis.rawValue):\($0.text)" } ?? exposure.basis.rawValue
    }
    return Line(
      contact: contact.id, person: contact.person, degree: summary.degree, kind: summary.kind,
      state: contact.state,
      overlapSeconds: MeetingsRules.unionSeconds(measured.map(\.span)),
      firstAt: counted.map(\.span.from).min() ?? summary.firstAt,
      lastAt: counted.map(\.span.to).max() ?? summary.lastAt, visits: measured.count,
      evidence: Set(evidence).sorted())
  }
}

/// Contacts who live in an area, by home.
package struct ListContacts: Query {
  /// One contact of the area.
  package struct Line: Codable, Sendable {
    package let contact: ContactID
    package let person: PersonID
    package let home: PlaceID
    package let state: Contact.State
    package let kind: ContactKind
    package let confirmedKind: ContactKind?
    package let needsReview: Bool
    package let degree: Int
    package let firstAt: Instant
    package let lastAt: Instant

    /// - Parameter person: under which identifier the person's file is kept now.
    init(_ contact: Contact, _ person: PersonID) {
      self.contact = contact.id
      self.person = person
      home = contact.home
      state = contact.state
      kind = contact.kind
      confirmedKind = contact.confirmedKind
      needsReview = contact.needsReview
      degree = contact.degree
      firstAt = contact.firstAt
      lastAt = contact.lastAt
    }
  }

  package struct Answer: Codable, Sendable {
    package let lines: [Line]
    /// How many there are of each state in the area.
    package let counts: [String: Int]
    package let after: String?
  }

  package static let name = "contacts.list"
  package static let duty: Duty = "contacts.read"
  package static let purposes: [Purpose] = [.investigation, .containment, .supervision]
  package let place: PlaceID
  package let state: Contact.State?
  package let after: String?

  package init(place: PlaceID, state: Contact.State? = nil, after: String? = nil) {
    self.place = place
    self.state = state
    self.after = after
  }

  package func area(in reading: Reading) -> Area { .place(place) }

  package func answer(in reading: Reading) throws -> Answer {
    guard let path = try reading.jurisdiction.path(place, reading.transaction) else {
      throw Refusal.notFound(Words("地点", "place"), place.text, field: "place")
    }
    let store = ContactsStore(reading.transaction)
    let limit = 100
    let page = try store.inside(
      path, state: state, after: PathCursor(after).map { ($0.path, $0.id) }, limit: limit)
    let files = try ResidentsStore(reading.transaction).current(Set(page.map(\.person)))
    let lines = page.map { Line($0, files[$0.person]?.id ?? $0.person) }
    for line in lines { reading.disclose(line.person) }
    let counts = try store.counts(inside: path).map { ($0.key.rawValue, $0.value) }
    return Answer(
      lines: lines, counts: Dictionary(uniqueKeysWithValues: counts),
      after: page.count == limit
        ? page.last.map { PathCursor(path: $0.path, id: $0.id.text).text } : nil)
  }
}

/// Everything that is known of one contact.
package struct ContactCard: Query {
  /// One exposure, as an investigator reads it.
  package struct Link: Codable, Sendable {
    /// Names it for a correction.
    package let key: String
    package let infection: CaseID
    package let degree: Int
    package let kind: ContactKind
    package let basis: Exposure.Basis
    package let via: PersonID?
    package let venue: VenueID?
    package let span: TimeSpan
    package let seconds: Int
    package let sources: [String]

    init(_ exposure: Exposure) {
      key = exposure.key
      infection = exposure.infection
      degree = exposure.degree
      kind = exposure.kind
      basis = exposure.basis
      via = exposure.via
      venue = exposure.venue
      span = exposure.span
      seconds = exposure.seconds
      sources = exposure.sources
    }
  }

  package struct Answer: Codable, Sendable {
    package let line: ListContacts.Line
    /// Nil when the registry knows no name.
    package let name: String?
    package let links: [Link]
    package let proposedAt: Instant
    package let decidedAt: Instant?
    package let decidedBy: String?
    package let reason: String?
    /// Whether it rests on the asker's own word, so that another person has to confirm it.
    package let needsAnother: Bool
  }

  package static let name = "contacts.card"
  package static let duty: Duty = "contacts.read"
  package static let purposes: [Purpose] = [
    .investigation, .containment, .supervision, .objection,
  ]
  package let contact: ContactID

  package init(contact: ContactID) { self.contact = contact }

  // A contact lives in one district and the case in another: both see it.
  package func area(in reading: Reading) throws -> Area {
    let store = ContactsStore(reading.transaction)
    let home = try store.get(contact).path
    let places = try store.places(of: contact)
    return .path(places.first { reading.authority.may(Self.duty, at: $0) } ?? home)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let store = ContactsStore(reading.transaction)
    let found = try store.get(contact)
    let resident = try ResidentsStore(reading.transaction).current(found.person)
    let person = resident?.id ?? found.person
    reading.disclose(person)
    let exposures = try store.exposures(of: contact)
    return Answer(
      line: ListContacts.Line(found, person), name: resident?.name?.revealed,
      links: exposures.map(Link.init), proposedAt: found.proposedAt, decidedAt: found.decidedAt,
      decidedBy: found.decidedBy, reason: found.reason,
      needsAnother: try ContactsRules.isOwnWord(
        of: reading.authority.sender.text, found,
        InvestigationStore(reading.transaction).credible(exposures)))
  }
}

extension Reading {
  /// Under which identifier a person's file is kept now.
  func liveFile(of person: PersonID) throws -> PersonID {
    try ResidentsStore(transaction).current(person)?.id ?? person
  }
}

/// Where a page of a list that is ordered by place ended.
struct PathCursor {
  let path: PlacePath
  let id: String

  init(path: PlacePath, id: String) {
    self.path = path
    self.id = id
  }

  init?(_ text: String?) {
    guard let parts = text?.split(separator: "/", maxSplits: 1), parts.count == 2 else {
      return nil
    }
    path = PlacePath(String(parts[0]))
    id = String(parts[1])
  }

  var text: String { "\(path.text)/\(id)" }
}

extension Refusal {
  /// Nothing was looked for: an empty list would say that nobody was near.
  static func contactsNotDetermined(_ infection: CaseID) -> Refusal {
    Refusal(
      .conflict, "contacts.notDetermined",
      Words(
        "病例 \(infection.text) 报告时的政策不判定密接，因此没有名单；如需判定，请在数据目录的 policies 中加入政策",
        "The policy at the report of case \(infection.text) determines no contacts, so there is no "
          + "list; to determine them add a policy to the data folder's policies"),
      field: "case")
  }
}

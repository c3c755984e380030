import Gazette
import Kernel
import Registry
import Town

@testable import Detection

/// Reports a case as the slice of cases does, by its fact alone.
struct ReportsCase: Command {
  static let name = "test.reportCase"
  static let duty: Duty = "contacts.decide"
  let infection: CaseID
  let person: PersonID
  let reportedAt: Instant
  let onsetOn: Day?
  let sampledAt: Instant?

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    try work.record(
      CaseReported(
        infection: infection, person: person, kind: .confirmed, district: Town.Spot.district.id,
        reportedAt: reportedAt, onsetOn: onsetOn, sampledAt: sampledAt))
    return Done()
  }
}

/// Withdraws a case by its fact alone.
struct WithdrawsCase: Command {
  static let name = "test.withdrawCase"
  static let duty: Duty = "contacts.decide"
  let infection: CaseID
  let person: PersonID

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    try work.record(CaseWithdrawn(infection: infection, person: person))
    return Done()
  }
}

extension Town {
  /// A moment of November 2022, written as `28T08:30`.
  func moment(_ text: String) -> Instant {
    guard let instant = Instant("2022-11-\(text)", in: .china) else {
      preconditionFailure("“\(text)” is no moment of November")
    }
    return instant
  }

  /// Reports a case and lets the errands run.
  func report(
    _ infection: String, of person: String, onset: String? = nil, sampled: Instant? = nil
  ) async throws {
    try await submit(
      ReportsCase(
        infection: CaseID(infection), person: PersonID(person), reportedAt: now,
        onsetOn: onset.flatMap { Day($0) }, sampledAt: sampled))
    try await pass(.seconds(1))
  }

  func withdraw(_ infection: String, of person: String) async throws {
    try await submit(WithdrawsCase(infection: CaseID(infection), person: PersonID(person)))
    try await pass(.seconds(1))
  }

  /// Records that a person was at a venue, from and to as `28T08:30`.
  @discardableResult
  func visit(
    _ person: String, _ venue: String, _ from: String, _ to: String,
    source: VisitSource = .interview, as account: String = "duty"
  ) async throws -> Bool {
    let row = VisitRow(
      person: try PersonID(person), venue: try VenueID(venue), from: moment(from),
      to: moment(to), source: source)
    return try await submit(RecordVisit(row), as: account).known
  }

  /// Somebody who lives behind a door, as a given fact.
  func settle(_ person: String, at spot: Spot) async throws {
    let place = spot.id
    let id = try PersonID(person)
    try await desk.storage.write { transaction in
      let home = try PlacesStore(transaction).get(place)
      try transaction.execute(
        """
        INSERT INTO person (id, home, path, away, tags, incomplete, opened_at)
        VALUES (\(id), \(home.id), \(home.path), 0, '', 0, 0)
        """)
    }
  }

  /// The contacts of a case as `person kind degree seconds state`.
  func contacts(_ infection: String) async throws -> [String] {
    try await ask(ContactsOfCase(infection: CaseID(infection))).lines.map {
      "\($0.person) \($0.kind.rawValue) \($0.degree) \($0.overlapSeconds) \($0.state.rawValue)"
    }
  }

  func contactIDs(_ infection: String, of person: String) async throws -> [ContactID] {
    try await ask(ContactsOfCase(infection: CaseID(infection))).lines
      .filter { $0.person.text == person }.map(\.contact)
  }

  /// The facts of a name, oldest first, as their payloads.
  func facts(_ name: String) async throws -> [Fields] {
    try await rows("SELECT payload FROM journal WHERE name = \(name) ORDER BY sequence")
      .map { try Fields.json(Array($0.text(0).utf8)) }
  }
}

import Gazette
import Kernel
import Registry
import Town

@testable import Detection

/// Opens a file for somebody at a place, as a slice does that meets a person it does not know.
struct SettlesPerson: Command {
  static let name = "test.settle"
  static let duty: Duty = "contacts.decide"
  let person: PersonID
  let home: PlaceID

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    _ = try work.person(person, at: PlacesStore(work.transaction).get(home))
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
      ReportCase(
        CaseRow(
          infection: CaseID(infection), person: PersonID(person), kind: "confirmed",
          district: Spot.district.rawValue, reportedAt: now, onsetOn: onset.flatMap { Day($0) },
          sampledAt: sampled)))
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

  /// Somebody who lives behind a door, with a file to be completed.
  func settle(_ person: String, at spot: Spot) async throws {
    try await submit(SettlesPerson(person: PersonID(person), home: spot.id))
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

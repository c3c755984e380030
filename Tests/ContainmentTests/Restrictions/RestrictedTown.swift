import Containment
import Gazette
import Registry
import Town

@testable import Kernel

/// Records facts as other slices would, and opens the files of the people concerned.
struct Happen: Command {
  enum Event: Codable, Sendable {
    case resident(PersonID, PlaceID)
    case contact(ContactConfirmed)
    case contactWithdrawn(ContactWithdrawn)
    case infection(CaseReported)
    case infectionWithdrawn(CaseWithdrawn)
    case converted(CaseConverted)
    case corrected(CaseCorrected)
    case tested(PeopleTested)
    case recheck(RecheckPositive)
    case recheckWithdrawn(RecheckWithdrawn)
  }

  static let name = "test.happen"
  static let duty: Duty = .clockOnly
  let event: Event

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    switch event {
    case .resident(let person, let home):
      let place = try PlacesStore(work.transaction).get(home)
      _ = try work.person(person, name: "赵小明", at: place)
    case .contact(let fact): try work.record(fact)
    case .contactWithdrawn(let fact): try work.record(fact)
    case .infection(let fact): try work.record(fact)
    case .infectionWithdrawn(let fact): try work.record(fact)
    case .converted(let fact): try work.record(fact)
    case .corrected(let fact): try work.record(fact)
    case .tested(let fact): try work.record(fact)
    case .recheck(let fact): try work.record(fact)
    case .recheckWithdrawn(let fact): try work.record(fact)
    }
    return Done()
  }
}

extension Town {
  static let zhao = PersonID(trusted: "zhao")

  /// A town in which Zhao lives behind door 201.
  static func withZhao(on day: String = "2022-07-04") async throws -> Town {
    let town = try await Town(on: day)
    try await town.submit(Happen(event: .resident(zhao, Spot.door201.id)), from: .clock)
    return town
  }

  /// Zones that stand at places, each named as its place is.
  func settleZones(_ spots: Spot...) async throws {
    for spot in spots {
      let path = try await rows("SELECT path FROM place WHERE id = \(spot.id)").first?.text(0) ?? ""
      try await change(
        """
        INSERT INTO zone (id, level, edition, state, place, path, infection, proposed_by,
          proposed_by_organisations, proposed_at, opened_by, opened_at, counted_from, level_since,
          stepped_down, people, served_until)
        VALUES (\(spot.id), 'high', 'cn-9@1', 'standing', \(spot.id), \(path), 'z-1', 'leader',
          'community', 0, 'street', \(now), \(now), \(now), 0, 1, \(now + .days(365)))
        """)
      try await change(
        """
        INSERT INTO zone_place (zone, place, path, from_at)
        VALUES (\(spot.id), \(spot.id), \(path), \(now))
        """)
      try await change(
        """
        INSERT INTO zone_infection (zone, infection, person, path, counted_at, counts, added_at)
        VALUES (\(spot.id), 'z-1', 'somebody', \(path), \(now), 1, \(now))
        """)
      try await change(
        """
        INSERT INTO zone_event (zone, ordinal, kind, at, sender, edition, level, about)
        VALUES (\(spot.id), 1, 'proposed', \(now), 'leader', 'cn-9@1', 'high', '')
        """)
    }
  }

  /// Another person of the street office.
  func settleColleague() async throws {
    try await change(
      "INSERT INTO account (id, title, opened_at) VALUES ('colleague', 'colleague', 0)")
    try await change(
      """
      INSERT INTO office (account, role, place, path, from_at)
      VALUES ('colleague', 'street_leader', '370203030', '1.1.1', 0)
      """)
  }

  func confirm(
    _ contact: String = "contact-1", _ kind: ContactKind = .close, case infection: String = "c-1",
    of person: PersonID = Town.zhao, exposedAt: Instant
  ) async throws {
    try await submit(
      Happen(
        event: .contact(
          ContactConfirmed(
            contact: ContactID(trusted: contact), person: person,
            infection: CaseID(trusted: infection), kind: kind, home: Spot.door201.id,
            lastExposureAt: exposedAt))),
      from: .clock)
  }

  func withdraw(_ contact: String, of person: PersonID = Town.zhao) async throws {
    try await submit(
      Happen(
        event: .contactWithdrawn(
          ContactWithdrawn(
            contact: ContactID(trusted: contact), person: person, reason: "mistaken"))),
      from: .clock)
  }

  /// Ends a restriction early, as an investigator asks and the district approves.
  func endEarly(_ restriction: RestrictionID) async throws {
    try await submit(EndRestriction(restriction: restriction), as: "investigator")
    try await submit(ApproveEnd(restriction: restriction, approved: true), as: "duty")
  }

  func report(
    _ infection: String, of person: PersonID = Town.zhao, as kind: InfectionKind = .confirmed,
    at time: Instant? = nil
  ) async throws {
    try await submit(
      Happen(
        event: .infection(
          CaseReported(
            infection: CaseID(trusted: infection), person: person, kind: kind,
            district: Spot.district.id, reportedAt: time ?? now))),
      from: .clock)
  }

  /// How a case of Zhao's stands after it was converted or put right.
  func standing(
    _ kind: InfectionKind, reported: Instant, converted: Instant? = nil
  ) -> CaseStanding {
    CaseStanding(
      kind: kind, source: nil, district: Spot.district.id, reportedAt: reported,
      convertedAt: converted)
  }

  /// Turns the clock until every rung of each ladder that a long pause skipped has been told.
  func catchUp() async throws {
    for _ in 0..<4 { try await pass(.seconds(30)) }
  }

  /// What applies to Zhao, as Zhao reads it.
  func own(_ person: PersonID = Town.zhao) async throws -> [RestrictionView] {
    try await ask(OwnRestrictions(), for: .ownFile, from: .resident(person)).restrictions
  }

  func colour(_ person: PersonID = Town.zhao) async throws -> CodeColour {
    try await ask(OwnCodeColour(), for: .ownFile, from: .resident(person)).colour
  }

  /// The kinds of what is owed about a restriction, each with its deadline.
  func owed(about restriction: RestrictionID) async throws -> [(kind: String, deadline: Instant)] {
    try await desk.storage.read { transaction in
      try ObligationStore(transaction).about(restriction.text).filter(\.isOwed).map {
        ($0.kind, $0.deadline)
      }
    }
  }

  /// Finishes the first thing of a kind that is owed about a restriction.
  func finish(
    _ kind: String, about restriction: RestrictionID, proof: [String: String]? = nil,
    as account: String = "worker"
  ) async throws {
    let id = try await desk.storage.read { transaction in
      try ObligationStore(transaction).owed(kind, about: restriction.text).first?.id
    }
    guard let id else { throw Refusal.missing(kind) }
    try await submit(FinishObligation(obligation: id, proof: proof), as: account)
  }
}

/// An instant written as the tests read it.
func at(_ text: String) -> Instant {
  guard let instant = Instant(text, in: .china) else { preconditionFailure("\(text) is no time") }
  return instant
}

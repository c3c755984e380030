import Gazette
import Kernel
import Registry

/// Early ends and transfers that wait for a second person in an area, the oldest first.
package struct ListRestrictionChanges: Query {
  /// One that waits.
  package struct Entry: Codable, Sendable {
    package let restriction: RestrictionID
    package let person: PersonID
    package let clause: String
    package let end: Instant
    package let kind: RestrictionChange.Kind
    package let reason: RestrictionChange.Reason
    package let issuer: String
    package let askedAt: Instant
  }

  package struct Answer: Codable, Sendable {
    package let changes: [Entry]
  }

  package static let name = "restrictions.changes"
  package static let duty: Duty = ApproveRestriction.duty
  package static let purposes: [Purpose] = [.containment]
  package let place: PlaceID?

  package init(place: PlaceID?) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let found = try RestrictionChangesStore(reading.transaction).waiting(
      in: path ?? .everywhere, limit: 500)
    return Answer(
      changes: try found.map { change in
        let restriction = try RestrictionsStore(reading.transaction).get(change.restriction)
        let person = try reading.livePerson(restriction.person)
        reading.disclose(person)
        return Entry(
          restriction: change.restriction, person: person, clause: restriction.clause,
          end: restriction.end, kind: change.kind, reason: change.reason, issuer: change.issuer,
          askedAt: change.askedAt)
      })
  }
}

extension RestrictionChange.Kind {
  /// What the second person owes.
  var duty: ObligationKind {
    switch self {
    case .end: RestrictionDuties.approveEnd
    case .transfer: RestrictionDuties.approveTransfer
    }
  }
}

extension Work {
  /// Notes what somebody asks about a restriction, and lets a second person owe the decision.
  func ask(
    _ kind: RestrictionChange.Kind, of restriction: Restriction,
    because reason: RestrictionChange.Reason,
    for duty: Duty
  ) throws {
    let organisations = try organisations(for: duty, at: restriction.path).all
    try RestrictionChangesStore(transaction).insert(
      RestrictionChange(
        restriction: restriction.id, kind: kind, reason: reason, issuer: authority.sender.text,
        issuerOrganisations: organisations.sorted().joined(separator: "|"), askedAt: now))
    let (policy, _) = try requireRestrictionsInForce()
    try oblige(kind.duty, restriction, by: now + .minutes(policy.approvalMinutes))
  }

  /// The second person's decision on what was asked; what follows from it is the caller's.
  func decide(
    _ kind: RestrictionChange.Kind, of restriction: Restriction, approved: Bool, for duty: Duty
  ) throws -> RestrictionChange {
    let store = RestrictionChangesStore(transaction)
    guard let asked = try store.waiting(kind, of: restriction.id) else {
      throw Refusal.notFound(
        Words("等批准的申请", "request that waits"), restriction.id.text, field: "restriction")
    }
    guard restriction.endedAt == nil, restriction.end > now else { throw Refusal.restrictionOver }
    let approver = authority.sender.text
    try SecondPersonRules.require(
      approver: approver,
      organisations: organisations(for: duty, at: restriction.path).entitled,
      issuer: asked.issuer,
      issuerOrganisations: Set(asked.issuerOrganisations.split(separator: "|").map(String.init)),
      what: "restriction")
    try store.decide(kind, of: restriction.id, approved: approved, by: approver, at: now)
    try discharge(
      kind.duty, about: restriction.id.text, proof: ["approved": approved ? "yes" : "no"])
    return asked
  }
}

/// The second person's decision on what was asked about a restriction.
package protocol ChangeDecision: Command where Answer == Done {
  /// What was asked.
  static var kind: RestrictionChange.Kind { get }
  /// The restriction.
  var restriction: RestrictionID { get }
  /// Whether it is to be.
  var approved: Bool { get }

  /// What the journal says of the decision.
  func decided(on found: Restriction) -> any Fact
  /// What follows once it was approved.
  func follow(_ asked: RestrictionChange, of found: Restriction, in work: Work) throws
}

extension ChangeDecision {
  package static var urgency: Urgency { .outbreak }
  package static var duty: Duty { ApproveRestriction.duty }

  package func area(in work: Work) throws -> Area {
    .path(try RestrictionsStore(work.transaction).get(restriction).path)
  }

  package func perform(in work: Work) throws -> Done {
    let found = try RestrictionsStore(work.transaction).get(restriction)
    let asked = try work.decide(Self.kind, of: found, approved: approved, for: Self.duty)
    try work.record(decided(on: found))
    if approved { try follow(asked, of: found, in: work) }
    return Done()
  }
}

import Gazette
import Kernel
import Registry

/// Asks that a restriction end before its end, for a reason that the person reads. Nobody is let go on
/// one word, as nobody is held on one (I-16, I-41): a second person of another organisation approves.
/// What ends by itself (evidence withdrawn, an objection upheld, another edition) takes nobody's word.
package struct EndRestriction: Command {
  package static let name = "restrictions.end"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "restrictions.end"
  package let restriction: RestrictionID
  package let reason: EndReason

  package init(restriction: RestrictionID, reason: EndReason = .released) {
    self.restriction = restriction
    self.reason = reason
  }

  package func area(in work: Work) throws -> Area {
    .path(try RestrictionsStore(work.transaction).get(restriction).path)
  }

  package func perform(in work: Work) throws -> Done {
    let found = try RestrictionsStore(work.transaction).get(restriction)
    guard found.endedAt == nil, found.end > work.now else { throw Refusal.restrictionOver }
    guard reason == .released || reason == .noLongerNeeded else {
      throw Refusal.malformed(
        "reason", reason.rawValue,
        expected: Words("released | no_longer_needed", "released | no_longer_needed"))
    }
    let store = RestrictionReleasesStore(work.transaction)
    guard try store.waiting(for: found.id) == nil else {
      throw Refusal(
        .conflict, "restriction.releaseAsked",
        Words(
          "已有人申请提前解除，等另一单位的人批准",
          "Its early end was asked for already; another office has to approve"),
        field: "restriction")
    }
    let organisations = try work.organisations(for: Self.duty, at: found.path).all
    try store.insert(
      RestrictionRelease(
        restriction: found.id, reason: reason, issuer: work.authority.sender.text,
        issuerOrganisations: organisations.sorted().joined(separator: "|"), askedAt: work.now))
    try work.record(
      ReleaseAsked(restriction: found.id, person: found.person, reason: reason.rawValue))
    let (policy, _) = try work.requireRestrictionsInForce()
    try work.oblige(
      RestrictionDuties.approveEnd, found, by: work.now + .minutes(policy.approvalMinutes))
    return Done()
  }
}

/// The second person's decision on the early end of a restriction.
package struct ApproveEnd: Command {
  package static let name = "restrictions.approveEnd"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = ApproveRestriction.duty
  package let restriction: RestrictionID
  package let approved: Bool

  package init(restriction: RestrictionID, approved: Bool) {
    self.restriction = restriction
    self.approved = approved
  }

  package func area(in work: Work) throws -> Area {
    .path(try RestrictionsStore(work.transaction).get(restriction).path)
  }

  package func perform(in work: Work) throws -> Done {
    let found = try RestrictionsStore(work.transaction).get(restriction)
    let store = RestrictionReleasesStore(work.transaction)
    guard let asked = try store.waiting(for: found.id) else {
      throw Refusal.notFound(
        Words("提前解除申请", "request for an early end"), restriction.text, field: "restriction")
    }
    guard found.endedAt == nil, found.end > work.now else { throw Refusal.restrictionOver }
    let approver = work.authority.sender.text
    try SecondPersonRules.require(
      approver: approver,
      organisations: work.organisations(for: Self.duty, at: found.path).entitled,
      issuer: asked.issuer,
      issuerOrganisations: Set(asked.issuerOrganisations.split(separator: "|").map(String.init)),
      what: "restriction")
    try store.decide(found.id, approved: approved, by: approver, at: work.now)
    try work.record(
      ReleaseDecided(restriction: found.id, person: found.person, approved: approved))
    try work.discharge(
      RestrictionDuties.approveEnd, about: found.id.text,
      proof: ["approved": approved ? "yes" : "no"])
    if approved { try work.end(found, because: asked.reason) }
    return Done()
  }
}

/// Early ends that wait for a second person in an area, the oldest first.
package struct ListReleases: Query {
  /// One that waits.
  package struct Entry: Codable, Sendable {
    package let restriction: RestrictionID
    package let person: PersonID
    package let clause: String
    package let end: Instant
    package let reason: EndReason
    package let issuer: String
    package let askedAt: Instant
  }

  package struct Answer: Codable, Sendable {
    package let releases: [Entry]
  }

  package static let name = "restrictions.releases"
  package static let duty: Duty = ApproveRestriction.duty
  package static let purposes: [Purpose] = [.containment]
  package let place: PlaceID?

  package init(place: PlaceID?) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let found = try RestrictionReleasesStore(reading.transaction).waiting(
      in: path ?? .everywhere, limit: 500)
    return Answer(
      releases: try found.map { release in
        let restriction = try RestrictionsStore(reading.transaction).get(release.restriction)
        let person = try reading.livePerson(restriction.person)
        reading.disclose(person)
        return Entry(
          restriction: release.restriction, person: person, clause: restriction.clause,
          end: restriction.end, reason: release.reason, issuer: release.issuer,
          askedAt: release.askedAt)
      })
  }
}

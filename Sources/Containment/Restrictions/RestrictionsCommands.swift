import Gazette
import Kernel
import Registry

/// Asks for a restriction of one person that no rule decides by itself. Nothing holds until a
/// second person of another organisation approves (RELIABILITY 3.3: the two-person rule from the
/// first person on). There is no form that takes a list of people.
package struct IssueRestriction: Command {
  package struct Answer: Codable, Sendable {
    /// The request; the restriction will have the same identifier.
    package let restriction: RestrictionID
  }

  package static let name = "restrictions.issue"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "restrictions.issue"
  package let person: PersonID
  package let clause: String
  package let evidence: Evidence

  package init(person: PersonID, clause: String, evidence: Evidence) {
    self.person = person
    self.clause = clause
    self.evidence = evidence
  }

  package func area(in work: Work) throws -> Area {
    .path(try ResidentsStore(work.transaction).survivor(of: person).path)
  }

  package func perform(in work: Work) throws -> Answer {
    let (policy, _) = try work.requireRestrictionsInForce()
    let clause = try policy.requireClause(clause)
    let noted = try work.standing(evidence, about: person, for: clause)
    // The evidence lies inside the issuer's area; elsewhere it is the office there that asks.
    try work.require(Self.duty, at: noted.path)
    let home = try ResidentsStore(work.transaction).survivor(of: person)
    let organisations = try work.organisations(for: Self.duty, at: home.path).all
    let request = RestrictionRequest(
      id: work.newID(), person: noted.person, clause: clause.id, evidence: evidence,
      issuer: work.authority.sender.text,
      issuerOrganisations: organisations.sorted().joined(separator: "|"), place: home.home,
      path: home.path, askedAt: work.now, decidedAt: nil)
    try ObjectionsStore(work.transaction).insert(request)
    try work.record(
      RestrictionAsked(
        request: request.id, person: noted.person, clause: clause.id, evidence: evidence))
    try work.oblige(
      RestrictionDuties.approve, about: request.id.text, person: noted.person, at: home.home,
      by: work.now + .minutes(policy.approvalMinutes))
    return Answer(restriction: request.id)
  }
}

/// The second person's decision on a restriction that an office asked for.
package struct ApproveRestriction: Command {
  package static let name = "restrictions.approve"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "restrictions.approve"
  package let request: RestrictionID
  package let approved: Bool

  package init(request: RestrictionID, approved: Bool) {
    self.request = request
    self.approved = approved
  }

  package func area(in work: Work) throws -> Area { .path(try found(in: work).path) }

  package func perform(in work: Work) throws -> Done {
    let asked = try found(in: work)
    guard asked.decidedAt == nil else {
      throw Refusal(
        .conflict, "restriction.decided",
        Words("该申请已有决定，无需重复处理", "This was decided already; nothing is left to do"), field: "request"
      )
    }
    let approver = work.authority.sender.text
    try SecondPersonRules.require(
      approver: approver,
      organisations: work.organisations(for: Self.duty, at: asked.path).entitled,
      issuer: asked.issuer,
      issuerOrganisations: Set(asked.issuerOrganisations.split(separator: "|").map(String.init)),
      what: "restriction")
    try ObjectionsStore(work.transaction).settle(asked.id, at: work.now, by: approver)
    if approved {
      try start(asked, approver: approver, in: work)
    } else {
      try work.record(RestrictionDeclined(request: asked.id, person: asked.person))
    }
    try work.discharge(
      RestrictionDuties.approve, about: asked.id.text,
      proof: ["approved": approved ? "yes" : "no"])
    return Done()
  }

  private func start(_ asked: RestrictionRequest, approver: String, in work: Work) throws {
    let (policy, edition) = try work.requireRestrictionsInForce()
    let clause = try policy.requireClause(asked.clause)
    let noted = try work.standing(asked.evidence, about: asked.person, for: clause)
    let decision = RestrictionDecision(
      issuer: asked.issuer, issuerOrganisations: asked.issuerOrganisations, approver: approver)
    let started = try work.restrict(
      noted, under: clause, of: edition, policy, by: decision, id: asked.id)
    guard started != nil else {
      throw Refusal(
        .conflict, "restriction.past",
        Words(
          "按该条款期限已满，无需再管控", "By this clause the time is over already; nothing is left to ask"),
        field: "clause")
    }
  }

  private func found(in work: Work) throws -> RestrictionRequest {
    guard let asked = try ObjectionsStore(work.transaction).request(request) else {
      throw Refusal.notFound(Words("管控申请", "request"), request.text, field: "request")
    }
    return asked
  }
}

extension Refusal {
  /// The restriction does not hold any more.
  static var restrictionOver: Refusal {
    Refusal(
      .conflict, "restriction.over",
      Words("该措施已解除或未生效，无需处理", "This restriction does not hold; nothing is left to do"),
      field: "restriction")
  }
}

extension RestrictionsPolicy {
  /// The clause with an id; one that this edition does not have is refused.
  func requireClause(_ id: String) throws(Refusal) -> Clause {
    if let found = clause(id) { return found }
    let known = clauses.map(\.id).joined(separator: "、")
    throw Refusal(
      .conflict, "restriction.clauseNotInForce",
      Words(
        "现行政策没有条款“\(id)”\(known.isEmpty ? "，目前不得采取管控措施" : "，可用：\(known)")",
        "The policy in force has no clause “\(id)”"
          + (known.isEmpty ? "; nothing may be restricted now" : "; it has: \(known)")),
      field: "clause")
  }
}

extension Work {
  /// The section in force; without any nothing may be restricted.
  func requireRestrictionsInForce() throws(Refusal) -> (
    section: RestrictionsPolicy, edition: PolicyEdition
  ) { try edition(RestrictionsPolicy.self) }

  /// Evidence that is there, about this person, of a kind that the clause takes.
  func standing(
    _ evidence: Evidence, about person: PersonID, for clause: RestrictionsPolicy.Clause
  ) throws -> NotedEvidence {
    guard clause.appliesTo.contains(where: { $0.evidence == evidence.kind }) else {
      throw Refusal(
        .invalid, "restriction.evidenceKind",
        Words(
          "条款“\(clause.id)”不接受这类依据，请核对", "Clause “\(clause.id)” does not take evidence of this kind"
        ),
        field: "evidence.kind")
    }
    if let noted = try EvidenceStore(transaction).standing(evidence, about: person) {
      return noted
    }
    guard evidence.kind == .zoneResidence, let noted = try residence(evidence, of: person) else {
      throw Refusal(
        .notFound, "restriction.noEvidence",
        Words(
          "没有关于此人的这项依据，或依据已撤销", "There is no such evidence about this person, or it was withdrawn"),
        field: "evidence.reference")
    }
    return noted
  }

  /// Somebody lives in a place of a zone that stands, or left one while it stood: the register and the
  /// zone's own history are the evidence. A place that no zone ever held is none, nor is a zone that was a
  /// mistake; and whoever stayed until a zone was over was let go with it.
  private func residence(_ evidence: Evidence, of person: PersonID) throws -> NotedEvidence? {
    guard let held = try ZonesStore(transaction).find(ZoneID(trusted: evidence.reference)),
      held.openedAt != nil, held.end != .evidenceWithdrawn,
      let home = try ResidentsStore(transaction).current(person)
    else { return nil }
    let places = try ZonesStore(transaction).places(of: held.id)
    func noted(from moment: Instant) -> NotedEvidence {
      NotedEvidence(
        evidence: evidence, person: home.id, infection: nil, place: held.place, path: held.path,
        countedFrom: moment)
    }
    let isInside = places.contains { $0.until == nil && $0.path.holds(home.path) }
    if held.state == .standing && isInside { return noted(from: now) }
    // Whoever moved away while it stood counts from the day of leaving.
    let left = try ResidencesStore(transaction).of(home.id).first { former in
      guard let path = former.path else { return false }
      return places.contains { place in
        place.path.holds(path) && former.until > place.from
          && place.until.map { former.until < $0 } ?? true
      }
    }
    return left.map { noted(from: $0.until) }
  }
}

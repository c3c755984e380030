import Gazette
import Kernel
import Registry

/// Objects to a restriction of oneself.
package struct RaiseObjection: Command {
  package struct Answer: Codable, Sendable {
    package let objection: ObjectionID
    /// Until when another organisation has to decide; after it the restriction is lifted.
    package let due: Instant
  }

  package static let name = "objections.raise"
  package static let urgency = Urgency.help
  package static let duty: Duty = .ownFile
  package let restriction: RestrictionID
  package let ground: String

  package init(restriction: RestrictionID, ground: String) {
    self.restriction = restriction
    self.ground = ground
  }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Answer {
    guard let found = try RestrictionsStore(work.transaction).find(restriction),
      case .resident(let person) = work.authority.sender,
      try ResidentsStore(work.transaction).identifiers(of: person).contains(found.person)
    else {
      throw Refusal.notFound(Words("管控措施", "restriction"), restriction.text, field: "restriction")
    }
    return try work.raise(ground, against: found)
  }
}

/// Takes down an objection that a person made at the desk, at the door or by telephone.
package struct TakeObjection: Command {
  package static let name = "objections.take"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "objections.take"
  package let restriction: RestrictionID
  package let ground: String

  package init(restriction: RestrictionID, ground: String) {
    self.restriction = restriction
    self.ground = ground
  }

  package func area(in work: Work) throws -> Area {
    .path(try RestrictionsStore(work.transaction).get(restriction).path)
  }

  package func perform(in work: Work) throws -> RaiseObjection.Answer {
    try work.raise(ground, against: RestrictionsStore(work.transaction).get(restriction))
  }
}

/// Decides an objection, for an organisation that did not decide the restriction.
package struct DecideObjection: Command {
  package static let name = "objections.decide"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "objections.decide"
  package let objection: ObjectionID
  package let upheld: Bool
  package let reason: String

  package init(objection: ObjectionID, upheld: Bool, reason: String) {
    self.objection = objection
    self.upheld = upheld
    self.reason = reason
  }

  package func area(in work: Work) throws -> Area {
    .path(try RestrictionsStore(work.transaction).get(found(in: work).restriction).path)
  }

  package func perform(in work: Work) throws -> Done {
    let found = try found(in: work)
    guard found.decidedAt == nil else {
      throw Refusal(
        .conflict, "objection.decided",
        Words("该异议已有决定，无需重复处理", "This objection was decided already"), field: "objection")
    }
    try ObjectionText.require(reason, ObjectionText.longest, field: "reason")
    let store = RestrictionsStore(work.transaction)
    let restriction = try store.get(found.restriction)
    let decider = work.authority.sender.text
    try RestrictionsRules.requireOtherUnit(
      decider: decider,
      deciderOrganisations: work.organisations(for: Self.duty, at: restriction.path).entitled,
      restriction: restriction)
    // Whoever wrote an objection down for somebody does not agree with it as well.
    guard found.raisedBy != decider else {
      throw Refusal(
        .forbidden, "objection.samePerson",
        Words(
          "该异议是您代为登记的，请由另一人复核", "You took this objection down yourself; somebody else decides it"),
        field: "objection")
    }
    try ObjectionsStore(work.transaction).decide(
      found.id, upheld: upheld, at: work.now, by: decider, reason: reason)
    try store.suspend(restriction.id, from: nil)
    try work.record(
      ObjectionDecided(objection: found.id, restriction: restriction.id, upheld: upheld))
    try work.discharge(
      RestrictionDuties.decideObjection, about: found.id.text,
      proof: ["upheld": upheld ? "yes" : "no"])
    if upheld && restriction.endedAt == nil {
      try work.end(restriction, because: .objectionUpheld)
    }
    return Done()
  }

  private func found(in work: Work) throws -> Objection {
    guard let found = try ObjectionsStore(work.transaction).find(objection) else {
      throw Refusal.notFound(Words("异议", "objection"), objection.text, field: "objection")
    }
    return found
  }
}

extension RestrictionsRules {
  /// Checks that whoever decides an objection had no part in the restriction.
  package static func requireOtherUnit(
    decider: String, deciderOrganisations: Set<String>, restriction: Restriction
  ) throws(Refusal) {
    let issuers = Set(restriction.issuerOrganisations.split(separator: "|").map(String.init))
    guard decider != restriction.issuer, decider != restriction.approver,
      !deciderOrganisations.subtracting(issuers).isEmpty
    else {
      throw Refusal(
        .forbidden, "objection.sameUnit",
        Words(
          "异议须由作出该措施以外的单位复核，请转交", "An objection is decided by another organisation; hand it on"))
    }
  }
}

extension Work {
  /// Adds words to an objection that nobody has decided, with their moment, for whoever decides it.
  fileprivate func add(_ ground: String, to waiting: Objection) throws {
    let said = ground.trimmingWhitespace()
    guard !said.isEmpty else { return }
    try ObjectionText.require(said, ObjectionText.longest, field: "ground")
    let store = ObjectionsStore(transaction)
    let before = try store.ground(of: waiting.id)?.revealed ?? ""
    // A second press on the same words says nothing new.
    if before.split(separator: "\n").last.map({ $0 == said || $0.hasSuffix("] \(said)") }) == true {
      return
    }
    let whole = "\(before)\n[\(now.shortText(in: zone))] \(said)"
    try ObjectionText.require(whole, ObjectionText.longestWhole, field: "ground")
    try store.write(ground: whole, of: waiting.id)
    try record(ObjectionAdded(objection: waiting.id, restriction: waiting.restriction))
  }

  /// Keeps an objection and sets the clock after which the restriction is lifted (I-18). The day
  /// and the night count: it waits for no office hours.
  fileprivate func raise(
    _ ground: String, against restriction: Restriction
  ) throws -> RaiseObjection.Answer {
    guard restriction.endedAt == nil, restriction.end > now else {
      throw Refusal.restrictionOver
    }
    let store = ObjectionsStore(transaction)
    if let waiting = try store.undecided(to: restriction.id) {
      // One more sets no other clock; what it says is added to what was said.
      try add(ground, to: waiting)
      return RaiseObjection.Answer(objection: waiting.id, due: waiting.dueAt)
    }
    try ObjectionText.require(ground, ObjectionText.longest, field: "ground")
    let policy = try requireRestrictionsInForce().section
    let due = now + .hours(policy.objectionHours)
    let objection = Objection(
      id: newID(), restriction: restriction.id, raisedAt: now, raisedBy: authority.sender.text,
      dueAt: due, decidedAt: nil, isUpheld: nil, lapsedAt: nil)
    try store.insert(objection, ground: ground)
    try RestrictionsStore(transaction).suspend(restriction.id, from: due)
    try record(
      ObjectionRaised(objection: objection.id, restriction: restriction.id, due: due))
    try oblige(
      RestrictionDuties.decideObjection, about: objection.id.text, person: restriction.person,
      at: restriction.place, by: due)
    return RaiseObjection.Answer(objection: objection.id, due: due)
  }
}

/// What people write to object, and to decide.
enum ObjectionText {
  /// Of one time.
  static let longest = 2_000
  /// With everything that was added while it waited.
  static let longestWhole = 20_000

  static func require(_ written: String, _ longest: Int, field: String) throws(Refusal) {
    guard written.count > longest else { return }
    throw Refusal(
      .invalid, "objection.long",
      Words(
        "最多 \(longest) 字，现有 \(written.count) 字，请写得更短",
        "At most \(longest) characters; these are \(written.count). Say it more briefly"),
      field: field)
  }
}

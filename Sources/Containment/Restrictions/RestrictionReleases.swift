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
    guard let asked = RestrictionChange.Reason(rawValue: reason.rawValue) else {
      throw Refusal.malformed(
        "reason", reason.rawValue,
        expected: Words("released | no_longer_needed", "released | no_longer_needed"))
    }
    guard try RestrictionChangesStore(work.transaction).waiting(.end, of: found.id) == nil else {
      throw Refusal(
        .conflict, "restriction.releaseAsked",
        Words(
          "已有人申请提前解除，等另一单位的人批准",
          "Its early end was asked for already; another office has to approve"),
        field: "restriction")
    }
    try work.record(
      ReleaseAsked(restriction: found.id, person: found.person, reason: reason.rawValue))
    try work.ask(.end, of: found, because: asked, for: Self.duty)
    return Done()
  }
}

/// The second person's decision on the early end of a restriction.
package struct ApproveEnd: ChangeDecision {
  package static let name = "restrictions.approveEnd"
  package static let kind = RestrictionChange.Kind.end
  package let restriction: RestrictionID
  package let approved: Bool

  package init(restriction: RestrictionID, approved: Bool) {
    self.restriction = restriction
    self.approved = approved
  }

  /// The journal names whose restriction it is.
  package func decided(on found: Restriction) -> any Fact {
    ReleaseDecided(restriction: found.id, person: found.person, approved: approved)
  }

  /// It ends for the reason that was asked.
  package func follow(_ asked: RestrictionChange, of found: Restriction, in work: Work) throws {
    try work.end(found, because: asked.reason.end ?? .released)
  }
}

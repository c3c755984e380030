import Gazette
import Kernel
import Registry

/// Says that a restricted person was met elsewhere. Where the clause lets that lead to an isolation
/// site, a second person of another organisation decides: nobody is moved on one word (I-16).
package struct ReportBreach: Command {
  package static let name = "restrictions.reportBreach"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "restrictions.report"
  package let restriction: RestrictionID
  /// Where the person was met.
  package let place: PlaceID

  package init(restriction: RestrictionID, place: PlaceID) {
    self.restriction = restriction
    self.place = place
  }

  // Whoever meets the person says so, wherever the person lives.
  package func area(in work: Work) -> Area { .place(place) }

  package func perform(in work: Work) throws -> Done {
    let found = try RestrictionsStore(work.transaction).get(restriction)
    guard found.isEffective(at: work.now) else { throw Refusal.restrictionOver }
    try work.record(RestrictionBreached(restriction: found.id, place: place))
    let (policy, _) = try work.requireRestrictionsInForce()
    guard let clause = policy.clause(found.clause), clause.onBreach == .centralIsolation,
      clause.transferHours != nil
    else { return Done() }
    let owed = try ObligationStore(work.transaction).owed(
      RestrictionDuties.transfer.name, about: found.id.text)
    let asked = try RestrictionChangesStore(work.transaction).waiting(.transfer, of: found.id)
    // Whoever says so again says nothing new.
    if owed.isEmpty && asked == nil {
      try work.ask(.transfer, of: found, because: .metElsewhere, for: Self.duty)
    }
    return Done()
  }
}

/// The second person's decision on moving somebody who was met elsewhere to an isolation site.
package struct ApproveTransfer: ChangeDecision {
  package static let name = "restrictions.approveTransfer"
  package static let kind = RestrictionChange.Kind.transfer
  package let restriction: RestrictionID
  package let approved: Bool

  package init(restriction: RestrictionID, approved: Bool) {
    self.restriction = restriction
    self.approved = approved
  }

  /// The journal names whose restriction it is.
  package func decided(on found: Restriction) -> any Fact {
    TransferDecided(restriction: found.id, person: found.person, approved: approved)
  }

  /// Somebody owes the transfer from now on.
  package func follow(_ asked: RestrictionChange, of found: Restriction, in work: Work) throws {
    let (policy, _) = try work.requireRestrictionsInForce()
    guard let hours = policy.clause(found.clause)?.transferHours else { return }
    try work.oblige(RestrictionDuties.transfer, found, by: work.now + .hours(hours))
  }
}

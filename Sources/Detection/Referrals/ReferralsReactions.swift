import Gazette
import Kernel
import Registry

/// What follows for hand-overs from what others say.
enum ReferralsReactions {
  static let all: [Reaction] = [
    .on(ContactConfirmed.self, confirmed),
    .on(ContactWithdrawn.self) { fact, work in
      if let known = try ReferralsStore(work.transaction).active(of: fact.contact) {
        try work.end(known, as: .closed)
      }
    },
    .on(ResidentMoved.self) { fact, work in
      if fact.from != fact.to { try moved(fact.person, in: work) }
    },
    .on(ObligationOpened.self) { fact, work in
      guard fact.kind == MeasureObligations.transfer else { return }
      try note(fact.obligation, in: work) { $0.needsMove = true }
    },
    .on(ObligationWaived.self) { fact, work in
      guard fact.kind == MeasureObligations.transfer else { return }
      try note(fact.obligation, in: work) { if $0.movedAt == nil { $0.needsMove = false } }
    },
    .on(ObligationDone.self, done),
  ]

  private static func confirmed(_ fact: ContactConfirmed, in work: Work) throws {
    let store = ReferralsStore(work.transaction)
    // What tracing has no contact of is not tracing's to hand over.
    guard let contact = try ContactsStore(work.transaction).find(fact.contact) else { return }
    guard var known = try store.active(of: fact.contact) else {
      try work.refer(
        contact, infection: fact.infection, kind: fact.kind, to: fact.home, replacing: nil)
      return
    }
    guard try work.policy(ReferralsPolicy.self).found(fact.kind) != nil else {
      return try work.end(known, as: .closed)
    }
    // The clock of the first hand-over goes on: a later exposure finds nobody sooner.
    known.infection = fact.infection
    known.kind = fact.kind
    try store.update(known)
  }

  /// Who has moved is handed over to the new area, unless they have been found already.
  private static func moved(_ person: PersonID, in work: Work) throws {
    for known in try ReferralsStore(work.transaction).active(of: person)
    where known.state != .found {
      let contact = try ContactsStore(work.transaction).get(known.contact)
      guard contact.state == .confirmed, let kind = contact.confirmedKind,
        let home = try ResidentsStore(work.transaction).current(person),
        !known.path.holds(home.path)
      else { continue }
      try work.refer(
        contact, infection: known.infection, kind: kind, to: home.home, replacing: known)
    }
  }

  /// Who was told of the measure at the door, or moved, has been found.
  private static func done(_ fact: ObligationDone, in work: Work) throws {
    switch fact.kind {
    case MeasureObligations.notice:
      try note(fact.obligation, in: work) { $0.toldAt = $0.toldAt ?? work.now }
      try findHere(fact.obligation, .home, in: work)
    case MeasureObligations.transfer:
      try note(fact.obligation, in: work) { $0.movedAt = $0.movedAt ?? work.now }
      try findHere(fact.obligation, .site, in: work)
    default: return
    }
  }

  private static func findHere(
    _ obligation: ObligationID, _ outcome: ReferralOutcome, in work: Work
  ) throws {
    for known in try concerned(by: obligation, in: work)
    where known.state == .sent || known.state == .accepted {
      try work.found(known, outcome)
    }
  }

  private static func note(
    _ obligation: ObligationID, in work: Work, _ change: (inout ReferralJourney) -> Void
  ) throws {
    for var known in try concerned(by: obligation, in: work) {
      change(&known.journey)
      try ReferralsStore(work.transaction).update(known)
    }
  }

  private static func concerned(
    by obligation: ObligationID, in work: Work
  ) throws -> [Referral] {
    guard let person = try ObligationStore(work.transaction).find(obligation)?.person else {
      return []
    }
    return try ReferralsStore(work.transaction).active(of: person)
  }
}

import Gazette
import Kernel

/// The clock's command: closes what is past its end, notes objections that nobody decided in time,
/// and opens the obligations of the next days. Nothing depends on it for a restriction to be over.
package struct TendRestrictions: Command {
  package static let name = "restrictions.tend"
  package static let duty: Duty = .clockOnly
  private static let atOnce = 500

  package init() {}

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many restrictions were touched.
  package func perform(in work: Work) throws -> Int {
    // Whoever still waits is in an errand; one that was lost is made good here.
    if try !EvidenceStore(work.transaction).waiting(after: nil, limit: 1).isEmpty {
      try work.send(RestrictWaiting())
    }
    let touched = try [close(in: work), lapse(in: work), openDays(in: work)]
    // Whatever is left does not wait for the next minute: midnight opens the days of thousands.
    if touched.contains(where: { $0 >= Self.atOnce }) { try work.send(TendRestrictions()) }
    return touched.reduce(0, +)
  }

  private func close(in work: Work) throws -> Int {
    let past = try RestrictionsStore(work.transaction).past(at: work.now, limit: Self.atOnce)
    for restriction in past {
      try work.end(restriction, because: .expired, at: restriction.end)
    }
    return past.count
  }

  private func lapse(in work: Work) throws -> Int {
    let store = ObjectionsStore(work.transaction)
    let overdue = try store.overdue(at: work.now, limit: Self.atOnce)
    for objection in overdue {
      try store.noteLapse(objection.id, at: work.now)
      try work.record(
        ObjectionLapsed(objection: objection.id, restriction: objection.restriction))
    }
    return overdue.count
  }

  private func openDays(in work: Work) throws -> Int {
    guard let (policy, _) = try work.restrictionsInForce() else { return 0 }
    let horizon = work.horizon(policy)
    let store = RestrictionsStore(work.transaction)
    let short = try store.toOpen(until: horizon, at: work.now, limit: Self.atOnce)
    if short.isEmpty { return 0 }
    var asked = try AskedDays(of: short, in: work)
    var plans = DrawnPlans()
    for restriction in short {
      guard let plan = plans.plan(of: restriction, work.rules) else { continue }
      try work.ask(restriction, plan, until: horizon, &asked)
    }
    try store.noteOpened(short.map(\.id), until: horizon)
    return short.count
  }
}

/// Restricts the next of those who were confirmed together with many others, until all are. Sent by
/// their confirmation and by itself, so that thousands hold up nobody.
package struct RestrictWaiting: Command {
  package static let name = "restrictions.restrictWaiting"
  package static let duty: Duty = .clockOnly
  /// So many in one transaction.
  private static let atOnce = 50

  /// The evidence looked at last, and of whom: a zone or a tube is evidence for everybody in it.
  package let after: String?
  package let person: PersonID?

  package init(after: String? = nil, person: PersonID? = nil) {
    self.after = after
    self.person = person
  }

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many pieces of evidence were looked at.
  package func perform(in work: Work) throws -> Int {
    let part = try EvidenceStore(work.transaction).waiting(
      after: after.map { ($0, person?.text ?? "\u{10FFFF}") }, limit: Self.atOnce)
    for (noted, clause) in part {
      do {
        try work.transaction.savepoint { try restrict(noted, under: clause, in: work) }
      } catch is Refusal {
        // It goes on waiting, and the clock tries again; the others do not wait for it.
        continue
      }
    }
    if let last = part.last, part.count == Self.atOnce {
      try work.send(
        RestrictWaiting(after: last.noted.evidence.reference, person: last.noted.person))
    }
    return part.count
  }

  private func restrict(
    _ noted: NotedEvidence, under clause: String, in work: Work
  ) throws {
    try EvidenceStore(work.transaction).settle(noted)
    guard let (policy, edition) = try work.restrictionsInForce(),
      let clause = policy.clause(clause)
    else { return }
    switch noted.evidence.kind {
    case .zoneResidence, .positiveTube:
      // One zone or tube is evidence for everybody in it: nothing else of it has to be looked at.
      try RestrictionsReactions.add(noted, under: clause, of: edition, policy, in: work)
    case .infection:
      try RestrictionsReactions.treatConfirmed(
        noted, under: clause, of: edition, policy, in: work)
    default:
      try RestrictionsReactions.restrict(noted, under: clause, of: edition, policy, in: work)
    }
  }
}

/// The clock's command: ends what the edition in force no longer knows. Under an edition without
/// clauses everything ends; contacts of contacts ended with the twenty measures.
package struct ApplyEdition: Command {
  package static let name = "restrictions.applyEdition"
  package static let duty: Duty = .clockOnly
  private static let atOnce = 500

  package init() {}

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many were ended.
  package func perform(in work: Work) throws -> Int {
    guard let (policy, _) = try work.restrictionsInForce() else { return 0 }
    let part = try RestrictionsStore(work.transaction).running(
      outside: policy.clauses.map(\.id), at: work.now, limit: Self.atOnce)
    for restriction in part { try work.end(restriction, because: .editionEnded) }
    // On the day of the change it is everybody; the rest does not wait for the next minute.
    if part.count == Self.atOnce { try work.send(ApplyEdition()) }
    return part.count
  }
}

extension Rulebook {
  /// The clause that decided a restriction, in the edition that decided it; nil when that is not there.
  package func decidedClause(of restriction: Restriction) -> RestrictionsPolicy.Clause? {
    let edition = policies.editions.last { $0.reference == restriction.edition }
    let section = edition?.sections[RestrictionsPolicy.key] as? RestrictionsPolicy
    return section?.clause(restriction.clause)
  }

  /// The clause by which a restriction's days are counted: the one that decided it or, where that version
  /// is missing, the one of its name in another version, first in one of the same edition. Nobody is left
  /// without a doctor's question because a file was taken away.
  package func clause(of restriction: Restriction) -> RestrictionsPolicy.Clause? {
    if let decided = decidedClause(of: restriction) { return decided }
    let name = restriction.edition.split(separator: "@").first.map(String.init)
    let known = policies.editions.reversed().compactMap { edition in
      (edition.sections[RestrictionsPolicy.key] as? RestrictionsPolicy)?
        .clause(restriction.clause).map { (edition.head.id, $0) }
    }
    return (known.first { $0.0 == name } ?? known.first)?.1
  }
}

import Gazette
import Kernel
import Registry

/// What follows for restrictions from tubes that were not negative: everyone in one is limited for the
/// time that the clause in force says, by the tube, until their own tube or the clause's end.
enum PoolReactions {
  static let all: [Reaction] = [
    .on(PoolHeld.self, held),
    .on(PoolMemberReleased.self) { fact, work in
      // The person's own tube is negative: what held only for the pool is over, and nobody asks for it.
      try work.withdraw(
        Evidence(kind: .positiveTube, reference: fact.tube.text), about: fact.person,
        because: .testedNegative)
    },
  ]

  private static func held(_ fact: PoolHeld, in work: Work) throws {
    guard let (policy, edition) = try work.restrictionsInForce(),
      let clause = policy.clause(for: .positiveTube)
    else { return }
    for member in fact.members {
      guard let path = try work.jurisdiction.path(member.home, work.transaction) else { continue }
      let noted = NotedEvidence(
        evidence: Evidence(kind: .positiveTube, reference: fact.tube.text),
        person: member.person, infection: nil, place: member.home, path: path,
        countedFrom: fact.reportedAt)
      // One account that reports many tubes restricts no more people than one may (I-20).
      try RestrictionsReactions.add(noted, under: clause, of: edition, policy, in: work)
    }
  }
}

extension Work {
  /// Lets a piece of evidence about one person be evidence no longer: what rests on it alone ends, and
  /// the rest is counted anew.
  func withdraw(
    _ evidence: Evidence, about person: PersonID, because reason: EndReason
  ) throws {
    let people = try ResidentsStore(transaction).identifiers(of: person)
    let pools = PoolEvidenceStore(transaction)
    let resting = try pools.restrictions(restingOn: evidence, about: people)
    try pools.withdraw(evidence, about: people, at: now)
    for id in resting {
      let restriction = try RestrictionsStore(transaction).get(id)
      try record(RestrictionEvidenceChanged(restriction: id, evidence: evidence, withdrawn: true))
      if try EvidenceStore(transaction).holding(id).isEmpty {
        try end(restriction, because: reason)
      } else if let (policy, edition) = try restrictionsInForce(),
        let clause = policy.clause(restriction.clause)
      {
        try recount(restriction, under: clause, of: edition, policy)
      }
    }
  }
}

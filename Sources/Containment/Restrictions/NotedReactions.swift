import Gazette
import Kernel
import Registry

/// What is noted as evidence from entry records, symptoms and rechecks, and what follows from it.
///
/// An entry record and a recheck restrict by the clause in force, within what one account may cause.
/// Symptoms restrict nobody by a rule, so that nobody is held for having said that they feel ill: two
/// people may cite them until the next negative sample.
enum NotedReactions {
  static let all: [Reaction] = [
    .on(EntryNoted.self, entered),
    .on(EntryWithdrawn.self) { fact, work in
      try work.withdraw(
        Evidence(kind: .entryRecord, reference: fact.entry.text), about: fact.person,
        because: .evidenceWithdrawn)
    },
    .on(RecheckPositive.self) { fact, work in
      try note(
        Evidence(kind: .recheck, reference: fact.tube.text), about: fact.person, at: fact.home,
        countedFrom: fact.reportedAt, for: .recheck, in: work)
    },
    .on(RecheckWithdrawn.self) { fact, work in
      try work.withdraw(
        Evidence(kind: .recheck, reference: fact.tube.text), about: fact.person,
        because: .evidenceWithdrawn)
    },
    .on(HomeFeltWorse.self) { fact, work in
      guard let restriction = try RestrictionsStore(work.transaction).find(fact.restriction) else {
        return
      }
      try symptoms(work.command.text, of: restriction, in: work)
    },
    .on(PeopleTested.self, tested),
  ]

  private static func entered(_ fact: EntryNoted, in work: Work) throws {
    let subject: RestrictionsPolicy.Subject? =
      switch fact.level {
      case .high: .entryHigh
      case .middle: .entryMiddle
      case .low: nil
      }
    try note(
      Evidence(kind: .entryRecord, reference: fact.entry.text), about: fact.person, at: fact.home,
      countedFrom: fact.leftOn.start(in: work.zone), for: subject, in: work)
  }

  /// Notes a piece of evidence, and limits the person where a clause in force says so.
  private static func note(
    _ evidence: Evidence, about person: PersonID, at home: PlaceID, countedFrom moment: Instant,
    for subject: RestrictionsPolicy.Subject?, in work: Work
  ) throws {
    guard let path = try work.jurisdiction.path(home, work.transaction) else { return }
    let noted = NotedEvidence(
      evidence: evidence, person: person, infection: nil, place: home, path: path,
      countedFrom: moment)
    guard let (policy, edition) = try work.restrictionsInForce(), let subject,
      let clause = policy.clause(for: subject),
      RestrictionsRules.plan(clause, countedFrom: moment, start: work.now, zone: work.zone) != nil
    else { return try EvidenceStore(work.transaction).note(noted, at: work.now) }
    try RestrictionsReactions.add(noted, under: clause, of: edition, policy, in: work)
  }

  /// Notes that somebody reported a fever or a symptom, under the number of the report.
  static func symptoms(_ report: String, of restriction: Restriction, in work: Work) throws {
    try EvidenceStore(work.transaction).note(
      NotedEvidence(
        evidence: Evidence(kind: .symptoms, reference: report), person: restriction.person,
        infection: nil, place: restriction.place, path: restriction.path, countedFrom: work.now),
      at: work.now)
  }

  /// A negative sample of after the report says that the symptoms were of something else.
  private static func tested(_ fact: PeopleTested, in work: Work) throws {
    let store = EvidenceStore(work.transaction)
    guard fact.isNegative,
      try work.recall("symptoms.stand", { try store.isAny(.symptoms) })
    else { return }
    for noted in try store.standing(.symptoms, among: fact.people, before: fact.sampledAt) {
      try work.withdraw(noted.evidence, about: noted.person, because: .testedNegative)
    }
  }
}

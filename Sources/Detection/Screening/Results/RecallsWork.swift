import Gazette
import Kernel
import Registry

extension Work {
  private var recalls: RecallsStore { RecallsStore(transaction) }

  /// Holds everybody whose swab is in a tube that is not negative, at once: each is owed a single swab,
  /// and the fact tells the families that limit and inform people.
  func hold(_ swabs: [Swab], of tube: Tube, for result: TubeResult) throws {
    guard let reportedAt = tube.reportedAt else { return }
    let policy = try policy(ScreeningPolicy.self)
    let area = try ScreeningRoundStore(transaction).get(tube.round).area
    let residents = try ResidentsStore(transaction).current(Set(swabs.map(\.person)))
    var members: [TubeMember] = []
    for swab in swabs where swab.withdrawnAt == nil {
      let recall = Recall(
        tube: tube.code, person: swab.person, round: swab.round, result: result,
        heldSince: reportedAt, state: .held, single: nil, decidedAt: nil)
      guard try recalls.insert(recall) else { continue }
      let home = residents[swab.person]?.home ?? area
      members.append(TubeMember(person: swab.person, home: home))
      try oblige(
        ScreeningObligations.reswab, about: recall.subject, person: swab.person, at: home,
        by: now + .minutes(policy.clocks.reswabMinutes))
    }
    guard !members.isEmpty else { return }
    try record(
      PoolHeld(
        tube: tube.code, round: tube.round, result: result.rawValue, reportedAt: reportedAt,
        members: members))
  }

  /// A held person's own swab was taken: from now on its result is owed.
  func sampled(_ recall: Recall, in single: TubeCode) throws {
    var recall = recall
    recall.single = single
    try recalls.update(recall)
    try discharge(
      ScreeningObligations.reswab, about: recall.subject, proof: ["tube": single.text])
    let policy = try policy(ScreeningPolicy.self)
    try oblige(
      ScreeningObligations.decide, about: recall.subject, person: recall.person,
      at: home(of: recall), by: now + .minutes(policy.clocks.singleResultMinutes))
  }

  /// A held person's own tube decided nothing: another swab is owed.
  func recallAgain(_ recall: Recall) throws {
    let wasReleased = recall.state == .released
    if recall.state == .infection {
      try record(
        RecheckWithdrawn(tube: recall.single ?? recall.tube, person: recall.person))
    }
    var recall = recall
    recall.single = nil
    recall.state = .held
    recall.decidedAt = nil
    try recalls.update(recall)
    if wasReleased {
      try record(
        PoolHeld(
          tube: recall.tube, round: recall.round, result: recall.result.rawValue,
          reportedAt: recall.heldSince,
          members: [TubeMember(person: recall.person, home: home(of: recall))]))
    }
    try waive(ScreeningObligations.decide, about: recall.subject, reason: "undecided")
    let policy = try policy(ScreeningPolicy.self)
    let owed = try ObligationStore(transaction).owed(
      ScreeningObligations.reswab.name, about: recall.subject)
    guard owed.isEmpty else { return }
    try oblige(
      ScreeningObligations.reswab, about: recall.subject, person: recall.person,
      at: home(of: recall), by: now + .minutes(policy.clocks.reswabMinutes))
  }

  /// A person's swab is not in their own tube after all: it decides nothing of them.
  func withdrawSingle(_ recall: Recall) throws {
    let pool = try TubesStore(transaction).get(recall.tube)
    guard recall.state != .infection, pool.result?.holds == true else { return }
    try recallAgain(recall)
  }

  /// Nobody is held for it any more: the tube that says so is negative.
  func release(_ recall: Recall, by single: Tube) throws {
    // Their own tube may have been positive before two people put that right.
    guard recall.state == .held || recall.state == .infection && recall.single == single.code
    else { return }
    let isTakenBack = recall.state == .infection
    try decide(recall, .released, by: single)
    if isTakenBack { try record(RecheckWithdrawn(tube: single.code, person: recall.person)) }
    try record(
      PoolMemberReleased(tube: recall.tube, person: recall.person, by: single.code))
  }

  /// The person's own tube is positive: the clock reports the case, in its own transaction.
  func becomesCase(_ recall: Recall, by single: Tube, told teller: AccountID?) throws {
    guard recall.state != .infection else { return }
    try decide(recall, .infection, by: single)
    try record(
      RecheckPositive(
        tube: single.code, person: recall.person, home: home(of: recall),
        reportedAt: min(single.reportedAt ?? now, now)))
    try send(ReportPositive(tube: single.code, person: recall.person, told: teller))
  }

  private func decide(_ recall: Recall, _ state: Recall.State, by single: Tube) throws {
    var recall = recall
    recall.state = state
    recall.single = recall.single ?? (single.code == recall.tube ? nil : single.code)
    recall.decidedAt = single.reportedAt ?? now
    try recalls.update(recall)
    let proof = ["tube": single.code.text]
    try discharge(ScreeningObligations.reswab, about: recall.subject, proof: proof)
    try discharge(ScreeningObligations.decide, about: recall.subject, proof: proof)
    try record(
      RecallDecided(
        tube: recall.tube, person: recall.person, state: state.rawValue, by: single.code))
  }

  private func home(of recall: Recall) throws -> PlaceID {
    if let home = try ResidentsStore(transaction).current(recall.person)?.home { return home }
    return try ScreeningRoundStore(transaction).get(recall.round).area
  }
}

/// Reports somebody whose own tube is positive as a case. Sent by the clock, which holds the duty of
/// reporting that a laboratory does not.
package struct ReportPositive: Command {
  package static let name = "screening.reportPositive"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = .clockOnly
  /// The code by which the policy's list of sources knows screening.
  static let source = "community_screening"
  package let tube: TubeCode
  package let person: PersonID
  /// The account on whose word alone the tube is positive; nil when two people stand behind it.
  package let told: AccountID?

  package init(tube: TubeCode, person: PersonID, told: AccountID? = nil) {
    self.tube = tube
    self.person = person
    self.told = told
  }

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Done {
    let tube = try TubesStore(work.transaction).get(tube)
    let people = try ResidentsStore(work.transaction).identifiers(of: person)
    let swab = try SwabsStore(work.transaction).inTube(tube.code).first {
      people.contains($0.person)
    }
    // A correction may have come first.
    guard tube.result == .positive, let swab, let reportedAt = tube.reportedAt else {
      return Done()
    }
    let policy = try work.policy(CasePolicy.self)
    let known = try CasesStore(work.transaction).cases(of: person).contains {
      $0.reportedAt + .days(policy.sameInfectionDays) > reportedAt
    }
    if known { return Done() }
    let round = try ScreeningRoundStore(work.transaction).get(tube.round)
    let resident = try ResidentsStore(work.transaction).current(person)
    let district = try district(of: resident?.path ?? round.path, round.path, in: work)
    let source = policy.source(Self.source) == nil ? nil : Self.source
    // A laboratory's clock may be ahead by as much as the policy allows; a case's is not.
    let reported = min(reportedAt, work.now)
    do {
      guard let district else { throw Self.noDistrict }
      try work.transaction.savepoint {
        _ = try work.takeReport(
          CaseRow(
            infection: work.newID(), person: person,
            kind: InfectionKind.asymptomatic.rawValue, source: source, district: district,
            reportedAt: reported, sampledAt: min(swab.sampledAt, reported)), told: told)
      }
    } catch let refusal as Refusal where refusal.kind != .overloaded {
      // An errand that is refused is given up: somebody reports the case by hand.
      try work.oblige(
        ScreeningObligations.report, about: Recall.subject(tube: tube.code, person: person),
        person: person, at: resident?.home ?? round.area,
        by: work.now + .minutes(work.policy(ScreeningPolicy.self).clocks.handOverMinutes))
    }
    return Done()
  }

  private static let noDistrict = Refusal(
    .conflict, "case.noDistrict",
    Words("无法确定感染者所在区县，请人工报告病例", "The district is not known; report the case by hand"))

  private func district(
    of home: PlacePath, _ round: PlacePath, in work: Work
  ) throws -> String? {
    let places = PlacesStore(work.transaction)
    for path in [home, round] {
      if let found = try places.line(to: path).first(where: { $0.level == .district }) {
        return found.code ?? found.name
      }
    }
    return nil
  }
}

import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("Symptoms and rechecks as evidence") struct NotedEvidenceTests {
  private func known(_ town: Town) async throws -> [EvidenceOfPerson.Piece] {
    try await town.ask(EvidenceOfPerson(person: Town.zhao), for: .containment, as: "leader")
      .evidence
  }

  /// Two offices let the person be observed for their symptoms.
  private func observe(_ town: Town, for report: String) async throws {
    let request = try await town.submit(
      IssueRestriction(
        person: Town.zhao, clause: "symptoms",
        evidence: Evidence(kind: .symptoms, reference: report)), as: "leader"
    ).restriction
    try await town.submit(ApproveRestriction(request: request, approved: true), as: "street")
  }

  private func effective(_ town: Town) async throws -> [String] {
    try await town.own().filter { $0.state == .effective }.map(\.clause).sorted()
  }

  @Test("a fever that the person reports is noted, restricts nobody, and two people may cite it")
  func reported() async throws {
    let town = try await Town.withZhao()
    try await town.isolateAtHome()
    try await town.pass(.days(1))
    try await town.submit(
      ReportOwnHealth(temperature: 38.2, symptom: "fever"), from: .resident(Town.zhao))
    let noted = try await known(town).filter { $0.kind == .symptoms }
    #expect(noted.count == 1)
    #expect(try await effective(town) == ["secondary"])
    // Worse between two checks is another report.
    try await town.pass(.minutes(1))
    try await town.submit(
      ReportOwnHealth(temperature: 39, symptom: "dry_cough"), from: .resident(Town.zhao))
    #expect(try await known(town).filter { $0.kind == .symptoms }.count == 2)
    try await observe(town, for: try #require(noted.first).reference)
    #expect(try await effective(town) == ["secondary", "symptoms"])
    #expect(try await town.violations() == [:])
    // A negative sample of before the report says nothing; one of after it ends what rests on it.
    for (sampled, clauses) in [
      (town.now - .hours(3), ["secondary", "symptoms"]), (town.now + .minutes(1), ["secondary"]),
    ] {
      try await town.pass(.minutes(2))
      try await town.submit(
        Happen(
          event: .tested(
            PeopleTested(
              tube: "S", people: [Town.zhao], sampledAt: sampled, isNegative: true))),
        from: .clock)
      #expect(try await effective(town) == clauses)
    }
    let ended = try await town.own().first { $0.clause == "symptoms" }
    #expect(ended?.endReason == .testedNegative)
    #expect(try await known(town).contains { $0.kind == .symptoms } == false)
    #expect(try await town.violations() == [:])
  }

  @Test("what a worker's round finds is noted too; what is well, or made up, cannot be cited")
  func visited() async throws {
    let town = try await Town.withZhao()
    try await town.isolateAtHome()
    try await town.pass(.days(1))
    let view = try #require(try await town.own().first)
    try await town.finish(
      "restrictions.health", about: view.restriction,
      proof: ["temperature": "36.5", "symptom": "none"])
    #expect(try await known(town).contains { $0.kind == .symptoms } == false)
    for reference in ["made-up", view.restriction.text] {
      let refusal = await #expect(throws: Refusal.self) { try await observe(town, for: reference) }
      #expect(refusal?.code == "restriction.noEvidence")
    }
    try await town.finish(
      "restrictions.health", about: view.restriction,
      proof: ["temperature": "36.5", "symptom": "sore_throat"])
    #expect(try await known(town).filter { $0.kind == .symptoms }.count == 1)
  }

  @Test("an own tube that is positive holds by the clause for tubes until two people put it right")
  func recheck() async throws {
    let town = try await Town.withZhao()
    let tube = TubeCode(trusted: "single-1")
    try await town.submit(
      Happen(
        event: .recheck(
          RecheckPositive(
            tube: tube, person: Town.zhao, home: Town.Spot.door201.id, reportedAt: town.now))),
      from: .clock)
    let view = try #require(try await town.own().first)
    #expect(
      view.clause == "pool" && view.evidence == [Evidence(kind: .recheck, reference: "single-1")])
    #expect(view.end == at("2022-07-07T00:00"))
    #expect(try await town.colour() == .yellow)
    #expect(try await town.violations() == [:])
    try await town.submit(
      Happen(event: .recheckWithdrawn(RecheckWithdrawn(tube: tube, person: Town.zhao))),
      from: .clock)
    #expect(try await town.own().first?.endReason == .evidenceWithdrawn)
    #expect(try await town.colour() == .green)
    #expect(try await town.violations() == [:])
  }
}

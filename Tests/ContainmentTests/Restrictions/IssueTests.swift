import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("Restrictions that an office asks for") struct IssueTests {
  private let zone = Evidence(kind: .zoneResidence, reference: Town.Spot.building.rawValue)

  private func ask(
    _ town: Town, _ clause: String = "zone_high", _ evidence: Evidence? = nil,
    as account: String = "leader"
  ) async throws -> RestrictionID {
    try await town.submit(
      IssueRestriction(person: Town.zhao, clause: clause, evidence: evidence ?? zone), as: account
    ).restriction
  }

  @Test("nothing holds until a second person of another organisation approves")
  func twoPersons() async throws {
    let town = try await Town.withZhaoInZone()
    let request = try await ask(town)
    #expect(try await town.own().isEmpty)
    #expect(try await town.colour() == .green)
    let waiting = try await town.ask(
      ListRestrictionRequests(place: nil), for: .containment)
    #expect(waiting.requests.map(\.request) == [request])
    try await town.submit(
      ApproveRestriction(request: request, approved: true), as: "street")
    let view = try #require(try await town.own().first)
    #expect(view.restriction == request && view.state == .effective)
    #expect(view.issuer == "leader" && view.approver == "street")
    #expect(try await town.colour() == .red)
    #expect(try await town.violations() == [:])
  }

  @Test("the same person, and the same organisation, are refused as second person")
  func samePerson() async throws {
    let town = try await Town.withZhaoInZone()
    let own = try await ask(town, as: "street")
    let same = await #expect(throws: Refusal.self) {
      try await town.submit(ApproveRestriction(request: own, approved: true), as: "street")
    }
    #expect(same?.code == "restriction.samePerson")
    let colleague = try RefusedColleague(town)
    let refusal = await colleague.refusal(of: own)
    #expect(refusal?.code == "restriction.sameOrganisation")
    #expect(try await town.own().isEmpty)
  }

  @Test("whoever declines leaves nothing behind, and decides once")
  func declined() async throws {
    let town = try await Town.withZhaoInZone()
    let request = try await ask(town)
    try await town.submit(
      ApproveRestriction(request: request, approved: false), as: "investigator")
    #expect(try await town.own().isEmpty)
    let again = await #expect(throws: Refusal.self) {
      try await town.submit(ApproveRestriction(request: request, approved: true), as: "street")
    }
    #expect(again?.code == "restriction.decided")
  }

  @Test("a decision is made where it is decided: nobody ticks it off or waives it")
  func tickedOff() async throws {
    let town = try await Town.withZhaoInZone()
    let request = try await ask(town)
    let id: ObligationID = try #require(
      try await town.rows("SELECT id FROM obligation WHERE kind = 'restrictions.approve'").first
    ).id(0)
    for account in ["investigator", "duty"] {
      let refusal = await #expect(throws: Refusal.self) {
        try await town.submit(FinishObligation(obligation: id, proof: nil), as: account)
      }
      #expect(refusal?.code == "obligation.decidedElsewhere")
      #expect(refusal?.words.english.contains("another organisation") == true)
    }
    let waived = await #expect(throws: Refusal.self) {
      try await town.submit(WaiveObligation(obligation: id, reason: "x"), as: "duty")
    }
    #expect(waived?.code == "obligation.decidedElsewhere")
    let listed = try await town.ask(ListObligations(place: nil)).obligations
    #expect(listed.first { $0.obligation == id }?.decidedWhere != nil)
    try await town.submit(ApproveRestriction(request: request, approved: false), as: "investigator")
    #expect(try await town.ask(ListObligations(place: nil)).obligations.isEmpty)
  }

  @Test("evidence must be there, about the person, of a kind that the clause takes, in the area")
  func evidence() async throws {
    let town = try await Town.withZhaoInZone()
    let cases: [(String, Evidence, String, String)] = [
      (
        "zone_high", Evidence(kind: .zoneResidence, reference: "town-building-2"), "leader",
        "restriction.noEvidence"
      ),
      // No zone holds this place: living there is evidence for nothing.
      (
        "zone_high", Evidence(kind: .zoneResidence, reference: "town-entrance"), "leader",
        "restriction.noEvidence"
      ),
      (
        "zone_high", Evidence(kind: .contact, reference: "c"), "leader",
        "restriction.evidenceKind"
      ),
      (
        "close", Evidence(kind: .contact, reference: "nobody"), "leader",
        "restriction.noEvidence"
      ),
      // A zone that reaches past the issuer's community is for the office above to name.
      (
        "zone_high", Evidence(kind: .zoneResidence, reference: "370203030"), "leader",
        "duty.outsideArea"
      ),
      ("level_nine", zone, "leader", "restriction.clauseNotInForce"),
      ("zone_high", zone, "otherLeader", "duty.outsideArea"),
      ("zone_high", zone, "worker", "duty.notHeld"),
    ]
    for (clause, evidence, account, code) in cases {
      let refusal = await #expect(throws: Refusal.self) {
        try await ask(town, clause, evidence, as: account)
      }
      #expect(refusal?.code == code)
    }
  }

  @Test("a clause outside its edition's days is refused on both sides")
  func outsideForce() async throws {
    for (day, allowed) in [
      ("2022-06-27", false), ("2022-06-28", true), ("2022-11-10", true), ("2022-11-11", false),
    ] {
      let town = try await Town.withZhaoInZone(on: day)
      if allowed {
        _ = try await ask(town, "zone_middle")
      } else {
        let refusal = await #expect(throws: Refusal.self) { try await ask(town, "zone_middle") }
        #expect(refusal?.code == "restriction.clauseNotInForce")
      }
    }
    let town = try await Town.withZhaoInZone(on: "2023-01-08")
    let refusal = await #expect(throws: Refusal.self) { try await ask(town) }
    #expect(refusal?.code == "restriction.clauseNotInForce")
  }

  @Test("a request that waits past a change of policy is judged by the policy of its approval")
  func approvalAfterChange() async throws {
    let town = try await Town.withZhaoInZone(on: "2022-11-10")
    let request = try await ask(town, "zone_middle")
    try await town.pass(.days(1))
    let refusal = await #expect(throws: Refusal.self) {
      try await town.submit(ApproveRestriction(request: request, approved: true), as: "street")
    }
    #expect(refusal?.code == "restriction.clauseNotInForce")
  }
}

extension Town {
  /// A town in which zones hold Zhao's building, the other one, and the whole street.
  fileprivate static func withZhaoInZone(on day: String = "2022-07-04") async throws -> Town {
    let town = try await withZhao(on: day)
    try await town.settleZones(.building, .otherBuilding, .street)
    return town
  }
}

/// Somebody of the street office who did not ask.
private struct RefusedColleague {
  let town: Town

  init(_ town: Town) throws { self.town = town }

  func refusal(of request: RestrictionID) async -> Refusal? {
    do {
      try await town.settleColleague()
      try await town.submit(
        ApproveRestriction(request: request, approved: true), as: "colleague")
      return nil
    } catch {
      return error as? Refusal
    }
  }
}

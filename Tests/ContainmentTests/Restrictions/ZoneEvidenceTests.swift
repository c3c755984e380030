import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("A zone as evidence") struct ZoneEvidenceTests {
  private func issue(
    _ town: Town, _ zone: ZoneID, of person: PersonID = Town.neighbour
  ) async throws -> RestrictionID {
    try await town.submit(
      IssueRestriction(
        person: person, clause: "zone_high",
        evidence: Evidence(kind: .zoneResidence, reference: zone.text)), as: "leader"
    ).restriction
  }

  private func refusal(
    _ town: Town, _ zone: ZoneID, of person: PersonID = Town.neighbour
  ) async throws -> String? {
    await #expect(throws: Refusal.self) { _ = try await issue(town, zone, of: person) }?.code
  }

  @Test("one whose case was a mistake is none, for whoever lives there or has left")
  func mistaken() async throws {
    let town = try await Town.withNeighbours()
    let zone = try await town.seal()
    let asked = try await issue(town, zone)
    try await town.submit(
      MoveResident(person: Town.neighbour, to: Town.Spot.otherDoor.id), as: "leader")
    try await town.withdrawCase("c-1")
    try await town.catchUp()
    #expect(try await town.zones(.ended).map(\.end) == [.evidenceWithdrawn])
    #expect(try await refusal(town, zone) == "restriction.noEvidence")
    try await town.submit(
      MoveResident(person: Town.neighbour, to: Town.Spot.door101.id), as: "leader")
    #expect(try await refusal(town, zone) == "restriction.noEvidence")
    // What was asked for while it stood is not approved after it either.
    #expect(
      await town.refused(ApproveRestriction(request: asked, approved: true))
        == "restriction.noEvidence")
    #expect(try await town.own(Town.neighbour).allSatisfy { $0.state == .ended })
    #expect(try await town.violations() == [:])
  }

  @Test("one that is over is none for whoever stayed; whoever left before counts from leaving")
  func over() async throws {
    let town = try await Town.withNeighbours()
    let third = PersonID(trusted: "third")
    try await town.submit(
      Happen(event: .resident(third, Town.Spot.door102.id)), from: .clock)
    let zone = try await town.seal()
    town.stall(.days(1))
    try await town.submit(
      MoveResident(person: Town.neighbour, to: Town.Spot.otherDoor.id), as: "leader")
    let left = town.now
    town.stall(.days(2))
    try await town.change(
      """
      UPDATE zone SET state = 'ended', ended_at = \(town.now), end_reason = 'released'
      WHERE id = \(zone)
      """)
    try await town.change("UPDATE zone_place SET until_at = \(town.now) WHERE zone = \(zone)")
    try await town.change(
      "UPDATE evidence SET withdrawn_at = \(town.now) WHERE reference = \(zone.text)")
    town.stall(.days(1))
    #expect(try await refusal(town, zone, of: third) == "restriction.noEvidence")
    // Nor whoever moved in when it was over.
    try await town.submit(
      MoveResident(person: Town.across, to: Town.Spot.door102.id), as: "leader")
    #expect(try await refusal(town, zone, of: Town.across) == "restriction.noEvidence")
    let asked = try await issue(town, zone)
    try await town.submit(ApproveRestriction(request: asked, approved: true), as: "street")
    let view = try await town.own(Town.neighbour).first { $0.restriction == asked }
    #expect(view?.end == (Day(of: left, in: .china) + 7).end(in: .china))
  }
}

import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("What waits because one account has caused too much") struct HeldRestrictionsTests {
  private static let leader = AccountID(trusted: "leader")

  @Test("is counted and decided whole, however many wait, with a sample from all of them")
  func whole() async throws {
    let town = try await Town.withZhao()
    try await hold(5_001, in: town)
    let preview = try await town.ask(HeldRestrictions(account: Self.leader), for: .containment)
    #expect(preview.people == 5_001 && preview.clauses.map(\.people) == [5_001])
    #expect(preview.sample.count == 10)
    #expect(preview.sample.first?.person.text == "p-10000")
    #expect((preview.sample.last?.person.text ?? "") > "p-14000")
    let seen = ApproveHeld(account: Self.leader, approved: false, expected: 5_000)
    #expect(await town.refused(seen, as: "duty") == "restriction.heldChanged")
    let decline = ApproveHeld(account: Self.leader, approved: false, expected: 5_001)
    #expect(try await town.submit(decline, as: "duty").people == 5_001)
    #expect(try await undecided(town) == 0)
    #expect(await town.refused(decline, as: "duty") == "notFound")
  }

  @Test("is decided by nobody who does not hold the duty wherever one of them lives")
  func elsewhere() async throws {
    let town = try await Town.withZhao()
    try await hold(3, in: town)
    try await town.change(
      "UPDATE restriction_held SET path = '1.1.2' WHERE person = 'p-10002'")
    let decline = ApproveHeld(account: Self.leader, approved: false, expected: 3)
    #expect(await town.refused(decline, as: "street") == "duty.outsideArea")
    #expect(await town.refused(decline, as: "duty") == nil)
  }

  private func undecided(_ town: Town) async throws -> Int {
    try await town.rows("SELECT COUNT(*) FROM restriction_held WHERE decided_at IS NULL")
      .first?.integer(0) ?? 0
  }

  private func hold(_ count: Int, in town: Town) async throws {
    let (now, door) = (town.now, Town.Spot.door101)
    let path = PlacePath("1.1.1.1.1.1.1.1.1")
    try await town.desk.storage.write { transaction in
      let evidence = EvidenceStore(transaction)
      let limits = RestrictionLimitsStore(transaction)
      for number in 0..<count {
        let noted = NotedEvidence(
          evidence: Evidence(kind: .zoneResidence, reference: "z"),
          person: PersonID(trusted: "p-\(10_000 + number)"), infection: nil, place: door.id,
          path: path, countedFrom: now)
        try evidence.note(noted, at: now)
        try limits.hold(
          noted, under: "zone_home", by: Self.leader, organisations: "community", at: now)
      }
    }
  }
}

import Engines
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("Results of people in zones") struct ZoneTestsStoreTests {
  @Test(
    "whether somebody tested is a contact is looked up by the person",
    .enabled(if: !TestStorage.isPostgres, "PostgreSQL finds several ways equally good"))
  func indexed() async throws {
    let town = try await Town.withZhao()
    let steps = try await town.desk.storage.read { transaction in
      let plan = try QueryPlan(transaction)
      _ = try ZoneTestsStore(plan).contacts(among: [Town.zhao, Town.neighbour])
      return plan.steps
    }
    #expect(steps.contains { $0.contains("evidence_person") }, "\(steps)")
  }

  @Test(
    "however many contacts an infection has, their samples are asked for in as many statements",
    .enabled(if: !TestStorage.isPostgres, "PostgreSQL takes other steps for other numbers"))
  func batched() async throws {
    let town = try await Town.withNeighbours(on: "2022-03-01")
    let zone = try await town.seal()
    func statements() async throws -> Int {
      let now = town.now
      return try await town.desk.storage.read { transaction in
        let plan = try QueryPlan(transaction, isCarriedOut: true)
        let held = try ZonesStore(plan).get(zone)
        let policy = try #require(town.desk.rules.zones(of: held))
        let found = try ZoneAssessment(
          transaction: plan, now: now, zone: .china, policy: policy, contactClause: "close"
        ).findings(of: held)
        #expect(found.contains { $0.kind == "last_contact_found" && !$0.isMet })
        return plan.steps.count
      }
    }
    try await town.confirm("k-1", case: "c-1", of: Town.across, exposedAt: town.now)
    let one = try await statements()
    for number in 2...5 {
      let person = PersonID(trusted: "contact-\(number)")
      try await town.submit(
        Happen(event: .resident(person, Town.Spot.otherDoor.id)), from: .clock)
      try await town.confirm("k-\(number)", case: "c-1", of: person, exposedAt: town.now)
    }
    #expect(try await statements() == one)
  }
}

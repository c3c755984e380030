import Engines
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

/// Each question about codes is answered from an index.
@Suite("How codes are found") struct PassPlansTests {
  @Test("no list of colours, revocations or carers reads the whole table")
  func indices() async throws {
    let town = try await Town()
    let now = town.now
    let (steps, scans) = try await town.desk.storage.read { transaction in
      let plan = try QueryPlan(transaction)
      let store = PassesStore(plan)
      let person = PersonID(trusted: "p")
      _ = try store.told(of: person)
      _ = try store.told(after: "p", limit: 9)
      _ = try store.told(endedBy: now, limit: 9)
      _ = try store.revoked("00")
      _ = try store.caredFor(by: [person])
      _ = try store.carers(of: [person])
      return (plan.steps, plan.scans)
    }
    #expect(!steps.isEmpty && scans == [], "\(steps)")
  }

  @Test("the list takes its newest entries from an index in its order, and forgets by it")
  func list() async throws {
    let town = try await Town()
    let now = town.now
    let (steps, scans) = try await town.desk.storage.write { transaction in
      let plan = try QueryPlan(transaction)
      let store = PassesStore(plan)
      _ = try store.revocations(at: now, limit: 9)
      _ = try store.count(at: now)
      try store.forgetRevocations(keptUntil: now)
      return (plan.steps, plan.scans)
    }
    #expect(scans == [] && steps.count { $0.contains("pass_revocation_kept") } == 3, "\(steps)")
    #expect(!steps.contains { $0.contains("TEMP B-TREE") || $0.hasPrefix("Sort") }, "\(steps)")
  }
}

import Engines
import Testing
import Town

@testable import Containment
@testable import Kernel

/// Each question about restrictions is answered from an index.
@Suite("How restrictions are found") struct RestrictionPlansTests {
  @Test("no list of restrictions reads the whole table")
  func indices() async throws {
    let town = try await Town()
    let now = town.now
    let held = RestrictionsStore.effective(at: now)
    let area = SQL.inside(PlacePath("1.1.1"), column: "path")
    let questions: [SQL] = [
      "SELECT id FROM restriction WHERE person = 'p' ORDER BY start_at DESC, id DESC LIMIT 9",
      "SELECT id FROM restriction WHERE person = 'p' AND \(held) ORDER BY start_at, id LIMIT 9",
      "SELECT id FROM restriction WHERE ended_at IS NULL AND end_at <= \(now) LIMIT 9",
      "SELECT id FROM restriction WHERE \(held) AND \(area) ORDER BY end_at, id LIMIT 9",
      "SELECT id FROM restriction WHERE opened_until < 9 AND \(held) ORDER BY opened_until LIMIT 9",
      "SELECT id FROM objection WHERE restriction = 'r' ORDER BY raised_at DESC LIMIT 9",
      "SELECT id FROM objection WHERE decided_at IS NULL AND due_at <= \(now) LIMIT 9",
      "SELECT id FROM restriction_request WHERE decided_at IS NULL AND \(area) LIMIT 9",
      "SELECT restriction FROM restriction_evidence WHERE kind = 'k' AND reference = 'r' LIMIT 9",
      "SELECT restriction FROM restriction_evidence WHERE infection = 'i' LIMIT 9",
      "SELECT restriction FROM round_measure WHERE person = 'p' LIMIT 9",
    ]
    for question in questions {
      let (plan, scans) = try await town.desk.storage.read { transaction in
        let plan = try QueryPlan(transaction)
        _ = try plan.rows(question)
        return (plan.steps, plan.scans)
      }
      #expect(!plan.isEmpty && scans == [], "\(plan)")
      // A scan of a partial index reads only what still waits.
      for step in plan where !step.hasSuffix("USING INDEX restriction_request_waiting") {
        #expect(!step.hasPrefix("SCAN"), "\(plan)")
      }
    }
  }

  @Test(
    "whoever goes through a zone's people part by part reads each once, in order",
    .enabled(if: !TestStorage.isPostgres, "PostgreSQL finds several ways equally good"))
  func parts() async throws {
    let town = try await Town()
    let steps = try await town.desk.storage.read { transaction in
      let plan = try QueryPlan(transaction)
      let evidence = Evidence(kind: .zoneResidence, reference: "z")
      let store = EvidenceStore(plan)
      _ = try store.waiting(after: ("z", "p"), limit: 50)
      _ = try store.restingOnWithdrawn(evidence, limit: 200)
      _ = try store.restrictions(restingOn: evidence, after: ID(trusted: "r"), limit: 200)
      return plan.steps
    }
    #expect(!steps.isEmpty && !steps.contains { $0.contains("TEMP B-TREE") }, "\(steps)")
    #expect(steps.contains { $0.contains("evidence_waiting_next") }, "\(steps)")
    #expect(steps.contains { $0.contains("restriction_evidence_next") }, "\(steps)")
  }
}

import Engines
import Testing
import Town

@testable import Detection
@testable import Kernel

/// Each question about leads and links is answered from an index.
@Suite("How leads and links are found") struct LeadPlansTests {
  @Test("no list of leads or links reads the whole table without an order to follow")
  func indices() async throws {
    let town = try await Town()
    let area = SQL.inside(PlacePath("1.1.1"), column: "path")
    let questions: [SQL] = [
      "SELECT id FROM lead WHERE fingerprint = 'f' ORDER BY id LIMIT 1",
      "SELECT id FROM lead WHERE identity_index = 'i' AND identity_index IS NOT NULL LIMIT 9",
      "SELECT id FROM lead WHERE phone_index = 'i' AND phone_index IS NOT NULL LIMIT 9",
      "SELECT id FROM lead WHERE \(area) AND state = 'waiting' ORDER BY deadline, id LIMIT 9",
      "SELECT id FROM lead WHERE \(area) ORDER BY deadline, id LIMIT 9",
      "SELECT state, COUNT(*) FROM lead WHERE \(area) GROUP BY state",
      "SELECT measure FROM lead_result WHERE lead = 'l' ORDER BY number LIMIT 9",
      "SELECT reason FROM lead_move WHERE lead = 'l' ORDER BY number LIMIT 9",
      "SELECT id FROM transmission_link WHERE infection = 'c' ORDER BY id LIMIT 9",
      "SELECT id FROM transmission_link WHERE infection = 'c' AND state = 'confirmed'",
      """
      SELECT DISTINCT infection FROM transmission_link
      WHERE infector = 'c' AND infector IS NOT NULL ORDER BY infection LIMIT 9
      """,
    ]
    for question in questions {
      let (plan, scans) = try await town.desk.storage.read { transaction in
        let plan = try QueryPlan(transaction)
        _ = try plan.rows(question)
        return (plan.steps, plan.scans)
      }
      #expect(!plan.isEmpty && scans == [], "\(plan)")
      for step in plan { #expect(!step.hasPrefix("SCAN"), "\(plan)") }
    }
    let everywhere = try await town.desk.storage.read { transaction in
      let plan = try QueryPlan(transaction)
      _ = try plan.rows("SELECT id FROM lead WHERE 1 = 1 ORDER BY deadline, id LIMIT 9")
      return plan.steps
    }
    #expect(everywhere.contains { $0.contains("lead_deadline") }, "\(everywhere)")
    #expect(!everywhere.contains { $0.contains("Sort") || $0.contains("TEMP B-TREE") })
  }
}

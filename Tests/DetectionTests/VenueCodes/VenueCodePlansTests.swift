import Engines
import Registry
import Testing
import Town

@testable import Detection
@testable import Kernel

/// Each question about venues' codes is answered from an index.
@Suite("How venues and their scans are found") struct VenueCodePlansTests {
  @Test("no list of venues or scans reads the whole table")
  func indices() async throws {
    let town = try await Town()
    let (steps, scans) = try await town.desk.storage.read { transaction in
      let plan = try QueryPlan(transaction)
      let store = VenueCodesStore(plan)
      _ = try store.find(1)
      _ = try store.find(at: Town.Spot.building.id, named: "店")
      _ = try store.find([1, 2])
      _ = try store.list(in: PlacePath("1.1"), after: nil, limit: 9)
      _ = try store.list(
        in: PlacePath("1.1"), after: .init(path: PlacePath("1.1.1"), number: 3), limit: 9)
      _ = try store.named(startingWith: "海云", in: PlacePath("1.1"), limit: 9)
      _ = try store.named(startingWith: "海云", in: .everywhere, limit: 9)
      _ = try store.waiting(limit: 9)
      _ = try store.scans(of: [PersonID(trusted: "p")], limit: 9)
      return (plan.steps, plan.scans)
    }
    // A scan of a partial index reads only what still waits.
    let whole = scans.filter { !$0.contains("venue_scan_waiting") }
    #expect(!steps.isEmpty && whole == [], "\(steps)")
  }
}

import Engines
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

/// Each question about isolation at home is answered from an index.
@Suite("How stays at home are found") struct HomePlansTests {
  @Test("no list of stays, households, requests or ways reads the whole table")
  func indices() async throws {
    let town = try await Town()
    let now = town.now
    let (steps, scans) = try await town.desk.storage.read { transaction in
      let plan = try QueryPlan(transaction)
      let store = HomeStore(plan)
      let (person, household) = (PersonID(trusted: "p"), HomeHouseholdID(trusted: "h"))
      let path = PlacePath("1.1.1.1")
      _ = try store.watched(at: now, limit: 9)
      _ = try store.running(of: person)
      _ = try store.running(in: [household])
      _ = try store.stays(of: household)
      _ = try store.silent(at: now, limit: 9)
      _ = try store.open(at: Town.Spot.door201.id, lone: nil)
      _ = try store.due(at: now, limit: 9)
      _ = try store.open(in: path, after: nil, limit: 9)
      _ = try store.counts(in: path)
      _ = try store.visits(of: household)
      _ = try store.carer(of: person)
      _ = try store.dependents(of: person)
      let requests = ResidentRequestsStore(plan)
      _ = try requests.all(of: person, limit: 9)
      _ = try requests.counts(of: person, since: now)
      let outings = OutingsStore(plan)
      _ = try outings.all(of: person, limit: 9)
      _ = try outings.running(in: path, limit: 9)
      _ = try outings.isDriving("d", except: OutingID(trusted: "o"))
      return (plan.steps, plan.scans)
    }
    #expect(!steps.isEmpty && scans == [], "\(steps)")
  }
}

import Engines
import Kernel
import Testing
import Town

@testable import Registry

@Suite("Statements about who acts") struct StandingPlanTests {
  private let worker = AccountID(trusted: "worker")

  @Test("who stands at the door and by which offices is found by indices")
  func plans() async throws {
    let town = try await Town()
    let now = town.now
    let rule = try FactorDuty(town.desk.rules.policies, at: now)
    #expect(!rule.roles.isEmpty)
    let (steps, scans) = try await town.desk.storage.read { transaction in
      let plan = try QueryPlan(transaction)
      _ = try HeldOfficesStore(plan).standing(of: worker, at: now)
      _ = try HeldOfficesStore(plan).titles(
        holding: ["street_leader"], over: PlacePath("1.1"), except: worker, at: now)
      _ = try CredentialsStore(plan).session(fingerprint: "x", at: now, rule)
      _ = try FactorsStore(plan).isOwed(by: worker, at: now, rule)
      return (plan.steps, plan.scans)
    }
    #expect(scans.isEmpty, "\(steps)")
    #expect(steps.contains { $0.contains("shift_office") }, "\(steps)")
  }

  @Test("the last of years of shifts is found without looking at the others")
  func lastShift() async throws {
    let town = try await Town()
    let now = town.now
    let steps = try await town.desk.storage.read { transaction in
      let plan = try QueryPlan(transaction)
      _ = try HeldOfficesStore(plan).shift(
        of: worker, "grid_worker", at: Town.Spot.grid.id, begunBy: now)
      return plan.steps
    }
    #expect(steps.contains { $0.contains("shift_office") }, "\(steps)")
    #expect(!steps.contains { $0.contains("TEMP B-TREE") || $0.contains("Sort") }, "\(steps)")
  }

  @Test("names are looked up when a refusal is said, not with every command")
  func lazily() async throws {
    let town = try await Town()
    try await town.submit(
      PlanShift(
        account: worker, role: "grid_worker", place: Town.Spot.grid.id,
        begins: town.now + .hours(1), ends: town.now + .hours(2)), as: "leader")
    let now = town.now
    let policies = town.desk.rules.policies
    let (before, after, words) = try await town.desk.storage.read { transaction in
      let plan = try QueryPlan(transaction, isCarriedOut: true)
      let found = try ActingOffices(plan, policies, now).authority(of: worker)
      let before = plan.steps.count
      let words = found.resting.map { $0.words().chinese }
      return (before, plan.steps.count, words)
    }
    #expect(before < after)
    #expect(words.count == 1 && words[0].contains("leader"))
  }
}

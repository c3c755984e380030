import Engines
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

/// Each question about isolation sites is answered from an index.
@Suite("How stays and waste are found") struct IsolationPlansTests {
  @Test("no list of stays, rooms, results or bags reads the whole table")
  func indices() async throws {
    let town = try await Town()
    let now = town.now
    let (steps, scans) = try await town.desk.storage.read { transaction in
      let plan = try QueryPlan(transaction)
      let stays = StaysStore(plan)
      let room = SiteRoomID(trusted: "r")
      _ = try stays.running(of: PersonID(trusted: "p"))
      _ = try stays.running(at: Town.hotel)
      _ = try stays.guests(of: room)
      _ = try stays.due(at: now, limit: 9)
      _ = try stays.movements(of: Town.hotel)
      _ = try stays.results(of: PersonID(trusted: "p"), since: now)
      _ = try SitesStore(plan).rooms(of: Town.hotel)
      _ = try SitesStore(plan).counts(of: Town.hotel)
      let waste = WasteStore(plan)
      _ = try waste.waiting(at: Town.hotel)
      _ = try waste.oldestUntaken(at: Town.hotel)
      _ = try waste.weighed(at: Town.hotel, from: now, to: now)
      _ = try waste.handovers(of: Town.hotel, limit: 9)
      let person = [PersonID(trusted: "p")]
      _ = try stays.healthChecks(of: person, from: now, to: now)
      let meals = MealsStore(plan)
      _ = try meals.meals(of: Town.hotel, from: now, to: now)
      _ = try meals.unsaid(of: Town.hotel, before: now)
      _ = try meals.guests(of: Town.hotel)
      _ = try meals.hasGuests(Town.hotel)
      let staff = SiteStaffStore(plan)
      let account = AccountID(trusted: "a")
      _ = try staff.turns(at: Town.hotel, from: now, until: now)
      _ = try staff.turns(of: account, from: now, until: now)
      _ = try staff.keeping(account, from: now, until: now)
      _ = try staff.loops(of: Town.hotel, at: now)
      _ = try staff.untested(at: Town.hotel, until: now)
      return (plan.steps, plan.scans)
    }
    #expect(!steps.isEmpty && scans == [], "\(steps)")
  }
}

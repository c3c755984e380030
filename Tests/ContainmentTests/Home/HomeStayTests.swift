import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Containment

@Suite("Isolation at home") struct HomeStayTests {
  @Test("a visit with the six rules, supplies and rubbish are owed until the measure is over")
  func begins() async throws {
    let town = try await Town.withZhao()
    let asked = town.now
    try await town.isolateAtHome()
    let checklist = try #require(try await town.owed("home.checklist").first)
    #expect(checklist.deadline == asked + .minutes(1) + .hours(12))
    #expect(checklist.place == Town.Spot.door201.id)
    #expect(
      try await town.owed("home.supply").map(\.deadline)
        == [at("2022-07-04T11:00"), at("2022-07-04T17:00")])
    #expect(try await town.owed("home.rubbish").map(\.deadline) == [at("2022-07-04T20:00")])
    let household = try #require(try await town.households().first)
    #expect(household.people.map(\.day) == [0] && household.people.map(\.days) == [7])
    #expect(household.deliveries.count == 3 && household.checklistBy == checklist.deadline)
    #expect(try await town.violations() == [:])
    // The next day's are opened at midnight, and nothing twice.
    try await town.pass(.days(1))
    #expect(
      try await town.owed("home.supply").map(\.deadline).suffix(2)
        == [at("2022-07-05T11:00"), at("2022-07-05T17:00")])
    try await town.catchUp()
    #expect(try await town.owed("home.supply").count == 4)
    try await town.withdraw("home-1")
    try await town.catchUp()
    for kind in ["checklist", "supply", "rubbish", "silence"] {
      #expect(try await town.owed("home.\(kind)").isEmpty, "\(kind)")
    }
    #expect(try await town.households().isEmpty)
    #expect(try await town.violations() == [:])
  }

  @Test("what brings the goods to a zone's doors is not done twice, and is done again after it")
  func zone() async throws {
    let town = try await Town.withNeighbours()
    try await town.seal()
    #expect(try await town.owed("home.checklist").isEmpty)
    #expect(try await town.owed("home.supply").isEmpty)
    try await town.isolateAtHome(Town.neighbour)
    #expect(try await town.owed("home.checklist").count == 1)
    #expect(try await town.owed("home.supply").isEmpty)
    #expect(try await town.violations() == [:])
    #expect(try await town.ownHome(Town.neighbour).isServedByZone)
    try await town.withdrawCase("c-1")
    try await town.catchUp()
    #expect(try await town.zones().isEmpty)
    let supplies = try await town.owed("home.supply").map(\.deadline)
    #expect(supplies == [at("2022-07-04T11:00"), at("2022-07-04T17:00")])
    #expect(try await town.violations() == [:])
  }

  @Test("after the days at the site the days at home begin by themselves")
  func afterCentral() async throws {
    let town = try await Town.withZhao(on: "2022-11-14")
    try await town.confirm(exposedAt: town.now)
    try await town.pass(.minutes(1))
    #expect(try await town.owed("home.checklist").isEmpty)
    try await town.pass(.days(5))
    #expect(try await town.owed("home.checklist").isEmpty)
    try await town.pass(.days(1))
    #expect(try await town.owed("home.checklist").count == 1)
    #expect(try await town.households().first?.people.first?.kind == .homeIsolation)
    try await town.catchUp()
    #expect(try await town.violations() == [:])
    // On the day of an edition that asks nothing it is over.
    let off = try await Town.withZhao(on: "2023-01-05")
    try await off.confirm(exposedAt: off.now)
    try await off.pass(.minutes(1))
    #expect(try await off.owed("home.checklist").count == 1)
    try await off.pass(.days(3))
    try await off.catchUp()
    #expect(try await off.owed("home.checklist").isEmpty)
    #expect(try await off.violations() == [:])
  }

  @Test("a rule that is not met is the street's to decide, and nobody is moved by a ticked box")
  func remedy() async throws {
    let town = try await Town.withZhao()
    try await town.isolateAtHome()
    try await town.finishFirst(
      "home.checklist", proof: Town.sixRules(unmet: .room, .visitors), as: "worker")
    let household = try #require(try await town.households().first)
    #expect(household.unmet == 2 && household.remedyBy == town.now + .hours(12))
    #expect(try await town.owed("restrictions.transfer").isEmpty)
    let id = household.household
    #expect(
      await town.refused(DecideRemedy(household: id, outcome: .move, reason: "x"), as: "worker")
        == "duty.notHeld")
    #expect(
      await town.refused(DecideRemedy(household: id, outcome: .move, reason: " "))
        == "field.missing")
    let moved = try await town.submit(
      DecideRemedy(household: id, outcome: .move, reason: "一室户，无单独卫生间"), as: "street")
    #expect(moved == 1)
    #expect(try await town.owed("restrictions.transfer").count == 1)
    #expect(
      await town.refused(DecideRemedy(household: id, outcome: .mended, reason: "x"))
        == "home.nothingToDecide")
    let shown = try await town.ask(ShowHomeHousehold(household: id), for: .containment)
    #expect(shown.decisions.map(\.outcome) == [.move])
    #expect(shown.visits.first?.unmet == [.room, .visitors])
    #expect(try await town.violations() == [:])
  }

  @Test("the rules are looked at again after three days, and what is met then closes the remedy")
  func again() async throws {
    let town = try await Town.withZhao()
    try await town.isolateAtHome()
    try await town.finishFirst(
      "home.checklist", proof: Town.sixRules(unmet: .rubbish), as: "worker")
    try await town.pass(.days(2))
    #expect(try await town.owed("home.checklist").isEmpty)
    try await town.pass(.days(1))
    #expect(try await town.owed("home.checklist").count == 1)
    try await town.finishFirst("home.checklist", proof: Town.sixRules(), as: "worker")
    #expect(try await town.owed("home.remedy").isEmpty)
    #expect(try await town.households().first?.unmet == 0)
    // Whoever comes in later is looked at, too.
    let sun = try await town.settle("sun")
    try await town.isolateAtHome(sun, contact: "home-2")
    #expect(try await town.owed("home.checklist").count == 1)
    #expect(try await town.households().map(\.people.count) == [2])
    try await town.catchUp()
    #expect(try await town.violations() == [:])
  }

  @Test("an edition whose clause knows no move refuses it in words")
  func noMove() async throws {
    let town = try await Town.withZhao(on: "2022-12-12")
    try await town.confirm(exposedAt: town.now)
    try await town.pass(.minutes(1))
    try await town.finishFirst("home.checklist", proof: Town.sixRules(unmet: .air), as: "worker")
    let id = try #require(try await town.households().first?.household)
    #expect(
      await town.refused(DecideRemedy(household: id, outcome: .move, reason: "x")) == "home.noMove")
    try await town.submit(
      DecideRemedy(household: id, outcome: .tolerated, reason: "关闭新风，开窗"), as: "street")
    #expect(try await town.owed("home.remedy").isEmpty)
  }

  @Test("whoever moves is looked after behind the other door, and a site takes over")
  func moving() async throws {
    let town = try await Town.withZhao()
    try await town.isolateAtHome()
    let first = try #require(try await town.households().first)
    try await town.submit(
      MoveResident(person: Town.zhao, to: Town.Spot.otherDoor.id), as: "street")
    try await town.pass(.minutes(1))
    let second = try #require(try await town.households().first)
    #expect(second.household != first.household && second.home == Town.Spot.otherDoor.id)
    #expect(try await town.owed("home.checklist").map(\.place) == [Town.Spot.otherDoor.id])
    #expect(try await town.violations() == [:])
  }

  @Test("the invariants see who is left without goods, and whom nobody looks after")
  func invariants() async throws {
    let town = try await Town.withZhao()
    try await town.isolateAtHome()
    let id = try #require(try await town.households().first?.household)
    try await town.change("UPDATE home_household SET served_until = NULL WHERE id = \(id)")
    #expect(try await town.violations()["I-43"] == [id.text])
    try await town.change(
      "UPDATE home_household SET served_until = \(town.now + .hours(9)) WHERE id = \(id)")
    #expect(try await town.violations() == [:])
    try await town.change("UPDATE home_stay SET ended_at = \(town.now), silence_at = NULL")
    #expect(try await town.violations()["I-43"] == ["zhao"])
  }
}

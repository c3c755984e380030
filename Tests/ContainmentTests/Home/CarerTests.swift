import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("Who cares for whom at home") struct CarerTests {
  @Test("a child that is isolated at home needs a healthy adult by name")
  func named() async throws {
    let town = try await Town.withNeighbours()
    let child = try await town.settle("child", born: "2015-03-01")
    let old = try await town.settle("old", born: "1950-03-01")
    let mother = try await town.settle("mother", born: "1990-03-01")
    try await town.isolateAtHome(child)
    let owed = try #require(try await town.owed("home.carer").first)
    #expect(owed.deadline == town.now + .hours(2))
    #expect(try await town.households().first?.needsCarer == true)
    func name(_ carer: PersonID, of person: PersonID) -> NameCarer {
      NameCarer(person: person, carer: carer)
    }
    #expect(await town.refused(name(old, of: child), as: "worker") == "home.carerUnfit")
    #expect(await town.refused(name(child, of: child), as: "worker") == "home.carerOneself")
    // Zhao's day of birth is not known: enter it first.
    #expect(await town.refused(name(Town.zhao, of: child), as: "worker") == "home.carerUnfit")
    #expect(await town.refused(name(old, of: mother), as: "worker") == "home.carerNotNeeded")
    let care = try await town.ask(ShowCare(person: child), for: .containment)
    #expect(care.candidates.map(\.person) == [mother] && care.carer == nil)
    try await town.submit(name(mother, of: child), as: "worker")
    #expect(try await town.owed("home.carer").isEmpty)
    try await town.pass(.days(1))
    #expect(try await town.owed("home.carer").isEmpty)
    // Taken away, she is missed at once.
    try await town.report("c-9", of: mother)
    #expect(try await town.owed("home.carer").count == 1)
    #expect(await town.refused(name(mother, of: child), as: "worker") == "home.carerAway")
  }

  @Test("whoever is left alone because the adult went to a site is missed, isolated or not")
  func leftAlone() async throws {
    let town = try await Town.withZhao()
    let child = try await town.settle("child", born: "2015-03-01")
    try await town.change("UPDATE person SET birth_day = '1985-01-01' WHERE id = 'zhao'")
    try await town.readyHotel()
    try await town.confirm(exposedAt: town.now)
    try await town.pass(.minutes(1))
    #expect(try await town.owed("home.carer").isEmpty)
    _ = try await town.bring()
    let owed = try #require(try await town.owed("home.carer").first)
    #expect(owed.place == Town.Spot.door201.id)
    let aunt = try await town.settle("aunt", at: .door101, born: "1988-01-01")
    try await town.submit(NameCarer(person: child, carer: aunt), as: "leader")
    #expect(try await town.owed("home.carer").isEmpty)
    #expect(try await town.violations() == [:])
  }
}

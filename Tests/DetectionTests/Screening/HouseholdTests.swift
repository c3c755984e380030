import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Screening: one household, one tube") struct HouseholdTests {
  private let round = RoundID(trusted: "r1")

  private func open(_ town: Town, pool: Int = 1) async throws {
    try await town.submit(
      OpenRound(
        areas: [Town.Spot.district.id], name: "封控区", pool: pool, round: round, householdTube: true))
  }

  @Test("a tube takes one household, whatever its number, and nobody of another")
  func members() async throws {
    let folder = try ScreeningPolicyFolder.make([("household_most: 10", "household_most: 3")])
    let town = try await Town(policyFolder: folder)
    try await town.enrol(4)
    try await town.enrol(2, at: .door201, prefix: "q")
    #expect(await refused { try await open(town, pool: 10) } == "round.household")
    try await open(town)
    #expect(try await town.swab("p1", "T1").capacity == 1)
    #expect(try await town.swab("p2", "T1").members == 2)
    #expect(await refused { try await town.swab("q1", "T1") } == "tube.otherHousehold")
    #expect(try await town.swab("p3", "T1").members == 3)
    #expect(await refused { try await town.swab("p4", "T1") } == "tube.full")
    #expect(try await town.swab("p4", "T2").members == 1)
    // A phone did it all the same: a human sees it.
    try await town.swab("q1", "T3", device: "a")
    try await town.swab("q2", "T3", device: "a")
    #expect(try await town.conflicts() == [])
    try await town.swab("q1", "T2", device: "a")
    #expect(try await town.conflicts() == ["overfull T2", "second_tube q1"])
    let phone = try await town.ask(ListPoint(round: round), for: .fieldwork)
    #expect(Set(phone.lines.map(\.home)) == [Town.Spot.door101.id, Town.Spot.door201.id])
    #expect(try await town.page("/sampling/:round").contains("data-household=\"3\""))
    #expect(try await town.page("/screening/:round/point", ["tube": "T1"]).contains("Full"))
    #expect(
      try await town.page("/screening/:round/point", ["tube": "T3"]).contains(
        "One household, one tube"))
    #expect(try await town.violations().isEmpty)
  }

  @Test("a household's tube that is not negative holds them all; of one person alone it is a case")
  func results() async throws {
    let town = try await Town()
    try await town.enrol(2)
    try await town.enrol(1, at: .door201, prefix: "q")
    try await open(town)
    for person in ["p1", "p2"] { try await town.swab(person, "T1") }
    try await town.swab("q1", "T2")
    try await town.pass(.hours(2))
    try await town.results([("T1", "positive"), ("T2", "positive")], from: 1)
    #expect(try await town.recalls() == ["p1 held -", "p2 held -", "q1 case -"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("where it was not chosen a round keeps its number")
  func without() async throws {
    let town = try await Town()
    try await town.enrol(2)
    try await town.open(pool: 1)
    try await town.swab("p1", "T1")
    #expect(await refused { try await town.swab("p2", "T1") } == "tube.full")
    #expect(try await town.rows("SELECT home FROM swab").allSatisfy { $0.optionalText(0) == nil })
    #expect(
      try await town.page("/screening", ["place": Town.Spot.street.rawValue]).contains(
        "household_tube"))
  }
}

import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Screening: home visits") struct HomeVisitTests {
  private let round = RoundID(trusted: "r1")

  private func visits(_ town: Town, teams: Int = 1) async throws -> [String] {
    try await town.ask(
      PlanHomeVisits(round: round, place: Town.Spot.street.id, teams: teams), for: .fieldwork
    ).map {
      "\($0.team) \($0.person) \($0.noted ? "noted" : "registered")\($0.single ? " single" : "")"
    }
  }

  private func note(
    _ person: String, _ standing: Standing, _ reason: StandingReason, _ town: Town
  ) async throws {
    try await town.submit(
      NoteStanding(
        round: round, person: PersonID(trusted: person), standing: standing, reason: reason),
      as: "worker")
  }

  @Test("teams go to those of the round who cannot come, also when it was noted on the way")
  func fromRound() async throws {
    let town = try await Town()
    try await town.enrol([
      ListedPerson(id: "ill", home: .door101, tags: "bedridden"),
      ListedPerson(id: "walks", home: .door101), ListedPerson(id: "fell", home: .door201),
      ListedPerson(id: "far", home: .otherDoor, tags: "bedridden"),
      ListedPerson(id: "gone", home: .door201, isAway: true, tags: "bedridden"),
    ])
    try await town.open(over: .estate)
    // Whoever the register has and this round does not list is not visited for it.
    try await town.enrol([ListedPerson(id: "late", tags: "bedridden")])
    #expect(try await visits(town) == ["1 ill registered", "1 far registered"])
    #expect(
      await refused { try await note("fell", .missing, .travelling, town) } == "field.malformed")
    #expect(await refused { try await note("fell", .away, .homebound, town) } == "field.missing")
    try await note("fell", .missing, .homebound, town)
    #expect(
      try await visits(town, teams: 2) == ["1 ill registered", "2 fell noted", "2 far registered"])
    let untested = try await town.page("/untested", ["of": "r1/\(Town.Spot.building.rawValue)"])
    #expect(untested.contains("value=\"homebound\"") && untested.contains("is swabbed at home)"))
    let page = try await town.page("/screening/:round/homes", ["place": Town.Spot.street.rawValue])
    #expect(page.contains("noted in this round") && page.contains("registered as bedridden"))
    // Whoever is swabbed needs nobody; a void tube or a pool that is not negative sends somebody again.
    try await town.swab("ill", "T1")
    try await town.swab("fell", "T2")
    #expect(try await visits(town) == ["1 far registered"])
    try await town.submit(VoidTube(tube: TubeCode("T2"), round: round, reason: .leaking))
    #expect(try await visits(town) == ["1 fell noted", "1 far registered"])
    try await town.swab("walks", "T1")
    try await town.pass(.hours(2))
    try await town.results([("T1", "positive")], from: 1)
    #expect(
      try await visits(town) == ["1 ill registered single", "1 fell noted", "1 far registered"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("within an entrance a team climbs floor by floor, not by the number on the door")
  func floors() async throws {
    let town = try await Town()
    try await town.enrol([
      ListedPerson(id: "high", home: .door101, tags: "bedridden"),
      ListedPerson(id: "low", home: .door201, tags: "bedridden"),
    ])
    try await town.desk.storage.write { transaction in
      try transaction.execute(
        "UPDATE place SET floor = 9 WHERE id = \(Town.Spot.door101.id)")
      try transaction.execute(
        "UPDATE place SET floor = 2 WHERE id = \(Town.Spot.door201.id)")
    }
    try await town.open(over: .estate)
    #expect(try await visits(town).map { $0.split(separator: " ")[1] } == ["low", "high"])
  }
}

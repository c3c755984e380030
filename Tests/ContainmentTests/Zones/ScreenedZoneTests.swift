import Detection
import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

/// What a round of mass testing says of zones: it lets them go on the right day, and raises them at once.
@Suite("Rounds of mass testing and zones") struct ScreenedZoneTests {
  private func swab(_ people: [PersonID], _ tube: String, _ round: String, in town: Town)
    async throws
  {
    for person in people {
      try await town.submit(
        RegisterSwab(
          SwabRow(
            round: RoundID(trusted: round), person: person, tube: TubeCode(trusted: tube))),
        as: "duty")
    }
  }

  private func result(_ tube: String, _ result: TubeResult, _ number: Int, in town: Town)
    async throws
  {
    let answer = try await town.submit(
      ImportResults(rows: [
        .object([
          "tube": .text(tube), "result": .text(result.rawValue),
          "reported_at": .text(town.now.text(in: .china)), "laboratory": .text("lab"),
          "sequence": .text(String(number)),
        ])
      ]), as: "duty")
    #expect(answer.accepted == 1, "\(answer.outcomes.first?.code ?? "")")
    try await town.catchUp()
  }

  private func open(_ round: String, pool: Int = 10, in town: Town) async throws {
    try await town.submit(
      OpenRound(
        areas: [Town.Spot.community.id], name: round, pool: pool,
        round: RoundID(trusted: round)), as: "duty")
  }

  private func round(of zone: ZoneID, in town: Town) async throws -> ClauseFinding {
    let clauses = try await town.ask(ShowZone(zone: zone)).zone.clauses
    return try #require(clauses.first { $0.kind == "full_negative_round" })
  }

  @Test("a zone waits for a full negative round of its own people on the right day, and no other")
  func release() async throws {
    let town = try await Town.withNeighbours()
    let zone = try await town.seal()
    let own = [Town.zhao, Town.neighbour]
    // The round of day 6 comes too early, whatever it says.
    town.stall(at("2022-07-10T08:00+08:00") - town.now)
    try await open("day6", in: town)
    try await swab(own + [Town.across], "E1", "day6", in: town)
    town.stall(.hours(4))
    try await result("E1", .negative, 1, in: town)
    town.stall(at("2022-07-11T08:00+08:00") - town.now)
    #expect(try await !round(of: zone, in: town).isMet)
    // On day 7 somebody across the street says nothing of the zone, and a tube that is not negative
    // nothing of anybody in it.
    try await open("day7", in: town)
    try await swab([Town.across], "A1", "day7", in: town)
    try await swab(own, "B1", "day7", in: town)
    town.stall(.hours(2))
    try await result("A1", .negative, 2, in: town)
    #expect(try await !round(of: zone, in: town).isMet)
    try await result("B1", .singleTarget, 3, in: town)
    #expect(try await !round(of: zone, in: town).isMet)
    // Each of their own tube; the round is full with the last of them.
    try await swab([Town.neighbour], "S1", "day7", in: town)
    town.stall(.hours(2))
    try await result("S1", .negative, 4, in: town)
    if try await !round(of: zone, in: town).isMet {
      try await swab([Town.zhao], "S2", "day7", in: town)
      town.stall(.hours(2))
      try await result("S2", .negative, 5, in: town)
    }
    // It opens to the doors of which it was computed true.
    let met = try await round(of: zone, in: town)
    #expect(met.isMet && met.total == 0)
    #expect(met.rows.allSatisfy { $0.kind == .door && $0.detail == ClauseFinding.met })
    // The infected person is in hospital and waited for no longer.
    #expect(met.rows.compactMap(\.people) == [1])
    #expect(await town.refused(StepDownZone(zone: zone)) == "zone.clauseUnmet")
    town.stall(at("2022-07-12T00:00+08:00") - town.now)
    #expect(await town.refused(StepDownZone(zone: zone)) == nil)
    try await town.catchUp()
    #expect(try await town.violations() == [:])
  }

  @Test("one positive tube of a round proposes the strict zone at once, and a pool proposes none")
  func raise() async throws {
    let town = try await Town.withNeighbours()
    try await open("r", in: town)
    try await swab([Town.neighbour, Town.across], "P1", "r", in: town)
    town.stall(.hours(2))
    try await result("P1", .positive, 1, in: town)
    // Ten in a tube are held; a fence needs a person who is infected.
    #expect(try await town.zones(.proposed).isEmpty)
    try await swab([Town.neighbour], "S1", "r", in: town)
    try await swab([Town.across], "S2", "r", in: town)
    town.stall(.hours(2))
    try await result("S2", .negative, 2, in: town)
    #expect(try await town.zones(.proposed).isEmpty)
    try await result("S1", .positive, 3, in: town)
    let proposed = try await town.zones(.proposed)
    #expect(proposed.map(\.level) == [.high] && proposed.count == 1)
    let infection = try #require(try await town.rows("SELECT id, person FROM infection").first)
    #expect(infection.text(1) == Town.neighbour.text)
    let zone = try #require(proposed.first?.zone)
    #expect(await town.refused(OpenZone(zone: zone)) == nil)
    #expect(try await town.zones().map(\.zone) == [zone])
    #expect(try await town.violations() == [:])
  }
}

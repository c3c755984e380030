import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("Where zones lie") struct ZoneGroundTests {
  private static func ground(_ town: Town, _ spot: Town.Spot) async throws
    -> ShowZoneGround.Answer
  {
    try await town.ask(ShowZoneGround(place: spot.id))
  }

  @Test("an entrance is marked when it is proposed and when it is held, and its neighbours are not")
  func entrance() async throws {
    let town = try await Town.withNeighbours()
    let before = try await Self.ground(town, .estate)
    #expect(before.marks.isEmpty)
    #expect(before.blocks.map(\.whole.name) == ["1号楼", "2号楼"])
    #expect(before.blocks.map(\.whole.people) == [2, 1])
    #expect(before.blocks.first?.stairs.map(\.name) == ["1单元"])
    try await town.report("c-1")
    let proposed = try await Self.ground(town, .estate)
    #expect(proposed.marks.map(\.state) == [.proposed])
    #expect(proposed.marks.first?.unmet == 0 && proposed.marks.first?.earliest == nil)
    let zone = try #require(proposed.marks.first?.zone)
    try await town.submit(OpenZone(zone: zone), as: "street")
    let held = try await Self.ground(town, .estate)
    let mark = try #require(held.marks.first)
    #expect(mark.state == .standing && mark.level == .high && mark.unmet > 0)
    #expect(mark.earliest.map { $0 > town.now } == true)
    #expect(held.blocks.map(\.whole.zone) == [nil, nil])
    #expect(held.blocks.first?.stairs.map(\.zone) == [zone])
  }

  @Test("what holds a building whole stands on the building and on its entrances")
  func building() async throws {
    let town = try await Town.withNeighbours()
    try await town.settleZones(.building)
    let shown = try await Self.ground(town, .estate)
    let zone = ZoneID(trusted: Town.Spot.building.rawValue)
    #expect(shown.blocks.map(\.whole.zone) == [zone, nil])
    #expect(shown.blocks.first?.stairs.map(\.zone) == [zone])
  }

  @Test("a zone that holds the whole estate is on every building, seen from one building, too")
  func estate() async throws {
    let town = try await Town.withNeighbours()
    try await town.settleZones(.estate)
    let zone = ZoneID(trusted: Town.Spot.estate.rawValue)
    let shown = try await Self.ground(town, .community)
    #expect(shown.blocks.map(\.whole.zone) == [zone, zone])
    let one = try await Self.ground(town, .otherBuilding)
    #expect(one.blocks.map(\.whole.zone) == [zone])
    let door = try await Self.ground(town, .entrance)
    #expect(door.blocks.map(\.whole.name) == ["1号楼"])
  }

  @Test("the strictest of several is shown, and what is over is not")
  func strictest() async throws {
    let town = try await Town.withNeighbours()
    try await town.settleZones(.estate, .building)
    try await town.change(
      "UPDATE zone SET level = 'low' WHERE id = \(Town.Spot.estate.rawValue)")
    let shown = try await Self.ground(town, .estate)
    #expect(
      shown.blocks.map(\.whole.zone?.text)
        == [Town.Spot.building.rawValue, Town.Spot.estate.rawValue])
    try await town.change(
      "UPDATE zone SET state = 'ended', end_reason = 'released', ended_at = \(town.now) WHERE id = \(Town.Spot.building.rawValue)"
    )
    let later = try await Self.ground(town, .estate)
    #expect(
      later.blocks.map(\.whole.zone?.text) == [
        Town.Spot.estate.rawValue, Town.Spot.estate.rawValue,
      ])
  }

  @Test("a street is shown by its communities, with zones, people and the first end")
  func street() async throws {
    let town = try await Town.withNeighbours()
    let zone = try await town.seal()
    let shown = try await Self.ground(town, .street)
    #expect(shown.blocks.isEmpty)
    #expect(shown.parts.map(\.name) == ["河西社区", "北山社区"])
    #expect(shown.parts.map(\.zones) == [1, 0])
    #expect(shown.parts.map(\.people) == [2, 0])
    #expect(shown.marks.map(\.zone) == [zone])
    #expect(shown.parts.first?.earliest == shown.marks.first?.earliest)
  }

  @Test("who answers for another community sees nothing of it")
  func elsewhere() async throws {
    let town = try await Town.withNeighbours()
    try await town.seal()
    await #expect(throws: Refusal.self) {
      try await town.ask(ShowZoneGround(place: Town.Spot.community.id), as: "otherLeader")
    }
    let street = try await town.ask(
      ShowZoneGround(place: Town.Spot.otherCommunity.id), as: "otherLeader")
    #expect(street.marks.isEmpty && street.blocks.isEmpty)
  }
}

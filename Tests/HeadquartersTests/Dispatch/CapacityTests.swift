import Kernel
import Registry
import Testing
import Town

@testable import Headquarters

@Suite("Capacity") struct CapacityTests {
  private static func report(
    _ site: String, _ total: Int, _ used: Int, in town: Town, as account: String = "duty"
  ) async throws {
    try await town.submit(
      ReportCapacity(
        site: site, kind: .rooms, place: Town.Spot.street.id, total: total, used: used),
      as: account)
  }

  private static func tally(in town: Town, at spot: Town.Spot = .district) async throws -> Tally? {
    try await town.read { reading in
      let path = try PlacesStore(reading.transaction).get(spot.id).path
      return try CapacityTallies.all[0].tally(spot.id, path, reading)
    }
  }

  @Test("the latest report of each site is added up, and what is left is never less than nothing")
  func sums() async throws {
    let town = try await Town()
    #expect(try await Self.tally(in: town) == nil)
    try await Self.report("海滨酒店", 100, 60, in: town)
    try await Self.report("海滨酒店", 100, 80, in: town)
    try await Self.report("山景酒店", 50, 55, in: town)
    let tally = try #require(try await Self.tally(in: town))
    #expect(tally.value == 135 && tally.whole == 150)
    #expect(tally.beside.english == "15 free" && !tally.isLate)
    #expect(try await Self.tally(in: town, at: .otherDistrict) == nil)
    town.stall(.hours(25))
    #expect(try await Self.tally(in: town)?.note?.english == "oldest report 25 h ago")
    try await Self.report("海滨酒店", 80, 80, in: town)
    try await Self.report("山景酒店", 50, 50, in: town)
    #expect(try await Self.tally(in: town)?.isLate == true)
  }

  @Test("a list comes in and goes out as it came, wrong rows named")
  func files() async throws {
    let town = try await Town()
    func row(_ site: String, _ kind: String, _ code: String, _ used: String) -> Fields {
      .object([
        "site": .text(site), "kind": .text(kind), "place_code": .text(code),
        "total": .text("10"), "used": .text(used),
      ])
    }
    let answer = try await town.submit(
      ImportCapacity(
        rows: [
          row("一号", "beds", "370203030", "3"), row("二号", "boats", "370203030", "3"),
          row("三号", "beds", "999", "3"), row("四号", "beds", "370203030", "-1"),
        ], run: nil))
    #expect(answer.accepted == 1)
    #expect(answer.outcomes.map(\.field) == ["kind", "place_code", "used"])
    let rows = try await town.ask(ExportCapacity(place: Town.Spot.district.id, after: nil)).rows
    #expect(rows == [["一号", "beds", "370203030", "10", "3"]])
  }

  @Test("only who supervises an area reports for it")
  func duty() async throws {
    let town = try await Town()
    try await Self.report("x", 1, 0, in: town, as: "street")
    await #expect(throws: Refusal.self) {
      try await Self.report("x", 1, 0, in: town, as: "leader")
    }
  }
}

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
    // Five too many at one hotel take no room at the other.
    #expect(tally.beside.english == "20 free" && !tally.isLate)
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

  @Test("page after page brings every site once, and the page's total is the wall's")
  func pages() async throws {
    let town = try await Town()
    func fields(_ number: Int) -> Fields {
      .object([
        "site": .text("第\(number)处/东"), "kind": .text(number.isMultiple(of: 2) ? "rooms" : "beds"),
        "place_code": .text("370203030"), "total": .text("10"),
        "used": .text(number.isMultiple(of: 5) ? "12" : "4"),
      ])
    }
    for start in stride(from: 0, to: 2_100, by: 500) {
      let rows = (start..<min(start + 500, 2_100)).map(fields)
      try await town.submit(ImportCapacity(rows: rows, run: nil))
    }
    var sites: [String] = []
    var after: String?
    repeat {
      let page = try await town.ask(ExportCapacity(place: nil, after: after))
      sites += page.rows.map { $0[0] }
      after = page.after
    } while after != nil
    #expect(sites.count == 2_100 && Set(sites).count == 2_100)
    let html = try await town.read { reading in
      let screen = try #require(reading.assembly.screens.first { $0.path == "/capacity" })
      return try screen.render(
        ScreenRequest(
          parameters: [:], query: ["place": Town.Spot.street.id.text], address: "/capacity",
          newCommandID: { "x" }), reading
      ).body.text
    }
    let tally = try #require(try await Self.tally(in: town, at: .street))
    #expect(tally.beside.english == "5,040 free")
    for number in ["10,500", "5,880", "5,040"] { #expect(html.contains(number), "\(number)") }
    #expect(html.contains("after="))
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

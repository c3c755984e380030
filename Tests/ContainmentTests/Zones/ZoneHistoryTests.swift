import Kernel
import Testing

@testable import Containment

@Suite("What became of published zones") struct ZoneHistoryTests {
  private func listing(
    _ asOf: String, _ area: String, _ level: ZoneLevel, city: String = "3702"
  ) throws -> ZoneListing {
    ZoneListing(
      asOf: try #require(Instant(asOf, in: .china)),
      zone: ListedZone(city: city, county: "市北区", area: area), level: level)
  }

  private func history(
    _ rows: (String, String, ZoneLevel)...
  ) throws -> ZoneHistory {
    ZoneHistory(try rows.map { try listing($0.0, $0.1, $0.2) }, zone: .china)
  }

  @Test("the last list of a day counts, and what one list names twice counts at the higher")
  func lastList() throws {
    let history = try history(
      ("2022-11-01 08:00", "A", .high), ("2022-11-01 08:00", "B", .low),
      ("2022-11-01 20:00", "A", .low), ("2022-11-01 20:00", "A", .high),
      ("2022-11-01 20:00", "C", .low))
    #expect(history.days.map(\.standing) == [["3702-high": 1, "3702-low": 1]])
    #expect(history.days[0].events == ["3702-opened_high": 1, "3702-opened_low": 1])
    #expect(history.contradictions.map(\.area) == ["A"])
    #expect(history.contradictions.map(\.levels) == [["high", "low"]])
  }

  @Test("zones open, rise, fall and close, each day against the day before")
  func events() throws {
    let history = try history(
      ("2022-11-01 20:00", "A", .low), ("2022-11-01 20:00", "B", .high),
      ("2022-11-02 20:00", "A", .high), ("2022-11-02 20:00", "B", .medium),
      ("2022-11-03 20:00", "A", .high))
    #expect(
      history.days.map(\.events) == [
        ["3702-opened_low": 1, "3702-opened_high": 1], ["3702-raised": 1, "3702-lowered": 1],
        ["3702-closed_medium": 1],
      ])
    #expect(history.episodes["3702-high"]?.count == 2)
    #expect(history.episodes["3702-high"]?.most == 2)
    #expect(history.episodes["3702-high"]?.meanDays == 1.5)
    #expect(history.episodes["3702-medium"]?.most == 1)
  }

  @Test(
    "off the list for one to seven days is reopened, for eight it is a new zone",
    arguments: [(1, 1), (7, 1), (8, 0)])
  func reopened(off: Int, count: Int) throws {
    let back = try #require(Day("2022-11-01")) + off + 1
    let history = try history(
      ("2022-11-01 20:00", "A", .low), ("\(back.text) 20:00", "A", .low))
    #expect(history.reopenedWithinSevenDays == count)
    #expect(history.daysWithoutList.count == off)
    #expect(history.days.count == off + 2)
    #expect(history.days[1].standing.isEmpty)
    #expect(history.days[1].events == ["3702-closed_low": 1])
  }

  @Test("levels are read as lists write them, and nothing else")
  func levels() {
    #expect(ZoneLevel(written: "高风险区") == .high)
    #expect(ZoneLevel(written: "Medium") == .medium)
    #expect(ZoneLevel(written: "封控区") == .sealed)
    #expect(ZoneLevel(written: "red") == nil)
    #expect(ZoneLevel(written: "") == nil)
  }
}

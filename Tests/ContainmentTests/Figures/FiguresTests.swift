import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("The public figures") struct FiguresTests {
  private func figures(_ town: Town, days: Int? = nil) async throws -> PublicFigures.Answer {
    try await town.ask(PublicFigures(days: days), for: .supervision, from: .nobody)
  }

  @Test("anybody sees how many were restricted, by which clause, and how objections ended")
  func counted() async throws {
    let town = try await Town.withZhao()
    let empty = try await figures(town)
    #expect(empty.since == nil && empty.days.map(\.started) == [0])
    #expect(empty.upheldPercent == nil && empty.medianDelayMinutes == nil)
    try await town.pass(.days(1))
    try await town.confirm(exposedAt: town.now)
    let view = try #require(try await town.own().first)
    let objection = try await town.submit(
      RaiseObjection(restriction: view.restriction, ground: "我当天不在场"),
      from: .resident(Town.zhao)
    ).objection
    var seen = try await figures(town)
    #expect(seen.days.first?.started == 1 && seen.days.first?.objections == 1)
    #expect(seen.clauses.map(\.code) == [view.clause] && seen.clauses.map(\.count) == [1])
    try await town.pass(.days(1) + .minutes(1))
    try await town.submit(
      DecideObjection(objection: objection, upheld: true, reason: "证据不足"), as: "reviewer")
    seen = try await figures(town)
    #expect(seen.days.map(\.started) == [0, 1])
    let today = try #require(seen.days.first)
    #expect(today.lapsed == 1 && today.decided == 1 && today.upheld == 1 && today.ended == 1)
    #expect(seen.upheldPercent == 100 && seen.reasons.map(\.code) == ["objection_upheld"])
    #expect(try await figures(town, days: 1).days.count == 1)
    #expect(try await town.violations() == [:])
    let names = try await town.rows("SELECT about FROM public_figure").map { $0.text(0) }
    #expect(!names.contains { $0.contains("zhao") })
  }

  @Test("what ends by itself is counted with how long after its end it was taken down")
  func delays() async throws {
    let town = try await Town.withZhao()
    try await town.confirm(exposedAt: town.now)
    let end = try #require(try await town.own().first?.end)
    town.stall(end - town.now + .minutes(7))
    try await town.catchUp()
    let seen = try await figures(town)
    #expect(seen.medianDelayMinutes == 7)
    #expect(seen.reasons.map(\.code) == ["expired"])
  }

  @Test("a zone that another office declines is a decision on many, one's own proposal is none")
  func declinedZones() async throws {
    let town = try await Town.withZhao()
    try await town.report("c-1")
    let zone = try #require(try await town.zones(.proposed).first?.zone)
    try await town.submit(DeclineZone(zone: zone), as: "street")
    #expect(try await figures(town).days.first?.declined == 1)
    let own = try await town.submit(
      ProposeZone(
        places: [Town.Spot.building.id], level: .high, infection: CaseID(trusted: "c-1")),
      as: "street"
    ).zone
    try await town.submit(DeclineZone(zone: own), as: "street")
    #expect(try await figures(town).days.first?.declined == 1)
  }

  @Test("a number that was forged is found")
  func forged() async throws {
    let town = try await Town.withZhao()
    try await town.isolateAtHome()
    try await town.pass(.days(1))
    try await town.confirm("home-2", exposedAt: town.now)
    #expect(try await town.violations() == [:])
    try await town.change(
      "INSERT INTO public_figure VALUES (\(Day(of: town.now, in: .china).number), 'started', 'x', 3)"
    )
    #expect(try await town.violations()["I-11"]?.count == 1)
  }

  @Test("more days than are kept in mind are refused in words", arguments: [0, -1, 367])
  func refused(days: Int) async throws {
    let town = try await Town.withZhao()
    let refusal = await #expect(throws: Refusal.self) { try await figures(town, days: days) }
    #expect(refusal?.field == "days")
  }

  @Test(
    "the median is the middle one, and a share is rounded",
    arguments: [
      ([:], nil), ([3: 1], 3), ([0: 1, 9: 1], 0), ([0: 1, 5: 1, 9: 1], 5), ([0: 1, 7: 40], 7),
    ] as [([Int: Int], Int?)])
  func median(counts: [Int: Int], middle: Int?) {
    #expect(FiguresRules.median(counts) == middle)
    #expect(FiguresRules.percent(1, of: 3) == 33 && FiguresRules.percent(2, of: 3) == 67)
    #expect(FiguresRules.percent(1, of: 200) == 1 && FiguresRules.percent(0, of: 0) == nil)
  }
}

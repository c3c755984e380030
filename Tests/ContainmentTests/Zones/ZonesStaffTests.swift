import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("Who stands at a zone, and what is brought to its doors") struct ZonesStaffTests {
  private func shift(_ from: Int, _ until: Int, role: String = "member") -> ZoneShift {
    ZoneShift(
      id: "\(from)", zone: ZoneID(trusted: "z"), role: role, checkpoint: nil,
      account: AccountID(trusted: "a\(from)"), from: Instant(seconds: Int64(from)),
      until: Instant(seconds: Int64(until)))
  }

  private func gaps(_ shifts: [ZoneShift], needed: Int = 1) -> [[Int64]] {
    ZonesRules.gaps(
      shifts, role: "member", needed: needed, from: Instant(seconds: 0),
      until: Instant(seconds: 100)
    ).map { [$0.from.milliseconds / 1_000, $0.until.milliseconds / 1_000, Int64($0.present)] }
  }

  @Test("a gap is named from its first second to its last")
  func gapRules() {
    #expect(gaps([]) == [[0, 100, 0]])
    #expect(gaps([shift(0, 100)]) == [])
    #expect(gaps([shift(0, 50), shift(50, 100)]) == [])
    #expect(gaps([shift(0, 50), shift(51, 100)]) == [[50, 51, 0]])
    #expect(gaps([shift(-20, 40), shift(30, 120)]) == [])
    #expect(gaps([shift(-20, 40), shift(30, 120)], needed: 2) == [[0, 30, 1], [40, 100, 1]])
    #expect(gaps([shift(0, 100, role: "point_leader")]) == [[0, 100, 0]])
  }

  @Test("the roster's gap is owed until the turns close it round the clock")
  func roster() async throws {
    let town = try await Town.withNeighbours()
    let zone = try await town.seal()
    func owed() async throws -> Bool {
      try await town.ask(ListObligations(place: nil)).obligations.contains {
        $0.kind == "zones.staff"
      }
    }
    #expect(try await owed())
    let start = town.now
    let posts = [
      ("point_leader", "street", "duty"), ("group_leader", "leader", "otherLeader"),
      ("member", "worker", "otherWorker"), ("member", "investigator", "reviewer"),
      ("member", "auditor", "admin"),
    ]
    var gaps: [RosterGap] = []
    for (role, day, night) in posts {
      for (account, from) in [(day, start), (night, start + .hours(12))] {
        gaps = try await town.submit(
          AssignZoneShift(
            zone: zone, role: role, account: AccountID(trusted: account), from: from,
            until: from + .hours(12), days: 2), as: "street"
        ).gaps
      }
    }
    #expect(gaps == [])
    #expect(try await owed() == false)
    let twice = AssignZoneShift(
      zone: zone, role: "member", account: AccountID(trusted: "worker"),
      from: start + .hours(11), until: start + .hours(13))
    #expect(await town.refused(twice) == "zone.shiftTwice")
    let long = AssignZoneShift(
      zone: zone, role: "member", account: AccountID(trusted: "worker"), from: start,
      until: start + .hours(13))
    #expect(await town.refused(long) == "zone.shiftLength")
    let card = try await town.ask(ShowZone(zone: zone))
    let night = try #require(card.roster.first { $0.account.text == "admin" })
    try await town.submit(UnassignZoneShift(shift: night.shift), as: "street")
    #expect(try await owed())
    let gap = try #require(try await town.ask(ShowZone(zone: zone)).gaps.first)
    #expect(gap.role == "member" && gap.present == 2 && gap.needed == 3)
    #expect(gap.from == start + .hours(12))
    #expect(try await town.violations() == [:])
  }

  @Test("a gate needs somebody day and night from the moment it is set")
  func gate() async throws {
    let town = try await Town.withNeighbours()
    let zone = try await town.seal()
    let gate = try await town.submit(
      SetZoneCheckpoint(zone: zone, place: Town.Spot.estate.id, name: "东门"), as: "leader"
    ).checkpoint
    let gaps = try await town.ask(ShowZone(zone: zone)).gaps
    #expect(gaps.contains { $0.checkpoint == gate && $0.needed == 1 })
  }

  @Test("services and the day's round are owed at their hours, once, and fall away with the zone")
  func services() async throws {
    let town = try await Town.withNeighbours()
    try await town.seal()
    func owed() async throws -> [String] {
      try await town.ask(ListObligations(place: nil)).obligations.map(\.kind).filter {
        $0.hasPrefix("zones.") && $0 != "zones.staff"
      }.sorted()
    }
    let first = [
      "zones.disinfection", "zones.medical", "zones.rubbish", "zones.rubbish", "zones.supply",
      "zones.supply",
    ]
    #expect(try await owed() == first)
    try await town.pass(.minutes(5))
    #expect(try await owed() == first)
    town.stall(at("2022-07-05T00:10+08:00") - town.now)
    try await town.catchUp()
    #expect(try await owed().contains("zones.round"))
    try await town.submit(
      Happen(
        event: .infectionWithdrawn(
          CaseWithdrawn(infection: CaseID(trusted: "c-1"), person: Town.zhao))), from: .clock)
    #expect(try await owed() == ["zones.gate"])
  }

  @Test("published lists come in as they are, twice does nothing, and go out as they came")
  func lists() async throws {
    let town = try await Town()
    func row(_ area: String, _ level: String, _ asOf: String = "2022-11-01 20:00") -> Fields {
      .object([
        "as_of": .text(asOf), "city_code": .text("3702"), "county": .text("市北区"),
        "area": .text(area), "level": .text(level),
      ])
    }
    let rows = [
      row("A", "high"), row("A", "高风险"), row("A", "low"), row("B", "重大"),
      row("C", "medium", "yesterday"),
    ]
    let answer = try await town.submit(ImportZoneLists(rows: rows))
    #expect(answer.accepted == 2)
    #expect(answer.outcomes.map(\.verdict) == [.duplicate, .rejected, .rejected])
    let history = try await town.ask(ListedZoneHistory())
    #expect(history.contradictions.map(\.area) == ["A"])
    let out = try await town.ask(ExportZoneLists())
    #expect(out.rows.map { $0[4] } == ["high", "low"])
  }

  @Test("a list of no city, of the future or of long ago is refused by row and field")
  func implausible() async throws {
    let town = try await Town()
    func row(_ asOf: String, _ city: String) -> Fields {
      .object([
        "as_of": .text(asOf), "city_code": .text(city), "area": .text("A"), "level": .text("high"),
      ])
    }
    let rows = [
      row("2022-11-01", "3702"), row("2099-11-01", "3702"), row("2202-04-15", "3702"),
      row("1999-01-01", "3702"), row("2022-11-01", "abcd"), row("2022-11-01", "3799"),
      row("2022-11-01", "37"), row("2022-11-01", "1101"), row("2022-11-01", "370203"),
    ]
    let answer = try await town.submit(ImportZoneLists(rows: rows))
    #expect(answer.accepted == 3)
    #expect(answer.outcomes.map(\.row) == [1, 2, 3, 4, 5, 6])
    #expect(
      answer.outcomes.map(\.field) == [
        "as_of", "as_of", "as_of", "city_code", "city_code", "city_code",
      ])
  }

  @Test("a list that should not have come in is taken out, for a reason, and may come in again")
  func takenOut() async throws {
    let town = try await Town()
    func row(_ asOf: String, _ area: String) -> Fields {
      .object([
        "as_of": .text(asOf), "city_code": .text("3702"), "area": .text(area),
        "level": .text("high"),
      ])
    }
    let wrong = [row("2022-11-02 20:00", "A"), row("2022-11-02 20:00", "B")]
    try await town.submit(ImportZoneLists(rows: [row("2022-11-01 20:00", "A")] + wrong))
    let none = TakeOutZoneList(asOf: "2022-11-03", city: "3702", reason: "错表")
    #expect(await town.refused(none, as: "duty") == "zones.noList")
    #expect(
      await town.refused(
        TakeOutZoneList(asOf: "2022-11-02 20:00", city: "3702", reason: " "), as: "duty")
        == "field.missing")
    let out = TakeOutZoneList(asOf: "2022-11-02 20:00", city: "3702", reason: "错表")
    #expect(await town.refused(out, as: "street") == "duty.notHeld")
    #expect(try await town.submit(out).lines == 2)
    #expect(try await town.ask(ExportZoneLists()).rows.count == 1)
    #expect(await town.refused(out, as: "duty") == "zones.noList")
    let told = try await town.rows(
      "SELECT payload, sender FROM journal WHERE name = 'zones.listTakenOut'")
    #expect(told.count == 1 && told[0].text(0).contains("错表") && told[0].text(1) == "duty")
    // It stays for ever, with who took it out and why; imported again it is a list again.
    let lists = try await town.ask(TakenOutZoneLists()).lists
    #expect(
      lists.map(\.lines) == [2] && lists.map(\.reason) == ["错表"] && lists.map(\.by) == ["duty"])
    #expect(lists.map(\.takenAt) == [town.now])
    #expect(try await town.submit(ImportZoneLists(rows: wrong)).accepted == 2)
    #expect(try await town.ask(ExportZoneLists()).rows.count == 3)
    // That it was out, by whom and why, stays known all the same; taken out again it is told twice.
    let back = try await town.ask(TakenOutZoneLists()).lists
    #expect(back.map(\.lines) == [2] && back.map(\.reason) == ["错表"])
    #expect(back.map(\.backAt) == [town.now] && back.map(\.backBy) == ["duty"])
    town.stall(.hours(1))
    #expect(try await town.submit(out).lines == 2)
    #expect(
      try await town.ask(TakenOutZoneLists()).lists.map { $0.backAt == nil } == [true, false])
  }

  @Test("a reason is as long as somebody reads, and a bare number is no time")
  func reasons() async throws {
    let town = try await Town()
    func out(_ asOf: String, _ reason: String) -> TakeOutZoneList {
      TakeOutZoneList(asOf: asOf, city: "3702", reason: reason)
    }
    let long = String(repeating: "错", count: 501)
    #expect(await town.refused(out("2022-11-03", long), as: "duty") == "zones.reasonLong")
    let most = String(repeating: "错", count: 500)
    #expect(await town.refused(out("2022-11-03", most), as: "duty") == "zones.noList")
    #expect(await town.refused(out("9999", "错表"), as: "duty") == "field.malformed")
  }
}

import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("Whom a zone restricts") struct ZoneResidentsTests {
  private static let third = PersonID(trusted: "third")

  /// A sealed entrance, and somebody whom an account moved into it after having caused as many
  /// restrictions as one may.
  private func held() async throws -> (Town, ZoneID) {
    let town = try await Town.withNeighbours()
    try await town.submit(
      Happen(event: .resident(Self.third, Town.Spot.door102.id)), from: .clock)
    let zone = try await town.seal()
    try await town.exhaust("leader")
    try await town.submit(
      MoveResident(person: Town.across, to: Town.Spot.door102.id), as: "leader")
    try await town.catchUp()
    #expect(try await town.own(Town.across).isEmpty)
    return (town, zone)
  }

  private func decide(
    _ town: Town, approved: Bool, _ people: Int = 1
  ) async throws -> ApproveHeld {
    let leader = AccountID(trusted: "leader")
    let shown = try await town.ask(HeldRestrictions(account: leader), for: .containment)
    return ApproveHeld(
      account: leader, approved: approved, expected: people, preview: shown.preview)
  }

  @Test(
    "who waits for a second person waits on when another infection is found, and then counts anew")
  func waits() async throws {
    let (town, _) = try await held()
    town.stall(at("2022-07-08T10:00+08:00") - town.now)
    try await town.report("c-2", of: Self.third)
    try await town.catchUp()
    #expect(try await town.own(Town.across).isEmpty)
    try await town.submit(try await decide(town, approved: true), as: "duty")
    try await town.catchUp()
    let running = try await town.own(Town.across).filter { $0.state == .effective }
    #expect(running.map(\.end) == [at("2022-07-16T00:00+08:00")])
    #expect(try await town.violations() == [:])
  }

  @Test("whom a second person did not approve stays free when another infection is found")
  func declined() async throws {
    let (town, _) = try await held()
    try await town.submit(try await decide(town, approved: false), as: "duty")
    town.stall(at("2022-07-08T10:00+08:00") - town.now)
    try await town.report("c-2", of: Self.third)
    try await town.catchUp()
    #expect(try await town.own(Town.across).isEmpty)
    #expect(try await town.violations() == [:])
  }

  @Test("a decision on people whom nothing holds any more can still be closed, once")
  func nothingLeft() async throws {
    let (town, _) = try await held()
    try await town.withdrawCase("c-1")
    try await town.catchUp()
    #expect(try await owed(town) == 1)
    #expect(
      await town.refused(try await decide(town, approved: true), as: "duty")
        == "restriction.heldChanged")
    #expect(
      await town.refused(try await decide(town, approved: true, 0), as: "worker") == "duty.notHeld")
    #expect(await town.refused(try await decide(town, approved: true, 0), as: "duty") == nil)
    #expect(try await owed(town) == 0)
    #expect(await town.refused(try await decide(town, approved: true, 0), as: "duty") == "notFound")
  }

  private func owed(_ town: Town) async throws -> Int {
    try await town.rows(
      "SELECT COUNT(*) FROM obligation WHERE kind = 'restrictions.held' AND closed_at IS NULL"
    ).first?.integer(0) ?? 0
  }

  @Test("whoever was no case after all is held by the zone again that they live in")
  func noCaseAfterAll() async throws {
    let town = try await Town.withNeighbours()
    try await town.submit(
      Happen(event: .resident(Self.third, Town.Spot.door102.id)), from: .clock)
    _ = try await town.seal()
    try await town.catchUp()
    func held() async throws -> [RestrictionView] {
      try await town.own(Self.third).filter { $0.state == .effective }
    }
    let before = try await held()
    #expect(before.map(\.evidence).map { $0.map(\.kind) } == [[.zoneResidence]])
    try await town.report("c-2", of: Self.third)
    try await town.catchUp()
    #expect(try await held().map(\.kind) == [.hospital])
    try await town.withdrawCase("c-2", of: Self.third)
    try await town.catchUp()
    let after = try await held()
    #expect(after.map(\.clause) == before.map(\.clause) && after.map(\.end) == before.map(\.end))
    #expect(try await town.violations() == [:])
  }

  @Test("what an earlier illness ended does not come back when a later report was mistaken")
  func earlierIllness() async throws {
    let town = try await Town.withNeighbours()
    try await town.submit(
      Happen(event: .resident(Self.third, Town.Spot.door102.id)), from: .clock)
    _ = try await town.seal()
    try await town.catchUp()
    try await town.report("c-2", of: Self.third)
    try await town.catchUp()
    let ill = try #require(
      try await town.own(Self.third).first { $0.state == .effective && $0.kind == .hospital })
    try await town.endEarly(ill.restriction)
    town.stall(.minutes(1))
    try await town.report("c-3", of: Self.third)
    try await town.withdrawCase("c-3", of: Self.third)
    try await town.catchUp()
    #expect(try await town.own(Self.third).allSatisfy { $0.state != .effective })
  }

  @Test("when an infection was none after all its days are taken back, and nobody is held anew")
  func takenBack() async throws {
    let town = try await Town.withNeighbours()
    let fourth = PersonID(trusted: "fourth")
    for person in [Self.third, fourth] {
      try await town.submit(
        Happen(event: .resident(person, Town.Spot.door102.id)), from: .clock)
    }
    try await town.seal()
    town.stall(at("2022-07-08T10:00+08:00") - town.now)
    try await town.report("c-2", of: Self.third)
    try await town.catchUp()
    func running(_ person: PersonID) async throws -> [RestrictionView] {
      try await town.own(person).filter { $0.state == .effective }
    }
    #expect(try await running(Town.neighbour).map(\.end) == [at("2022-07-16T00:00+08:00")])
    let freed = try #require(try await running(fourth).first)
    try await town.endEarly(freed.restriction)
    try await town.withdrawCase("c-2", of: Self.third)
    try await town.catchUp()
    #expect(try await running(Town.neighbour).map(\.end) == [at("2022-07-12T00:00+08:00")])
    #expect(try await running(fourth).isEmpty)
    #expect(try await town.violations() == [:])
  }

  @Test("whoever is registered in a zone that stands is restricted like everybody in it")
  func enrolled() async throws {
    let town = try await Town.withNeighbours()
    let zone = try await town.seal()
    town.stall(.hours(5))
    try await town.submit(
      Happen(event: .resident(Self.third, Town.Spot.door102.id)), from: .clock)
    let view = try #require(try await town.own(Self.third).first)
    #expect(view.evidence == [Evidence(kind: .zoneResidence, reference: zone.text)])
    #expect(view.end == at("2022-07-12T00:00+08:00"))
    let outside = PersonID(trusted: "outside")
    try await town.submit(
      Happen(event: .resident(outside, Town.Spot.otherDoor.id)), from: .clock)
    #expect(try await town.own(outside).isEmpty)
    try await town.catchUp()
    #expect(try await town.violations() == [:])
  }

  @Test("a file that registers many in a zone restricts no more of them than one may")
  func imported() async throws {
    let town = try await Town.withNeighbours()
    try await town.seal()
    let rows = (0..<23).map { number -> Fields in
      .object(
        [
          "person": "new-\(number)", "name": "王小明", "sex": "male", "birth_date": "1990-01-01",
          "community_code": "370203030001", "estate": "海云小区", "building": "1号楼",
          "entrance": "1单元", "floor": "5", "room": "501",
        ].mapValues { .text($0) })
    }
    let answer = try await town.submit(ImportResidents(rows: rows, run: "run"), as: "leader")
    #expect(answer.accepted == 23)
    try await town.catchUp()
    let restricted = try await town.rows(
      "SELECT COUNT(*) FROM restriction WHERE ended_at IS NULL AND person LIKE 'new-%'")
    #expect(restricted.first?.integer(0) == 20)
    let held = try await town.ask(
      HeldRestrictions(account: AccountID(trusted: "leader")), for: .containment)
    #expect(held.people == 3)
    #expect(try await town.violations() == [:])
  }
}

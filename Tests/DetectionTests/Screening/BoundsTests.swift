import Gazette
import Kernel
import Testing
import Town

@testable import Detection

@Suite("Screening: bounds") struct ScreeningBoundsTests {
  private let round = RoundID(trusted: "r1")

  /// The field that a refusal names.
  private func field(_ body: () async throws -> Void) async -> String? {
    do {
      try await body()
      return nil
    } catch let refusal as Refusal {
      return refusal.field
    } catch {
      Issue.record("no refusal but \(error)")
      return nil
    }
  }

  @Test("a point has hours of a day, some samplers, and a name that can be read")
  func points() async throws {
    let town = try await Town()
    func set(
      _ name: String = "点", opens: String? = nil, closes: String? = nil, samplers: Int? = nil
    ) async -> String? {
      await field {
        try await town.submit(
          SetPoint(
            point: PointID(trusted: "a"), name: name, place: Town.Spot.estate.id, opens: opens,
            closes: closes, samplers: samplers))
      }
    }
    #expect(await set(closes: "24:59") == "closes")
    #expect(await set(opens: "24:00") == "opens")
    #expect(await set(opens: "23:59", closes: "24:00") == nil)
    #expect(await set(samplers: 0) == "samplers")
    #expect(await set(samplers: Int.min) == "samplers")
    #expect(await set(samplers: 10_001) == "samplers")
    #expect(await set(samplers: 1) == nil)
    #expect(await set(String(repeating: "名", count: 101)) == "name")
    #expect(await set(String(repeating: "名", count: 100)) == nil)
  }

  @Test("nobody walks in no teams")
  func teams() async throws {
    let town = try await Town()
    try await town.open()
    for teams in [Int.min, -4, 0, 501] {
      #expect(
        await field {
          _ = try await town.ask(
            PlanHomeVisits(round: round, place: Town.Spot.district.id, teams: teams),
            for: .fieldwork)
        } == "teams")
    }
  }

  @Test("a desk takes no swab of before the round, and closes no tube in the future")
  func desk() async throws {
    let town = try await Town()
    try await town.enrol(2)
    try await town.open()
    let opened = town.now
    try await town.pass(.hours(1))
    for at in [Instant(milliseconds: 0), opened - .minutes(11)] {
      #expect(await refused { try await town.swab("p1", "T1", at: at) } == "swab.beforeRound")
      #expect(await field { try await town.swab("p1", "T1", at: at) } == "sampled_at")
    }
    try await town.swab("p1", "T1", at: opened - .minutes(10))
    let tube = TubeCode(trusted: "T1")
    #expect(
      await field {
        try await town.submit(SealTube(tube: tube, round: round, at: town.now + .minutes(11)))
      } == "at")
    #expect(
      await field {
        try await town.submit(
          VoidTube(tube: tube, round: round, reason: .lost, at: town.now + .minutes(11)))
      } == "at")
    try await town.submit(SealTube(tube: tube, round: round, at: town.now + .minutes(10)))
    #expect(try await town.conflicts() == [])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a device's swab of before the round, or after it, is shown to somebody and kept")
  func devices() async throws {
    let town = try await Town()
    try await town.enrol(4)
    try await town.open()
    let opened = town.now
    try await town.swab("p1", "T1", at: Instant(milliseconds: 0), device: "a")
    try await town.swab("p2", "T2", at: opened - .minutes(10), device: "a")
    try await town.pass(.hours(1))
    try await town.submit(CloseRound(round: round, confirmed: true))
    let closed = town.now
    try await town.pass(.hours(1))
    try await town.swab("p3", "T3", at: closed + .minutes(11), device: "a")
    try await town.swab("p4", "T4", at: closed - .minutes(1), device: "a")
    #expect(try await town.conflicts() == ["outside_round T1", "outside_round T3"])
    #expect(try await town.count().sampled == 4)
    let line = try #require(
      try await town.ask(ListConflicts(round: round), for: .fieldwork).first {
        $0.about == "T1"
      })
    #expect(line.decisions == [.reswab, .void, .stands])
    try await town.submit(SettleConflict(conflict: line.conflict, decision: .reswab))
    #expect(try await town.owed("screening.reswab") == ["T1/p1"])
    #expect(try await town.conflicts() == ["outside_round T3"])
    // A seal in the future is a clock that is ahead.
    try await town.submit(
      SealTube(
        tube: TubeCode(trusted: "T4"), round: round, at: town.now + .hours(2), device: "a"))
    #expect(try await town.conflicts() == ["ahead T4", "outside_round T3"])
    #expect(try await town.violations().isEmpty)
  }
}

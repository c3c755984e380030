import Gazette
import Kernel
import Testing
import Town

@testable import Detection

@Suite("Screening: counts at the seal") struct ScreeningSealCountTests {
  private let round = RoundID(trusted: "r1")

  private func seal(
    _ town: Town, _ tube: String, count: Int?, at: Instant? = nil, device: String? = nil
  ) async throws {
    try await town.submit(
      SealTube(tube: TubeCode(trusted: tube), round: round, at: at, count: count, device: device))
  }

  @Test(
    "a count at the seal that is not that of the swabs is shown, and falls away when the rest comes"
  )
  func cut() async throws {
    let town = try await Town()
    try await town.enrol(4)
    try await town.open()
    let at = town.now
    // Half an upload: the seal says three, two came.
    try await town.swab("p1", "T1", at: at + .seconds(1), device: "a")
    try await town.swab("p2", "T1", at: at + .seconds(2), device: "a")
    try await seal(town, "T1", count: 3, at: at + .seconds(9), device: "a")
    #expect(try await town.conflicts() == ["seal_count T1"])
    let line = try #require(try await town.ask(ListConflicts(round: round), for: .fieldwork).first)
    #expect(line.counted == 3 && line.registered == 2)
    #expect(line.decisions == [.void, .stands])
    #expect(
      try await town.page("/screening/:round").contains("3 counted at the seal, 2 registered"))
    #expect(
      try await town.ask(WatchRound(round: round)).conflicts == 1)
    // The rest of it comes.
    try await town.swab("p3", "T1", at: at + .seconds(3), device: "a")
    #expect(try await town.conflicts() == [])
    // In the other order: the seal first, each swab after it.
    try await seal(town, "T2", count: 1, at: at + .seconds(9), device: "a")
    #expect(try await town.conflicts() == ["seal_count T2"])
    try await town.swab("p4", "T2", at: at + .seconds(5), device: "a")
    #expect(try await town.conflicts() == [])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a desk's count is compared as well, and a human decides on the difference")
  func desk() async throws {
    let town = try await Town()
    try await town.enrol(5)
    try await town.open()
    for (person, tube) in [("p1", "T1"), ("p2", "T1"), ("p3", "T2"), ("p4", "T3"), ("p5", "T4")] {
      try await town.swab(person, tube)
    }
    for count in [Int.min, -1, 1_001] {
      #expect(await refused { try await seal(town, "T1", count: count) } == "field.malformed")
    }
    try await seal(town, "T1", count: 5)
    try await seal(town, "T2", count: 0)
    try await seal(town, "T3", count: 1)
    try await seal(town, "T4", count: nil)
    #expect(try await town.conflicts() == ["seal_count T1", "seal_count T2"])
    func id(_ tube: String) async throws -> ConflictID {
      try #require(
        try await town.ask(ListConflicts(round: round), for: .fieldwork).first {
          $0.about == tube
        }
      ).conflict
    }
    try await town.submit(SettleConflict(conflict: id("T1"), decision: .void))
    try await town.submit(SettleConflict(conflict: id("T2"), decision: .stands))
    #expect(try await town.conflicts() == [])
    #expect(try await town.owed("screening.reswab") == ["T1/p1", "T1/p2"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("who was struck out may have been counted or not")
  func struck() async throws {
    let town = try await Town()
    try await town.enrol(2)
    try await town.open()
    let at = town.now
    try await town.swab("p1", "T1", at: at + .seconds(1), device: "a")
    try await town.swab("p2", "T1", at: at + .seconds(2), device: "a")
    try await town.swab("p2", "T2", at: at + .seconds(3), device: "b")
    try await seal(town, "T1", count: 1, at: at + .seconds(4), device: "a")
    #expect(try await town.conflicts() == ["seal_count T1", "second_tube p2"])
    let second = try #require(
      try await town.ask(ListConflicts(round: round), for: .fieldwork).first {
        $0.about == "p2"
      })
    try await town.submit(
      SettleConflict(
        conflict: second.conflict, decision: .keep, tube: TubeCode(trusted: "T2")))
    #expect(try await town.conflicts() == [])
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "whoever counts wrong at a desk is told at once, and counts again before the tube is received")
  func recounted() async throws {
    let town = try await Town()
    try await town.enrol(2)
    try await town.open()
    for person in ["p1", "p2"] { try await town.swab(person, "T1") }
    func seal(_ count: Int?) async throws -> SealTube.Answer {
      try await town.submit(SealTube(tube: TubeCode("T1"), round: round, count: count))
    }
    let wrong = try await seal(5)
    #expect(wrong.counted == 5 && wrong.difference == 3)
    let page = try await town.page("/screening/:round/point", ["tube": "T1"])
    #expect(page.contains("5 counted, 2 registered") && page.contains("Put the count right"))
    #expect(try await town.conflicts() == ["seal_count T1"])
    #expect(try await seal(1).difference == -1)
    #expect(try await seal(2).difference == nil)
    #expect(try await town.conflicts() == [])
    #expect(try await !town.page("/screening/:round/point", ["tube": "T1"]).contains("Put the"))
    let facts = try await town.facts("screening.counted")
    #expect(facts.map { $0["was"] } == [.integer(5), .integer(1)])
    #expect(try await town.facts("screening.sealed").map { $0["count"] } == [.integer(5)])
    // Once it has gone on nobody can look into it.
    try await town.pass(.hours(2))
    try await town.results([("T1", "negative")], from: 1)
    #expect(try await seal(7).difference == nil)
    #expect(try await town.violations().isEmpty)
  }
}

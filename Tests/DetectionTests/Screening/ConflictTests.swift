import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Screening: decisions on contradictions") struct ScreeningConflictTests {
  private let round = RoundID(trusted: "r1")

  private func town() async throws -> Town {
    let town = try await Town()
    try await town.enrol(5)
    try await town.open(pool: 5)
    return town
  }

  @discardableResult
  private func decide(
    _ kind: ConflictKind, _ decision: ConflictDecision, tube: String? = nil, device: String? = nil,
    _ town: Town
  ) async throws -> SettleConflict.Answer {
    let open = try await town.ask(ListConflicts(round: round), for: .fieldwork)
    let found = try #require(open.first { $0.kind == kind.rawValue })
    return try await town.submit(
      SettleConflict(
        conflict: found.conflict, decision: decision, tube: tube.map { TubeCode(trusted: $0) },
        device: device))
  }

  private func members(_ tube: String, _ town: Town) async throws -> [String] {
    try await town.ask(ShowTube(tube: TubeCode(trusted: tube)), for: .fieldwork).members
      .map(\.person.text).sorted()
  }

  @Test("of one person's two tubes one counts, and what is decided is in the journal")
  func keep() async throws {
    let town = try await town()
    for tube in ["T1", "T2"] { try await town.swab("p1", tube, device: "a") }
    #expect(
      await refused { try await decide(.secondTube, .keep, tube: "T9", town) } == "field.malformed")
    #expect(
      await refused { try await decide(.secondTube, .device, device: "a", town) }
        == "field.malformed")
    let answer = try await decide(.secondTube, .keep, tube: "T2", town)
    #expect(answer.struck == 1 && answer.voided == 0 && answer.again == 0)
    #expect(try await members("T1", town).isEmpty)
    #expect(try await members("T2", town) == ["p1"])
    #expect(try await town.conflicts() == [])
    #expect(try await town.count().sampled == 1)
    let facts = try await town.facts("screening.conflictSettled")
    #expect(facts.map { $0["decision"] } == [.text("keep")] && facts[0]["struck"] == .integer(1))
    // A third tube comes in from a phone: it is looked at again.
    try await town.swab("p1", "T3", device: "b")
    #expect(try await town.conflicts() == ["second_tube p1"])
    let again = try await decide(.secondTube, .reswab, town)
    #expect(again.struck == 2 && again.again == 1)
    #expect(try await town.untested().first == "p1 reswab")
    #expect(try await town.owed("screening.reswab").count == 1)
    try await town.swab("p1", "T4")
    #expect(try await town.owed("screening.reswab") == [])
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "whoever was struck out of a tube can be swabbed into it again; a word of before says nothing new",
    arguments: [nil, "b"])
  func again(device: String?) async throws {
    let town = try await town()
    let before = town.now
    for tube in ["T1", "T2"] { try await town.swab("p1", tube, device: "a") }
    try await town.pass(.minutes(1))
    _ = try await decide(.secondTube, .reswab, town)
    // What a phone sends twice.
    #expect(try await town.swab("p1", "T1", at: before, device: "a").known)
    #expect(try await members("T1", town).isEmpty)
    try await town.pass(.minutes(1))
    let answer = try await town.swab("p1", "T1", device: device)
    #expect(!answer.known && answer.members == 1)
    #expect(try await members("T1", town) == ["p1"])
    #expect(try await town.count().sampled == 1)
    #expect(try await town.owed("screening.reswab") == [])
    #expect(try await town.violations().isEmpty)
    // Positive, the tube holds them like everybody in it.
    try await town.pass(.hours(2))
    try await town.results([("T1", "positive")], from: 1)
    #expect(try await town.recalls() == ["p1 held -"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a tube is one device's: whom the other registered is swabbed again")
  func device() async throws {
    let town = try await town()
    try await town.swab("p1", "T1", device: "a")
    try await town.swab("p2", "T1", device: "a")
    try await town.swab("p3", "T1", device: "b")
    let page = try await town.page("/screening/:round")
    #expect(page.contains("it is a’s") && page.contains("a × 2, b × 1"))
    let answer = try await decide(.twoDevices, .device, device: "a", town)
    #expect(answer.struck == 1 && answer.again == 1)
    #expect(try await members("T1", town) == ["p1", "p2"])
    #expect(try await town.owed("screening.reswab") == ["T1/p3"])
    #expect(try await town.count().reswab == 1)
    #expect(try await town.conflicts() == [])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a tube of which nobody can say what is in it is void, and everybody is swabbed again")
  func void() async throws {
    let town = try await town()
    try await town.swab("p1", "T1", device: "a")
    try await town.swab("p2", "T1", device: "b")
    let answer = try await decide(.twoDevices, .void, town)
    #expect(answer.voided == 1 && answer.again == 2)
    #expect(try await town.owed("screening.reswab") == ["T1/p1", "T1/p2"])
    #expect(try await town.rows("SELECT void_reason FROM tube").map { $0.text(0) } == ["mixed"])
    // Both tubes of one person.
    for tube in ["T2", "T3"] { try await town.swab("p3", tube, device: "a") }
    try await town.swab("p4", "T2", device: "a")
    let both = try await decide(.secondTube, .void, town)
    #expect(both.voided == 2 && both.again == 2)
    #expect(try await town.count().reswab == 4)
    #expect(try await town.conflicts() == [])
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "what was registered after the seal is struck out; what was tested is not void by one person")
  func sealedAndTested() async throws {
    let town = try await town()
    let at = town.now
    try await town.swab("p1", "T1", at: at - .minutes(9), device: "a")
    try await town.submit(
      SealTube(tube: TubeCode("T1"), round: round, at: at - .minutes(5), device: "a"))
    try await town.swab("p2", "T1", at: at, device: "a")
    #expect(try await decide(.afterSeal, .reswab, town).struck == 1)
    #expect(try await members("T1", town) == ["p1"])
    for tube in ["T2", "T3"] { try await town.swab("p3", tube, at: at, device: "a") }
    try await town.pass(.hours(2))
    try await town.results([("T2", "negative"), ("T3", "positive")], from: 1)
    #expect(await refused { try await decide(.secondTube, .void, town) } == "tube.resulted")
    #expect(
      await refused { try await decide(.secondTube, .keep, tube: "T2", town) } == "tube.holds")
    #expect(try await decide(.secondTube, .stands, town).struck == 0)
    #expect(try await town.violations().isEmpty)
  }

  @Test("who is struck out of a tube that is too full owes another swab, unless they have one")
  func struckOut() async throws {
    let town = try await Town()
    try await town.enrol(3)
    try await town.open(pool: 1)
    for person in 1...3 { try await town.swab("p\(person)", "T1", device: "a") }
    let open = try await town.ask(ListConflicts(round: round), for: .fieldwork)
    let found = try #require(open.first { $0.kind == "overfull" })
    try await town.submit(
      SettleConflict(
        conflict: found.conflict, tube: TubeCode("T1"), person: PersonID(trusted: "p2")))
    #expect(try await town.untested().contains("p2 reswab"))
    #expect(try await town.owed("screening.reswab") == ["T1/p2"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("that all stands holds for what was known then: more of it is looked at again")
  func standsForThat() async throws {
    let town = try await town()
    try await town.swab("p1", "T1", device: "a")
    try await town.swab("p2", "T1", device: "b")
    for tube in ["T2", "T3"] { try await town.swab("p3", tube, device: "a") }
    _ = try await decide(.twoDevices, .stands, town)
    _ = try await decide(.secondTube, .stands, town)
    #expect(try await town.conflicts() == [])
    // Neither the same device nor a person who is known already is anything new.
    try await town.swab("p4", "T1", device: "b")
    #expect(try await town.conflicts() == [])
    try await town.swab("p5", "T1", device: "c")
    #expect(try await town.conflicts() == ["two_devices T1"])
    let line = try #require(try await town.ask(ListConflicts(round: round), for: .fieldwork).first)
    #expect(line.fresh == ["c"])
    #expect(try await town.page("/screening/:round").contains("since then: c"))
    try await town.swab("p3", "T4", device: "a")
    #expect(try await town.conflicts() == ["second_tube p3", "two_devices T1"])
    // Void, the tube leaves nothing else of it to decide.
    for extra in 6...8 { try await town.swab("x\(extra)", "T1", device: "a") }
    #expect(try await town.conflicts().contains("overfull T1"))
    let void = try await decide(.twoDevices, .void, town)
    #expect(void.voided == 1)
    #expect(try await town.conflicts() == ["second_tube p3"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a count that stood, and a tube too full, are looked at again when more come")
  func countStands() async throws {
    let town = try await Town()
    try await town.enrol(5)
    try await town.open(pool: 1)
    let at = town.now
    for person in 1...2 {
      try await town.swab("p\(person)", "T1", at: at + .seconds(person), device: "a")
    }
    try await town.submit(
      SealTube(tube: TubeCode("T1"), round: round, at: at + .minutes(1), count: 1, device: "a"))
    _ = try await decide(.overfull, .stands, town)
    _ = try await decide(.sealCount, .stands, town)
    #expect(try await town.conflicts() == [])
    try await town.swab("p3", "T1", at: at + .seconds(3), device: "a")
    #expect(try await town.conflicts() == ["overfull T1", "seal_count T1"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("what is offered of a person's two tubes is what can be done")
  func offered() async throws {
    let town = try await town()
    for tube in ["T1", "T2"] { try await town.swab("p1", tube, device: "a") }
    try await town.pass(.hours(2))
    try await town.results([("T1", "positive"), ("T2", "negative")], from: 1)
    let line = try #require(try await town.ask(ListConflicts(round: round), for: .fieldwork).first)
    #expect(line.decisions == [.keep, .stands])
    let page = try await town.page("/screening/:round")
    #expect(page.contains("T1 counts") && !page.contains("T2 counts"))
    #expect(page.contains("T1 · ") && page.contains("positive"))
    #expect(try await decide(.secondTube, .keep, tube: "T1", town).struck == 1)
  }
}

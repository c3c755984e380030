import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Screening: what is kept, and for how long") struct ScreeningErasingTests {
  /// Tables that name people, with their column of the round.
  private func left(_ round: String, in town: Town) async throws -> [Int] {
    try await town.rows(
      """
      SELECT (SELECT COUNT(*) FROM swab WHERE round = \(round)),
        (SELECT COUNT(*) FROM roster_cell WHERE round = \(round)),
        (SELECT COUNT(*) FROM roster_note WHERE round = \(round)),
        (SELECT COUNT(*) FROM recall WHERE round = \(round)),
        (SELECT COUNT(*) FROM swab_conflict WHERE round = \(round) AND kind = 'second_tube')
      """)[0].integers(5)
  }

  private func erased(in town: Town) async throws -> [String] {
    try await town.rows(
      "SELECT subject FROM journal WHERE name = 'screening.roundErased' ORDER BY sequence"
    ).map { $0.text(0) }
  }

  /// Lets the clock turn until what is deleted in parts is gone.
  private func sweep(_ town: Town) async throws {
    for _ in 1...8 { try await town.pass(.seconds(2)) }
  }

  /// Twelve people in one tube that is not negative, somebody unlisted, a note, a contradiction.
  private func played() async throws -> Town {
    let town = try await Town()
    try await town.enrol(15)
    try await town.open(pool: 20)
    for person in 1...3 { try await town.swab("p\(person)", "T1") }
    try await town.swab("visitor", "T1")
    try await town.swab("p4", "T2")
    try await town.swab("p4", "T3", device: "phone")
    try await town.submit(
      NoteStanding(
        round: RoundID(trusted: "r1"), person: PersonID(trusted: "p5"), standing: .away,
        reason: .travelling))
    try await town.pass(.hours(2))
    try await town.results([("T1", "grey"), ("T2", "negative")], from: 1)
    return town
  }

  @Test("what names people goes when its days are over, and not while anybody is held")
  func erase() async throws {
    let town = try await played()
    try await town.open("r2")
    try await town.swab("p9", "U1", round: "r2")
    let before = try await town.count(by: .community)
    #expect(before.tested == 4 && before.away == 1 && before.listed == 15)
    try await town.submit(CloseRound(round: RoundID(trusted: "r1"), confirmed: true))
    try await town.pass(.hours(24 * 60 + 1))
    #expect(try await left("r1", in: town) == [6, 1, 1, 4, 1])
    #expect(try await erased(in: town) == [])
    // Sixty days after its own end, once the last of them is decided.
    for (number, person) in ["p1", "p2", "p3", "visitor"].enumerated() {
      try await town.swab(person, "S\(number)")
    }
    try await town.pass(.hours(1))
    try await town.results((0..<4).map { ("S\($0)", "negative") }, from: 10)
    try await town.pass(.minutes(2))
    try await sweep(town)
    #expect(try await left("r1", in: town) == [0, 0, 0, 0, 0])
    #expect(try await erased(in: town) == ["r1"])
    // The round that ran beside it was due a day after it opened: nobody has to end it.
    // On its list stands the visitor as well, by the district alone.
    #expect(try await left("r2", in: town) == [1, 1, 0, 0, 0])
    try await town.pass(.hours(24))
    try await sweep(town)
    #expect(try await erased(in: town) == ["r1", "r2"])
    let after = try await town.count(by: .community)
    #expect(after.tested == before.tested && after.away == 1 && after.listed == 15)
    #expect(after.by.map(\.tested) == before.by.map(\.tested))
    #expect(try await town.untested() == [])
    #expect(
      await refused { try await town.swab("p10", "T9", device: "phone") } == "round.erased")
    #expect(try await town.rows("SELECT COUNT(*) FROM tube WHERE round = 'r1'")[0].integer(0) == 7)
    #expect(try await town.violations().isEmpty)
  }

  @Test("a list of many cells goes in parts, and another round keeps its own")
  func parts() async throws {
    let town = try await Town()
    // A cell for each door: more than one part takes.
    try await town.enrol(64 * 101)
    try await town.open(pool: 20)
    try await town.swab("p6464", "T1")
    try await town.pass(.hours(24 * 50))
    try await town.open("r2", pool: 20)
    try await town.swab("p1", "U1", round: "r2")
    try await town.pass(.hours(24 * 12))
    // The first part, and then whoever else waits.
    #expect(try await left("r1", in: town)[1] == 1)
    try await town.pass(.seconds(1))
    #expect(try await left("r1", in: town)[1] == 1)
    try await sweep(town)
    #expect(try await left("r1", in: town) == [0, 0, 0, 0, 0])
    #expect(try await left("r2", in: town) == [1, 101, 0, 0, 0])
    #expect(try await erased(in: town) == ["r1"])
    let rows = try await town.rows(
      "SELECT payload FROM journal WHERE name = 'screening.roundErased'")
    #expect(rows[0].text(0).contains("6465"))
    #expect(try await town.violations().isEmpty)
  }
}

extension ScreeningErasingTests {
  @Test("however many rounds somebody is still held in, the others are deleted, one after another")
  func manyHeld() async throws {
    let town = try await Town()
    try await town.enrol(24)
    for number in 1...21 {
      try await town.open("h\(number)")
      try await town.swab("p\(number)", "H\(number)", round: "h\(number)")
    }
    try await town.pass(.hours(2))
    try await town.results((1...21).map { ("H\($0)", "positive") }, from: 1)
    for name in ["a", "b"] { try await town.open(name) }
    try await town.pass(.hours(24 * 62))
    func begun() async throws -> [String] {
      try await town.rows(
        "SELECT id FROM screening_round WHERE erased_at IS NOT NULL ORDER BY id"
      ).map { $0.text(0) }
    }
    #expect(try await begun() == ["a"])
    try await town.pass(.seconds(60))
    #expect(try await begun() == ["a", "b"])
    try await sweep(town)
    #expect(try await erased(in: town) == ["a", "b"])
    #expect(try await town.recalls("h7") == ["p7 held -"])
  }
}

extension Row {
  /// The first columns, all whole numbers.
  fileprivate func integers(_ count: Int) -> [Int] { (0..<count).map { integer($0) } }
}

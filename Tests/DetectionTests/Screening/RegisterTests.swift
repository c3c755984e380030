import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Screening: swabs") struct ScreeningSwabsTests {
  private let round = RoundID(trusted: "r1")

  @Test("a tube takes as many as the round says, a partial one is a tube too")
  func full() async throws {
    let town = try await Town()
    try await town.enrol(7)
    try await town.open(pool: 5)
    for person in 1...4 {
      #expect(try await town.swab("p\(person)", "T1").members == person)
    }
    let fifth = try await town.swab("p5", "T1")
    #expect(fifth.members == 5 && fifth.capacity == 5 && fifth.listed && !fifth.known)
    #expect(await refused { try await town.swab("p6", "T1") } == "tube.full")
    #expect(try await town.swab("p6", "T2").members == 1)
    #expect(try await town.swab("p6", "T2").known)
    #expect(await refused { try await town.swab("p6", "T3") } == "swab.secondTube")
    try await town.submit(SealTube(tube: TubeCode("T2"), round: round))
    town.stall(.seconds(1))
    #expect(await refused { try await town.swab("p7", "T2") } == "tube.sealed")
    #expect(try await town.count().sampled == 6)
    #expect(try await town.violations().isEmpty)
  }

  @Test("a tube's code is its own for ever")
  func unique() async throws {
    let town = try await Town()
    try await town.enrol(3)
    try await town.open()
    try await town.open("r2")
    try await town.swab("p1", "T1")
    #expect(await refused { try await town.swab("p1", "T1", round: "r2") } == nil)
    #expect(
      await refused { try await town.swab("p2", "T1", round: "r2") } == "tube.otherRound")
    #expect(try await town.swab("p2", "T2", round: "r2").listed)
    for wrong in ["张三", "a b", String(repeating: "x", count: 65)] {
      #expect(await refused { try await town.swab("p3", wrong) } == "tube.code")
    }
    #expect(
      await refused { try await town.swab("p3", "T9", at: town.now + .minutes(11)) }
        == "swab.inFuture")
    #expect(try await town.swab("p3", "T9", at: town.now + .minutes(10)).members == 1)
    #expect(try await town.violations().isEmpty)
  }

  @Test("an office registers at its own points, or at the doors of its own people")
  func areas() async throws {
    let town = try await Town()
    try await town.enrol(2)
    try await town.enrol(1, at: .otherCommunity, prefix: "q")
    try await town.open()
    try await town.appoint("sampler", "sampler", at: .street)
    try await town.submit(SetPoint(point: PointID("here"), name: "广场", place: Town.Spot.street.id))
    try await town.submit(
      SetPoint(point: PointID("there"), name: "别处", place: Town.Spot.otherDistrict.id))
    #expect(try await town.swab("p1", "T1", point: "here", as: "sampler").members == 1)
    #expect(
      await refused { try await town.swab("p2", "T1", point: "there", as: "sampler") }
        == "duty.outsideArea")
    #expect(try await town.swab("p2", "T2", as: "worker").members == 1)
    #expect(
      await refused { try await town.swab("q1", "T2", as: "worker") } == "duty.outsideArea")
    #expect(
      await refused { try await town.swab("p2", "T3", as: "reviewer") } == "duty.notHeld")
  }

  @Test("what a device did is kept whatever it contradicts, and a human sees it")
  func devices() async throws {
    let town = try await Town()
    try await town.enrol(5)
    try await town.open(pool: 1)
    try await town.open("r2")
    let at = town.now
    try await town.swab("p1", "T1", at: at, device: "a")
    try await town.swab("p2", "T1", at: at, device: "b")
    #expect(try await town.conflicts() == ["overfull T1", "two_devices T1"])
    try await town.swab("p1", "T2", at: at, device: "a")
    try await town.submit(
      SealTube(tube: TubeCode("T3"), round: round, at: at - .minutes(5), device: "a"))
    try await town.swab("p3", "T3", at: at, device: "a")
    try await town.swab("p4", "T3", at: at - .minutes(6), round: "r2", device: "a")
    // The earliest swab says whose round the tube is.
    #expect(
      try await town.conflicts("r2") == ["after_seal T3", "other_round T3"])
    #expect(
      try await town.conflicts() == ["overfull T1", "second_tube p1", "two_devices T1"])
    #expect(try await town.violations().isEmpty)
    let found = try await town.ask(ListConflicts(round: round), for: .fieldwork)
    let second = try #require(found.first { $0.kind == "second_tube" })
    #expect(second.tubes.map(\.text).sorted() == ["T1", "T2"])
    try await town.submit(
      SettleConflict(
        conflict: second.conflict, tube: TubeCode("T2"), person: PersonID("p1")))
    #expect(try await town.conflicts() == ["overfull T1", "two_devices T1"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a void tube's people are sampled again, those with another good tube are not")
  func void() async throws {
    let town = try await Town()
    try await town.enrol(3)
    try await town.open()
    try await town.swab("p1", "T1", device: "a")
    try await town.swab("p2", "T1", device: "a")
    try await town.swab("p2", "T2", device: "a")
    #expect(try await town.conflicts() == ["second_tube p2"])
    try await town.submit(VoidTube(tube: TubeCode("T1"), round: round, reason: .unreadable))
    #expect(try await town.conflicts() == [])
    #expect(try await town.owed("screening.reswab") == ["T1/p1"])
    #expect(await refused { try await town.swab("p3", "T1") } == "tube.void")
    let count = try await town.count()
    #expect(count.reswab == 1 && count.sampled == 1)
    // Who cannot give another one has a reason like anybody else.
    try await town.pass(.seconds(60))
    try await town.submit(
      NoteStanding(round: round, person: PersonID("p1"), standing: .away, reason: .travelling))
    let left = try await town.count()
    #expect(left.reswab == 0 && left.away == 1)
    #expect(try await town.violations().isEmpty)
  }

  @Test("a file is taken like a desk, and the same rows again are known")
  func file() async throws {
    let town = try await Town()
    try await town.enrol(3)
    try await town.open(pool: 1)
    func row(_ person: String, _ tube: String) -> Fields {
      .object([
        "round": .text("r1"), "person": .text(person), "tube": .text(tube),
        "point": .text("P1"), "sampled_at": .text("2022-11-29T07:00+08:00"),
        "operator": .text("S1"),
      ])
    }
    let rows = [
      row("p1", "T1"), row("p2", "T1"), row("p1", "T2"), row("p3", "T3"), row("new", "T4"),
      .object(["round": .text("r9"), "person": .text("p1"), "tube": .text("T5")]),
    ]
    let first = try await town.submit(ImportSwabs(rows: rows))
    #expect(first.accepted == 3)
    #expect(first.outcomes.map(\.code) == ["tube.full", "swab.secondTube", "notFound"])
    let again = try await town.submit(ImportSwabs(rows: [rows[0], rows[3], rows[4]]))
    #expect(
      again.accepted == 0 && again.outcomes.map(\.verdict) == [.duplicate, .duplicate, .duplicate])
    let exported = try await town.ask(ExportSwabs(), for: .exchange)
    #expect(exported.rows.count == 3)
    #expect(exported.rows[0] == ["r1", "p1", "T1", "P1", "2022-11-29T07:00:00+08:00", "S1"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("where points are set up a file names one of them; what a phone did is kept all the same")
  func unknownPoint() async throws {
    let town = try await Town()
    try await town.enrol(3)
    try await town.open()
    try await town.submit(SetPoint(point: PointID("gate"), name: "门口", place: Town.Spot.grid.id))
    let rows = [("p1", "gate"), ("p2", "gaet"), ("p3", "")].map { person, point -> Fields in
      .object([
        "round": .text("r1"), "person": .text(person), "tube": .text("T1"), "point": .text(point),
      ])
    }
    let answer = try await town.submit(ImportSwabs(rows: rows))
    #expect(answer.accepted == 2 && answer.outcomes.map(\.row) == [1])
    #expect(answer.outcomes.map(\.code) == ["notFound"])
    #expect(try await town.swab("p2", "T2", point: "gaet", device: "a").members == 1)
  }

  @Test("a row that is refused leaves nothing behind")
  func refusedRow() async throws {
    let town = try await Town()
    try await town.open(pool: 1)
    let rows = ["n1", "n2"].map { person -> Fields in
      .object(["round": .text("r1"), "person": .text(person), "tube": .text("T1")])
    }
    let answer = try await town.submit(ImportSwabs(rows: rows))
    #expect(answer.accepted == 1 && answer.outcomes.map(\.code) == ["tube.full"])
    #expect(try await town.rows("SELECT id FROM person").map { $0.text(0) } == ["n1"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("an identity card finds its file, and is never taken for somebody new")
  func card() async throws {
    let town = try await Town()
    let number = "11010519491231002X"
    try await town.enrol(1)
    try await town.open()
    #expect(await refused { try await town.swab(number, "T1") } == "swab.cardUnknown")
    #expect(
      await refused { try await town.swab("110105194912310021", "T1") } == "identity.checksum")
    let areas: AreaCodes = try town.desk.rules.reference()
    let card = try IdentityDocument(
      .residentID, number: number, areas: areas, asOf: Day(of: town.now, in: .china))
    let index = try #require(town.desk.vault.identityIndex(of: card))
    _ = try await town.desk.storage.write { transaction in
      try transaction.execute(
        "UPDATE person SET identity_sealed = \([UInt8](repeating: 1, count: 8)), identity_index = \(index)"
      )
    }
    #expect(try await town.swab(number, "T1").listed)
    #expect(try await town.rows("SELECT person FROM swab").map { $0.text(0) } == ["p1"])
    let facts = try await town.facts("screening.registered")
    #expect(facts.map { $0["person"] } == [.text("p1")])
  }

  @Test(
    "a card that was read away from the network is kept, whoever it names, and never in the clear"
  )
  func cardAway() async throws {
    let town = try await Town()
    try await town.enrol(1)
    try await town.open()
    for (tube, device) in [("T1", "a"), ("T2", "b")] {
      for card in ["11010519491231002X", "110105194912310021"] {
        let answer = try await town.swab(card, tube, device: device)
        #expect(!answer.listed && answer.conflicts == (tube == "T2" ? ["second_tube"] : []))
      }
    }
    let people = try await town.rows("SELECT DISTINCT person FROM swab").map { $0.text(0) }
    #expect(people.count == 2 && people.allSatisfy { $0.hasPrefix("unlisted-") })
    #expect(try await town.rows("SELECT id FROM person WHERE id LIKE '1101%'").isEmpty)
    #expect(try await town.violations().isEmpty)
  }

  @Test("a slip finds whose it is, and its secret is nobody's identifier")
  func slip() async throws {
    let town = try await Town()
    try await town.enrol(1)
    try await town.open()
    let secret = String(repeating: "5f", count: 32)
    try await town.submit(
      IssueSlip(
        person: PersonID(trusted: "p1"), fingerprint: town.desk.vault.fingerprint(of: secret)),
      as: "duty")
    #expect(try await town.swab("http://district/s/\(secret)", "T1").listed)
    let other = "http://district/s/" + String(repeating: "60", count: 32)
    #expect(await refused { try await town.swab(other, "T1") } == "swab.slipUnknown")
    #expect(try await !town.swab(other, "T1", device: "a").listed)
    let people = try await town.rows("SELECT person FROM swab").map { $0.text(0) }
    #expect(people.contains("p1") && !people.contains { $0.contains("/") })
  }

  @Test("a desk that expects somebody known takes no slip of the finger for a stranger")
  func unknown() async throws {
    let town = try await Town()
    try await town.enrol(1)
    try await town.open()
    func row(_ person: String) -> SwabRow {
      SwabRow(
        round: RoundID(trusted: "r1"), person: PersonID(trusted: person),
        tube: TubeCode(trusted: "T1"), expectsKnown: true)
    }
    #expect(
      await refused { try await town.submit(RegisterSwab(row("p1-l")), as: "duty") }
        == "swab.unknown")
    #expect(try await town.submit(RegisterSwab(row("p1")), as: "duty").listed)
    #expect(try await town.rows("SELECT id FROM person").map { $0.text(0) } == ["p1"])
  }
}

import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Screening: what answers a hold") struct ScreeningHoldAnswerTests {
  /// A round in which `p1`, `p2` and `p3` share the tube `T1`, sampled two hours ago.
  private func pooled() async throws -> Town {
    let town = try await Town()
    try await town.enrol(4)
    try await town.open()
    for person in 1...3 { try await town.swab("p\(person)", "T1") }
    try await town.pass(.hours(2))
    return town
  }

  @Test("a swab of before the hold answers it nowhere, whoever writes it down")
  func swabbedBefore() async throws {
    let town = try await pooled()
    let before = town.now - .minutes(30)
    try await town.results([("T1", "positive")], from: 1)
    // At a desk, in a file (which is read like a desk), and on a phone.
    #expect(
      await refused { try await town.swab("p1", "S1", at: before) } == "swab.secondTube")
    let phone = try await town.swab("p2", "S2", at: before, device: "a")
    #expect(!phone.recheck)
    try await town.pass(.hours(1))
    try await town.results([("S2", "negative")], from: 2)
    #expect(try await town.recalls() == ["p1 held -", "p2 held -", "p3 held -"])
    #expect(try await town.owed("screening.reswab") == ["T1/p1", "T1/p2", "T1/p3"])
    #expect(try await town.swab("p1", "S3").recheck)
    #expect(try await town.violations().isEmpty)
  }

  @Test("where laboratories have keys, a name that nobody registered reports nothing")
  func unknownLaboratory() async throws {
    let town = try await pooled()
    // Nobody has a key: what a file names is a laboratory.
    #expect(
      try await town.results([("T1", "positive")], from: 1, laboratory: "other").accepted == 1)
    try await town.swab("p1", "S1")
    try await town.pass(.hours(1))
    try await town.desk.storage.write { transaction in
      try ResultsStore(transaction).save(
        LaboratoryID(trusted: "keyed"), name: "keyed", key: String(repeating: "a", count: 64))
    }
    let answer = try await town.results([("S1", "negative")], from: 1, laboratory: "somelab")
    #expect(answer.outcomes.map(\.code) == ["result.unknownLaboratory"])
    #expect(try await town.recalls().first == "p1 held S1")
    // One that is known, and has no key, goes on.
    #expect(
      try await town.results([("S1", "negative")], from: 2, laboratory: "other").accepted == 1)
  }

  @Test("who is held for a tube that turned out invalid owes a swab, also while they are away")
  func awayAndHeld() async throws {
    let town = try await Town()
    try await town.enrol(2)
    try await town.open("r1")
    for person in ["p1", "p2"] { try await town.swab(person, "T1") }
    try await town.pass(.hours(2))
    try await town.results([("T1", "grey")], from: 1)
    let asked = try await town.submit(
      AskCorrection(tube: TubeCode(trusted: "T1"), result: .invalid, reason: "复核曲线"))
    try await town.submit(
      ApproveCorrection(correction: asked.correction, approved: true), as: "investigator")
    #expect(try await town.recalls() == ["p1 held -", "p2 held -"])
    try await town.submit(
      NoteStanding(
        round: RoundID(trusted: "r1"), person: PersonID(trusted: "p1"), standing: .away,
        reason: .travelling))
    #expect(try await town.owed("screening.reswab").contains("T1/p1"))
    #expect(try await town.violations().isEmpty)
  }
}

import Gazette
import Kernel
import Testing
import Town

@testable import Detection

@Suite("Screening: mutated lists", .serialized) struct ScreeningMutatedListsTests {
  private let tubes = 12

  /// One way in which a laboratory's list is not what it should be.
  private enum Mutation: Int, CaseIterable {
    case flippedResult
    case otherKey
    case cutSignature
    case otherLaboratory
    case replayedNumber
    case zeroNumber
    case unknownTube
    case foreignTube
    case doubledRow
    case droppedRow
    case tooFast
    case beforeSampling
    case inFuture
    case empty
    case positiveToNegative
    case swappedRows
  }

  @Test("of mutated lists none is applied, and the sound ones between them all are")
  func mutated() async throws {
    let there = try await DeliveryTown(tubes: tubes)
    let town = there.town
    // A tube that nobody has sent to this laboratory, and one that is not negative.
    try await town.swab("p1", "X1", device: "a")
    let first = there.list(1, [there.row("T1", .positive)])
    _ = try await there.deliver(first)
    var sequence = 1
    var applied = 1
    var chance = TrialChance(UInt64(TrialSize.of("DENGHUO_SEED", usual: 3)))
    for trial in 0..<TrialSize.of("DENGHUO_MUTATED_LISTS", usual: 300) {
      let mutation = Mutation.allCases[chance.below(Mutation.allCases.count)]
      let start = 2 + chance.below(tubes - 3)
      let sound = there.list(
        sequence + 1, (start...start + 2).map { there.row("T\($0)") })
      let before = try await fingerprint(town)
      let answer = try await deliver(mutation, of: sound, there, &chance)
      #expect(answer != "applied", "\(mutation), trial \(trial)")
      #expect(try await fingerprint(town) == before, "\(mutation), trial \(trial)")
      if trial % 50 == 49, applied < tubes {
        applied += 1
        sequence += 1
        let next = there.list(sequence, [there.row("T\(applied)")])
        #expect(try await there.deliver(next).state == "applied")
      }
    }
    #expect(try await there.results() == applied)
    #expect(try await town.violations().isEmpty)
  }

  /// Delivers a list with one thing wrong in it; says what became of it.
  private func deliver(
    _ mutation: Mutation, of sound: ResultList, _ there: DeliveryTown,
    _ chance: inout TrialChance
  ) async throws -> String {
    let now = there.town.now
    func changed(_ rows: [ResultRow], _ sequence: Int? = nil) -> ResultList {
      ResultList(
        laboratory: sound.laboratory, sequence: sequence ?? sound.sequence, rows: rows)
    }
    func signed(_ rows: [ResultRow], _ sequence: Int? = nil) async throws -> String {
      try await there.deliver(changed(rows, sequence)).state
    }
    func unsigned(_ rows: [ResultRow]) async throws -> String {
      try await there.deliver(sound, saying: changed(rows)).state
    }
    var rows = sound.rows
    let at = chance.below(rows.count)
    switch mutation {
    case .flippedResult:
      let results: [TubeResult] = [.positive, .grey, .singleTarget, .invalid]
      rows[at] = there.row(rows[at].tube.text, results[chance.below(results.count)])
      return try await unsigned(rows)
    case .otherKey:
      let seed = (0..<32).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
      return try await there.deliver(sound, seed: seed).state
    case .cutSignature:
      let whole = Hex.text(
        try there.town.desk.vault.suite.sign(sound.signedBytes(in: .china), seed: there.seed))
      let cut = String(whole.prefix(chance.below(whole.count)))
      return try await there.town.submit(DeliverResults(sound, signature: cut), as: "lab").state
    case .otherLaboratory:
      let other = ResultList(
        laboratory: LaboratoryID(trusted: "other"), sequence: sound.sequence, rows: rows)
      return await refused { _ = try await there.deliver(other) } ?? "applied"
    case .replayedNumber: return try await signed(rows, 1 + chance.below(sound.sequence - 1))
    case .zeroNumber: return try await signed(rows, -chance.below(3))
    case .unknownTube:
      rows[at] = there.row("U\(chance.below(1_000))")
      return try await signed(rows)
    case .foreignTube:
      rows[at] = there.row("X1")
      return try await signed(rows)
    case .doubledRow: return try await signed(rows + [rows[at]])
    case .droppedRow:
      rows.remove(at: at)
      return try await unsigned(rows)
    case .tooFast:
      rows[at] = there.row(
        rows[at].tube.text, at: now - .hours(2) + .seconds(chance.below(1_800)))
      return try await signed(rows)
    case .beforeSampling:
      rows[at] = there.row(
        rows[at].tube.text, at: now - .hours(2) - .seconds(1 + chance.below(9_000)))
      return try await signed(rows)
    case .inFuture:
      rows[at] = there.row(
        rows[at].tube.text, at: now + .minutes(10) + .seconds(1 + chance.below(9_000)))
      return try await signed(rows)
    case .empty: return try await signed([])
    case .positiveToNegative:
      rows[at] = there.row("T1")
      return try await signed(rows)
    case .swappedRows:
      rows.swapAt(at, (at + 1) % rows.count)
      return try await unsigned(rows)
    }
  }

  /// Everything that results decide.
  private func fingerprint(_ town: Town) async throws -> [String] {
    let tubes = try await town.rows("SELECT code, result, reported_at FROM tube ORDER BY code")
    let held = try await town.rows("SELECT tube, person, state FROM recall ORDER BY tube, person")
    let said = try await town.rows("SELECT COUNT(*) FROM tube_result")
    return (tubes + held + said).map { "\($0.values)" }
  }
}

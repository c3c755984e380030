import Gazette
import Kernel
import Registry

/// Sets a laboratory up, or gives it another key.
package struct SetLaboratory: Command {
  package static let name = "screening.setLaboratory"
  package static let duty: Duty = "screening.manageLaboratories"
  package let laboratory: LaboratoryID
  package let name: String
  /// The public half of its Ed25519 key, 64 hexadecimal digits; nil for one that sends files only.
  package let key: String?

  package init(laboratory: LaboratoryID, name: String, key: String? = nil) {
    self.laboratory = laboratory
    self.name = name
    self.key = key
  }

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Done {
    if let key, Hex.bytes(key)?.count != 32 {
      throw Refusal(
        .invalid, "laboratory.key",
        Words(
          "密钥应为 64 位十六进制（Ed25519 公钥）", "The key has 64 hexadecimal digits (an Ed25519 public key)"),
        field: "key")
    }
    let name = name.trimmingWhitespace()
    guard !name.isEmpty else { throw Refusal.missing("name") }
    try ResultsStore(work.transaction).save(
      laboratory, name: name, key: key?.lowercased())
    let digest = key.map { Hex.text(work.vault.suite.digest(Array($0.lowercased().utf8))) }
    try work.record(LaboratorySet(laboratory: laboratory, key: digest))
    return Done()
  }
}

/// Takes in a file of results, row by row. What is not plausible is rejected, and nothing of it applied.
package struct ImportResults: Command {
  package struct Row: Codable, Sendable {
    package let tube: TubeCode
    package let result: String
    package let reportedAt: Instant
    package let laboratory: LaboratoryID
    package let sequence: Int

    private enum CodingKeys: String, CodingKey {
      case tube
      case result
      case reportedAt = "reported_at"
      case laboratory
      case sequence
    }

    fileprivate func read() throws(Refusal) -> ResultRow {
      guard let result = TubeResult(written: result) else {
        let codes = TubeResult.allCases.map(\.rawValue).joined(separator: " | ")
        throw .malformed("result", result, expected: Words(codes, codes))
      }
      guard sequence >= ImportResults.noNumber else {
        throw .malformed(
          "sequence", String(sequence),
          expected: Words("检测机构的序号，手工录入的为 0", "the laboratory's number, or 0 when it has none"))
      }
      return ResultRow(tube: tube, result: result, reportedAt: reportedAt)
    }
  }

  package static let name = "screening.importResults"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "screening.importResults"
  /// What stands in the column of numbers for a result that was entered by hand or came in a signed list.
  package static let noNumber = 0
  package let rows: [Fields]
  package let run: String?

  package init(rows: [Fields], run: String? = nil) {
    self.rows = rows
    self.run = run
  }

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> ImportAnswer {
    var answer = ImportAnswer()
    var read: [(index: Int, row: Row, result: ResultRow)] = []
    for (index, fields) in rows.enumerated() {
      do throws(Refusal) {
        let row = try fields.decoded(Row.self, strict: false)
        read.append((index, row, try row.read()))
      } catch {
        answer.reject(index, error)
      }
    }
    var applying = try Applying(work)
    try applying.expect(Set(read.map(\.result.tube)))
    let whole = ResultsRules.faults(
      of: read.map(\.result), policy: applying.policy.plausibility
    ).filter { $0 == .tooManyAbnormal }
    for (index, row, result) in read {
      if let fault = whole.first {
        answer.reject(index, fault.refusal)
        continue
      }
      try take(row, result, at: index, &applying, &answer, in: work)
    }
    try applying.save()
    answer.outcomes.sort { $0.row < $1.row }
    try record(answer, read.map(\.row.laboratory), in: work)
    return answer
  }

  private func take(
    _ row: Row, _ result: ResultRow, at index: Int, _ applying: inout Applying,
    _ answer: inout ImportAnswer, in work: Work
  ) throws {
    let store = ResultsStore(work.transaction)
    let number = row.sequence == Self.noNumber ? nil : row.sequence
    if let number {
      if let said = try store.said(by: row.laboratory, sequence: number) {
        if said == result {
          answer.outcomes.append(Self.known(index))
        } else {
          answer.reject(index, ResultFault.replay.refusal)
        }
        return
      }
    } else if try store.isSaid(result, by: row.laboratory) {
      // Without a number it is known by what it says. What two people have put right since stays right.
      answer.outcomes.append(Self.known(index))
      return
    }
    if let fault = applying.fault(of: result, from: row.laboratory, needsReceipt: false) {
      answer.reject(index, fault.refusal)
      return
    }
    try store.note(row.laboratory)
    if try applying.apply(result, from: row.laboratory, batch: nil, sequence: number) {
      answer.accepted += 1
    } else {
      answer.outcomes.append(Self.known(index))
    }
  }

  private static func known(_ index: Int) -> ImportAnswer.Outcome {
    .init(
      row: index, verdict: .duplicate, code: "result.known",
      words: Words("该结果已在册", "This result is known"))
  }

  private func record(
    _ answer: ImportAnswer, _ laboratories: [LaboratoryID], in work: Work
  ) throws {
    guard let laboratory = laboratories.first else { return }
    let reasons = Set(answer.outcomes.filter { $0.verdict == .rejected }.map(\.code)).sorted()
    try work.record(
      ResultsDelivered(
        batch: BatchID(trusted: work.command.text), laboratory: laboratory,
        rows: answer.accepted, state: ResultBatch.State.applied.rawValue, reasons: reasons))
  }
}

extension ResultFault {
  /// As the refusal of one row.
  var refusal: Refusal {
    let field =
      switch self {
      case .inFuture, .beforeReceipt, .beforeSampling, .tooFast: "reported_at"
      case .replay: "sequence"
      case .correction, .tooManyAbnormal: "result"
      case .notReceived, .noKey, .signature: "laboratory"
      case .unknownTube, .emptyTube, .voidTube, .twice, .tooMany, .empty: "tube"
      }
    return Refusal(.conflict, "result.\(rawValue)", words, field: field)
  }
}

import Gazette
import Kernel
import Registry

/// Sets a laboratory up, gives it its first key, or another name. An empty key leaves the one that it has:
/// changing that, or taking it back, takes two people (``AskKey``).
package struct SetLaboratory: Command {
  package static let name = "screening.setLaboratory"
  package static let duty: Duty = "screening.manageLaboratories"
  package let laboratory: LaboratoryID
  package let name: String
  /// The public half of its Ed25519 key, 64 hexadecimal digits; nil for one that sends files only. While
  /// there is one, no file without a signature speaks for it.
  package let key: String?

  package init(laboratory: LaboratoryID, name: String, key: String? = nil) {
    self.laboratory = laboratory
    self.name = name
    self.key = key
  }

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Done {
    let asked = Self.written(key)
    if let asked { try Self.require(key: asked) }
    let name = name.trimmingWhitespace()
    guard !name.isEmpty else { throw Refusal.missing("name") }
    guard name.count <= Self.mostCharacters else {
      throw Refusal(
        .invalid, "laboratory.nameLong",
        Words(
          "名称最多 \(Self.mostCharacters) 个字，请缩短",
          "The name has at most \(Self.mostCharacters) characters; shorten it"), field: "name")
    }
    let store = ResultsStore(work.transaction)
    let known = try store.laboratory(laboratory)?.key
    if let known, let asked, known != asked {
      throw Refusal(
        .conflict, "laboratory.keyKnown",
        Words(
          "该机构已有密钥；更换或取消须两个单位的两人（“更换或取消密钥”），或由机构用原私钥签名更换",
          "It has a key already: changing it, or taking it back, takes two people of two organisations "
            + "(Change or take back a key), or the laboratory signs the new one with the one before"
        ),
        field: "key")
    }
    let key = known ?? asked
    try store.save(laboratory, name: name, key: key)
    let digest = key.map { Hex.text(work.vault.suite.digest(Array($0.utf8))) }
    try work.record(LaboratorySet(laboratory: laboratory, key: digest))
    return Done()
  }

  private static let mostCharacters = 100

  /// A key as somebody wrote it; nil for nothing.
  static func written(_ key: String?) -> String? {
    let text = key?.trimmingWhitespace().lowercased() ?? ""
    return text.isEmpty ? nil : text
  }

  /// Refuses what is no public key.
  static func require(key: String) throws(Refusal) {
    guard Hex.bytes(key)?.count == 32 else {
      throw Refusal(
        .invalid, "laboratory.key",
        Words(
          "公钥应为 64 位十六进制（Ed25519 公钥），请核对是否复制完整",
          "The key has 64 hexadecimal digits (an Ed25519 public key); see that it was copied whole"),
        field: "key")
    }
  }
}

/// Takes in a file of results, row by row. What is not plausible is rejected, and nothing of it applied;
/// nothing new is taken either of a laboratory that has a key: its results come in signed lists.
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

    /// The laboratory's own number; nil when it has none.
    var number: Int? { sequence == ImportResults.noNumber ? nil : sequence }

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
  /// What the file of which these rows are a part has of each laboratory; nil where nobody counted.
  package let lists: [WholeList]?

  package init(rows: [Fields], run: String? = nil, lists: [WholeList]? = nil) {
    self.rows = rows
    self.run = run
    self.lists = lists
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
    let barred = try barred(read.map { ($0.row, $0.result) }, applying, in: work)
    var taken: [LaboratoryID: [ResultRow]] = [:]
    for (index, row, result) in read {
      if try take(row, result, at: index, barred, &applying, &answer, in: work) {
        taken[row.laboratory, default: []].append(result)
      }
    }
    try applying.save()
    for (laboratory, rows) in taken.sorted(by: { $0.key < $1.key }) {
      try work.count(ResultShare(of: rows), of: laboratory, applying.policy.plausibility)
    }
    answer.outcomes.sort { $0.row < $1.row }
    try record(answer, read.map(\.row.laboratory), in: work)
    return answer
  }

  /// Takes one row; false when it changes nothing.
  private func take(
    _ row: Row, _ result: ResultRow, at index: Int, _ barred: [LaboratoryID: Refusal],
    _ applying: inout Applying, _ answer: inout ImportAnswer, in work: Work
  ) throws -> Bool {
    let store = ResultsStore(work.transaction)
    let number = row.number
    let said = try number.flatMap { try store.said(by: row.laboratory, sequence: $0) }
    if try said == result || isSaidWithoutNumber(row, result, store) {
      answer.outcomes.append(Self.known(index))
      return false
    }
    if let refusal = barred[row.laboratory] {
      answer.reject(index, refusal)
      return false
    }
    let fault =
      said == nil
      ? applying.fault(of: result, from: row.laboratory, needsReceipt: false) : .replay
    if let fault {
      answer.reject(index, applying.refusal(fault, of: result.tube))
      return false
    }
    try store.note(row.laboratory)
    guard try applying.apply(result, from: row.laboratory, batch: nil, sequence: number) else {
      answer.outcomes.append(Self.known(index))
      return false
    }
    answer.accepted += 1
    return true
  }

  /// Without a number a result is known by what it says. What two people have put right since stays right.
  private func isSaidWithoutNumber(
    _ row: Row, _ result: ResultRow, _ store: ResultsStore
  ) throws -> Bool {
    try row.number == nil && store.isSaid(result, by: row.laboratory)
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
      case .replay, .explained, .sequence: "sequence"
      case .correction, .tooManyAbnormal, .control, .suspended: "result"
      case .notReceived, .noKey, .signature, .unsigned: "laboratory"
      case .unknownTube, .emptyTube, .voidTube, .twice, .tooMany, .empty: "tube"
      }
    return Refusal(.conflict, "result.\(rawValue)", words, field: field)
  }
}

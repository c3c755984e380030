import Gazette
import Kernel
import Registry

/// A word on a list that was put aside: let it through, or discard it. It takes two people of two
/// organisations who say the same; when the second says otherwise the first word is struck out.
package struct DecideBatch: Command {
  package struct Answer: Codable, Sendable {
    /// `quarantined` while the second word is missing, then `released` or `discarded`.
    package let state: String
  }

  package static let name = "screening.decideBatch"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "screening.decideBatch"
  package let batch: BatchID
  package let release: Bool

  package init(batch: BatchID, release: Bool) {
    self.batch = batch
    self.release = release
  }

  package func area(in work: Work) throws -> Area { .path(try path(of: find(in: work))) }

  private func path(of found: ResultBatch) -> PlacePath { found.area ?? .everywhere }

  private func find(in work: Work) throws -> ResultBatch {
    guard let found = try ResultsStore(work.transaction).batch(batch) else {
      throw Refusal.notFound(Words("结果清单", "list of results"), batch.text, field: "batch")
    }
    return found
  }

  package func perform(in work: Work) throws -> Answer {
    let found = try find(in: work)
    guard found.state == .quarantined else {
      throw Refusal(
        .conflict, "batch.decided",
        Words("该清单已有决定，无需再办", "This list was decided already; nothing is left to do"),
        field: "batch")
    }
    var applying = try Applying(work, isOfTwo: true)
    let rows = try release ? releasable(found, &applying, in: work) : []
    let store = ResultsStore(work.transaction)
    let organisations = try work.organisations(for: Self.duty, at: path(of: found))
    guard let first = found.said, first.release == release else {
      let word = ResultBatch.Word(
        release: release, by: work.authority.sender.text, organisations: organisations.all,
        at: work.now)
      // Who takes back an own word says the other one; who contradicts somebody strikes theirs out.
      let isOwn = found.said.map { $0.by == word.by } ?? true
      try store.note(isOwn ? word : nil, on: found.id)
      try record(found, .quarantined, in: work)
      return Answer(state: ResultBatch.State.quarantined.rawValue)
    }
    try SecondPersonRules.require(
      approver: work.authority.sender.text, organisations: organisations.entitled,
      issuer: first.by, issuerOrganisations: first.organisations, what: "batch")
    if release { try apply(rows, of: found, &applying, in: work) }
    let state: ResultBatch.State = release ? .released : .discarded
    try store.decide(found.id, state, at: work.now, by: work.authority.sender.text)
    if !release, found.tube == nil {
      try work.wait(forList: found.sequence, of: found.laboratory, at: found.area)
    }
    try work.discharge(
      ScreeningObligations.quarantine, about: found.id.text, proof: ["decision": state.rawValue])
    try record(found, state, in: work)
    return Answer(state: state.rawValue)
  }

  private func record(
    _ found: ResultBatch, _ state: ResultBatch.State, in work: Work
  ) throws {
    try work.record(
      ResultsDelivered(
        batch: found.id, laboratory: found.laboratory, rows: found.rows, state: state.rawValue,
        reasons: found.reasons))
  }

  /// The rows of a list that may be let through; refuses one that is wrong and not only unusual.
  private func releasable(
    _ found: ResultBatch, _ applying: inout Applying, in work: Work
  ) throws -> [ResultRow] {
    let rows: [ResultRow] = try Fields.json(Array(found.body.utf8)).decoded()
    try applying.expect(Set(rows.map(\.tube)))
    // What was wrong then, and what is wrong with each now that others have come meanwhile.
    var faults = Set(found.reasons.compactMap(ResultFault.init))
    for row in rows {
      if let fault = applying.fault(of: row, from: found.laboratory, needsReceipt: true) {
        faults.insert(fault)
      }
    }
    if found.tube == nil,
      try ResultsStore(work.transaction).hasCounted(found.sequence, of: found.laboratory)
    {
      faults.insert(.replay)
    }
    let barring = faults.subtracting(ResultsRules.releasable).map(\.rawValue).sorted()
    guard barring.isEmpty else {
      let said = barring.joined(separator: ", ")
      throw Refusal(
        .conflict, "batch.notReleasable",
        Words(
          "清单存在不能放行的问题（\(said)），请退回并由检测机构重新上报",
          "The list cannot be released (\(said)); discard it and let the laboratory send it anew"),
        field: "batch")
    }
    return rows
  }

  private func apply(
    _ rows: [ResultRow], of found: ResultBatch, _ applying: inout Applying, in work: Work
  ) throws {
    for row in rows {
      _ = try applying.apply(
        row, from: found.laboratory, batch: found.tube == nil ? found.id : nil, sequence: nil,
        enteredBy: found.enteredBy)
    }
    try applying.save()
    if found.tube != nil { return }
    guard let laboratory = try ResultsStore(work.transaction).laboratory(found.laboratory) else {
      return
    }
    try work.count(list: found.sequence, of: laboratory, at: found.area)
  }
}

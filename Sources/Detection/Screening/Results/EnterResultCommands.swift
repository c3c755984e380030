import Gazette
import Kernel
import Registry

/// Enters one result by hand, where no file comes: of a tube that a laboratory has received, now, and as
/// plausible as any other. Of a laboratory that has a key, too: it is one tube at a time, said by a person
/// who holds the duty over the round and whom the journal names, and never what was not negative before. What
/// lists are put aside for — too large a share lately, a control that is wrong — puts it aside as well.
package struct EnterResult: Command {
  package struct Answer: Codable, Sendable {
    /// False when the tube said so already, or the result waits for two people.
    package let applied: Bool
    /// The result as it was put aside; nil when it counts.
    package let quarantined: BatchID?
  }

  package static let name = "screening.enterResult"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = ImportResults.duty
  package let tube: TubeCode
  package let result: TubeResult

  package init(tube: TubeCode, result: TubeResult) {
    self.tube = tube
    self.result = result
  }

  package func area(in work: Work) throws -> Area {
    let tube = try TubesStore(work.transaction).get(tube)
    return .path(try ScreeningRoundStore(work.transaction).get(tube.round).path)
  }

  package func perform(in work: Work) throws -> Answer {
    let tube = try TubesStore(work.transaction).get(tube)
    guard let laboratory = tube.laboratory else { throw ResultFault.notReceived.refusal }
    var applying = try Applying(work)
    try applying.expect([tube.code])
    let row = ResultRow(tube: tube.code, result: result, reportedAt: work.now)
    let fault = applying.fault(of: row, from: laboratory, needsReceipt: true)
    if let fault, fault != .control { throw applying.refusal(fault, of: tube.code) }
    let plausibility = applying.policy.plausibility
    let before = try work.lately(of: laboratory, plausibility)
    let isTooMuch =
      tube.result != result && (before + ResultShare(of: [row])).isTooAbnormal(plausibility)
    let isSuspended = try ResultsStore(work.transaction).isSuspended(laboratory)
    let faults = [
      fault, isTooMuch ? .tooManyAbnormal : nil, isSuspended ? .suspended : nil,
    ].compactMap(\.self)
    if !faults.isEmpty {
      let batch = try putAside(row, from: laboratory, for: faults, applying, in: work)
      return Answer(applied: false, quarantined: batch)
    }
    let isNew = try applying.apply(
      row, from: laboratory, batch: nil, sequence: nil, enteredBy: work.authority.sender.text)
    try applying.save()
    if isNew { try work.count(ResultShare(of: [row]), of: laboratory, plausibility) }
    try work.record(
      ResultsDelivered(
        batch: BatchID(trusted: work.command.text), laboratory: laboratory, rows: isNew ? 1 : 0,
        state: ResultBatch.State.applied.rawValue, reasons: []))
    return Answer(applied: isNew, quarantined: nil)
  }

  /// Puts one result aside, until two people have looked; the same one again is the same.
  private func putAside(
    _ row: ResultRow, from laboratory: LaboratoryID, for faults: [ResultFault],
    _ applying: Applying, in work: Work
  ) throws -> BatchID {
    let store = ResultsStore(work.transaction)
    if let known = try store.waiting(of: row.tube) {
      let said: [ResultRow] = try Fields.json(Array(known.body.utf8)).decoded()
      guard said.map(\.result) != [row.result] else { return known.id }
      throw Refusal.tube(
        "tube.aside", "该管已有一条录入的结果待两人审核；先由两人决定，再另录",
        "Another result of this tube waits for two people; they decide first, then enter it anew")
    }
    let area = try applying.area(of: [row])
    let rows = [row]
    let batch = ResultBatch(
      id: work.newID(), laboratory: laboratory, sequence: ResultBatch.byHand,
      digest: "by-hand", rows: 1,
      body: String(decoding: try Fields.jsonBytes(rows), as: UTF8.self), cameAt: work.now,
      state: .quarantined, reasons: faults.map(\.rawValue),
      area: try area.map { try PlacesStore(work.transaction).get($0).path }, tube: row.tube,
      enteredBy: work.authority.sender.text)
    try store.insert(batch)
    if let area {
      try work.oblige(
        ScreeningObligations.quarantine, about: batch.id.text, at: area,
        by: work.now + .minutes(applying.policy.clocks.handOverMinutes))
    }
    try work.record(
      ResultsDelivered(
        batch: batch.id, laboratory: laboratory, rows: 1, state: batch.state.rawValue,
        reasons: batch.reasons))
    return batch.id
  }
}

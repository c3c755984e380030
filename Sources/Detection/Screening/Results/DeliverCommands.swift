import Gazette
import Kernel
import Registry

/// A laboratory's signed list of results. It is applied whole, or put aside whole: with one thing in it
/// that is not plausible nothing of it counts until a person has looked.
package struct DeliverResults: Command {
  package struct Answer: Codable, Sendable {
    package let batch: BatchID
    /// `applied` or `quarantined`.
    package let state: String
    package let reasons: [String]
  }

  package static let name = "screening.deliver"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "screening.deliver"
  package let laboratory: LaboratoryID
  package let sequence: Int
  package let rows: [ResultRow]
  /// Ed25519 over the list's canonical text, 128 hexadecimal digits.
  package let signature: String

  package init(_ list: ResultList, signature: String) {
    laboratory = list.laboratory
    sequence = list.sequence
    rows = list.rows
    self.signature = signature
  }

  // Whose list it is, the signature says; where its tubes are, custody.
  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Answer {
    let store = ResultsStore(work.transaction)
    guard let known = try store.laboratory(laboratory) else {
      throw Refusal.notFound(
        Words("检测机构", "laboratory"), laboratory.text, field: "laboratory")
    }
    let list = ResultList(laboratory: laboratory, sequence: sequence, rows: rows)
    let bytes = list.signedBytes(in: work.zone)
    let digest = Hex.text(work.vault.suite.digest(bytes))
    // The same list again was a lost answer.
    let sent = try store.batches(of: laboratory, sequence: sequence, digest: digest)
    if let same = sent.first(where: { $0.state != .discarded && $0.isSigned }),
      isSigned(bytes, by: known, in: work)
    {
      return Answer(batch: same.id, state: same.state.rawValue, reasons: same.reasons)
    }
    var applying = try Applying(work)
    try applying.expect(Set(rows.map(\.tube)))
    let faults = try faults(known, bytes, applying, in: work)
    let area = try applying.area(of: rows)
    let isGap = faults.isEmpty && sequence > known.lastSequence + 1
    let path = try area.map { try PlacesStore(work.transaction).get($0).path }
    let batch = ResultBatch(
      id: work.newID(), laboratory: laboratory, sequence: sequence, digest: digest,
      rows: rows.count, body: String(decoding: try Fields.jsonBytes(rows), as: UTF8.self),
      cameAt: work.now, state: faults.isEmpty ? .applied : .quarantined,
      reasons: isGap ? ["gap"] : faults.map(\.rawValue),
      area: path)
    try store.insert(batch)
    if faults.isEmpty {
      var taken: [ResultRow] = []
      for row in rows
      where try applying.apply(row, from: laboratory, batch: batch.id, sequence: nil) {
        taken.append(row)
      }
      try applying.save()
      try work.count(ResultShare(of: taken), of: laboratory, applying.policy.plausibility)
      try work.count(list: sequence, of: known, at: path)
    } else if let area {
      try work.oblige(
        ScreeningObligations.quarantine, about: batch.id.text, at: area,
        by: work.now + .minutes(applying.policy.clocks.handOverMinutes))
      try work.wait(forList: sequence, of: laboratory, at: path)
    }
    try work.record(
      ResultsDelivered(
        batch: batch.id, laboratory: laboratory, rows: rows.count, state: batch.state.rawValue,
        reasons: batch.reasons))
    return Answer(batch: batch.id, state: batch.state.rawValue, reasons: batch.reasons)
  }

  private func isSigned(_ bytes: [UInt8], by laboratory: Laboratory, in work: Work) -> Bool {
    guard let key = laboratory.key.flatMap(Hex.bytes), let signature = Hex.bytes(signature) else {
      return false
    }
    return signature.count == 64
      && work.vault.suite.isSigned(bytes, by: key, signature: signature)
  }

  private func faults(
    _ known: Laboratory, _ bytes: [UInt8], _ applying: Applying, in work: Work
  ) throws -> [ResultFault] {
    if known.key == nil { return [.noKey] }
    guard isSigned(bytes, by: known, in: work) else { return [.signature] }
    guard sequence > 0 else { return [.sequence] }
    if try work.isUsed(sequence, by: known) {
      let isExplained = try GapsStore(work.transaction).isExplained(sequence, of: laboratory)
      return [isExplained ? .explained : .replay]
    }
    let plausibility = applying.policy.plausibility
    // The last number is at least 0; one that was missed lies below it.
    if sequence > known.lastSequence,
      sequence - known.lastSequence > plausibility.mostSequenceGap
    {
      return [.sequence]
    }
    var faults = ResultsRules.faults(
      of: rows, after: try work.lately(of: laboratory, plausibility), policy: plausibility)
    for row in rows {
      let fault = applying.fault(of: row, from: laboratory, needsReceipt: true)
      if let fault, !faults.contains(fault) { faults.append(fault) }
    }
    if try ResultsStore(work.transaction).isSuspended(laboratory) { faults.append(.suspended) }
    return faults
  }
}

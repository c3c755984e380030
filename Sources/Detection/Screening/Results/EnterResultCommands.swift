import Gazette
import Kernel
import Registry

/// Enters one result by hand, where no file comes: of a tube that a laboratory has received, now, and as
/// plausible as any other. Of a laboratory that has a key, too: it is one tube at a time, said by a person
/// who holds the duty over the round and whom the journal names, and never what was not negative before.
package struct EnterResult: Command {
  package struct Answer: Codable, Sendable {
    /// False when the tube said so already.
    package let applied: Bool
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
    if let fault = applying.fault(of: row, from: laboratory, needsReceipt: true) {
      throw applying.refusal(fault, of: tube.code)
    }
    let isNew = try applying.apply(
      row, from: laboratory, batch: nil, sequence: nil, enteredBy: work.authority.sender.text)
    try applying.save()
    // Refused for its share it would hold nobody; what the laboratory's lists say next is judged with it.
    if isNew {
      try work.count(ResultShare(of: [row]), of: laboratory, applying.policy.plausibility)
    }
    try work.record(
      ResultsDelivered(
        batch: BatchID(trusted: work.command.text), laboratory: laboratory, rows: isNew ? 1 : 0,
        state: ResultBatch.State.applied.rawValue, reasons: []))
    return Answer(applied: isNew)
  }
}

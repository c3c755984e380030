import Kernel

/// How long what was asked of a person is kept after it has ended.
package struct RestrictionsKeepingPolicy: PolicySection {
  package static let key = "restrictions_kept"
  package let keepDays: Int

  private enum CodingKeys: String, CodingKey { case keepDays = "keep_days" }

  /// Whoever objects to an office's decision has 60 days to ask the office above; until then the decision has
  /// to be there, and what is kept for longer is kept for nobody.
  package var faults: [Words] {
    PolicyBound("keep_days", 60...183).fault(keepDays).map { [$0] } ?? []
  }
}

/// What was asked of people and has ended was deleted: how many, for whoever asks later whether it was done.
package struct RestrictionsErased: Fact {
  package static let name = "restrictions.erased"
  package static let words = Words(
    "已结束的管控到期删除", "Ended restrictions deleted after their time of keeping")
  package static let about = Matter.district
  package let restrictions: Int
  package let evidence: Int
  package var subject: String { "restrictions" }
}

/// The clock's command: deletes restrictions that have been over for as long as they are kept, with their
/// phases, objections, changes and evidence. The public figures and the journal's leaves stay.
package struct EraseRestrictions: Command {
  package static let name = "restrictions.erase"
  package static let duty: Duty = .clockOnly
  private static let atOnce = 500

  package init() {}

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many restrictions and pieces of evidence were deleted.
  package func perform(in work: Work) throws -> Int {
    let keepDays = try work.policy(RestrictionsKeepingPolicy.self).keepDays
    let limit = work.now - .days(keepDays)
    let store = ErasingRestrictionsStore(work.transaction)
    let due = try store.due(before: limit, limit: Self.atOnce)
    try store.erase(due)
    try store.eraseRequests(before: limit)
    let evidence = try store.eraseEvidence(before: limit, limit: Self.atOnce)
    guard !due.isEmpty || evidence > 0 else { return 0 }
    try work.record(RestrictionsErased(restrictions: due.count, evidence: evidence))
    if due.count == Self.atOnce || evidence == Self.atOnce { try work.send(EraseRestrictions()) }
    return due.count + evidence
  }
}

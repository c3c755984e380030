import Gazette
import Kernel
import Registry

/// Asks that a result that was not negative be put right. Nothing changes until a second person of
/// another organisation approves (I-29).
package struct AskCorrection: Command {
  package struct Answer: Codable, Sendable {
    package let correction: CorrectionID
  }

  package static let name = "screening.askCorrection"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "screening.askCorrection"
  package let tube: TubeCode
  package let result: TubeResult
  package let reason: String

  package init(tube: TubeCode, result: TubeResult, reason: String) {
    self.tube = tube
    self.result = result
    self.reason = reason
  }

  package func area(in work: Work) throws -> Area {
    let tube = try TubesStore(work.transaction).get(tube)
    return .path(try ScreeningRoundStore(work.transaction).get(tube.round).path)
  }

  package func perform(in work: Work) throws -> Answer {
    let tube = try TubesStore(work.transaction).get(tube)
    guard let was = tube.result, ResultsRules.isSettled(tube, against: result) else {
      throw Refusal(
        .conflict, "correction.notNeeded",
        Words(
          "该管没有异常结果，或更正后并不改轻，无需两人更正",
          "Nothing here takes two people: the tube is negative, or would be no less than it is"),
        field: "tube")
    }
    let reason = reason.trimmingWhitespace()
    guard !reason.isEmpty else { throw Refusal.missing("reason") }
    guard reason.count <= 500 else {
      throw Refusal(
        .invalid, "correction.reasonLong",
        Words("理由最多 500 字，请缩短", "The reason has at most 500 characters; shorten it"),
        field: "reason")
    }
    let store = ResultsStore(work.transaction)
    guard try store.openCorrection(of: tube.code) == nil else {
      throw Refusal(
        .conflict, "correction.open",
        Words(
          "该管已有更正申请待复核；先由第二人决定",
          "A correction of this tube waits for its second person, who decides first"), field: "tube"
      )
    }
    let round = try ScreeningRoundStore(work.transaction).get(tube.round)
    let correction = ResultCorrection(
      id: work.newID(), tube: tube.code, was: was, result: result,
      askedBy: work.authority.sender.text,
      organisations: try work.organisations(for: Self.duty, at: round.path).all,
      askedAt: work.now, decidedAt: nil)
    try store.insert(correction, reason: reason)
    try work.record(
      CorrectionAsked(
        correction: correction.id, tube: tube.code, result: result.rawValue))
    let policy = try work.policy(ScreeningPolicy.self)
    try work.oblige(
      ScreeningObligations.correct, about: correction.id.text, at: round.area,
      by: work.now + .minutes(policy.clocks.handOverMinutes))
    return Answer(correction: correction.id)
  }
}

/// The second person's decision on a correction.
package struct ApproveCorrection: Command {
  package static let name = "screening.approveCorrection"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "screening.approveCorrection"
  package let correction: CorrectionID
  package let approved: Bool

  package init(correction: CorrectionID, approved: Bool) {
    self.correction = correction
    self.approved = approved
  }

  package func area(in work: Work) throws -> Area {
    let tube = try TubesStore(work.transaction).get(asked(in: work).tube)
    return .path(try ScreeningRoundStore(work.transaction).get(tube.round).path)
  }

  private func asked(in work: Work) throws -> ResultCorrection {
    guard let found = try ResultsStore(work.transaction).correction(correction) else {
      throw Refusal.notFound(
        Words("更正申请", "correction"), correction.text, field: "correction")
    }
    return found
  }

  package func perform(in work: Work) throws -> Done {
    let asked = try asked(in: work)
    guard asked.decidedAt == nil else {
      throw Refusal(
        .conflict, "correction.decided",
        Words("该申请已有决定；不同意的请重新申请", "This was decided already; whoever disagrees asks anew"),
        field: "correction")
    }
    let tube = try TubesStore(work.transaction).get(asked.tube)
    let round = try ScreeningRoundStore(work.transaction).get(tube.round)
    try SecondPersonRules.require(
      approver: work.authority.sender.text,
      organisations: work.organisations(for: Self.duty, at: round.path).entitled,
      issuer: asked.askedBy, issuerOrganisations: asked.organisations, what: "correction")
    let store = ResultsStore(work.transaction)
    try store.decide(
      asked.id, approved: approved, at: work.now, by: work.authority.sender.text)
    try work.record(CorrectionDecided(correction: asked.id, approved: approved))
    if approved {
      guard tube.result == asked.was, let laboratory = tube.laboratory else {
        throw Refusal(
          .conflict, "correction.stale",
          Words("该管的结果已变，请重新申请", "The tube's result has changed; ask again"),
          field: "correction")
      }
      var applying = try Applying(work, isOfTwo: true)
      try applying.expect([tube.code])
      _ = try applying.apply(
        ResultRow(tube: tube.code, result: asked.result, reportedAt: work.now),
        from: laboratory, batch: nil, sequence: nil, correction: asked.id)
      try applying.save()
    }
    try work.discharge(
      ScreeningObligations.correct, about: asked.id.text,
      proof: ["approved": approved ? "yes" : "no"])
    return Done()
  }
}

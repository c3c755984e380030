import Gazette
import Kernel

/// Judgement about what laboratories say.
package enum ResultsRules {
  /// What is known of a tube when its result comes.
  struct Known: Sendable {
    let tube: Tube
    let lastSampledAt: Instant?
    let members: Int
  }

  /// What is wrong with one result; nil when nothing is.
  ///
  /// - Parameter needsReceipt: whether somebody must have said that the tube came; a file's tubes are
  ///   taken as received unless their way was written down.
  static func fault(
    of row: ResultRow, from laboratory: LaboratoryID, known: Known?, needsReceipt: Bool,
    now: Instant, policy: ScreeningPolicy
  ) -> ResultFault? {
    guard let known else { return .unknownTube }
    let tube = known.tube
    guard tube.voidedAt == nil else { return .voidTube }
    // Whoever was registered in a control was not tested in it.
    let isControl = tube.control != nil
    guard known.members > 0 || isControl,
      let sampledAt = isControl ? tube.openedAt : known.lastSampledAt ?? tube.openedAt
    else { return .emptyTube }
    guard row.reportedAt <= now + .minutes(policy.clocks.clockAheadMinutes) else {
      return .inFuture
    }
    if isSettled(tube, against: row.result) { return .correction }
    guard row.reportedAt >= sampledAt else { return .beforeSampling }
    if needsReceipt || tube.box != nil || tube.receivedAt != nil {
      guard let receivedAt = tube.receivedAt, tube.laboratory == laboratory else {
        return .notReceived
      }
      guard row.reportedAt >= receivedAt else { return .beforeReceipt }
    }
    guard row.reportedAt >= possible(tube, lastSampledAt: sampledAt, policy) else {
      return .tooFast
    }
    if let control = tube.control, !control.agrees(with: row.result) { return .control }
    return nil
  }

  /// From when on a tube can have been tested: what an assay takes after it was received, or sampled where
  /// nobody wrote down when it came.
  static func possible(
    _ tube: Tube, lastSampledAt: Instant, _ policy: ScreeningPolicy
  ) -> Instant {
    max(tube.receivedAt ?? lastSampledAt, lastSampledAt)
      + .minutes(policy.plausibility.assayMinutes)
  }

  /// The same by the swabs in it.
  static func possible(
    from tube: Tube, holding swabs: [Swab], _ policy: ScreeningPolicy
  ) -> Instant {
    let last = swabs.filter { $0.withdrawnAt == nil }.map(\.sampledAt).max()
    return possible(
      tube, lastSampledAt: last ?? tube.receivedAt ?? tube.openedAt ?? Instant(milliseconds: 0),
      policy)
  }

  /// Whether a result may not follow on a tube's without two people: what was not negative would be, or
  /// what was positive would be less, which is how somebody comes free by two steps (I-29).
  static func isSettled(_ tube: Tube, against result: TubeResult) -> Bool {
    tube.result.map { isStepBack(from: $0, to: result) } ?? false
  }

  /// Whether a result says less than the one before, and that one held people.
  static func isStepBack(from was: TubeResult, to became: TubeResult) -> Bool {
    was == .positive ? became != .positive : was.holds && !became.holds
  }

  /// What is wrong with a list as a whole.
  ///
  /// - Parameter before: what was taken lately from the same laboratory; small lists are no way around
  ///   the look at the share.
  static func faults(
    of rows: [ResultRow], after before: ResultShare = ResultShare(),
    policy: ScreeningPolicy.Plausibility
  ) -> [ResultFault] {
    var faults: [ResultFault] = []
    if rows.isEmpty { faults.append(.empty) }
    if rows.count > policy.mostRows { faults.append(.tooMany) }
    if Set(rows.map(\.tube)).count != rows.count { faults.append(.twice) }
    if (before + ResultShare(of: rows)).isTooAbnormal(policy) { faults.append(.tooManyAbnormal) }
    return faults
  }

  /// What a person who has looked may let through; the rest is sent anew by the laboratory.
  static let releasable: Set<ResultFault> = [.tooManyAbnormal, .tooMany, .tooFast, .suspended]

  /// Until when a result counts.
  static func validUntil(
    sampledAt: Instant, reportedAt: Instant, _ validity: ScreeningPolicy.Validity
  ) -> Instant {
    switch validity.from {
    case .sampling: sampledAt + .hours(validity.hours)
    case .report: reportedAt + .hours(validity.hours)
    }
  }
}

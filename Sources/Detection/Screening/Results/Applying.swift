import Gazette
import Kernel
import Registry

/// Applies results inside one command: tubes, lists, holds and releases follow from each.
struct Applying {
  private let work: Work
  private let tubes: TubesStore
  private let results: ResultsStore
  private let book: RosterBook
  private var known: [TubeCode: Tube] = [:]
  private var swabs: [TubeCode: [Swab]] = [:]
  let policy: ScreeningPolicy
  /// The account on whose word alone the results stand; nil when two people stand behind them.
  let teller: AccountID?

  /// Applies what the sender says; ``isOfTwo`` when a second person has decided on it.
  init(_ work: Work, isOfTwo: Bool = false) throws {
    self.work = work
    if case .account(let account) = work.authority.sender, !isOfTwo {
      teller = account
    } else {
      teller = nil
    }
    policy = try work.policy(ScreeningPolicy.self)
    tubes = TubesStore(work.transaction)
    results = ResultsStore(work.transaction)
    book = RosterBook(work.transaction)
  }

  /// Looks many tubes up at once.
  mutating func expect(_ codes: Set<TubeCode>) throws {
    for part in codes.sorted().chunks(of: 500) {
      known.merge(try tubes.find(Set(part))) { $1 }
      swabs.merge(try SwabsStore(work.transaction).inTubes(Set(part))) { $1 }
    }
  }

  /// What is wrong with a result; nil when nothing is.
  func fault(
    of row: ResultRow, from laboratory: LaboratoryID, needsReceipt: Bool
  ) -> ResultFault? {
    ResultsRules.fault(
      of: row, from: laboratory, known: facts(of: row.tube), needsReceipt: needsReceipt,
      now: work.now, policy: policy)
  }

  /// What is wrong as a refusal; a test that cannot be done yet says from when on it can.
  func refusal(_ fault: ResultFault, of code: TubeCode) -> Refusal {
    guard fault == .tooFast, let tube = known[code] else { return fault.refusal }
    let from = ResultsRules.possible(from: tube, holding: swabs[code] ?? [], policy)
    let time = from.shortText(in: work.zone)
    let minutes = policy.plausibility.assayMinutes
    return Refusal(
      fault.refusal.kind, fault.refusal.code,
      Words(
        "收样后检测至少要 \(minutes) 分钟：\(time) 起才可能有结果，请届时再报",
        "A test takes at least \(minutes) minutes after the tube came: no result before \(time); report it then"
      ), field: fault.refusal.field)
  }

  private func facts(of code: TubeCode) -> ResultsRules.Known? {
    known[code].map { tube in
      let standing = (swabs[code] ?? []).filter { $0.withdrawnAt == nil && !$0.isLate }
      return ResultsRules.Known(
        tube: tube, lastSampledAt: standing.map(\.sampledAt).max(), members: standing.count)
    }
  }

  /// Where a result's round is, for whom somebody has to be asked about it.
  func area(of rows: [ResultRow]) throws -> PlaceID? {
    let store = ScreeningRoundStore(work.transaction)
    if let round = rows.lazy.compactMap({ known[$0.tube]?.round }).first {
      return try store.get(round).area
    }
    return try store.latest(limit: 1).first?.area
  }

  /// Applies one result; false when the tube says it already.
  mutating func apply(
    _ row: ResultRow, from laboratory: LaboratoryID, batch: BatchID?, sequence: Int?,
    correction: CorrectionID? = nil, enteredBy: String? = nil
  ) throws -> Bool {
    guard var tube = known[row.tube] else { return false }
    if tube.result == row.result { return false }
    try results.add(
      row, id: work.newID(), laboratory: laboratory, batch: batch, sequence: sequence,
      correction: correction, enteredBy: enteredBy, at: work.now)
    let before = tube.result
    tube.result = row.result
    tube.reportedAt = row.reportedAt
    tube.firstReportedAt = tube.firstReportedAt ?? row.reportedAt
    tube.laboratory = tube.laboratory ?? laboratory
    try tubes.update(tube)
    known[row.tube] = tube
    if let before {
      try work.record(
        ResultSuperseded(
          tube: tube.code, was: before.rawValue, became: row.result.rawValue,
          correction: correction))
    }
    if let openedAt = tube.openedAt,
      work.now - openedAt >= .minutes(policy.clocks.resultMinutes)
    {
      try work.discharge(
        ScreeningObligations.late, about: tube.code.text, proof: ["result": row.result.rawValue])
    }
    let standing = (swabs[row.tube] ?? []).filter { $0.withdrawnAt == nil }
    try follow(tube, standing, before: before)
    return true
  }

  /// What follows from a tube's result for those in it.
  private mutating func follow(
    _ tube: Tube, _ standing: [Swab], before: TubeResult?
  ) throws {
    // What is known to be in a control says nothing of whoever was registered in it.
    if tube.control != nil { return try work.resample(standing, book) }
    let counted = standing.filter { !$0.isLate }
    try tell(tube, counted)
    if tube.isGood {
      for swab in counted {
        if let spot = swab.spot { try book.set(Stand(.tested), at: spot, of: swab.round) }
      }
      if before == .invalid { try countAgain(tube, counted) }
    } else {
      try work.resample(standing, book)
    }
    // A tube in which somebody else is, too, decides of nobody.
    let answered =
      try standing.contains(where: \.isRecheck)
      ? RecallsStore(work.transaction).decided(by: tube.code) : []
    if let result = tube.result, result.holds {
      if result == .positive, standing.count == 1, tube.capacity == 1 {
        try becomeCases(tube, standing, answered)
        return
      }
      for recall in answered { try work.recallAgain(recall) }
      // Two people found that it was not positive: whoever was a case by it alone is held again.
      if before == .positive {
        for recall in try RecallsStore(work.transaction).of(tube.code)
        where recall.state == .infection && recall.single == nil { try work.recallAgain(recall) }
      }
      if answered.isEmpty || standing.count > 1 {
        try work.hold(standing, of: tube, for: result)
      }
      return
    }
    guard tube.result == .negative else { return }
    for recall in answered { try work.release(recall, by: tube) }
    // Two people put a result right: whoever was held for it alone is free.
    if before?.holds == true {
      for recall in try RecallsStore(work.transaction).of(tube.code) {
        try work.release(recall, by: tube)
      }
    }
  }

  /// A tube that could give no result gives one after all: nobody owes a swab for it any more, and
  /// whoever has given another one meanwhile is in two.
  private func countAgain(_ tube: Tube, _ standing: [Swab]) throws {
    for swab in standing {
      try work.discharge(
        ScreeningObligations.reswab,
        about: Recall.subject(tube: tube.code, person: swab.person),
        proof: ["tube": tube.code.text])
      let own = try SwabsStore(work.transaction).of(
        ResidentsStore(work.transaction).identifiers(of: swab.person), in: swab.round)
      if TubesRules.isInTwoTubes(own) {
        try work.note(
          .secondTube, about: swab.person.text, in: swab.round,
          showing: TubesRules.evidence(ofTwoTubes: own))
      }
    }
  }

  /// Says who has a result, for zones that wait for a round of their people. A tube of several that is
  /// not negative says nothing of any one of them.
  private func tell(_ tube: Tube, _ standing: [Swab]) throws {
    let isNegative = tube.result == .negative
    guard let first = standing.map(\.sampledAt).min(),
      isNegative || (tube.result == .positive && standing.count == 1)
    else { return }
    try work.record(
      PeopleTested(
        tube: tube.code.text, people: standing.map(\.person), sampledAt: first,
        isNegative: isNegative))
  }

  /// One person, one tube, positive: a case, whether it was a single from the start or an answer.
  private func becomeCases(_ tube: Tube, _ standing: [Swab], _ answered: [Recall]) throws {
    for recall in answered { try work.becomesCase(recall, by: tube, told: teller) }
    guard answered.isEmpty, let swab = standing.first else { return }
    try work.hold([swab], of: tube, for: .positive)
    for recall in try RecallsStore(work.transaction).of(tube.code) {
      try work.becomesCase(recall, by: tube, told: teller)
    }
  }

  /// Writes the lists that were changed.
  func save() throws { try book.save() }
}

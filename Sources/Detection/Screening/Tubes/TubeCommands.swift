import Gazette
import Kernel
import Registry

extension Work {
  /// A tube whose point or round a duty is held for; nil for one of which only a device knows so far.
  func tube(
    _ code: TubeCode, of round: RoundID, for duty: Duty, device: String?
  ) throws -> Tube? {
    let store = ScreeningRoundStore(transaction)
    let known = try TubesStore(transaction).find(code)
    let point = try known?.point.flatMap { try store.point($0)?.path }
    let area = try store.get(known?.round ?? round).path
    let swabs = try known == nil ? [] : SwabsStore(transaction).inTube(code)
    // Whoever goes from door to door answers for the doors whose people are in it.
    let paths = [point, area].compactMap(\.self) + swabs.compactMap { $0.spot?.key.path }
    // A device's word may come before that of any swab: then anybody may have filled it who samples in
    // the round.
    let isFirst =
      device != nil && swabs.isEmpty
      && authority.areas(for: duty).contains { area.holds($0) }
    guard isFirst || paths.contains(where: { authority.may(duty, at: $0) }) else {
      throw Refusal.outsideArea(duty)
    }
    if known == nil, device == nil {
      throw Refusal.notFound(Words("试管", "tube"), code.text, field: "tube")
    }
    return known
  }
}

/// Closes a tube, full or not.
package struct SealTube: Command {
  package struct Answer: Codable, Sendable {
    package let members: Int
    /// What was counted where that is not how many are registered, and by how many more (or, below zero,
    /// fewer): then whoever stands there counts again.
    package let counted: Int?
    package let difference: Int?
  }

  package static let name = "screening.seal"
  package static let duty: Duty = RegisterSwab.duty
  /// No tube holds more swabs than that.
  private static let mostCounted = 1_000
  package let tube: TubeCode
  package let round: RoundID
  package let at: Instant?
  /// How many swabs were counted in it.
  package let count: Int?
  package let device: String?

  package init(
    tube: TubeCode, round: RoundID, at: Instant? = nil, count: Int? = nil, device: String? = nil
  ) {
    self.tube = tube
    self.round = round
    self.at = at
    self.count = count
    self.device = device
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Answer {
    try TubesRules.check(tube)
    if let count, !(0...Self.mostCounted).contains(count) {
      throw Refusal.malformed(
        "count", String(count),
        expected: Words(
          "管内拭子数，0–\(Self.mostCounted)", "how many swabs are in it, 0 to \(Self.mostCounted)"))
    }
    let store = TubesStore(work.transaction)
    let known = try work.tube(tube, of: round, for: Self.duty, device: device)
    let rounds = ScreeningRoundStore(work.transaction)
    var sealed =
      try known
      ?? Tube(code: tube, round: round, capacity: rounds.get(round).pool)
    let at = at ?? work.now
    try work.require(at, ofTube: tube, in: sealed.round, device: device)
    let book = RosterBook(work.transaction)
    var swabs = try SwabsStore(work.transaction).inTube(tube)
    // Of two devices that sealed it the earlier one did.
    if at < sealed.sealedAt ?? at + .seconds(1) {
      sealed.sealedAt = at
      sealed.sealedCount = count
      if known == nil { try store.insert(sealed) } else { try store.update(sealed) }
      try work.record(TubeSealed(tube: tube, at: at, count: count))
      swabs = try work.recount(sealed, swabs, book)
      try book.save()
    } else if let count, device == nil, sealed.takesCount, count != sealed.sealedCount {
      // Whoever counted wrong counts again, as long as the tube is there to be looked into.
      try work.record(TubeCounted(tube: tube, was: sealed.sealedCount, count: count))
      sealed.sealedCount = count
      try store.update(sealed)
    }
    try work.settle(&sealed, holding: swabs, isRevised: true) { try rounds.get($0).pool }
    let difference = TubesRules.miscount(of: sealed, holding: swabs)
    return Answer(
      members: swabs.count { $0.withdrawnAt == nil },
      counted: difference == nil ? nil : sealed.sealedCount,
      difference: difference)
  }
}

/// Says that a tube can give no result: everyone in it is sampled again. A device's word that comes after
/// a negative result counts like one that came before it, and who was released by that result is held
/// again; one that comes after a result that is not negative is a contradiction for a human, and those in
/// the tube stay held.
package struct VoidTube: Command {
  package struct Answer: Codable, Sendable {
    package let members: Int
  }

  package static let name = "screening.void"
  package static let duty: Duty = "screening.void"
  package let tube: TubeCode
  package let round: RoundID
  package let reason: VoidReason
  package let at: Instant?
  package let device: String?

  package init(
    tube: TubeCode, round: RoundID, reason: VoidReason, at: Instant? = nil,
    device: String? = nil
  ) {
    self.tube = tube
    self.round = round
    self.reason = reason
    self.at = at
    self.device = device
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Answer {
    try TubesRules.check(tube)
    let store = TubesStore(work.transaction)
    let known = try work.tube(tube, of: round, for: Self.duty, device: device)
    if let known, let result = known.result, result != .invalid {
      guard device != nil else {
        throw Refusal.tube(
          "tube.resulted", "该试管已出结果，不能作废；结果有误请申请更正",
          "This tube has a result and cannot be void; ask for a correction when it is wrong")
      }
      if result.holds {
        try work.note(.voidAfterResult, about: tube.text, in: known.round, reopening: true)
        return Answer(members: 0)
      }
    }
    let pool = try ScreeningRoundStore(work.transaction).get(round).pool
    var tube = known ?? Tube(code: self.tube, round: round, capacity: pool)
    let at = at ?? work.now
    try work.require(at, ofTube: self.tube, in: tube.round, device: device)
    // Of two that told of it the earlier one counts; of two at one moment the smaller reason.
    if let before = tube.voidedAt, let was = tube.voidReason,
      (before, was.rawValue) <= (at, reason.rawValue)
    {
      return Answer(members: 0)
    }
    let wasVoid = tube.voidedAt != nil
    tube.voidedAt = at
    tube.voidReason = reason
    if known == nil { try store.insert(tube) } else { try store.update(tube) }
    let swabs = try SwabsStore(work.transaction).inTube(tube.code)
    if !wasVoid { try work.resample(swabs) }
    try work.noteVoid(tube.code, reason, members: swabs.count)
    return Answer(members: swabs.count)
  }
}

extension Work {
  /// Refuses what a desk says that a tube was in the future; a device's clock is ahead, and somebody sees it.
  func require(_ at: Instant, ofTube tube: TubeCode, in round: RoundID, device: String?) throws {
    let ahead = try policy(ScreeningPolicy.self).clocks.clockAheadMinutes
    guard at > now + .minutes(ahead) else { return }
    guard device == nil else {
      return try note(.ahead, about: tube.text, in: round, reopening: true)
    }
    throw Refusal(
      .invalid, "tube.inFuture",
      Words("时间晚于现在，请核对时间", "The time lies in the future; correct it"), field: "at")
  }

  /// Records that a tube can give no result: nobody looks for it any more.
  func noteVoid(_ tube: TubeCode, _ reason: VoidReason, members: Int) throws {
    try record(TubeVoided(tube: tube, reason: reason.rawValue, members: members))
    try discharge(
      ScreeningObligations.late, about: tube.text, proof: ["void": reason.rawValue])
  }

  /// Lets everyone be sampled again whose only swabs are in tubes that can give no result.
  func resample(_ swabs: [Swab]) throws {
    let book = RosterBook(transaction)
    try resample(swabs, book)
    try book.save()
  }

  /// The same with lists that the command has open.
  func resample(_ swabs: [Swab], _ book: RosterBook) throws {
    let store = SwabsStore(transaction)
    let rounds = ScreeningRoundStore(transaction)
    let policy = try policy(ScreeningPolicy.self)
    for swab in swabs where swab.withdrawnAt == nil {
      let round = try rounds.get(swab.round)
      let identifiers = try ResidentsStore(transaction).identifiers(of: swab.person)
      let own = try store.of(
        Set(identifiers + [swab.person, swab.spot?.listed ?? swab.person]).sorted(),
        in: swab.round)
      if let spot = swab.spot { try settle(swab.person, at: spot, in: round, book, by: own) }
      try settleSecondTube(of: swab.person, in: swab.round, by: own)
      // Who is held is owed a single tube already; who is away or exempt, none.
      guard !own.contains(where: \.isGood), !swab.isRecheck else { continue }
      let stand = try swab.spot.flatMap { try book.member(at: $0, of: swab.round) }?.now.standing
      if stand == .away || stand == .exempt { continue }
      let home = try ResidentsStore(transaction).current(swab.person)?.home ?? round.area
      try oweSwab(
        insteadOf: swab, at: home, by: now + .minutes(policy.clocks.reswabMinutes))
    }
    try resampleSingles(swabs.filter(\.isRecheck))
  }

  /// Owes somebody another swab instead of one that counts for nothing: once, however often that is found.
  func oweSwab(insteadOf swab: Swab, at home: PlaceID, by deadline: Instant) throws {
    let subject = Recall.subject(tube: swab.tube, person: swab.person)
    let owed = try ObligationStore(transaction).owed(
      ScreeningObligations.reswab.name, about: subject)
    guard owed.isEmpty else { return }
    try oblige(
      ScreeningObligations.reswab, about: subject, person: swab.person, at: home, by: deadline)
  }

  /// A single tube that can give no result leaves the hold undecided, also when it seemed to have given
  /// one: another one is owed.
  private func resampleSingles(_ swabs: [Swab]) throws {
    for tube in Set(swabs.map(\.tube)).sorted() {
      for recall in try RecallsStore(transaction).decided(by: tube) {
        if recall.state == .held { try recallAgain(recall) } else { try withdrawSingle(recall) }
      }
    }
  }
}

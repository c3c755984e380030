import Gazette
import Kernel
import Registry

/// Takes swabs inside one command: each is bound to its tube, the list and the pace are brought up to
/// date. With a device nothing is refused that has been done already.
struct Registering {
  private let work: Work
  private let policy: ScreeningPolicy
  private let tubes: TubesStore
  private let swabs: SwabsStore
  private let residents: ResidentsStore
  private let roundStore: ScreeningRoundStore
  private var rounds: [RoundID: ScreeningRound] = [:]
  private var points: [PointID: SamplingPoint?] = [:]
  private var withPoints: [RoundID: Bool] = [:]
  /// Whether a file tells of what was done elsewhere and before: its round may have been opened for it since.
  private let isOfFile: Bool
  let book: RosterBook

  init(_ work: Work, ofFile: Bool = false) throws {
    self.work = work
    isOfFile = ofFile
    policy = try work.policy(ScreeningPolicy.self)
    tubes = TubesStore(work.transaction)
    swabs = SwabsStore(work.transaction)
    residents = ResidentsStore(work.transaction)
    roundStore = ScreeningRoundStore(work.transaction)
    book = RosterBook(work.transaction)
  }

  /// Everything that is known before a swab is taken.
  private struct Situation {
    let round: ScreeningRound
    var tube: Tube
    let isNewTube: Bool
    var swab: Swab
    /// What is in the tube already.
    let others: [Swab]
    /// The person's other swabs of the round.
    let own: [SwabWithTube]
    /// What the person is held for.
    let held: [Recall]
  }

  /// Takes one swab.
  ///
  /// - Parameter claim: the command and, in a file, the row: which of two of one moment counts.
  mutating func take(
    _ row: SwabRow, claim: String, device: String?
  ) throws -> (answer: SwabAnswer, person: PersonID) {
    try TubesRules.check(row.tube)
    let round = try self.round(row.round)
    let isDesk = device == nil
    let named = PersonCode(row.person, in: work)
    let resident = try named.resident(isDesk: isDesk)
    try requireArea(row, round, resident, isDesk: isDesk)
    if isDesk, round.closedAt != nil, try !owesSwab(resident, in: round) {
      throw Refusal(
        .conflict, "round.closed",
        Words("本轮检测已结束，请核对轮次", "This round is over; look which one is meant"), field: "round")
    }
    if row.expectsKnown == true, resident == nil { throw named.unknown }
    let person = try resident ?? opened(named.stranger, in: round)
    let sampledAt = row.sampledAt ?? work.now
    let isAhead = sampledAt > work.now + .minutes(policy.clocks.clockAheadMinutes)
    if isDesk, isAhead {
      throw Refusal(
        .invalid, "swab.inFuture",
        Words("采样时间晚于现在，请核对时间", "The swab would be taken in the future; correct the time"),
        field: "sampled_at")
    }
    let isOutside = round.isOutside(
      sampledAt, clockMinutes: policy.clocks.clockAheadMinutes)
    if isDesk, isOutside, !isOfFile, sampledAt < round.openedAt {
      throw Refusal(
        .invalid, "swab.beforeRound",
        Words(
          "采样时间早于本轮开始（\(round.openedAt.shortText(in: work.zone))），请核对时间",
          "The swab would be taken before the round opened (\(round.openedAt.shortText(in: work.zone))); correct the time"
        ), field: "sampled_at")
    }
    let others = try swabs.inTube(row.tube)
    let swab = Swab(
      tube: row.tube, person: person.id, round: round.id, spot: nil, point: row.point,
      sampledAt: sampledAt, sampler: row.sampler, claim: claim, device: device,
      isRecheck: false, withdrawnAt: nil, home: round.householdTube ? person.home : nil)
    let identifiers = try identifiers(of: person)
    if let known = others.first(where: { identifiers.contains($0.person) }), !swab.isAfter(known) {
      return (try again(known, swab, others, round), person.id)
    }
    var situation = try situation(swab, identifiers, others, round)
    if isDesk { try refuse(situation) }
    situation.swab.isRecheck = !situation.held.isEmpty
    if situation.swab.isRecheck && others.isEmpty && situation.tube.control == nil {
      situation.tube.isSingle = true
      situation.tube.capacity = 1
    }
    let isStrange = try !isDesk && isOutside && !owesSwab(person, in: round)
    return (
      try keep(situation, person, isAhead: isAhead, isOutside: isStrange && !isAhead), person.id
    )
  }

  // MARK: What is known

  private mutating func round(_ id: RoundID) throws -> ScreeningRound {
    if let known = rounds[id] { return known }
    let found = try roundStore.frozen(id)
    rounds[id] = found
    return found
  }

  private mutating func requireArea(
    _ row: SwabRow, _ round: ScreeningRound, _ resident: Resident?, isDesk: Bool
  ) throws {
    var point: SamplingPoint?
    if let id = row.point {
      if let known = points[id] {
        point = known
      } else {
        point = try roundStore.point(id)
        points[id] = .some(point)
      }
      if point == nil, isDesk, try hasPoints(round) {
        throw Refusal.notFound(Words("采样点", "point"), id.text, field: "point")
      }
    }
    // The point's own area, or the whole round's; whoever goes from door to door, the door's.
    let paths = [point?.path, round.path, point == nil ? resident?.path : nil].compactMap(\.self)
    guard paths.contains(where: { work.authority.may(RegisterSwab.duty, at: $0) }) else {
      throw Refusal.outsideArea(RegisterSwab.duty)
    }
  }

  /// Whether points are set up in the round's area: then another name is a slip of the finger, and not how a
  /// list from elsewhere calls its own.
  private mutating func hasPoints(_ round: ScreeningRound) throws -> Bool {
    if let known = withPoints[round.id] { return known }
    let found = try !roundStore.points(in: round.path, limit: 1).isEmpty
    withPoints[round.id] = found
    return found
  }

  private func opened(_ person: PersonID, in round: ScreeningRound) throws -> Resident {
    // Where they live nobody has said: no list takes them for residents before somebody does.
    if try residents.find(person) == nil {
      try StrangersStore(work.transaction).note(person, at: round.area, work.now)
    }
    return try work.person(person, at: PlacesStore(work.transaction).get(round.area))
  }

  /// Whether somebody owes a round that is over another swab: who is held, and whose only tubes can
  /// give no result.
  private func owesSwab(_ resident: Resident?, in round: ScreeningRound) throws -> Bool {
    guard let resident else { return false }
    let identifiers = try identifiers(of: resident)
    let own = try swabs.of(identifiers, in: round.id).filter { $0.swab.withdrawnAt == nil }
    if !own.isEmpty, !own.contains(where: \.isGood) { return true }
    return try RecallsStore(work.transaction).held(of: identifiers, in: round.id).contains {
      $0.single == nil
    }
  }

  /// Every identifier by which a person can be in a tube: those of merged files, too.
  private func identifiers(of person: Resident) throws -> [PersonID] {
    try residents.identifiers(of: [person.id])[person.id] ?? [person.id]
  }

  private func situation(
    _ swab: Swab, _ identifiers: [PersonID], _ others: [Swab], _ round: ScreeningRound
  ) throws -> Situation {
    let known = try tubes.find(swab.tube)
    let own = try swabs.of(identifiers, in: round.id)
    // Only who was sampled before can be held.
    let held =
      own.isEmpty
      ? [] : try RecallsStore(work.transaction).held(of: identifiers, in: round.id)
    // What was taken before the hold is no answer to it, whoever writes it down and however late.
    // Whose own tube is on its way needs no other.
    let answered = held.filter { $0.single == nil && $0.heldSince <= swab.sampledAt }
    return Situation(
      round: round,
      tube: known ?? Tube(code: swab.tube, round: round.id, capacity: round.pool),
      isNewTube: known == nil, swab: swab, others: others, own: own, held: answered)
  }

  // MARK: What a desk is refused

  private func refuse(_ situation: Situation) throws(Refusal) {
    let home = situation.swab.home
    let tube = situation.tube
    let standing = situation.others.filter { $0.withdrawnAt == nil }
    guard tube.round == situation.round.id else {
      throw .tube(
        "tube.otherRound", "该试管属于另一轮检测，请换一支新管", "This tube belongs to another round; take a new one"
      )
    }
    guard tube.control == nil else {
      throw .tube("tube.used", "该管码已作他用，请换一支新管", "This code is used otherwise; take a new tube")
    }
    guard tube.voidedAt == nil else {
      throw .tube("tube.void", "该试管已作废，请换一支新管", "This tube is void; take a new one")
    }
    guard tube.result == nil else {
      throw .tube("tube.resulted", "该试管已出结果，请换一支新管", "This tube has a result; take a new one")
    }
    if let sealedAt = tube.sealedAt, situation.swab.sampledAt > sealedAt {
      throw .tube("tube.sealed", "该试管已封管，请换一支新管", "This tube is sealed; take a new one")
    }
    if !situation.held.isEmpty {
      guard standing.isEmpty else {
        throw .tube(
          "tube.notSingle", "此人正在复采，须使用一支新的单管",
          "This person is recalled and needs a new tube of their own")
      }
      return
    }
    // Of one household more may go in than the round's number, and of another nobody.
    let isOwn = home != nil && !standing.isEmpty && standing.allSatisfy { $0.home == home }
    if home != nil, !standing.isEmpty, !isOwn, standing.count >= situation.round.pool {
      throw .tube(
        "tube.otherHousehold", "这支管是另一户的，请给这户换一支新管",
        "This tube is another household's; take a new one for this household")
    }
    guard standing.count < (isOwn ? max(tube.capacity, policy.householdMost) : tube.capacity) else {
      throw .tube("tube.full", "该试管已满，请换一支新管", "This tube is full; take a new one")
    }
    guard !situation.own.contains(where: \.isGood) else {
      throw .tube(
        "swab.secondTube", "此人本轮已采样，不能再登记到另一支管；原管有问题的先作废那支管",
        "This person was sampled in this round already; when that tube is bad, say first that it is void",
        field: "person")
    }
  }

  // MARK: Keeping

  private func again(
    _ known: Swab, _ swab: Swab, _ others: [Swab], _ round: ScreeningRound
  ) throws -> SwabAnswer {
    var tube = try tubes.get(swab.tube)
    if swab.isBefore(known) {
      var earlier = known
      earlier.point = swab.point
      earlier.sampledAt = swab.sampledAt
      earlier.sampler = swab.sampler
      earlier.claim = swab.claim
      earlier.device = swab.device
      try swabs.update(earlier)
      try swabs.count(
        -1, of: known.round, at: known.point, quarter: TubesRules.quarter(of: known.sampledAt))
      try swabs.count(
        1, of: known.round, at: swab.point, quarter: TubesRules.quarter(of: swab.sampledAt))
      let all = try work.recount(
        tube, others.map { $0.person == known.person ? earlier : $0 }, book)
      try work.settle(&tube, holding: all, isRevised: true, pool: pool(of:))
    }
    return answer(tube, others.count { $0.withdrawnAt == nil }, known, conflicts: [], known: true)
  }

  private func pool(of round: RoundID) throws -> Int {
    try rounds[round]?.pool ?? roundStore.get(round).pool
  }

  private func keep(
    _ found: Situation, _ person: Resident, isAhead: Bool, isOutside: Bool
  ) throws -> SwabAnswer {
    var swab = found.swab
    var tube = found.tube
    let spot = try book.spot(of: person, in: found.round)
    swab = Swab(
      tube: swab.tube, person: swab.person, round: swab.round, spot: spot, point: swab.point,
      sampledAt: swab.sampledAt, sampler: swab.sampler, claim: swab.claim, device: swab.device,
      isRecheck: swab.isRecheck, withdrawnAt: nil, home: swab.home)
    if found.isNewTube {
      tube.point = swab.point
      tube.openedAt = swab.sampledAt
      tube.openedClaim = swab.claim
      try tubes.insert(tube)
    }
    swab.isLate = TubesRules.isLate(swab, in: tube)
    try swabs.put(swab)
    try swabs.count(
      1, of: swab.round, at: swab.point, quarter: TubesRules.quarter(of: swab.sampledAt))
    let all = found.others.filter { $0.person != swab.person } + [swab]
    var conflicts = try work.settle(
      &tube, holding: all, wasSettled: found.isNewTube, isNew: true, pool: pool(of:))
    let own = found.own + [SwabWithTube(swab: swab, tube: tube)]
    if TubesRules.isInTwoTubes(own) {
      try work.note(
        .secondTube, about: swab.person.text, in: swab.round, reopening: true,
        showing: TubesRules.evidence(ofTwoTubes: own))
      conflicts.append(.secondTube)
    }
    if isAhead {
      try work.note(.ahead, about: swab.tube.text, in: tube.round, reopening: true)
      conflicts.append(.ahead)
    }
    if isOutside {
      try work.note(.outsideRound, about: swab.tube.text, in: tube.round, reopening: true)
      conflicts.append(.outsideRound)
    }
    if tube.isGood && !swab.isLate {
      if let spot {
        try work.settle(swab.person, at: spot, in: found.round, book, by: own)
      }
      try answerLost(found, swab)
    } else {
      // It was taken before anybody knew that the tube can give no result, or cannot be in what was tested.
      try work.resample([swab], book)
    }
    try work.answerRecalls(tube, all)
    // Somebody whose swab comes to light in a tube that is not negative is held like the others: of
    // a single tube nobody can say any more whose it is.
    if tube.control == nil, let result = tube.result, result.holds {
      try work.hold([swab], of: tube, for: result)
    }
    return answer(
      tube, all.count { $0.withdrawnAt == nil }, swab, conflicts: conflicts, known: false)
  }

  private func answerLost(_ found: Situation, _ swab: Swab) throws {
    // Who was to be sampled again because a tube was void has been.
    let held = try work.heldSubjects(of: found.own.map(\.swab.person), in: found.round.id)
    for earlier in found.own where !earlier.isGood {
      let subject = Recall.subject(tube: earlier.tube.code, person: earlier.swab.person)
      // Who is held for it owes a swab of after the hold.
      if held.contains(subject) { continue }
      try work.discharge(
        ScreeningObligations.reswab, about: subject, proof: ["tube": swab.tube.text])
    }
  }

  private func answer(
    _ tube: Tube, _ members: Int, _ swab: Swab, conflicts: [ConflictKind], known: Bool
  ) -> SwabAnswer {
    SwabAnswer(
      members: members, capacity: tube.capacity, listed: swab.spot != nil,
      recheck: swab.isRecheck, known: known,
      conflicts: conflicts.map(\.rawValue).sorted())
  }
}

extension Refusal {
  /// A swab cannot go into a tube.
  static func tube(
    _ code: String, _ chinese: String, _ english: String, field: String = "tube"
  ) -> Refusal {
    Refusal(.conflict, code, Words(chinese, english), field: field)
  }
}

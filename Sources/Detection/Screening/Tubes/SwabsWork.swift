import Gazette
import Kernel
import Registry

extension Work {
  /// Lets a tube be what its swabs say: the round and point of the earliest, and its contradictions.
  ///
  /// - Parameters:
  ///   - wasSettled: whether its first swab was just written with it.
  ///   - isNew: whether a swab was just added, so that what was decided is looked at again.
  ///   - isRevised: whether something that counted before counts otherwise now, so that what was a
  ///     contradiction may be none.
  @discardableResult
  func settle(
    _ tube: inout Tube, holding swabs: [Swab], wasSettled: Bool = false, isNew: Bool = false,
    isRevised: Bool = false,
    pool: (RoundID) throws -> Int
  ) throws -> [ConflictKind] {
    let store = TubesStore(transaction)
    let before = tube.round
    let standing = swabs.filter { $0.withdrawnAt == nil }
    // A control was made before anybody was registered in it.
    let isFilled = !wasSettled && tube.control == nil
    if let first = standing.min(by: { $0.isBefore($1) }), isFilled,
      tube.openedAt != first.sampledAt || tube.openedClaim != first.claim
        || tube.point != first.point || tube.round != first.round
    {
      tube.openedAt = first.sampledAt
      tube.openedClaim = first.claim
      tube.point = first.point
      tube.round = first.round
      if !tube.isSingle { tube.capacity = try pool(first.round) }
      try store.update(tube)
    } else if tube.isSingle, !wasSettled, swabs.count == 1 {
      try store.update(tube)
    }
    if !tube.isSingle, standing.contains(where: { $0.home != nil }) {
      let capacity = TubesRules.capacity(pool: try pool(tube.round), holding: standing)
      if tube.capacity != capacity {
        tube.capacity = capacity
        try store.update(tube)
      }
    }
    let conflicts = TubesRules.conflicts(of: tube, holding: swabs).sorted {
      $0.rawValue < $1.rawValue
    }
    if isRevised || tube.round != before {
      let noted = ConflictsStore(transaction)
      if tube.round != before { try noted.move(tube.code, from: before, to: tube.round) }
      for kind in ConflictKind.allCases
      where kind.isOfTubes && !conflicts.contains(kind) {
        try noted.drop(kind, about: tube.code.text, in: tube.round)
      }
    }
    // What was late has come: the count is right after all.
    if tube.sealedCount != nil, !conflicts.contains(.sealCount) {
      try ConflictsStore(transaction).drop(.sealCount, about: tube.code.text, in: tube.round)
    }
    for kind in conflicts {
      try note(
        kind, about: tube.code.text, in: tube.round, reopening: isNew,
        showing: TubesRules.evidence(of: kind, tube, holding: swabs))
    }
    return conflicts
  }

  /// Notes a contradiction, once, and says who has to look at it.
  ///
  /// - Parameters:
  ///   - reopening: whether it is looked at again where it was decided already.
  ///   - evidence: what makes it one; whoever found that all stands found it of what was known then only.
  func note(
    _ kind: ConflictKind, about: String, in round: RoundID, reopening: Bool = false,
    showing evidence: Set<String>? = nil
  ) throws {
    var id: ConflictID = newID()
    let store = ConflictsStore(transaction)
    if try !store.note(kind, about: about, in: round, id: id, at: now) {
      guard let found = try store.find(kind, about: about, in: round), found.settledAt != nil,
        found.isNews(evidence, reopening: reopening)
      else { return }
      try store.reopen(found.id)
      id = found.id
    }
    try record(ConflictNoted(conflict: id, kind: kind.rawValue, about: about))
  }

  /// Lets somebody on a list stand as their swabs, and what was said of them, tell.
  func settle(
    _ person: PersonID, at spot: RosterSpot, in round: ScreeningRound, _ book: RosterBook,
    by known: [SwabWithTube]? = nil
  ) throws {
    let swabs =
      try known
      ?? SwabsStore(transaction).of(
        Set([person, spot.listed]).sorted(), in: round.id)
    if let standing = TubesRules.standing(by: swabs) {
      try book.set(Stand(standing), at: spot, of: round.id)
      return
    }
    guard let member = try book.member(at: spot, of: round.id) else { return }
    let note = try ScreeningRoundStore(transaction).lastNote(on: spot.listed, in: round.id)
    let voidSwabAt = swabs.filter { !$0.isGood }
      .map(\.swab.sampledAt).max()
    try book.set(
      RosterRules.unsampled(frozen: member.frozen, note: note, voidSwabAt: voidSwabAt),
      at: spot, of: round.id)
  }

  /// Takes back that somebody is in two tubes when they are no longer.
  func settleSecondTube(of person: PersonID, in round: RoundID, by swabs: [SwabWithTube]) throws {
    if !TubesRules.isInTwoTubes(swabs) {
      try ConflictsStore(transaction).drop(.secondTube, about: person.text, in: round)
    }
  }

  /// What people are held for in a round and have given no swab of their own for, as obligations name it.
  func heldSubjects(of people: [PersonID], in round: RoundID) throws -> Set<String> {
    if people.isEmpty { return [] }
    return Set(
      try RecallsStore(transaction).held(of: Set(people).sorted(), in: round)
        .filter { $0.single == nil }.map(\.subject))
  }

  /// Lets nobody owe another swab for one that can give no result while they are away or exempt, and lets
  /// whoever is back owe it again.
  func oweAgain(
    _ resident: Resident, at spot: RosterSpot, in round: ScreeningRound, _ book: RosterBook
  ) throws {
    guard let stand = try book.member(at: spot, of: round.id)?.now else { return }
    let identifiers = try ResidentsStore(transaction).identifiers(of: resident.id)
    let lost = try SwabsStore(transaction).of(
      Set(identifiers + [spot.listed]).sorted(), in: round.id
    ).filter { !$0.isGood && !$0.swab.isRecheck }
    let subjects = lost.map { Recall.subject(tube: $0.tube.code, person: $0.swab.person) }
    switch stand.standing {
    case .away, .exempt:
      // Who is held owes a swab of their own wherever they are.
      let held = try heldSubjects(of: identifiers, in: round.id)
      for subject in subjects where !held.contains(subject) {
        try waive(ScreeningObligations.reswab, about: subject, reason: stand.standing.rawValue)
      }
    case .reswab:
      let kind = ScreeningObligations.reswab
      let isOwed = try subjects.contains {
        try !ObligationStore(transaction).owed(kind.name, about: $0).isEmpty
      }
      guard !isOwed, let subject = subjects.last else { return }
      let policy = try policy(ScreeningPolicy.self)
      try oblige(
        kind, about: subject, person: resident.id, at: resident.home,
        by: now + .minutes(policy.clocks.reswabMinutes))
    case .missing, .refused, .sampled, .tested: return
    }
  }
}

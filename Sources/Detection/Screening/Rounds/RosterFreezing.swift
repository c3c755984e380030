import Gazette
import Kernel
import Registry

/// Puts the next people of the register on the list of a round.
struct RosterFreezing {
  private let work: Work
  private let policy: ScreeningPolicy
  private let store: RosterStore
  private var round: ScreeningRound
  private var waiting: [PlacePath: [RosterMember]] = [:]

  init(_ work: Work, _ round: ScreeningRound) throws {
    self.work = work
    self.round = round
    policy = try work.policy(ScreeningPolicy.self)
    store = RosterStore(work.transaction)
  }

  /// Freezes one part, and the rest afterwards by errands.
  mutating func freeze() throws -> ScreeningRound {
    let through = try store.path(
      behind: round.cursor, inside: round.path, by: policy.freezeAtOnce)
    try store.eachCandidate(
      inside: round.path, after: round.cursor, through: through, openedAt: round.openedAt
    ) { take($0) }
    try write()
    round.cursor = through
    if through == nil {
      try store.eachMoved(inside: round.path, openedAt: round.openedAt) { take($0) }
      try write(mayBeThere: true)
      round.frozenAt = work.now
    }
    try ScreeningRoundStore(work.transaction).update(round)
    if through != nil {
      try work.send(FreezeRound(round: round.id))
    } else {
      try work.record(RoundFrozen(round: round.id, listed: round.listed))
    }
    return round
  }

  private mutating func take(_ candidate: RosterStore.Candidate) {
    let day = Day(of: round.openedAt, in: work.zone)
    let stand = RosterRules.frozen(
      birthDay: candidate.birthDay, tags: candidate.tags, isAway: candidate.isAway, on: day,
      policy: policy)
    let path = RosterRules.cellPath(of: candidate.path, homeLevel: candidate.homeLevel)
    waiting[path, default: []].append(
      RosterMember(person: candidate.person, listing: .resident, frozen: stand))
  }

  private mutating func write(mayBeThere: Bool = false) throws {
    for (path, members) in waiting.sorted(by: { $0.key < $1.key }) {
      // Only of a place that an earlier part has reached there can be cells.
      let isReached = mayBeThere || round.cursor.map { path <= $0 } ?? false
      let number = isReached ? try store.nextNumber(of: round.id, at: path) : 1
      for cell in RosterRules.cells(of: members, at: path, from: number) {
        try store.insert(cell, of: round.id)
      }
      round.listed += members.count
    }
    waiting = [:]
  }
}

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
    let before = round.listed
    // Several areas may be small: they go together as far as there is room.
    while let area = round.areas.first(where: { isLeft($0) }),
      round.listed - before < policy.freezeAtOnce
    {
      try freezePart(of: area)
    }
    let isDone = !round.areas.contains { isLeft($0) }
    if isDone {
      for area in round.areas { try takeMoved(from: area) }
      try write(mayBeThere: true)
      round.frozenAt = work.now
      let strangers = StrangersStore(work.transaction)
      round.withoutHome = try round.areas.reduce(0) {
        try $0 + strangers.count(inside: $1, openedBy: round.openedAt)
      }
    }
    try ScreeningRoundStore(work.transaction).update(round)
    if isDone {
      try work.record(RoundFrozen(round: round.id, listed: round.listed))
    } else {
      try work.send(FreezeRound(round: round.id))
    }
    return round
  }

  /// Whether something of an area was not read yet.
  private func isLeft(_ area: PlacePath) -> Bool {
    round.cursor.map { $0.text < area.endOfRange } ?? true
  }

  private mutating func freezePart(of area: PlacePath) throws {
    let through = try store.path(
      behind: round.cursor, inside: area, by: policy.freezeAtOnce)
    try store.eachCandidate(
      inside: area, after: round.cursor, through: through, openedAt: round.openedAt
    ) { take($0) }
    try write()
    round.cursor = through ?? PlacePath(area.endOfRange)
  }

  /// Takes up who lived in an area when the round opened and has moved since, unless they were read
  /// before they moved.
  private mutating func takeMoved(from area: PlacePath) throws {
    var moved: [RosterStore.Candidate] = []
    try store.eachMoved(inside: area, openedAt: round.openedAt) { moved.append($0) }
    for candidate in moved {
      let path = RosterRules.cellPath(of: candidate.path, homeLevel: candidate.homeLevel)
      let cells = try store.cells(of: round.id, at: [path], holding: candidate.person)
      if cells.contains(where: { $0.index(of: candidate.person) != nil }) { continue }
      take(candidate)
    }
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

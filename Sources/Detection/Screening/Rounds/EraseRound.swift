import Gazette
import Kernel
import Registry

/// A round's list, swabs, notes and recalls were deleted: how many, for whoever asks later whether it was
/// done.
package struct RoundErased: Fact {
  package static let name = "screening.roundErased"
  package static let words = Words(
    "检测轮次的名单到期删除", "List of a round deleted after its time of keeping")
  package static let about = Matter.round
  package let round: RoundID
  /// Rows that named somebody, all of which are gone.
  package let rows: Int
  package var subject: String { round.text }
}

extension Work {
  /// Begins to delete what names people in rounds that have been over for as long as the policy keeps them,
  /// and in which nobody is held any more. A round that nobody ended is over when it was due.
  ///
  /// - Returns: for how many rounds it was begun.
  func eraseRounds(_ policy: ScreeningPolicy, limit: Int) throws -> Int {
    let store = ScreeningRoundStore(transaction)
    let due = try store.keptUntil(now - .days(policy.keepDays), limit: limit)
    for var round in due {
      if round.closedAt == nil {
        round.closedAt = now
        try record(RoundClosed(round: round.id))
      }
      try keepTotals(of: round)
      round.erasedAt = now
      try store.update(round)
      try send(EraseRound(round: round.id))
    }
    return due.count
  }

  /// How many stood how in each community: numbers, no names.
  private func keepTotals(of round: ScreeningRound) throws {
    let roster = RosterStore(transaction)
    let communities = Set(
      try PlacesStore(transaction).paths(of: .community, inside: round.path)
        + [round.path])
    var totals: [PlacePath: RosterCounts] = [:]
    try roster.eachCount(of: round.id, in: round.path) { path, counts in
      let place = ([path] + path.ancestors).first { communities.contains($0) } ?? round.path
      totals[place, default: RosterCounts()] += counts
    }
    for (path, counts) in totals.sorted(by: { $0.key < $1.key }) {
      try roster.keep(counts, of: round.id, at: path)
    }
  }
}

/// Deletes the next part of what names people in a round. Sent by the clock until nothing is left.
package struct EraseRound: Command {
  /// What is gone through, one after the other.
  enum Part: String, Codable, CaseIterable, Sendable {
    /// The list, with everything of those who stand on it.
    case listed
    /// Whoever was swabbed and stood on no list.
    case unlisted
    /// Swabs that only their tube leads to.
    case tubes
  }

  package static let name = "screening.erase"
  package static let duty: Duty = .clockOnly
  private static let cellsAtOnce = 100
  private static let rowsAtOnce = 2_000
  package let round: RoundID
  let part: Part
  /// Behind which tube to go on.
  let after: TubeCode?
  /// How many rows were deleted so far.
  let rows: Int

  init(round: RoundID, part: Part = .listed, after: TubeCode? = nil, rows: Int = 0) {
    self.round = round
    self.part = part
    self.after = after
    self.rows = rows
  }

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Done {
    let found = try ScreeningRoundStore(work.transaction).get(round)
    guard found.erasedAt != nil else { return Done() }
    let store = ErasingStore(work.transaction)
    let swabs = ErasingSwabsStore(work.transaction)
    switch part {
    case .listed:
      let cells = try store.cells(of: round, limit: Self.cellsAtOnce)
      var gone = 0
      for cell in cells { gone += try erase(cell, store, in: work) }
      let next: Part = cells.count == Self.cellsAtOnce ? .listed : .unlisted
      try goOn(EraseRound(round: round, part: next, rows: rows + gone), in: work)
    case .unlisted:
      let people = try swabs.unlisted(in: round, limit: Self.rowsAtOnce)
      let gone = try erase(people, in: work)
      let next: Part = people.count == Self.rowsAtOnce ? .unlisted : .tubes
      try goOn(EraseRound(round: round, part: next, rows: rows + gone), in: work)
    case .tubes:
      let tubes = try swabs.tubes(of: round, after: after, limit: Self.rowsAtOnce)
      let gone = try swabs.erase(inTubes: tubes, of: round)
      if tubes.count == Self.rowsAtOnce {
        try goOn(
          EraseRound(round: round, part: .tubes, after: tubes.last, rows: rows + gone), in: work)
        return Done()
      }
      let rest =
        try store.eraseRest(of: round) + RecallsStore(work.transaction).erase(nil, of: round)
      try work.record(RoundErased(round: round, rows: rows + gone + rest))
    }
    return Done()
  }

  /// Sends the next part after a pause: parts that followed each other at once would keep every other
  /// errand waiting while a million people are deleted.
  private func goOn(_ next: EraseRound, in work: Work) throws {
    let pause = try work.policy(ScreeningPolicy.self).erasePauseSeconds
    try work.send(next, at: work.now + .seconds(pause))
  }

  /// Everything of those in a cell, under whichever of their identifiers, and the cell.
  private func erase(
    _ cell: RosterCell, _ store: ErasingStore, in work: Work
  ) throws -> Int {
    let listed = Set(cell.members.map(\.person))
    let residents = ResidentsStore(work.transaction)
    let live = try residents.current(listed).mapValues(\.id)
    let all = try residents.identifiers(of: Set(listed.map { live[$0] ?? $0 }))
    let people = listed.union(all.values.joined())
    let gone = try erase(people.sorted(), in: work)
    try store.erase(cell.key, of: round)
    return gone + cell.members.count
  }

  /// Swabs, notes and recalls of people.
  private func erase(_ people: [PersonID], in work: Work) throws -> Int {
    try ErasingSwabsStore(work.transaction).erase(people, of: round)
      + ErasingStore(work.transaction).eraseNotes(on: people, of: round)
      + RecallsStore(work.transaction).erase(people, of: round)
  }
}

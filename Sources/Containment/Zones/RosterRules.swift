import Kernel

/// A turn that an account holds, at whatever post.
package struct RosterTurn: Sendable {
  package let account: AccountID
  package let from: Instant
  package let until: Instant

  package init(account: AccountID, from: Instant, until: Instant) {
    self.account = account
    self.from = from
    self.until = until
  }
}

/// Judgement about turns, for zones and isolation sites alike.
package enum RosterRules {
  /// A time during which too few are there.
  package struct Hole: Hashable, Sendable {
    package let from: Instant
    package let until: Instant
    package let present: Int
  }

  /// The times in a span during which fewer than are needed hold a turn. Whoever holds two at once
  /// counts once.
  package static func holes(
    in turns: [RosterTurn], needed: Int, from: Instant, until: Instant
  ) -> [Hole] {
    guard from < until else { return [] }
    let edges = turns.flatMap { [$0.from, $0.until] }.filter { from < $0 && $0 < until }
    let times = ([from] + Set(edges).sorted() + [until])
    var holes: [Hole] = []
    for (start, end) in zip(times, times.dropFirst()) {
      let present = Set(turns.filter { $0.from <= start && $0.until >= end }.map(\.account)).count
      guard present < needed else { continue }
      if let last = holes.last, last.until == start, last.present == present {
        holes[holes.count - 1] = Hole(from: last.from, until: end, present: present)
      } else {
        holes.append(Hole(from: start, until: end, present: present))
      }
    }
    return holes
  }

  /// What stands against one more turn of an account.
  package enum Conflict: Equatable, Sendable {
    /// It holds another one at that time (I-48).
    case twice
    /// Between it and another one lies less rest than it must have.
    case unrested
  }

  /// Whether a turn fits between those that an account holds.
  package static func conflict(
    from: Instant, until: Instant, with others: [RosterTurn], rest: Duration
  ) -> Conflict? {
    if others.contains(where: { $0.from < until && from < $0.until }) { return .twice }
    let isNear = others.contains { $0.from < until + rest && from < $0.until + rest }
    return isNear ? .unrested : nil
  }
}

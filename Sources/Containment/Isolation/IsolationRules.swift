import Kernel

/// Somebody as the rule of sharing a room sees them.
package struct RoomGuest: Sendable {
  package let person: PersonID
  /// The door behind which they live.
  package let home: PlaceID?
  package let age: Int?
  package let needs: Set<String>

  package init(person: PersonID, home: PlaceID?, age: Int?, needs: Set<String>) {
    self.person = person
    self.home = home
    self.age = age
    self.needs = needs
  }
}

/// Whether everything that a release asks is there, clause by clause.
package struct ReleaseFinding: Codable, Sendable {
  /// A scheduled test and what came of it.
  package struct Test: Codable, Sendable {
    /// What came of it.
    package enum State: String, Codable, Sendable {
      case negative
      case positive
      case missing
      /// Its day is not over.
      case toCome = "to_come"
    }

    package let day: Day
    /// Its number, the day from which is counted being 0.
    package let number: Int
    package let state: State
  }

  /// Until when measures ask for it; nil when none does.
  package let until: Instant?
  package let tests: [Test]
  package let isNoticeGiven: Bool
  /// A companion of their own will goes whenever they like.
  package let isOwnWill: Bool

  package var isDaysComplete: Bool { until == nil }
  package var areTestsComplete: Bool { tests.allSatisfy { $0.state == .negative } }
  package var missing: [Test] { tests.filter { $0.state != .negative } }
  package var isComplete: Bool {
    isDaysComplete && areTestsComplete && (isNoticeGiven || isOwnWill)
  }
}

/// Judgement about isolation sites, without any row.
package enum IsolationRules {
  /// Checks that somebody may be put into a room with others (RULES 7 i, I-38).
  package static func share(
    _ newcomer: RoomGuest, with others: [RoomGuest], beds: Int, because reason: SharingReason?,
    _ policy: IsolationPolicy.Sharing
  ) throws(Refusal) {
    if others.isEmpty { return }
    guard others.count < beds else {
      throw Refusal(
        .conflict, "isolation.roomFull",
        Words("该房间已满，请另选房间", "The room is full; choose another"), field: "room")
    }
    switch reason {
    case nil:
      throw Refusal(
        .invalid, "isolation.single",
        Words(
          "单人单间：合住须注明“同户”或“陪护”，否则请另选房间",
          "One person, one room: say why they share (household, carer), or choose another room"),
        field: "sharing")
    case .household:
      let isOne = newcomer.home.map { home in others.allSatisfy { $0.home == home } } ?? false
      guard isOne else {
        throw Refusal(
          .invalid, "isolation.notOneHousehold",
          Words("与房内人员不同户，请另选房间", "Not the household of who is in the room; choose another"),
          field: "sharing")
      }
    case .carer:
      let isCare = others.contains { other in
        (isCaredFor(newcomer, policy) && mayCare(other, policy))
          || (isCaredFor(other, policy) && mayCare(newcomer, policy))
      }
      guard isCare else {
        throw Refusal(
          .invalid, "isolation.noCare",
          Words(
            "陪护须一方需要照护、另一方为健康成年人（年龄未登记的请先补登）",
            "One must need care and the other be a healthy adult; enter their days of birth first where they are missing"
          ), field: "sharing")
      }
    }
  }

  private static func isCaredFor(_ guest: RoomGuest, _ policy: IsolationPolicy.Sharing) -> Bool {
    if let age = guest.age, age < policy.caredForBelowYears { return true }
    return !guest.needs.isDisjoint(with: policy.caredForNeeds)
  }

  private static func mayCare(_ guest: RoomGuest, _ policy: IsolationPolicy.Sharing) -> Bool {
    guard let age = guest.age, age >= policy.carerFromYears, age < policy.carerBelowYears else {
      return false
    }
    return guest.needs.isDisjoint(with: policy.carerWithoutNeeds)
  }

  /// What came of scheduled tests: a sample counts for the scheduled day and, made up for, for every
  /// day until the next one; a result that is not negative outweighs others of its span.
  package static func tests(
    on days: [Day], dayZero: Day, results: [(sampledAt: Instant, isNegative: Bool)],
    today: Day, zone: Zone
  ) -> [ReleaseFinding.Test] {
    let days = days.sorted()
    return days.enumerated().map { index, day in
      let next = index + 1 < days.count ? days[index + 1] : nil
      let own = results.filter { result in
        let sampled = Day(of: result.sampledAt, in: zone)
        return sampled >= day && next.map { sampled < $0 } != false
      }
      let state: ReleaseFinding.Test.State =
        if own.contains(where: { !$0.isNegative }) {
          .positive
        } else if !own.isEmpty {
          .negative
        } else {
          day < today ? .missing : .toCome
        }
      return ReleaseFinding.Test(day: day, number: day - dayZero, state: state)
    }
  }

  /// Whether two scales agree on a hand-over (I-44).
  package static func agree(_ given: Int, _ taken: Int, tolerancePercent: Int) -> Bool {
    abs(given - taken) * 100 <= given * tolerancePercent
  }

  /// Refuses the same account on both sides of a hand-over (I-42).
  package static func requireOther(
    _ taker: String, than giver: String
  ) throws(Refusal) {
    guard taker != giver else {
      throw Refusal(
        .forbidden, "isolation.sameSide",
        Words("交接双方须为两人，请由另一方确认", "A hand-over has two sides; the other one confirms it"))
    }
  }
}

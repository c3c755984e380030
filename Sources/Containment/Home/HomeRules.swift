import Kernel

/// Somebody of a household, as the question of care sees them.
package struct HouseholdMember: Sendable {
  package let person: PersonID
  package let age: Int?
  package let needs: Set<String>
  /// Whether they are at home: not away, at no site and in no hospital.
  package let isHome: Bool

  package init(person: PersonID, age: Int?, needs: Set<String>, isHome: Bool) {
    self.person = person
    self.age = age
    self.needs = needs
    self.isHome = isHome
  }
}

/// A restriction that holds, with what the policy asks of those who look after it.
package struct HeldAtHome: Sendable {
  package let restriction: Restriction
  package let phases: [RestrictionPhase]
  package let asks: HomeAsks

  package init(restriction: Restriction, phases: [RestrictionPhase], asks: HomeAsks) {
    self.restriction = restriction
    self.phases = phases
    self.asks = asks
  }
}

/// What keeps somebody at home now: the restriction that asks most, and what all of them need.
package struct AskedAtHome: Hashable, Sendable {
  package let restriction: RestrictionID
  package let kind: RestrictionKind
  package let asks: HomeAsks
  package let until: Instant

  /// Whether this one is named rather than another: isolation before monitoring, then the longer.
  func outlasts(_ other: AskedAtHome) -> Bool {
    if kind != other.kind { return kind == .homeIsolation }
    return until >= other.until
  }
}

/// Judgement about isolation at home, without any row.
package enum HomeRules {
  /// What clauses ask at a moment of those whom they keep at home, by the phases of what holds.
  ///
  /// - Returns: what is asked now, nil when nothing keeps the person at home; and when that may change.
  package static func asked(
    of held: [HeldAtHome], at now: Instant
  ) -> (now: AskedAtHome?, next: Instant?) {
    var asks = HomeAsks.nothing
    var longest: AskedAtHome?
    var turns: [Instant] = []
    for one in held {
      if let lifted = one.restriction.suspendsAt { turns.append(lifted) }
      for phase in one.phases where phase.kind == .homeIsolation || phase.kind == .homeMonitoring {
        turns += [phase.from, phase.until]
        guard phase.from <= now && now < phase.until else { continue }
        // Whoever is only monitored goes out for what they need.
        let isIn = phase.kind == .homeIsolation
        asks = asks.joined(
          with: HomeAsks(
            checklist: one.asks.checklist && isIn, deliveries: one.asks.deliveries && isIn,
            silence: one.asks.silence))
        let this = AskedAtHome(
          restriction: one.restriction.id, kind: phase.kind, asks: asks, until: phase.until)
        longest = longest.map { $0.outlasts(this) ? $0 : this } ?? this
      }
    }
    let next = turns.filter { $0 > now }.min()
    guard let longest, asks != .nothing else { return (nil, next) }
    let whole = AskedAtHome(
      restriction: longest.restriction, kind: longest.kind, asks: asks, until: longest.until)
    return (whole, next)
  }

  /// Whether somebody cannot be alone (RULES 7 i).
  package static func isDependent(
    _ member: HouseholdMember, _ policy: IsolationPolicy.Sharing
  ) -> Bool {
    if let age = member.age, age < policy.caredForBelowYears { return true }
    return !member.needs.isDisjoint(with: policy.caredForNeeds)
  }

  /// Whether somebody may care for another: a healthy adult, not the old or the ill.
  package static func mayCare(
    _ member: HouseholdMember, _ policy: IsolationPolicy.Sharing
  ) -> Bool {
    guard let age = member.age, age >= policy.carerFromYears, age < policy.carerBelowYears else {
      return false
    }
    return member.needs.isDisjoint(with: policy.carerWithoutNeeds)
  }

  /// Which of the six rules a visit found not met.
  package static func unmet(in proof: Fields) -> [HomeRule] {
    HomeRule.allCases.filter { rule in
      if case .text(let said) = proof[rule.rawValue] { said != "yes" } else { true }
    }
  }

  /// From when silence is too long; nil where nobody waits for a word.
  package static func silence(
    since heard: Instant, _ asks: HomeAsks, _ policy: HomePolicy
  ) -> Instant? {
    asks.silence ? heard + .minutes(policy.silenceMinutes) : nil
  }

  /// Which health check a report answers.
  package enum DueCheck: Sendable {
    case due(Obligation)
    /// All that is due was answered; the next is taken from a moment on.
    case notYet(from: Instant)
    case nothing
  }

  /// The health check that a report answers: the first of the day that nobody has answered, once the
  /// time of the one before is over and some time has passed since that was answered. Two reports of
  /// one minute are no morning and no evening.
  package static func due(among checks: [Obligation], at now: Instant, gapMinutes: Int) -> DueCheck
  {
    let ordered = checks.filter { $0.state != .waived }
      .sorted { ($0.deadline, $0.id) < ($1.deadline, $1.id) }
    guard let at = ordered.firstIndex(where: \.isOwed) else { return .nothing }
    guard at > 0 else { return .due(ordered[at]) }
    let before = ordered[at - 1]
    let from = max(before.deadline, (before.closedAt ?? before.deadline) + .minutes(gapMinutes))
    return now < from ? .notYet(from: from) : .due(ordered[at])
  }

  /// The step that follows in a way out for care, and whose it may not be.
  package static func next(of state: Outing.State) -> Outing.State? {
    switch state {
    case .approved: .out
    case .out: .there
    case .there: .back
    case .back: .home
    case .asked, .declined, .cancelled, .home: nil
    }
  }
}

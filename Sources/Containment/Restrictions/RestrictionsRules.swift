import Kernel

/// What a clause means for one person: phases, end, tests and health checks with their deadlines.
package struct RestrictionPlan: Sendable {
  /// Something to be done on a day of a phase.
  package struct Step: Hashable, Sendable {
    /// What is to be done.
    package enum Kind: String, Sendable {
      case test
      case health
    }

    package let kind: Kind
    package let day: Day
    package let deadline: Instant
  }

  package let phases: [RestrictionPhase]
  package let end: Instant
  package let limit: Instant
  package let steps: [Step]
}

/// Judgement about restrictions, without any row.
package enum RestrictionsRules {
  /// The plan of a clause counted from a moment, for a restriction that starts at another.
  ///
  /// Days are local: the day from which is counted is day 0, and a phase of n days ends at 24:00 of
  /// its day n (RULES 6 and 7: day boundaries in local time).
  /// - Returns: nil when everything that the clause asks lies before the start.
  package static func plan(
    _ clause: RestrictionsPolicy.Clause, countedFrom: Instant, start: Instant, zone: Zone
  ) -> RestrictionPlan? {
    var dayOne = Day(of: countedFrom, in: zone) + 1
    var phases: [RestrictionPhase] = []
    var steps: [RestrictionPlan.Step] = []
    for phase in clause.phases {
      let until = (dayOne + (phase.days - 1)).end(in: zone)
      if until > start {
        let from = phases.isEmpty ? start : dayOne.start(in: zone)
        phases.append(
          RestrictionPhase(kind: phase.kind, from: from, until: until, dayOne: dayOne))
        steps += self.steps(phase, dayOne: dayOne, zone: zone).filter { $0.deadline > start }
      }
      dayOne = dayOne + phase.days
    }
    guard let end = phases.last?.until else { return nil }
    return RestrictionPlan(
      phases: phases, end: end, limit: limit(clause, start: start, zone: zone),
      steps: steps.sorted { ($0.deadline, $0.kind.rawValue) < ($1.deadline, $1.kind.rawValue) })
  }

  /// The latest end that a clause allows for a start: 24:00 of its last day (I-12).
  package static func limit(
    _ clause: RestrictionsPolicy.Clause, start: Instant, zone: Zone
  ) -> Instant {
    (Day(of: start, in: zone) + clause.maximumDays).end(in: zone)
  }

  /// Phases in which the present one is central isolation from a moment on; nil when it is already.
  package static func centralised(
    _ phases: [RestrictionPhase], from: Instant, at now: Instant
  ) -> [RestrictionPhase]? {
    guard let at = phases.firstIndex(where: { $0.from <= now && now < $0.until }),
      phases[at].kind != .centralIsolation
    else { return nil }
    let phase = phases[at]
    let moved = max(phase.from, from)
    let split = [
      RestrictionPhase(kind: phase.kind, from: phase.from, until: moved, dayOne: phase.dayOne),
      RestrictionPhase(
        kind: .centralIsolation, from: moved, until: phase.until, dayOne: phase.dayOne),
    ]
    return phases[..<at] + split.filter { $0.from < $0.until } + phases[(at + 1)...]
  }

  private static func steps(
    _ phase: RestrictionsPolicy.Phase, dayOne: Day, zone: Zone
  ) -> [RestrictionPlan.Step] {
    let tests = phase.testDays.map { number in
      let day = dayOne + (number - 1)
      return RestrictionPlan.Step(kind: .test, day: day, deadline: day.end(in: zone))
    }
    let health = (0..<phase.days).flatMap { offset in
      let day = dayOne + offset
      return phase.healthBy.map { time in
        RestrictionPlan.Step(
          kind: .health, day: day, deadline: day.start(in: zone) + .minutes(time.minutes))
      }
    }
    return tests + health
  }

  /// What is reported of a person in a health check that asks for a doctor.
  package enum Alarm: String, Sendable {
    case fever
    case symptom
  }

  /// Whether the proof of a health check asks for a doctor (RULES 7: the ten symptoms).
  package static func alarm(in proof: Fields, feverCelsius: Double) -> Alarm? {
    if case .text(let text) = proof["temperature"], let celsius = Double(text),
      celsius >= feverCelsius
    {
      return .fever
    }
    if case .text(let symptom) = proof["symptom"], !symptom.isEmpty, symptom != Symptom.none {
      return .symptom
    }
    return nil
  }

  /// The colour that follows from restrictions, and the one that decides it: the highest colour,
  /// then the latest end (I-19, RULES 8: conflict = highest).
  package static func deciding(
    _ restrictions: [(restriction: Restriction, colour: CodeColour)], at now: Instant
  ) -> (restriction: Restriction, colour: CodeColour)? {
    restrictions
      .filter { $0.restriction.isEffective(at: now) && $0.colour > .green }
      .max { left, right in
        (left.colour, left.restriction.end, left.restriction.id)
          < (right.colour, right.restriction.end, right.restriction.id)
      }
  }
}

import Kernel
import Registry

/// A restriction as the person concerned and the offices read it.
package struct RestrictionView: Codable, Sendable {
  /// A day of it, with what was to be done.
  package struct DayView: Codable, Sendable {
    /// What became of a step.
    package enum StepState: String, Codable, Sendable {
      case planned
      case owed
      case late
      case done
      case waived
    }

    /// Something to be done on the day.
    package struct Step: Codable, Sendable {
      /// `test` or `health`.
      package let kind: String
      package let deadline: Instant
      package let state: StepState
      package let doneAt: Instant?
    }

    package let day: Day
    /// Its number, day 0 being the day from which is counted.
    package let number: Int
    package let kind: RestrictionKind
    package let steps: [Step]
  }

  /// The youngest objection to it.
  package struct ObjectionView: Codable, Sendable {
    /// Whether somebody has decided, and how.
    package enum State: String, Codable, Sendable {
      case waiting
      case lapsed
      case upheld
      case rejected
    }

    package let objection: ObjectionID
    package let raisedAt: Instant
    package let due: Instant
    package let decidedAt: Instant?
    package let state: State
  }

  /// Who can be called about it.
  package struct Call: Codable, Sendable {
    package let seat: String
    package let title: Words
    package let place: String
  }

  /// What was asked about it and a second person has yet to approve.
  package struct ChangeView: Codable, Sendable {
    /// Why it is to end; of a transfer it says nothing.
    package let reason: RestrictionChange.Reason
    package let issuer: String
    package let askedAt: Instant
  }

  package let restriction: RestrictionID
  package let person: PersonID
  package let state: RestrictionState
  /// What is asked now; of one that is over, what was asked first.
  package let kind: RestrictionKind
  package let kindWords: Words
  package let clause: String
  package let edition: String
  package let clauseWords: Words
  package let quote: String
  package let source: String
  package let evidence: [Evidence]
  package let evidenceWords: Words
  /// The account that decided, or `rules`, and the second person.
  package let issuer: String
  package let approver: String?
  package let start: Instant
  package let end: Instant
  /// Today's number and the number of the last day.
  package let day: Int
  package let days: Int
  package let phases: [RestrictionPhase]
  package let dayStates: [DayView]
  package let objection: ObjectionView?
  /// That it end early.
  package let release: ChangeView?
  /// That the person be moved to an isolation site, having been met elsewhere.
  package let transfer: ChangeView?
  package let appeal: String
  package let calls: [Call]
  package let endedAt: Instant?
  package let endReason: EndReason?
}

extension Reading {
  /// A restriction with everything that explains it.
  func view(_ restriction: Restriction) throws -> RestrictionView {
    let clause = rules.clause(of: restriction)
    let phases = try RestrictionsStore(transaction).phases(of: restriction.id)
    let zero = Day(of: restriction.countedFrom, in: zone)
    let last = Day(of: restriction.end - .milliseconds(1), in: zone)
    let holding = try EvidenceStore(transaction).holding(restriction.id).map(\.evidence)
    // What it rested on is gone, and the clock has not come by yet: it holds nobody any more.
    let isGroundless = restriction.isEffective(at: now) && holding.isEmpty
    let present = phases.first { $0.from <= now && now < $0.until }?.kind ?? restriction.kind
    return RestrictionView(
      restriction: restriction.id, person: try livePerson(restriction.person),
      state: isGroundless ? .ended : restriction.state(at: now),
      kind: present, kindWords: present.words, clause: restriction.clause,
      edition: restriction.edition,
      clauseWords: clause?.words ?? Words(restriction.clause, restriction.clause),
      quote: clause?.quote ?? "", source: clause?.source ?? "",
      evidence: holding.isEmpty ? [restriction.evidence] : holding,
      evidenceWords: restriction.evidence.kind.words, issuer: restriction.issuer,
      approver: restriction.approver, start: restriction.start, end: restriction.end,
      day: today - zero, days: last - zero, phases: phases,
      dayStates: try dayStates(restriction, clause),
      objection: try ObjectionsStore(transaction).to(restriction.id).first.map(view),
      release: try change(.end, of: restriction), transfer: try change(.transfer, of: restriction),
      appeal: restriction.appeal, calls: try calls(about: restriction),
      endedAt: isGroundless
        ? now : restriction.endedAt ?? (restriction.end <= now ? restriction.end : nil),
      endReason: isGroundless
        ? .evidenceWithdrawn : restriction.endReason ?? (restriction.end <= now ? .expired : nil))
  }

  private func change(
    _ kind: RestrictionChange.Kind, of restriction: Restriction
  ) throws -> RestrictionView.ChangeView? {
    try RestrictionChangesStore(transaction).waiting(kind, of: restriction.id).map {
      RestrictionView.ChangeView(reason: $0.reason, issuer: $0.issuer, askedAt: $0.askedAt)
    }
  }

  private func view(_ objection: Objection) -> RestrictionView.ObjectionView {
    let state: RestrictionView.ObjectionView.State =
      switch objection.isUpheld {
      case true?: .upheld
      case false?: .rejected
      case nil: objection.dueAt <= now ? .lapsed : .waiting
      }
    return RestrictionView.ObjectionView(
      objection: objection.id, raisedAt: objection.raisedAt, due: objection.dueAt,
      decidedAt: objection.decidedAt, state: state)
  }

  private func dayStates(
    _ restriction: Restriction, _ clause: RestrictionsPolicy.Clause?
  ) throws -> [RestrictionView.DayView] {
    guard let clause,
      let plan = RestrictionsRules.plan(
        clause, countedFrom: restriction.countedFrom, start: restriction.start, zone: zone)
    else { return [] }
    // What another restriction of the person asks at the same hour is asked once.
    let running = try RestrictionsStore(transaction).running(for: restriction.person, at: now)
    let isRunning = running.contains { $0.id == restriction.id }
    let siblings = isRunning ? running.filter { $0.id != restriction.id } : []
    let about = try ([restriction] + siblings).flatMap {
      try ObligationStore(transaction).about($0.id.text)
    }
    let owed = Dictionary(
      about.map { ("\($0.kind)/\($0.deadline.milliseconds)", $0) }
    ) { first, second in first.state == .waived ? second : first }
    let byDay = Dictionary(grouping: plan.steps, by: \.day)
    let zero = Day(of: restriction.countedFrom, in: zone)
    return plan.phases.flatMap { phase in
      let first = max(phase.dayOne, Day(of: phase.from, in: zone))
      let last = Day(of: phase.until - .milliseconds(1), in: zone)
      return (first.number...max(first.number, last.number)).map { number in
        let day = Day(number: number)
        return RestrictionView.DayView(
          day: day, number: day - zero, kind: phase.kind,
          steps: (byDay[day] ?? []).map { step(of: $0, owed) })
      }
    }
  }

  private func step(
    of step: RestrictionPlan.Step, _ owed: [String: Obligation]
  ) -> RestrictionView.DayView.Step {
    let kind = step.kind == .test ? RestrictionDuties.test : RestrictionDuties.health
    let obligation = owed["\(kind.name)/\(step.deadline.milliseconds)"]
    let state: RestrictionView.DayView.StepState =
      switch obligation?.state {
      case nil: .planned
      case .open?, .claimed?: step.deadline < now ? .late : .owed
      case .done?: .done
      case .waived?: .waived
      }
    return RestrictionView.DayView.Step(
      kind: step.kind.rawValue, deadline: step.deadline, state: state,
      doneAt: obligation?.state == .done ? obligation?.closedAt : nil)
  }

  /// The posts that answer for the person: the one that brings the notice and the one that gets
  /// medical help.
  private func calls(about restriction: Restriction) throws -> [RestrictionView.Call] {
    let kinds = try policy(ObligationPolicy.self).kinds
    let roles = try policy(OfficesPolicy.self).roles
    return try [RestrictionDuties.notify, RestrictionDuties.medical].compactMap { kind in
      guard let rule = kinds[kind.name]?.owner else { return nil }
      let seat = try jurisdiction.seat(rule, restriction.place, transaction)
      return RestrictionView.Call(
        seat: seat.description, title: roles[seat.role]?.title ?? Words(seat.role, seat.role),
        place: try PlacesStore(transaction).find(seat.place)?.name ?? seat.place.text)
    }
  }
}

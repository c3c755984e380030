extension Refusal {
  static func closed(_ obligation: Obligation) -> Refusal {
    Refusal(
      .conflict, "obligation.closed",
      Words("该事项已办结或已撤销，无需重复处理", "This is closed already; nothing is left to do"))
  }

  /// It asks for a decision, and only that decision closes it.
  static func decidedElsewhere(_ place: Words) -> Refusal {
    Refusal(
      .conflict, "obligation.decidedElsewhere",
      Words(
        "该事项只能通过作出决定来办结：\(place.chinese)",
        "Only the decision itself closes this: \(place.english)"),
      field: "obligation")
  }
}

extension Work {
  /// Checks that an obligation may be closed by saying so.
  fileprivate func requireCloseable(_ obligation: Obligation) throws(Refusal) {
    if let place = assembly.obligationKinds[obligation.kind]?.decidedWhere {
      throw .decidedElsewhere(place)
    }
  }
}

extension ObligationStore {
  /// An obligation that must be there and still be owed.
  fileprivate func getOwed(_ id: ObligationID) throws -> Obligation {
    let found = try get(id)
    guard found.isOwed else { throw Refusal.closed(found) }
    return found
  }
}

/// Takes an obligation upon the sender.
package struct ClaimObligation: Command {
  package static let name = "obligations.claim"
  package static let duty: Duty = "obligations.work"
  package let obligation: ObligationID

  package func area(in work: Work) throws -> Area {
    .path(try ObligationStore(work.transaction).get(obligation).path)
  }

  package func perform(in work: Work) throws -> Done {
    let found = try ObligationStore(work.transaction).getOwed(obligation)
    guard case .account(let account) = work.authority.sender else { return Done() }
    if let other = found.claimedBy, other != account {
      throw Refusal(
        .conflict, "obligation.claimed",
        Words("该事项已由他人认领", "Somebody else has claimed this"), field: "obligation")
    }
    try ObligationStore(work.transaction).claim(found.id, by: account, at: work.now)
    try work.record(ObligationClaimed(obligation: found.id, account: account))
    return Done()
  }
}

/// Says that an obligation is done, with the proof that its kind asks for.
package struct FinishObligation: Command {
  package static let name = "obligations.finish"
  package static let duty: Duty = "obligations.work"
  package let obligation: ObligationID
  package let proof: [String: String]?

  package func area(in work: Work) throws -> Area {
    .path(try ObligationStore(work.transaction).get(obligation).path)
  }

  package func perform(in work: Work) throws -> Done {
    let found = try ObligationStore(work.transaction).getOwed(obligation)
    try work.requireCloseable(found)
    try work.discharge(found, proof: proof ?? [:])
    return Done()
  }
}

/// Lets an obligation fall away for a reason; a supervisor's decision.
package struct WaiveObligation: Command {
  package static let name = "obligations.waive"
  package static let duty: Duty = "obligations.supervise"
  package let obligation: ObligationID
  package let reason: String

  package func area(in work: Work) throws -> Area {
    .path(try ObligationStore(work.transaction).get(obligation).path)
  }

  package func perform(in work: Work) throws -> Done {
    let found = try ObligationStore(work.transaction).getOwed(obligation)
    try work.requireCloseable(found)
    try work.waive(found, reason: reason)
    return Done()
  }
}

/// Strikes a late obligation that has been closed off the list of late ones (销号).
package struct StrikeOffObligation: Command {
  package static let name = "obligations.strikeOff"
  package static let duty: Duty = "obligations.supervise"
  package let obligation: ObligationID

  package func area(in work: Work) throws -> Area {
    .path(try ObligationStore(work.transaction).get(obligation).path)
  }

  package func perform(in work: Work) throws -> Done {
    let found = try ObligationStore(work.transaction).get(obligation)
    guard !found.isOwed else {
      throw Refusal(
        .conflict, "obligation.open",
        Words("事项尚未办结，不能销号", "It is not done yet, so it stays on the list"),
        field: "obligation")
    }
    if found.struckOffAt != nil { return Done() }
    try ObligationStore(work.transaction).strikeOff(found.id, at: work.now)
    try work.record(ObligationStruckOff(obligation: found.id))
    return Done()
  }
}

/// Notes a call at the door that did not finish it: nobody at home, or help is needed.
package struct NoteAttempt: Command {
  /// Why a call at the door did not finish it.
  package enum Outcome: String, Codable, CaseIterable, Sendable {
    case nobodyHome
    case needsHelp
  }

  package static let name = "obligations.attempt"
  package static let duty: Duty = "obligations.work"
  package let obligation: ObligationID
  package let outcome: Outcome
  package let note: String?

  package func area(in work: Work) throws -> Area {
    .path(try ObligationStore(work.transaction).get(obligation).path)
  }

  package func perform(in work: Work) throws -> Done {
    let found = try ObligationStore(work.transaction).get(obligation)
    // Messages of a phone may cross on their way: a call that its own worker finished later counts.
    let isCrossed = found.state == .done && found.closedBy == work.authority.sender.text
    guard found.isOwed || isCrossed else { throw Refusal.closed(found) }
    try ObligationStore(work.transaction).addAttempt(
      found.id, at: work.now, by: work.authority.sender.text, outcome: outcome.rawValue,
      note: note)
    try work.record(ObligationAttempted(obligation: found.id, outcome: outcome.rawValue))
    // Help is asked of the next seat at once; it does not wait for the deadline.
    if outcome == .needsHelp && found.isOwed && found.rung == 0 { try work.escalate(found) }
    return Done()
  }
}

/// The clock's command: tells the next seat of everything that has become late.
package struct EscalateObligations: Command {
  package static let name = "obligations.escalate"
  package static let duty: Duty = .clockOnly

  package init() {}

  package func area(in work: Work) -> Area { .everywhere }

  /// How many are told in one transaction, so that nobody waits long behind a midnight on which
  /// thousands become late.
  private static let atOnce = 1_000

  /// Answers how many were escalated. What is left follows at once, in a transaction of its own.
  package func perform(in work: Work) throws -> Int {
    let due = try ObligationStore(work.transaction).dueForEscalation(
      at: work.now, limit: Self.atOnce)
    for obligation in due { try work.escalate(obligation) }
    let isMoreDue = try ObligationStore(work.transaction).isEscalationDue(at: work.now)
    if isMoreDue { try work.send(EscalateObligations()) }
    return due.count
  }
}

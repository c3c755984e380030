import Kernel

/// What no edition may loosen about restrictions, whoever edits it (see ``PolicyBound``): one account
/// cannot cause a crowd, attempts are told, and nobody is held for long or waits long for an answer.
extension RestrictionsPolicy {
  /// Twenty people in 24 hours (RELIABILITY 3.3, 4: K).
  private static let alonePeople = 0...20
  /// A laboratory reports whole tubes, of up to ten or twenty people each.
  private static let alonePeopleOfTubes = 0...100
  /// The longest that an edition has asked: the eighth, fourteen days and seven.
  private static let longestDays = 21

  /// What lies outside the bounds.
  var faultsOfBounds: [Words] {
    let fixed: [(PolicyBound, Int)] = [
      (.init("alone.people", Self.alonePeople), alone.people),
      // Three accounts' worth: with one, an ordinary outbreak of a small district waited (decision 30).
      (.init("alone.clause_people", 0...60), alone.clausePeople ?? 0),
      (.init("alone.clause_per_mille", 0...1), alone.clausePerMille ?? 0),
      (.init("alone.hours", 24...(.max)), alone.hours),
      // A pause long enough for somebody to object, and not so long that a real outbreak waits.
      (.init("alone.cooling_minutes", 1...1_440), alone.coolingMinutes),
      (.init("alone.approval_minutes", 1...1_440), alone.approvalMinutes),
      (.init("alone.attempts", 1...10), alone.attempts),
      (.init("alone.attempt_minutes", 60...(.max)), alone.attemptMinutes),
      (.init("alone.alarm_minutes", 1...60), alone.alarmMinutes),
      // An edition may shorten the time for an answer and never let it pass 48 hours (3.3, 6).
      (.init("objection_hours", 1...48), objectionHours),
    ]
    return fixed.compactMap { $0.fault($1) } + clauses.flatMap(faults(of:))
  }

  private func faults(of clause: Clause) -> [Words] {
    let isOfTubes = clause.appliesTo.allSatisfy { $0 == .positiveTube || $0 == .recheck }
    let name = "clauses.\(clause.id)"
    return [
      PolicyBound("\(name).maximum_days", 1...Self.longestDays).fault(clause.maximumDays),
      clause.alonePeople.flatMap {
        PolicyBound(
          "\(name).alone_people", isOfTubes ? Self.alonePeopleOfTubes : Self.alonePeople
        ).fault($0)
      },
    ].compactMap(\.self)
  }
}

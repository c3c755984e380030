extension Work {
  /// Makes something owed, by the seat that the policy names for its kind at that place.
  ///
  /// - Parameters:
  ///   - subject: the identifier of what it is about.
  ///   - deadline: when it has to be done.
  /// - Throws: a refusal when the policy in force names no seat for the kind.
  @discardableResult
  package func oblige(
    _ kind: ObligationKind, about subject: String, person: PersonID? = nil, at place: PlaceID,
    by deadline: Instant
  ) throws -> ObligationID {
    let rule = try policy(ObligationPolicy.self).rule(kind.name)
    guard let path = try jurisdiction.path(place, transaction) else {
      throw Refusal.notFound(Words("地点", "place"), place.text)
    }
    let seat = try self.seat(rule.owner, at: place)
    let obligation = Obligation(
      id: newID(), kind: kind.name, subject: subject, person: person, place: place, path: path,
      seat: seat, claimedBy: nil, openedAt: now, deadline: deadline, state: .open, rung: 0,
      escalatedTo: nil, escalatedAt: nil, closedAt: nil, closedBy: nil, proof: nil, reason: nil,
      struckOffAt: nil, policy: policyText)
    // What is learnt of after its deadline goes up the ladder with the next tick, not in the past.
    let first = rule.ladder.first.map { max(deadline + .minutes($0.afterMinutes), now) }
    try ObligationStore(transaction).open(obligation, nextEscalation: first)
    try record(
      ObligationOpened(
        obligation: obligation.id, kind: kind.name, about: subject, seat: seat.description,
        deadline: deadline))
    return obligation.id
  }

  /// Notes that what was owed about a subject is done; nothing happens when nothing is owed.
  package func discharge(
    _ kind: ObligationKind, about subject: String, proof: [String: String]
  ) throws {
    for obligation in try ObligationStore(transaction).owed(kind.name, about: subject) {
      try finish(obligation, proof: proof)
    }
  }

  /// Notes that one obligation is done, with the proof that its kind asks for.
  ///
  /// - Throws: a refusal naming the field of the proof that is missing or cannot be read.
  package func discharge(_ obligation: Obligation, proof: [String: String]) throws {
    for field in assembly.obligationKinds[obligation.kind]?.proof ?? [] {
      try field.check(proof[field.name])
    }
    try finish(obligation, proof: proof)
  }

  /// Lets what was owed about a subject fall away.
  package func waive(_ kind: ObligationKind, about subject: String, reason: String) throws {
    for obligation in try ObligationStore(transaction).owed(kind.name, about: subject) {
      try waive(obligation, reason: reason)
    }
  }

  func finish(_ obligation: Obligation, proof: [String: String]) throws {
    let text = String(decoding: try Fields.jsonBytes(proof), as: UTF8.self)
    try ObligationStore(transaction).close(
      obligation, state: .done, at: now, by: authority.sender.text, proof: text, reason: nil)
    try record(
      ObligationDone(
        obligation: obligation.id, kind: obligation.kind, about: obligation.subject,
        late: now > obligation.deadline))
  }

  /// Lets one obligation fall away.
  package func waive(_ obligation: Obligation, reason: String) throws {
    try ObligationStore(transaction).close(
      obligation, state: .waived, at: now, by: authority.sender.text, proof: nil,
      reason: reason)
    try record(
      ObligationWaived(
        obligation: obligation.id, kind: obligation.kind, about: obligation.subject))
  }

  /// Lets what is owed about a person, and is done where the person is, follow to another place:
  /// the seat there owes it, claims fall back to it, and what is late is told to its ladder anew.
  package func moveObligations(of person: PersonID, to place: PlaceID) throws {
    let owed = try ObligationStore(transaction).owed(concerning: person)
    for obligation in owed
    where assembly.obligationKinds[obligation.kind]?.goesWithPerson == true {
      try move(obligation, to: place)
    }
  }

  /// Puts what is owed of one kind about a subject at another place.
  package func move(_ kind: ObligationKind, about subject: String, to place: PlaceID) throws {
    for obligation in try ObligationStore(transaction).owed(kind.name, about: subject) {
      try move(obligation, to: place)
    }
  }

  /// Puts one obligation at another place.
  package func move(_ obligation: Obligation, to place: PlaceID) throws {
    if obligation.place == place { return }
    guard let path = try jurisdiction.path(place, transaction) else {
      throw Refusal.notFound(Words("地点", "place"), place.text)
    }
    // A kind that the policy has forgotten keeps its seat: nobody's move is refused for that.
    let rule = try policy(ObligationPolicy.self).kinds[obligation.kind]
    let seat = try rule.map { try self.seat($0.owner, at: place) } ?? obligation.seat
    let store = ObligationStore(transaction)
    try store.move(obligation.id, to: place, path, seat: seat)
    if seat == obligation.seat { return }
    let ladder = rule?.ladder ?? []
    let first = ladder.first.map { max(obligation.deadline + .minutes($0.afterMinutes), now) }
    try store.restartEscalation(obligation.id, next: first)
    try record(
      ObligationMoved(
        obligation: obligation.id, kind: obligation.kind, about: obligation.subject,
        from: obligation.seat.description, to: seat.description))
  }

  /// Tells the next seat of the ladder that an obligation is late.
  func escalate(_ obligation: Obligation) throws {
    let ladder = try ladder(of: obligation)
    guard obligation.rung < ladder.count else {
      // The ladder has been shortened since; its end has been told already.
      try ObligationStore(transaction).endEscalation(obligation.id)
      return
    }
    let seat = try seat(on: ladder[obligation.rung], of: obligation)
    let rung = obligation.rung + 1
    let next =
      rung < ladder.count ? obligation.deadline + .minutes(ladder[rung].afterMinutes) : nil
    try ObligationStore(transaction).escalate(
      obligation.id, rung: rung, to: seat, at: now, next: next)
    try record(
      ObligationEscalated(obligation: obligation.id, rung: rung, seat: seat.description))
  }

  /// The ladder of the policy in force; when that has forgotten the kind, of the one by which the
  /// obligation was made; failing both, the command alone: nothing late is told to nobody.
  private func ladder(of obligation: Obligation) throws -> [ObligationPolicy.Rung] {
    let policy = try policy(ObligationPolicy.self)
    if let rule = policy.kinds[obligation.kind] { return rule.ladder }
    let then = try? self.policy(
      ObligationPolicy.self, on: Day(of: obligation.openedAt, in: zone))
    return then?.kinds[obligation.kind]?.ladder ?? [policy.commandRung]
  }

  /// The seat on a rung; where the place has no such seat any more, the same role at the place
  /// itself, so that one place that was taken off the tree does not stop all escalation.
  private func seat(
    on rung: ObligationPolicy.Rung, of obligation: Obligation
  ) throws -> Seat {
    do {
      return try seat(rung.seat, at: obligation.place)
    } catch is Refusal {
      return Seat(role: rung.role, place: obligation.place)
    }
  }
}

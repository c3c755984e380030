import Gazette
import Kernel
import Registry

extension Work {
  /// What the edition in force says of isolation at home; without any there is nothing to ask.
  func requireHome() throws(Refusal) -> HomePolicy { try policy(HomePolicy.self) }

  /// Asks for a way out. In an emergency nobody is waited for: 120 is called, and what is asked here
  /// is written down as approved.
  func askOuting(
    of resident: Resident, to destination: String, because reason: String, at leave: Instant?,
    isEmergency: Bool
  ) throws -> AskOuting.Answer {
    let destination = destination.trimmingWhitespace()
    let reason = reason.trimmingWhitespace()
    guard !destination.isEmpty else { throw Refusal.missing("destination") }
    guard !reason.isEmpty else { throw Refusal.missing("reason") }
    let longest = try policy(RequestsPolicy.self).longestText
    for (field, text) in [("destination", destination), ("reason", reason)]
    where text.count > longest {
      throw Refusal(
        .invalid, "home.textTooLong",
        Words("请写在 \(longest) 字以内", "Write it in \(longest) characters at most"), field: field)
    }
    guard try HomeFinder.isKept(resident.id, at: now, in: transaction) else {
      throw Refusal(
        .conflict, "home.freeToGo",
        Words(
          "现在没有要求居家隔离的措施，就医不需要申请；急症请打 120",
          "No measure keeps this person at home: care needs no permission. In an emergency call 120"
        ),
        field: "person")
    }
    if let open = try outings.all(of: resident.id, limit: 20).first(where: { !$0.state.isOver }) {
      throw Refusal(
        .conflict, "home.outingOpen",
        Words(
          "已有一次外出就医“\(open.state.words.chinese)”，请先办完或取消；急症请打 120",
          "One way out is “\(open.state.words.english)” already: finish or cancel it. In an emergency call 120"
        ),
        field: "person")
    }
    let policy = try requireHome().outings
    let leaveAt = isEmergency ? now : try requireLeave(leave, policy)
    let outing = Outing(
      id: newID(), person: resident.id, home: resident.home, path: resident.path,
      state: isEmergency ? .approved : .asked, isEmergency: isEmergency, leaveAt: leaveAt,
      askedAt: now, askedBy: authority.sender.text, decidedAt: isEmergency ? now : nil,
      decidedBy: isEmergency ? Restriction.ruleEngine : nil, departedAt: nil, departedBy: nil,
      arrivedAt: nil, arrivedBy: nil, backAt: nil, backBy: nil, homeAt: nil, homeBy: nil,
      vehicle: nil, vehicleThere: nil)
    let sealed = try vault.lock(
      "\(destination)\n\(reason)", place: OutingsStore.place(of: outing.id, "purpose"))
    try outings.insert(outing, sealedPurpose: sealed)
    try note(outing, outing.state)
    if isEmergency {
      try expect(outing, by: now + .minutes(policy.emergencyMinutes))
    } else {
      let latest = now + .minutes(policy.approveMinutes)
      try oblige(
        HomeDuties.outing, about: outing.id.text, person: outing.person, at: outing.home,
        by: leaveAt > now ? min(latest, leaveAt) : latest)
    }
    return AskOuting.Answer(outing: outing.id, approved: isEmergency)
  }

  private func requireLeave(_ leave: Instant?, _ policy: HomePolicy.Outings) throws -> Instant {
    guard let leave else { throw Refusal.missing("leaveAt") }
    let aheadDays = policy.aheadDays
    // A form takes some minutes to fill in.
    guard leave >= now - .minutes(policy.departMinutes), leave <= now + .days(aheadDays) else {
      throw Refusal(
        .invalid, "home.leaveTime",
        Words(
          "出发时间应在现在到 \(aheadDays) 天以内，请更正",
          "The time of leaving lies between now and \(aheadDays) days ahead; correct it"),
        field: "leaveAt")
    }
    return leave
  }

  /// An outing that stands where a command needs it.
  func requireOuting(_ id: OutingID, _ states: Outing.State...) throws -> Outing {
    let found = try outings.get(id)
    guard states.contains(found.state) else { throw Refusal.outingState(found) }
    return found
  }

  /// An outing of the resident who sends this.
  func requireOwnOuting(_ id: OutingID, _ states: Outing.State...) throws -> Outing {
    let own = try requireOwnFile()
    guard let found = try outings.find(id),
      try ResidentsStore(transaction).identifiers(of: own.id).contains(found.person)
    else {
      throw Refusal.notFound(Words("外出就医", "outing"), id.text, field: "outing")
    }
    guard states.contains(found.state) else { throw Refusal.outingState(found) }
    return found
  }

  func cancel(_ outing: Outing) throws {
    try outings.cancel(outing.id)
    try note(outing, .cancelled)
    for kind in [HomeDuties.outing, HomeDuties.trip] {
      try waive(kind, about: outing.id.text, reason: "cancelled")
    }
  }

  /// Writes a leg down and lets the next be owed.
  func move(_ outing: Outing, to state: Outing.State) throws {
    try outings.move(outing.id, to: state, by: authority.sender.text, at: now)
    try note(outing, state)
    try discharge(HomeDuties.trip, about: outing.id.text, proof: ["leg": state.rawValue])
    let policy = try outingPolicy(of: outing)
    switch state {
    case .out, .back: try expect(outing, by: now + .minutes(policy.travelMinutes))
    case .there: try expect(outing, by: now + .minutes(policy.careMinutes))
    case .asked, .approved, .declined, .cancelled, .home: return
    }
  }

  /// What began under an edition is brought to its end by it, whatever the next one knows.
  func outingPolicy(of outing: Outing) throws -> HomePolicy.Outings {
    try policy(HomePolicy.self, on: Day(of: outing.askedAt, in: zone)).outings
  }

  /// Lets it be owed that the next leg of a way is said.
  func expect(_ outing: Outing, by deadline: Instant) throws {
    try oblige(
      HomeDuties.trip, about: outing.id.text, person: outing.person, at: outing.home,
      by: deadline)
  }

  func note(_ outing: Outing, _ state: Outing.State) throws {
    try record(OutingMoved(outing: outing.id, person: outing.person, state: state))
  }
}

extension Refusal {
  /// A way out is not where a command needs it.
  static func outingState(_ outing: Outing) -> Refusal {
    Refusal(
      .conflict, "home.outingState",
      Words(
        "该外出就医现为“\(outing.state.words.chinese)”，不能这样办理，请刷新后再看",
        "This way out is “\(outing.state.words.english)” now; this cannot be done. Look again"),
      field: "outing")
  }
}

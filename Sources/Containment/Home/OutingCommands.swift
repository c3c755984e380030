import Gazette
import Kernel
import Registry

/// Asks in somebody's name for a way out for care.
package struct AskOuting: Command {
  package struct Answer: Codable, Sendable {
    package let outing: OutingID
    /// Whether it waits for nobody.
    package let approved: Bool
  }

  package static let name = "home.askOuting"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "home.arrange"
  package let person: PersonID
  package let destination: String
  package let reason: String
  /// When the person is to leave; at once in an emergency.
  package let leaveAt: Instant?
  package let emergency: Bool?

  package init(
    person: PersonID, destination: String, reason: String, leaveAt: Instant?,
    emergency: Bool? = nil
  ) {
    self.person = person
    self.destination = destination
    self.reason = reason
    self.leaveAt = leaveAt
    self.emergency = emergency
  }

  package func area(in work: Work) throws -> Area {
    .path(try ResidentsStore(work.transaction).survivor(of: person).path)
  }

  package func perform(in work: Work) throws -> Answer {
    try work.askOuting(
      of: ResidentsStore(work.transaction).survivor(of: person), to: destination, because: reason,
      at: leaveAt, isEmergency: emergency == true)
  }
}

/// Asks for a way out for care on one's own page.
package struct AskOwnOuting: Command {
  package static let name = "home.askOwnOuting"
  package static let urgency = Urgency.help
  package static let duty: Duty = .ownFile
  package let destination: String
  package let reason: String
  package let leaveAt: Instant?
  package let emergency: Bool?

  package init(
    destination: String, reason: String, leaveAt: Instant?, emergency: Bool? = nil
  ) {
    self.destination = destination
    self.reason = reason
    self.leaveAt = leaveAt
    self.emergency = emergency
  }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> AskOuting.Answer {
    try work.askOuting(
      of: work.requireOwnFile(), to: destination, because: reason, at: leaveAt,
      isEmergency: emergency == true)
  }
}

/// The street's answer: yes, or no with a reason that the person reads.
package struct AnswerOuting: Command {
  package static let name = "home.answerOuting"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = DecideRemedy.duty
  package let outing: OutingID
  package let approved: Bool
  package let reason: String?

  package init(outing: OutingID, approved: Bool, reason: String? = nil) {
    self.outing = outing
    self.approved = approved
    self.reason = reason
  }

  package func area(in work: Work) throws -> Area { .path(try work.outings.get(outing).path) }

  package func perform(in work: Work) throws -> Done {
    let found = try work.requireOuting(outing, .asked)
    let sender = work.authority.sender.text
    guard sender != found.askedBy else {
      throw Refusal(
        .forbidden, "home.ownOuting",
        Words("申请人不能审批自己的申请，请由他人审批", "Whoever asked does not decide; somebody else does"),
        field: "outing")
    }
    let reason = reason?.trimmingWhitespace() ?? ""
    guard approved || !reason.isEmpty else {
      throw Refusal(
        .invalid, "home.noReason",
        Words("不批准须写明理由，本人会看到", "Say why not: the person reads it"), field: "reason")
    }
    let sealed =
      approved
      ? nil : try work.vault.lock(reason, place: OutingsStore.place(of: found.id, "refusal"))
    let state: Outing.State = approved ? .approved : .declined
    try work.outings.decide(found.id, state, by: sender, at: work.now, sealedRefusal: sealed)
    try work.note(found, state)
    try work.discharge(
      HomeDuties.outing, about: found.id.text, proof: ["approved": approved ? "yes" : "no"])
    if approved {
      let policy = try work.outingPolicy(of: found)
      try work.expect(
        found, by: max(found.leaveAt, work.now) + .minutes(policy.departMinutes))
    }
    return Done()
  }
}

/// Takes a way out back before the car has left.
package struct CancelOuting: Command {
  package static let name = "home.cancelOuting"
  package static let duty: Duty = AskOuting.duty
  package let outing: OutingID

  package init(outing: OutingID) { self.outing = outing }

  package func area(in work: Work) throws -> Area { .path(try work.outings.get(outing).path) }

  package func perform(in work: Work) throws -> Done {
    try work.cancel(work.requireOuting(outing, .asked, .approved))
    return Done()
  }
}

/// Takes one's own way out back before the car has left.
package struct CancelOwnOuting: Command {
  package static let name = "home.cancelOwnOuting"
  package static let duty: Duty = .ownFile
  package let outing: OutingID

  package init(outing: OutingID) { self.outing = outing }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Done {
    try work.cancel(work.requireOwnOuting(outing, .asked, .approved))
    return Done()
  }
}

/// Says that the next leg of a way out is done: left, arrived, left again, home. The one who says that
/// somebody left never says that they arrived (I-42).
package struct MoveOuting: Command {
  package static let name = "home.moveOuting"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = AskOuting.duty
  package let outing: OutingID
  /// Where the person is from now on: `out`, `there`, `back` or `home`.
  package let to: Outing.State
  /// Who drives, when the person leaves; an ambulance needs no name.
  package let driver: String?
  package let vehicle: String?

  package init(
    outing: OutingID, to: Outing.State, driver: String? = nil, vehicle: String? = nil
  ) {
    self.outing = outing
    self.to = to
    self.driver = driver
    self.vehicle = vehicle
  }

  package func area(in work: Work) throws -> Area { .path(try work.outings.get(outing).path) }

  package func perform(in work: Work) throws -> Done {
    let found = try work.outings.get(outing)
    guard HomeRules.next(of: found.state) == to else { throw Refusal.outingState(found) }
    switch to {
    case .out:
      try drive(found, in: work)
    case .back:
      try drive(found, in: work)
    case .there:
      try IsolationRules.requireOther(work.authority.sender.text, than: found.departedBy ?? "")
    case .home:
      try IsolationRules.requireOther(work.authority.sender.text, than: found.backBy ?? "")
    case .asked, .approved, .declined, .cancelled: throw Refusal.outingState(found)
    }
    try work.move(found, to: to)
    return Done()
  }

  private func drive(_ found: Outing, in work: Work) throws {
    let named = driver?.trimmingWhitespace() ?? ""
    let car = vehicle?.trimmingWhitespace() ?? ""
    let isAmbulance = found.isEmergency && named.isEmpty && to == .out
    guard isAmbulance || !named.isEmpty else { throw Refusal.missing("driver") }
    guard isAmbulance || !car.isEmpty else { throw Refusal.missing("vehicle") }
    // Written in another way it is the same driver.
    let key = isAmbulance ? found.id.text : named.filter { !$0.isWhitespace }.lowercased()
    let index = work.vault.index(key, kind: "driver")
    guard try !work.outings.isDriving(index, except: found.id) else {
      throw Refusal(
        .conflict, "home.driverBusy",
        Words(
          "该司机正在另一趟闭环行程中，到达后才能再派",
          "This driver is on another trip; wait until that has arrived, or name another"),
        field: "driver")
    }
    try work.outings.drive(
      found.id, driver: index,
      sealedDriver: work.vault.lock(
        isAmbulance ? "120" : named, place: OutingsStore.place(of: found.id, "driver")),
      vehicle: isAmbulance ? "120" : car)
  }
}

/// Says on one's own page that one is home again.
package struct ConfirmOwnReturn: Command {
  package static let name = "home.confirmOwnReturn"
  package static let urgency = Urgency.help
  package static let duty: Duty = .ownFile
  package let outing: OutingID

  package init(outing: OutingID) { self.outing = outing }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Done {
    try work.move(work.requireOwnOuting(outing, .back), to: .home)
    return Done()
  }
}

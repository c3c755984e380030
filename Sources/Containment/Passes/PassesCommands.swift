import Kernel
import Registry

/// Revokes everything that a person can show: a telephone was lost, a sheet was taken. The next code
/// begins right after what was revoked.
package struct RevokePasses: Command {
  package static let name = "passes.revoke"
  package static let duty: Duty = "passes.revoke"
  package let person: PersonID
  /// `lost` or `mistaken`.
  package let reason: String

  package init(person: PersonID, reason: String) {
    self.person = person
    self.reason = reason
  }

  package func area(in work: Work) throws -> Area {
    .path(try ResidentsStore(work.transaction).survivor(of: person).path)
  }

  package func perform(in work: Work) throws -> Done {
    let reason = try PassRevocation.given(reason)
    let resident = try ResidentsStore(work.transaction).survivor(of: person)
    let policy = try work.policy(PassesPolicy.self)
    for file in try ResidentsStore(work.transaction).identifiers(of: resident.id) {
      try work.revoke(file, because: reason, policy)
    }
    let colour = try work.passes.standing(of: resident.id).colour
    try work.record(PassesRevoked(person: resident.id, reason: reason, colour: colour))
    return Done()
  }
}

/// Revokes what somebody showed, where only the code itself is at hand.
package struct RevokeShownPass: Command {
  package static let name = "passes.revokeShown"
  package static let duty: Duty = RevokePasses.duty
  /// The code as it was scanned.
  package let code: String
  /// `lost` or `mistaken`.
  package let reason: String

  package init(code: String, reason: String) {
    self.code = code
    self.reason = reason
  }

  // Whose it is stands nowhere in it; every office that revokes may take one out of the street.
  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Done {
    let reason = try PassRevocation.given(reason)
    let (verdict, shown) = try work.passes.check(code)
    guard let shown, verdict == .valid || verdict == .future || verdict == .revoked else {
      throw Refusal(
        .invalid, "passes.notRevocable",
        Words("不能作废：\(verdict.words.chinese)", "It cannot be revoked: \(verdict.words.english)"),
        field: "code")
    }
    let bearer = Hex.text(shown.bearer)
    try work.revoke(
      bearer: bearer, on: Day(of: shown.from, in: work.zone), of: nil, because: reason,
      try work.policy(PassesPolicy.self))
    try work.record(PassRevoked(bearer: bearer, reason: reason))
    return Done()
  }
}

extension PassRevocation {
  /// A reason that an office may give.
  fileprivate static func given(_ text: String) throws(Refusal) -> PassRevocation {
    guard let reason = PassRevocation(rawValue: text), reason != .changed else {
      throw .malformed("reason", text, expected: Words("lost 或 mistaken", "lost or mistaken"))
    }
    return reason
  }
}

/// Lets somebody show another's code: a child's without more, anybody else's with their consent.
package struct EntrustPass: Command {
  package static let name = "passes.entrust"
  package static let duty: Duty = "passes.entrust"
  /// Whose code is shown.
  package let person: PersonID
  /// Who shows it.
  package let carer: PersonID
  /// Whether the person was asked and agreed.
  package let consent: Bool?

  package init(person: PersonID, carer: PersonID, consent: Bool? = nil) {
    self.person = person
    self.carer = carer
    self.consent = consent
  }

  package func area(in work: Work) throws -> Area {
    .path(try ResidentsStore(work.transaction).survivor(of: person).path)
  }

  package func perform(in work: Work) throws -> Done {
    let residents = ResidentsStore(work.transaction)
    let person = try residents.survivor(of: person)
    let carer = try residents.survivor(of: carer, field: "carer")
    guard person.id != carer.id else {
      throw Refusal(
        .invalid, "passes.oneself", Words("本人的码由本人出示", "Everybody shows their own code"),
        field: "carer")
    }
    let policy = try work.policy(PassesPolicy.self)
    try PassesRules.requireCare(
      childAge: person.birthDay.map { $0.age(on: work.today) },
      isSameHome: person.home == carer.home, consent: consent == true, policy: policy)
    let shown = try work.passStore.caredFor(by: residents.identifiers(of: carer.id))
    if shown.contains(where: { $0.person == person.id }) {
      throw Refusal(
        .conflict, "passes.entrustedAlready",
        Words("已经由此人代为出示", "This person shows the code already"), field: "carer")
    }
    guard shown.count < policy.companionsMost else {
      throw Refusal(
        .conflict, "passes.manyCompanions",
        Words(
          "一人最多代 \(policy.companionsMost) 人出示，请由别人代为出示",
          "One person shows the codes of \(policy.companionsMost) others at most; choose somebody else"
        ),
        field: "carer")
    }
    try work.passStore.insert(
      .init(
        person: person.id, carer: carer.id, since: work.now, consent: consent == true),
      by: work.authority.sender.text)
    try work.record(PassCareChanged(person: person.id, carer: carer.id, ended: false))
    return Done()
  }
}

/// Ends that somebody shows another's code.
package struct EndPassCare: Command {
  package static let name = "passes.endCare"
  package static let duty: Duty = EntrustPass.duty
  package let person: PersonID
  package let carer: PersonID

  package init(person: PersonID, carer: PersonID) {
    self.person = person
    self.carer = carer
  }

  package func area(in work: Work) throws -> Area {
    .path(try ResidentsStore(work.transaction).survivor(of: person).path)
  }

  package func perform(in work: Work) throws -> Done {
    let residents = ResidentsStore(work.transaction)
    let live = try residents.survivor(of: person).id
    let people = try residents.identifiers(of: live)
    let carers = try residents.identifiers(of: residents.survivor(of: carer, field: "carer").id)
    let running = try work.passStore.carers(of: people).filter { carers.contains($0.carer) }
    guard !running.isEmpty else {
      throw Refusal(
        .notFound, "passes.notEntrusted",
        Words("此人没有代为出示", "This person does not show the code"), field: "carer")
    }
    for care in running {
      try work.passStore.end(care, at: work.now, by: work.authority.sender.text)
      try work.record(PassCareChanged(person: care.person, carer: care.carer, ended: true))
    }
    // What the former carer still has on the telephone is worth nothing.
    try work.revoke(live, because: .lost, try work.policy(PassesPolicy.self))
    let colour = try work.passes.standing(of: live).colour
    try work.record(PassesRevoked(person: live, reason: .lost, colour: colour))
    return Done()
  }
}

/// The clock's part: colours that ended by themselves, revocations that nothing needs any more.
package struct TendPasses: Command {
  package static let name = "passes.tend"
  package static let duty: Duty = .clockOnly
  private static let mostAtOnce = 2_000

  package init() {}

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Done {
    for told in try work.passStore.told(endedBy: work.now, limit: Self.mostAtOnce) {
      try work.recolour(told.person)
    }
    try work.passStore.forgetRevocations(keptUntil: work.now)
    return Done()
  }
}

import Gazette
import Kernel
import Registry

/// What becomes of a household that does not meet the six rules.
package enum RemedyOutcome: String, Codable, CaseIterable, Sendable {
  case mended
  /// It stays as it is, and why that is safe enough stands in the reason.
  case tolerated
  /// Those isolated there are moved to a site.
  case move

  package var words: Words {
    switch self {
    case .mended: Words("已整改，符合要求", "mended")
    case .tolerated: Words("条件有限，采取替代措施", "as it is, with other precautions")
    case .move: Words("转集中隔离", "move to an isolation site")
    }
  }
}

/// Decides what becomes of a household that does not meet the six rules. Nobody is moved because a box
/// was ticked: a person decides and says why, and the clause must know it.
package struct DecideRemedy: Command {
  package static let name = "home.decideRemedy"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "home.decide"
  package let household: HomeHouseholdID
  package let outcome: RemedyOutcome
  package let reason: String

  package init(household: HomeHouseholdID, outcome: RemedyOutcome, reason: String) {
    self.household = household
    self.outcome = outcome
    self.reason = reason
  }

  package func area(in work: Work) throws -> Area {
    .path(try work.homes.getHousehold(household).path)
  }

  /// Answers how many people are to be moved.
  package func perform(in work: Work) throws -> Int {
    let found = try work.homes.getHousehold(household)
    let reason = reason.trimmingWhitespace()
    guard !reason.isEmpty else { throw Refusal.missing("reason") }
    let owed = try ObligationStore(work.transaction).owed(
      HomeDuties.remedy.name, about: found.id.text)
    guard !owed.isEmpty else {
      throw Refusal(
        .conflict, "home.nothingToDecide",
        Words("该户没有待研判的事项", "Nothing about this household waits for a decision"),
        field: "household")
    }
    let moved = outcome == .move ? try move(found, in: work) : 0
    if outcome == .mended { try work.homes.noteUnmet(0, of: found.id) }
    try work.discharge(
      HomeDuties.remedy, about: found.id.text,
      proof: ["outcome": outcome.rawValue, "reason": reason])
    try work.record(HomeRemedied(household: found.id, outcome: outcome))
    return moved
  }

  /// Lets the move be owed of everybody isolated there whose clause knows it, as after a breach.
  private func move(_ found: HomeHousehold, in work: Work) throws -> Int {
    var moved = 0
    for stay in try work.homes.running(in: [found.id]) where stay.kind == .homeIsolation {
      guard let restriction = try RestrictionsStore(work.transaction).find(stay.restriction),
        restriction.isEffective(at: work.now),
        let clause = work.rules.clause(of: restriction), clause.onBreach == .centralIsolation,
        let hours = clause.transferHours
      else { continue }
      moved += 1
      let owed = try ObligationStore(work.transaction).owed(
        RestrictionDuties.transfer.name, about: restriction.id.text)
      if owed.isEmpty {
        try work.oblige(RestrictionDuties.transfer, restriction, by: work.now + .hours(hours))
      }
    }
    guard moved > 0 else {
      throw Refusal(
        .conflict, "home.noMove",
        Words(
          "现行条款没有规定可由居家转集中隔离，请整改或采取替代措施",
          "No clause that holds here knows a move to a site; mend it, or take other precautions"),
        field: "outcome")
    }
    return moved
  }
}

/// Names who cares for somebody who cannot be alone: a healthy adult, not the old or the ill.
package struct NameCarer: Command {
  package static let name = "home.nameCarer"
  package static let duty: Duty = "home.arrange"
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
    let person = try residents.survivor(of: person)
    let carer = try residents.survivor(of: carer, field: "carer")
    guard person.id != carer.id else {
      throw Refusal(
        .invalid, "home.carerOneself", Words("照护人须为他人", "The carer is somebody else"),
        field: "carer")
    }
    let finder = HouseholdFinder(
      transaction: work.transaction, now: work.now, today: work.today,
      registry: try work.policy(RegistryPolicy.self))
    let sharing = try work.policy(IsolationPolicy.self).sharing
    guard HomeRules.isDependent(try finder.member(person), sharing) else {
      throw Refusal(
        .conflict, "home.carerNotNeeded",
        Words(
          "台账显示此人能够自理；如需照护，请先登记特殊需要", "By the register they can be alone; enter the need first"),
        field: "person")
    }
    let member = try finder.member(carer)
    guard HomeRules.mayCare(member, sharing) else {
      throw Refusal(
        .invalid, "home.carerUnfit",
        Words(
          "照护人须为 \(sharing.carerFromYears) 至 \(sharing.carerBelowYears - 1) 岁的健康成年人（年龄未登记的请先补登），请另选",
          "A carer is a healthy adult of \(sharing.carerFromYears) to \(sharing.carerBelowYears - 1) (enter the day of birth where it is missing); choose another"
        ),
        field: "carer")
    }
    guard member.isHome else {
      throw Refusal(
        .conflict, "home.carerAway",
        Words("此人现不在家、在隔离点或在医院，请另选", "They are away, at a site or in hospital; choose another"),
        field: "carer")
    }
    try work.homes.name(
      HomeCarer(dependent: person.id, carer: carer.id, since: work.now),
      by: work.authority.sender.text)
    try work.record(HomeCarerNamed(person: person.id, carer: carer.id))
    try work.discharge(
      HomeDuties.carer, about: person.id.text, proof: ["carer": carer.id.text])
    return Done()
  }
}

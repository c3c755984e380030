import Gazette
import Kernel
import Registry

/// Proposes that places be held together because of an infection. Nothing is shut by it.
package struct ProposeZone: Command {
  package struct Answer: Codable, Sendable {
    package let zone: ZoneID
    /// How many live there.
    package let people: Int
  }

  package static let name = "zones.propose"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "zones.propose"
  package let places: [PlaceID]
  package let level: ZoneLevel
  package let infection: CaseID
  package let plan: String?

  package init(
    places: [PlaceID], level: ZoneLevel, infection: CaseID, plan: String? = nil
  ) {
    self.places = places
    self.level = level
    self.infection = infection
    self.plan = plan
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Answer {
    let (level, _, _) = try work.requireLevel(level)
    let places = try work.requirePlaces(places, for: level)
    for place in places { try work.require(Self.duty, at: place.path) }
    let evidence = try work.requireEvidence(infection, near: places, for: level)
    let organisations = try work.organisations(for: Self.duty, at: places[0].path).all
    let zone = try work.propose(
      places, level, for: evidence, by: work.authority.sender.text, organisations: organisations,
      plan: plan.map(ZoneText.plan))
    return Answer(zone: zone.id, people: zone.people)
  }
}

/// Lets a proposed zone stand. What is more than one may decide takes a second person of another
/// organisation, after a pause.
package struct OpenZone: Command {
  package struct Answer: Codable, Sendable {
    package let zone: ZoneID
    package let opened: Bool
    /// Whether it waits for a second person now.
    package let waitsForSecond: Bool
    package let people: Int
  }

  package static let name = "zones.open"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "zones.open"
  package let zone: ZoneID

  package init(zone: ZoneID) { self.zone = zone }

  package func area(in work: Work) throws -> Area { .path(try work.zonesStore.get(zone).path) }

  package func perform(in work: Work) throws -> Answer {
    let held = try work.requireZone(zone, .proposed)
    let (level, policy, _) = try work.requireLevel(held.level)
    let places = try work.requirePlaces(
      work.zonesStore.places(of: zone).map(\.place), for: level)
    let evidence = try work.requireEvidence(of: held, near: places, for: level)
    let people = try work.people(in: places)
    let sender = work.authority.sender.text
    let alone = policy.alone
    let openedAlone = try work.zonesStore.openedAlone(
      by: sender, since: work.now - .hours(alone.hours))
    let isForOne = ZonesRules.isForOne(
      people: people, openedAlone: openedAlone, levels: places.map(\.level),
      isInfectionInside: places.contains { $0.path.holds(evidence.path) }, alone: alone)
    if !isForOne, held.proposedBy == HeldZone.ruleEngine {
      let organisations = try work.organisations(for: Self.duty, at: held.path).all
      return try ask(held, people: people, organisations, in: work)
    }
    var isAlone = held.proposedBy == HeldZone.ruleEngine
    if !isAlone {
      do {
        try requireSecond(held, sender, alone, people: people, in: work)
      } catch let refusal as Refusal {
        guard isForOne else { throw refusal }
        isAlone = true
      }
    }
    try work.zonesStore.rest(zone, on: evidence.infection)
    try work.noteKnownInfections(of: held, places.map(\.path), level)
    try work.open(held, people: people, alone: isAlone)
    if !isAlone {
      try work.record(
        ManyDecided(what: "zone", about: zone.text, people: people, approved: true))
    }
    return Answer(zone: zone, opened: true, waitsForSecond: false, people: people)
  }

  private func ask(
    _ held: HeldZone, people: Int, _ organisations: Set<String>, in work: Work
  ) throws -> Answer {
    try work.zonesStore.ask(
      held.id, by: work.authority.sender.text,
      organisations: organisations.sorted().joined(separator: "|"), at: work.now)
    try work.note(.asked, of: held, about: String(people))
    try work.record(ZoneAsked(zone: held.id, people: people))
    return Answer(zone: held.id, opened: false, waitsForSecond: true, people: people)
  }

  /// Somebody of another organisation proposed it, long enough ago for anybody to object.
  private func requireSecond(
    _ held: HeldZone, _ sender: String, _ alone: ZonesPolicy.Alone, people: Int, in work: Work
  ) throws {
    try SecondPersonRules.require(
      approver: sender,
      organisations: work.organisations(for: Self.duty, at: held.path).entitled,
      issuer: held.proposedBy,
      issuerOrganisations: Set(held.proposedByOrganisations.split(separator: "|").map(String.init)),
      what: "zone")
    try requireCooled(held, alone, in: work)
    // Whoever approves decides on those of whom the proposal told, not on a list that was registered
    // there meanwhile.
    guard people <= held.people + alone.people else {
      throw Refusal(
        .conflict, "zone.grown",
        Words(
          "提出时涉及 \(held.people) 人，现已有 \(people) 人；请核对名册后重新提出",
          "\(held.people) people lived there when it was proposed and \(people) do now; look at the register and propose it anew"
        ), field: "zone")
    }
  }

  private func requireCooled(
    _ held: HeldZone, _ alone: ZonesPolicy.Alone, in work: Work
  ) throws(Refusal) {
    let from = held.proposedAt + .minutes(alone.coolingMinutes)
    if work.now >= from { return }
    throw Refusal(
      .conflict, "zone.cooling",
      Words(
        "超出一人可决定的范围：须在提出 \(alone.coolingMinutes) 分钟后再批准，请先核对预览",
        "More than one may decide: it can be approved \(alone.coolingMinutes) minutes after it was proposed; look at the preview meanwhile"
      ), field: "zone")
  }
}

/// Does not take a proposal up.
package struct DeclineZone: Command {
  package static let name = "zones.decline"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = OpenZone.duty
  package let zone: ZoneID

  package init(zone: ZoneID) { self.zone = zone }

  package func area(in work: Work) throws -> Area { .path(try work.zonesStore.get(zone).path) }

  package func perform(in work: Work) throws -> Done {
    let held = try work.requireZone(zone, .proposed)
    try work.zonesStore.decline(zone, at: work.now)
    try work.note(.declined, of: held, about: "")
    try work.record(ZoneDeclined(zone: zone))
    // Somebody else than whoever proposed it decided on the people there (RELIABILITY 3.3, 7).
    if held.proposedBy != work.authority.sender.text {
      try work.record(
        ManyDecided(what: "zone", about: zone.text, people: held.people, approved: false))
    }
    try work.discharge(ZoneDuties.decide, about: zone.text, proof: ["opened": "no"])
    return Done()
  }
}

/// What people write of zones.
enum ZoneText {
  private static let longest = 4_000

  /// A plan as it is kept.
  static func plan(_ written: String) throws(Refusal) -> String {
    let plan = written.trimmingWhitespace()
    guard !plan.isEmpty else { throw .missing("plan") }
    guard plan.count <= longest else {
      throw Refusal(
        .invalid, "zone.planLong",
        Words("方案最多 \(longest) 字", "A plan has at most \(longest) characters"), field: "plan")
    }
    return plan
  }
}

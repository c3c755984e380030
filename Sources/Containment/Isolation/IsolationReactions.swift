import Gazette
import Kernel
import Registry

/// What follows for isolation sites from what others say.
enum IsolationReactions {
  static let all: [Reaction] = [
    .on(ObligationDone.self, obligationDone),
    .on(RestrictionStarted.self) { fact, work in try look(at: fact.person, in: work) },
    .on(RestrictionMoved.self) { fact, work in
      // A notice names the day; of another day another notice is owed.
      for stay in try work.stays.running(of: fact.person) where stay.noticeAt != nil {
        try work.stays.noteNotice(stay.id, at: nil)
      }
      try look(at: fact.person, in: work)
    },
    .on(RestrictionPhaseChanged.self) { fact, work in try look(at: fact.restriction, in: work) },
    .on(RestrictionEnded.self) { fact, work in try look(at: fact.person, in: work) },
    .on(ObjectionDecided.self) { fact, work in try look(at: fact.restriction, in: work) },
    .on(ObjectionLapsed.self) { fact, work in try look(at: fact.restriction, in: work) },
    .on(PeopleTested.self, peopleTested),
    .on(ResidentMoved.self) { fact, work in
      // Another home on paper takes nobody out of the site.
      guard let stay = try present(fact.person, in: work) else { return }
      try work.settle(fact.person, at: stay.site, stay.path)
      try work.stays.check(stay.id, at: work.now)
    },
    .on(ResidentsMerged.self) { fact, work in try look(at: fact.survivor, in: work) },
    .on(ResidentsUnmerged.self) { fact, work in
      for person in [fact.survivor, fact.merged] { try look(at: person, in: work) }
    },
    .on(ObligationWaived.self) { fact, work in
      guard fact.kind == IsolationDuties.disinfect.name else { return }
      throw Refusal(
        .conflict, "isolation.disinfectionNeeded",
        Words(
          "房间消毒后才能再用，此事项不能撤销", "A room is used again only after disinfection; this cannot be waived"
        ),
        field: "obligation")
    },
  ]

  private static func present(_ person: PersonID, in work: Work) throws -> SiteStay? {
    try work.stays.running(of: person).first { $0.arrivedAt != nil }
  }

  /// Lets the clock look at somebody's stay with its next turn.
  private static func look(at person: PersonID, in work: Work) throws {
    if let stay = try present(person, in: work) { try work.stays.check(stay.id, at: work.now) }
  }

  private static func look(at restriction: RestrictionID, in work: Work) throws {
    guard let found = try RestrictionsStore(work.transaction).find(restriction) else { return }
    try look(at: found.person, in: work)
  }

  private static func obligationDone(_ fact: ObligationDone, in work: Work) throws {
    switch fact.kind {
    case IsolationDuties.notice.name:
      let stay = try work.stays.get(SiteStayID(trusted: fact.about))
      try work.stays.noteNotice(stay.id, at: work.now)
      try work.note(stay, "notice", room: stay.room)
    case IsolationDuties.disinfect.name: try disinfected(fact, in: work)
    case IsolationDuties.staffTest.name: try staffTested(fact, in: work)
    default: return
    }
  }

  /// A room is clean when the solution was strong and stood long enough.
  private static func disinfected(_ fact: ObligationDone, in work: Work) throws {
    guard let room = try work.sites.room(SiteRoomID(trusted: fact.about)) else { return }
    let policy = try work.policy(IsolationPolicy.self).disinfection
    let proof = try ObligationStore(work.transaction).find(fact.obligation)?.proof
    let fields = try Fields.json(Array((proof ?? "{}").utf8))
    try require(fields, "milligrams", policy.leastMilligrams, "mg/L")
    try require(fields, "minutes", policy.leastMinutes, "min")
    try work.sites.clean(room.id, by: work.authority.sender.text, at: work.now)
    try work.record(SiteChanged(site: room.site, what: "cleaned", about: room.id.text))
    try work.countRooms(of: room.site)
  }

  /// A positive among those in the loop is told to the command at once, and is on no roster from then
  /// on: the gap that they leave is owed.
  private static func staffTested(_ fact: ObligationDone, in work: Work) throws {
    guard let loop = try work.staffStore.loop(SiteLoopID(trusted: fact.about)),
      let proof = try ObligationStore(work.transaction).find(fact.obligation)?.proof,
      case .text("positive") = try Fields.json(Array(proof.utf8))["result"]
    else { return }
    let minutes = try work.policy(IsolationPolicy.self).positiveMinutes
    try work.oblige(
      IsolationDuties.staffPositive, about: loop.id.text, at: loop.site,
      by: work.now + .minutes(minutes))
    try work.takeOffRoster(loop.account)
    try work.checkStaff(of: loop.site)
  }

  private static func require(
    _ fields: Fields, _ name: String, _ least: Double, _ unit: String
  ) throws(Refusal) {
    if case .text(let text) = fields[name], let value = Double(text), value >= least { return }
    throw Refusal(
      .invalid, "isolation.weakDisinfection",
      Words(
        "终末消毒不足：至少 \(Int(least)) \(unit)，请重新消毒后登记",
        "Too little for disinfection: \(Int(least)) \(unit) at least; do it again and enter that"),
      field: name)
  }

  /// Keeps the results of those who stay at a site, and of nobody else.
  private static func peopleTested(_ fact: PeopleTested, in work: Work) throws {
    let hasSites = try work.recall("isolation.hasSites") {
      try !work.sites.list(in: .everywhere).isEmpty
    }
    guard hasSites else { return }
    for person in fact.people {
      guard let stay = try present(person, in: work), let arrived = stay.arrivedAt,
        fact.sampledAt >= arrived
      else { continue }
      try work.stays.keep(
        stay.person, sampledAt: fact.sampledAt, isNegative: fact.isNegative, by: fact.tube)
    }
  }
}

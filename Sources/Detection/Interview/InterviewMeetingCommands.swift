import Gazette
import Kernel
import Registry

/// Writes down whom a case met. Whom the registry knows becomes a contact that another account
/// confirms; anybody else is kept as a lead.
package struct NoteMeeting: Command {
  package static let name = "interview.meeting"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "contacts.decide"
  package let infection: CaseID
  package let day: Day
  package let from: String
  package let minutes: Int
  /// The person's file, when the caller knows it.
  package let person: PersonID?
  /// As the case calls them.
  package let name: String?
  package let phone: String?
  package let venue: VenueID?
  /// Whether both wore a mask.
  package let masked: Bool?

  package init(
    infection: CaseID, day: Day, from: String, minutes: Int, person: PersonID? = nil,
    name: String? = nil, phone: String? = nil, venue: VenueID? = nil, masked: Bool? = nil
  ) {
    self.infection = infection
    self.day = day
    self.from = from
    self.minutes = minutes
    self.person = person
    self.name = name
    self.phone = phone
    self.venue = venue
    self.masked = masked
  }

  package func area(in work: Work) throws -> Area { try work.areaOfInterview(infection) }

  package func perform(in work: Work) throws -> InterviewKept {
    let known = try work.interviewed(infection)
    let start =
      day.start(in: work.zone) + .minutes(try InterviewRules.minutes(from, field: "from"))
    guard (1...24 * 60).contains(minutes) else {
      throw Refusal.malformed(
        "minutes", String(minutes), expected: Words("1 至 1440 分钟", "1 to 1440 minutes"))
    }
    var entry = try work.entry(
      .meeting, of: known, on: day, span: TimeSpan(start, start + .minutes(minutes)))
    entry.isMasked = masked
    if let venue {
      var venues = InterviewVenues(transaction: work.transaction, area: known.path)
      switch try venues.meaning(of: venue) {
      case .place(let place):
        entry.place = place.id
        entry.venue = VenueID(trusted: place.id.text)
      case .known(let same): entry.venue = same
      case .unknown: entry.venue = venue
      }
    }
    guard person != nil || name != nil else { throw Refusal.missing("name") }
    let name = try name.map { text throws(Refusal) in
      try ResidentsRules.plain(text, field: "name")
    }
    let phone = try phone.map(ResidentsRules.phone)
    entry.sealed.name = try work.seal(name, "name", of: entry.id, field: "name")
    entry.sealed.phone = try work.seal(phone, "phone", of: entry.id, field: "phone")
    if let met = try person ?? work.resident(named: name, phone: phone, near: known.person) {
      try work.meet(met, &entry, known, toldBy: work.authority.sender.text)
    } else {
      entry.lead = try work.lead(forPerson: name ?? "", phone: phone, of: entry, known)
    }
    try work.keep(entry)
    return InterviewKept(entry: entry.id, lead: entry.lead, contact: entry.contact)
  }
}

/// Says what a venue or who a person is that the registry did not know by the words that were used.
/// Every other piece that said the same, of this case or another, is resolved with it.
package struct ResolveEntry: Command {
  package static let name = "interview.resolve"
  package static let duty: Duty = "contacts.decide"
  package let entry: InterviewEntryID
  package let place: PlaceID?
  package let venue: VenueID?
  package let person: PersonID?

  package init(
    entry: InterviewEntryID, place: PlaceID? = nil, venue: VenueID? = nil,
    person: PersonID? = nil
  ) {
    self.entry = entry
    self.place = place
    self.venue = venue
    self.person = person
  }

  package func area(in work: Work) throws -> Area {
    try work.areaOfInterview(InterviewStore(work.transaction).get(entry).infection)
  }

  package func perform(in work: Work) throws -> Done {
    let store = InterviewStore(work.transaction)
    let asked = try store.get(entry)
    _ = try work.interviewed(asked.infection)
    guard asked.struckAt == nil else { throw Refusal.struckEntry() }
    guard InterviewTopic.resolvable.contains(asked.topic) else {
      throw Refusal.nothingToResolve(asked.topic)
    }
    let others = try asked.lead.map { try store.standing(with: $0) } ?? []
    let all = try ([asked] + others.filter { $0.id != asked.id }).map { one in
      (one, try InvestigationStore(work.transaction).get(one.infection))
    }
    // A case of another district is resolved there, and its lead is looked for until then.
    let elsewhere = all.filter { !work.authority.may(Self.duty, at: $0.1.path) }
    let isWanted = elsewhere.contains { $0.1.withdrawnAt == nil }
    let away = Set(elsewhere.map(\.0.id))
    for (one, known) in all where !away.contains(one.id) {
      // Read anew: the turn before may have handed it a visit.
      var one = try store.get(one.id)
      if isWanted { one.lead = nil }
      try resolve(one, known, in: work)
    }
    if let lead = asked.lead, !isWanted { try work.settleLead(lead, .settled, reason: nil) }
    return Done()
  }

  private func resolve(_ one: InterviewEntry, _ known: Investigation, in work: Work) throws {
    var one = one
    if one.topic == .meeting {
      guard let person else { throw Refusal.missing("person") }
      let met = try ResidentsStore(work.transaction).survivor(of: person).id
      try work.removeContact(of: one, known)
      try work.meet(met, &one, known, toldBy: work.authority.sender.text)
    } else {
      let chosen = try place.map { try PlacesStore(work.transaction).get($0) }
      guard let found = chosen.map({ VenueID(trusted: $0.id.text) }) ?? venue else {
        throw Refusal.missing("place")
      }
      try work.removeVisit(of: one, known)
      one.place = chosen?.id
      one.venue = found
      try work.visit(&one, known)
    }
    try InterviewStore(work.transaction).resolve(one)
    try work.record(InterviewResolved(infection: one.infection, entry: one.id))
  }
}

/// Strikes a piece that was said or written down wrongly; it stays to be read, and what followed from
/// it goes.
package struct StrikeEntry: Command {
  package static let name = "interview.strike"
  package static let duty: Duty = "contacts.decide"
  package let entry: InterviewEntryID
  package let reason: String

  package init(entry: InterviewEntryID, reason: String) {
    self.entry = entry
    self.reason = reason
  }

  package func area(in work: Work) throws -> Area {
    try work.areaOfInterview(InterviewStore(work.transaction).get(entry).infection)
  }

  package func perform(in work: Work) throws -> Done {
    let store = InterviewStore(work.transaction)
    let struck = try store.get(entry)
    let known = try work.interviewed(struck.infection)
    guard struck.struckAt == nil else { throw Refusal.struckEntry() }
    let reason = try ResidentsRules.plain(reason, field: "reason")
    try work.removeVisit(of: struck, known)
    try work.removeContact(of: struck, known)
    try store.strike(
      entry, at: work.now, by: work.authority.sender.text, reason: reason)
    if let lead = struck.lead, try store.standing(with: lead).isEmpty {
      try work.settleLead(lead, .notFound, reason: nil)
    }
    try work.record(InterviewStruck(infection: struck.infection, entry: entry))
    return Done()
  }
}

/// Deletes what was said so long ago that its time has come. Sent by the clock.
package struct ExpireInterviews: Command {
  package static let name = "interview.expire"
  package static let duty: Duty = .clockOnly

  package init() {}

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Done {
    // As long as the visits that were recorded for it.
    let keep = try work.policy(ScansPolicy.self).keepDays
    let before = (work.today - keep).start(in: work.zone)
    let entries = try InterviewStore(work.transaction).drop(before: before)
    if entries > 0 { try work.record(InterviewsExpired(before: before, entries: entries)) }
    return Done()
  }
}

extension Refusal {
  /// Only what names a venue or somebody can be found in the registry.
  static func nothingToResolve(_ topic: InterviewTopic) -> Refusal {
    let topics = InterviewTopic.resolvable.map(\.words)
    return Refusal(
      .invalid, "interview.nothingToResolve",
      Words(
        "“\(topic.words.chinese)”的记录没有可认定的场所或人员；请选择“\(topics.map(\.chinese).joined(separator: "”“"))”的记录",
        "An entry about “\(topic.words.english)” names no venue and nobody; choose one about "
          + topics.map { "“\($0.english)”" }.joined(separator: ", ")),
      field: "entry")
  }

  /// Nothing follows any more from what was struck.
  static func struckEntry() -> Refusal {
    Refusal(
      .conflict, "interview.struck",
      Words("该记录已划去，请重新记录", "This was struck; write it down anew"), field: "entry")
  }
}

import Kernel
import Registry

/// Writes down an answer to one of the first questions, or a word on a day.
package struct NoteAnswer: Command {
  package static let name = "interview.answer"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "contacts.decide"
  package let infection: CaseID
  package let topic: InterviewTopic
  /// Told when nothing else is said.
  package let answer: InterviewAnswer?
  package let onsetOn: Day?
  /// Codes of the policy's list.
  package let symptoms: [String]?
  package let words: String?
  package let day: Day?
  package let from: String?
  package let to: String?

  private enum CodingKeys: String, CodingKey {
    case infection
    case topic
    case answer
    case symptoms
    case words
    case day
    case from
    case to
    case onsetOn = "onset_on"
  }

  package init(
    infection: CaseID, topic: InterviewTopic, answer: InterviewAnswer? = nil, onsetOn: Day? = nil,
    symptoms: [String]? = nil, words: String? = nil, day: Day? = nil, from: String? = nil,
    to: String? = nil
  ) {
    self.infection = infection
    self.topic = topic
    self.answer = answer
    self.onsetOn = onsetOn
    self.symptoms = symptoms
    self.words = words
    self.day = day
    self.from = from
    self.to = to
  }

  package func area(in work: Work) throws -> Area { try work.areaOfInterview(infection) }

  package func perform(in work: Work) throws -> InterviewKept {
    let known = try work.interviewed(infection)
    let policy = try work.policy(InterviewPolicy.self)
    let answer = answer ?? .told
    try requireSomething(answer)
    var entry = InterviewEntry(
      work.newID(), of: infection, topic, answer, at: work.now, by: work.authority.sender.text)
    switch topic {
    case .onset:
      entry.onsetOn = answer == .told ? onsetOn : nil
    case .symptoms:
      entry.codes = answer == .told ? try checked(symptoms ?? [], policy) : []
    case .household, .work: break
    case .day:
      guard let day else { throw Refusal.missing("day") }
      try InterviewRules.requireDay(day, today: work.today)
      entry.day = day
      // A remark on a whole day says nothing of where the case was.
      let isRemark = answer == .told && from == nil && to == nil
      entry.span = isRemark ? nil : try span(of: day, policy, work)
    case .stay, .ride, .meeting:
      throw Refusal.malformed(
        "topic", topic.rawValue,
        expected: Words(
          "onset、symptoms、household、work 或 day", "onset, symptoms, household, work or day"))
    }
    entry.sealed.words = try work.seal(words, "words", of: entry.id, field: "words")
    try work.keep(entry)
    if let onset = entry.onsetOn { try work.correctOnset(of: known, onset) }
    return InterviewKept(entry: entry.id, lead: nil, contact: nil)
  }

  /// "Told" has to tell something.
  private func requireSomething(_ answer: InterviewAnswer) throws(Refusal) {
    guard answer == .told else { return }
    switch topic {
    case .onset where onsetOn == nil && words == nil: throw .missing("onset_on")
    case .symptoms where (symptoms ?? []).isEmpty && words == nil: throw .missing("symptoms")
    case .household where words == nil, .work where words == nil, .day where words == nil:
      throw .missing("words")
    default: return
    }
  }

  private func checked(_ codes: [String], _ policy: InterviewPolicy) throws(Refusal) -> [String] {
    let known = Set(policy.symptoms.map(\.code))
    for code in codes where !known.contains(code) {
      throw .malformed(
        "symptoms", code,
        expected: Words("政策表中的症状", "a symptom of the policy’s list"))
    }
    return Set(codes).sorted()
  }

  /// The whole day, or the part of it that is meant.
  private func span(
    of day: Day, _ policy: InterviewPolicy, _ work: Work
  ) throws(Refusal) -> TimeSpan {
    guard from != nil || to != nil else {
      return TimeSpan(day.start(in: work.zone), day.end(in: work.zone))
    }
    guard let from else { throw .missing("from") }
    guard let to else { throw .missing("to") }
    return try InterviewRules.span(
      on: day, from: from, to: to, nightHours: policy.nightHours, zone: work.zone)
  }
}

/// Writes down where a case was on a day, and records it as a visit.
package struct NoteStay: Command {
  package static let name = "interview.stay"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "contacts.decide"
  package let infection: CaseID
  package let day: Day
  /// Times of the day, as `14:10`.
  package let from: String
  package let to: String
  /// The venue as the case calls it.
  package let venue: VenueID?
  /// A place of the registry, when the caller has chosen one.
  package let place: PlaceID?

  package init(
    infection: CaseID, day: Day, from: String, to: String, venue: VenueID? = nil,
    place: PlaceID? = nil
  ) {
    self.infection = infection
    self.day = day
    self.from = from
    self.to = to
    self.venue = venue
    self.place = place
  }

  package func area(in work: Work) throws -> Area { try work.areaOfInterview(infection) }

  package func perform(in work: Work) throws -> InterviewKept {
    let known = try work.interviewed(infection)
    var entry = try work.entry(.stay, of: known, on: day, from: from, to: to)
    if let place {
      let chosen = try PlacesStore(work.transaction).get(place)
      entry.place = chosen.id
      entry.venue = VenueID(trusted: chosen.id.text)
    } else if let venue, let earlier = try work.looked(for: venue, known.infection) {
      // The case's own word made the venue known, and nobody has found it yet.
      entry.venue = earlier.venue
      entry.lead = earlier.lead
    } else if let venue {
      var venues = InterviewVenues(transaction: work.transaction, area: known.path)
      switch try venues.meaning(of: venue) {
      case .place(let found):
        entry.place = found.id
        entry.venue = VenueID(trusted: found.id.text)
      case .known(let same):
        entry.venue = same
        // Another case named it before, and it is still looked for: one lead for both.
        entry.lead = try InterviewStore(work.transaction).lead(forVenue: same)
      case .unknown:
        entry.venue = venue
        entry.lead = try work.lead(forVenue: venue, of: entry, known)
      }
    } else {
      throw Refusal.missing("venue")
    }
    try work.visit(&entry, known)
    try work.keep(entry)
    return InterviewKept(entry: entry.id, lead: entry.lead, contact: nil)
  }
}

/// Writes down how a case got about; a vehicle that others used too is looked for as a lead.
package struct NoteRide: Command {
  package static let name = "interview.ride"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "contacts.decide"
  package let infection: CaseID
  package let day: Day
  package let from: String
  package let to: String
  package let transport: InterviewTransport
  /// Line, train, flight or number plate.
  package let line: String?

  package init(
    infection: CaseID, day: Day, from: String, to: String, transport: InterviewTransport,
    line: String? = nil
  ) {
    self.infection = infection
    self.day = day
    self.from = from
    self.to = to
    self.transport = transport
    self.line = line
  }

  package func area(in work: Work) throws -> Area { try work.areaOfInterview(infection) }

  package func perform(in work: Work) throws -> InterviewKept {
    let known = try work.interviewed(infection)
    var entry = try work.entry(.ride, of: known, on: day, from: from, to: to)
    entry.transport = transport
    if transport.isShared, let line {
      let plain = try ResidentsRules.plain(line, field: "line")
      let venue = VenueID(trusted: "\(transport.words.chinese) \(plain)")
      entry.venue = venue
      entry.lead = try work.lead(forVenue: venue, of: entry, known)
      if try VisitsStore(work.transaction).kind(ofSpot: venue.text) == nil {
        try VisitsStore(work.transaction).setKind(.transport, ofSpot: venue.text)
      }
      try work.visit(&entry, known)
    } else if let line {
      entry.sealed.words = try work.seal(line, "words", of: entry.id, field: "line")
    }
    try work.keep(entry)
    return InterviewKept(entry: entry.id, lead: entry.lead, contact: nil)
  }
}

/// What became of a piece that was said.
package struct InterviewKept: Codable, Sendable {
  package let entry: InterviewEntryID
  /// The lead that was made of what the registry does not know.
  package let lead: LeadID?
  /// The contact that somebody met is now, to be confirmed by another account.
  package let contact: ContactID?
}

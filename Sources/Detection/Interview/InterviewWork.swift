import Gazette
import Kernel
import Registry

extension Work {
  /// Where an interview is held: in the district that investigates the case.
  func areaOfInterview(_ infection: CaseID) throws -> Area {
    .path(try InvestigationStore(transaction).get(infection).path)
  }

  /// The investigation whose case is asked; a withdrawn one asks nobody.
  func interviewed(_ infection: CaseID) throws -> Investigation {
    let known = try InvestigationStore(transaction).get(infection)
    guard known.withdrawnAt == nil else { throw Refusal.withdrawnCase() }
    return known
  }

  /// A piece about a span of a day.
  func entry(
    _ topic: InterviewTopic, of known: Investigation, on day: Day, from: String, to: String
  ) throws -> InterviewEntry {
    let hours = try policy(InterviewPolicy.self).nightHours
    return try entry(
      topic, of: known, on: day,
      span: InterviewRules.span(on: day, from: from, to: to, nightHours: hours, zone: zone))
  }

  /// A piece about a span, which must have passed.
  func entry(
    _ topic: InterviewTopic, of known: Investigation, on day: Day, span: TimeSpan
  ) throws -> InterviewEntry {
    try InterviewRules.requireDay(day, today: today)
    guard span.from <= now else {
      throw Refusal(
        .invalid, "interview.future",
        Words("时间晚于现在，请核对", "This lies in the future; check the time"), field: "from")
    }
    // "Until now" is written as the next full time; what has not been is not kept.
    return InterviewEntry(
      newID(), of: known.infection, topic, day: day, span: TimeSpan(span.from, min(span.to, now)),
      at: now, by: authority.sender.text)
  }

  /// Keeps a piece and says so.
  func keep(_ entry: InterviewEntry) throws {
    try InterviewStore(transaction).add(entry)
    try record(
      InterviewNoted(
        infection: entry.infection, entry: entry.id, topic: entry.topic, answer: entry.answer,
        day: entry.day, lead: entry.lead))
  }

  /// Locks a part of a piece.
  func seal(
    _ text: String?, _ column: String, of entry: InterviewEntryID, field: String
  ) throws -> [UInt8]? {
    guard let text else { return nil }
    let checked = try LeadsRules.long(text, field: field)
    return try vault.lock(checked, place: Vault.interviewPlace(column, of: entry))
  }

  /// Records the visit of a piece; the same visit that came otherwise stays theirs.
  func visit(_ entry: inout InterviewEntry, _ known: Investigation) throws {
    guard let venue = entry.venue, let span = entry.span else { return }
    var recorder = VisitsRecorder(self, duty: NoteStay.duty, answering: known.path)
    entry.hasVisit = try recorder.take(
      VisitRow(
        person: liveFile(of: known.person), venue: venue, from: span.from, to: span.to,
        source: .interview))
    try recorder.finish(run: nil)
  }

  /// Takes back the visit that was recorded for a piece, unless another piece rests on it.
  func removeVisit(of entry: InterviewEntry, _ known: Investigation) throws {
    guard entry.hasVisit, let venue = entry.venue, let span = entry.span else { return }
    let store = InterviewStore(transaction)
    if let twin = try store.twin(of: entry) { return try store.takeVisit(twin) }
    for person in try ResidentsStore(transaction).identifiers(of: known.person) {
      try VisitsStore(transaction).removeTold(of: person, at: venue, in: span)
    }
    try recompute(touchedBy: span)
  }

  /// The day of onset of the record follows what the case says, where the caller may correct it.
  func correctOnset(of known: Investigation, _ onset: Day) throws {
    guard known.onsetOn != onset, authority.may(CorrectCase.duty, at: known.path) else { return }
    let infection = try CasesStore(transaction).get(known.infection)
    guard infection.onsetOn != onset else { return }
    _ = try CorrectCase(
      infection: known.infection, field: .onsetOn, value: onset.text,
      reason: Words("流调询问", "interview").chinese
    ).perform(in: self)
  }

  /// The one resident who is meant by a name and a telephone, or by a name in the case's household.
  func resident(named name: String?, phone: String?, near person: PersonID) throws -> PersonID? {
    guard let name else { return nil }
    let residents = ResidentsStore(transaction)
    if let phone {
      let owners = try residents.owners(ofPhone: vault.phoneIndex(of: phone), limit: 20)
        .filter { $0.name?.revealed == name }
      if owners.count == 1 { return owners.first?.id }
    }
    guard let home = try residents.current(person)?.home,
      try PlacesStore(transaction).find(home)?.level == .household
    else { return nil }
    let alike = try residents.members(of: home).filter { $0.name?.revealed == name }
    return alike.count == 1 ? alike.first?.id : nil
  }

  /// Makes whom a case met a contact, as somebody told it; none when that was outside the time in
  /// which the case put others at risk.
  func meet(
    _ person: PersonID, _ entry: inout InterviewEntry, _ known: Investigation,
    toldBy account: String
  ) throws {
    entry.person = person
    entry.toldBy = account
    entry.contact = nil
    entry.told = nil
    guard let span = entry.span, let policy = try contactsPolicy(for: known), policy.determined
    else { return }
    let inside = span.common(with: known.window)
    if inside.isEmpty { return }
    let least = policy.rule(.encounter)?.minimum ?? .zero
    let isClose = entry.isMasked != true && inside.to - inside.from >= least
    let added = try AddContact(
      infection: known.infection, person: person, kind: isClose ? .close : .general,
      venue: entry.venue, from: inside.from, to: inside.to
    ).perform(in: self, toldBy: account)
    entry.contact = added.contact
    entry.told = inside
  }

  /// Looks again, once the window is another, at those whom a case met outside the one before: still
  /// on the word of whoever told of the meeting.
  func meetAgain(_ known: Investigation) throws {
    if known.withdrawnAt != nil { return }
    let store = InterviewStore(transaction)
    for var entry in try store.meetingsWithoutContact(of: known.infection) {
      guard let person = entry.person, try liveFile(of: person) != liveFile(of: known.person)
      else { continue }
      try meet(person, &entry, known, toldBy: entry.toldBy ?? entry.recordedBy)
      if entry.contact != nil { try store.resolve(entry) }
    }
  }

  /// Takes back what a piece told of a contact.
  func removeContact(of entry: InterviewEntry, _ known: Investigation) throws {
    guard let id = entry.contact,
      let told = entry.told ?? entry.span?.common(with: known.window)
    else { return }
    if try InterviewStore(transaction).isToldAgain(entry) { return }
    let store = ContactsStore(transaction)
    let bearers = try [store.get(id)] + store.borrowers(of: id)
    try store.removeTold(
      of: id, to: known.infection, by: entry.toldBy ?? entry.recordedBy, in: told)
    for contact in bearers where contact.state.isLive { try refresh(contact) }
    try recompute(known.infection)
  }
}

/// What the registry does not know is looked for as a lead.
extension Work {
  /// The lead by which a venue is looked for; one for a venue however often the case names it.
  func lead(
    forVenue venue: VenueID, of entry: InterviewEntry, _ known: Investigation
  ) throws -> LeadID? {
    if let lead = try looked(for: venue, known.infection)?.lead { return lead }
    let what =
      entry.topic == .ride ? "请查明车次和同乘人员" : "请查明是哪个场所、当时有谁在场"
    return try lead(
      LeadRow(
        title: entry.topic == .ride ? "流调待查车辆" : "流调待查场所", category: Leads.venueCategory,
        urgency: LeadUrgency.urgent.rawValue,
        requirement: "病例 \(known.infection) 自述 \(said(entry)) 在此。\(what)", name: venue.text,
        address: venue.text, placeCode: known.place.text))
  }

  /// An earlier piece of a case with the same venue, which is looked for already.
  func looked(for venue: VenueID, _ infection: CaseID) throws -> InterviewEntry? {
    let wanted = InterviewRules.folded(venue.text)
    return try InterviewStore(transaction).entries(of: infection).first {
      $0.lead != nil && $0.struckAt == nil && $0.place == nil && $0.topic != .meeting
        && $0.venue.map { InterviewRules.folded($0.text) } == wanted
    }
  }

  /// The lead by which somebody is looked for whom a case met.
  func lead(
    forPerson name: String, phone: String?, of entry: InterviewEntry, _ known: Investigation
  ) throws -> LeadID? {
    let mask =
      entry.isMasked.map { $0 ? "，均戴口罩" : "，未都戴口罩" } ?? ""
    return try lead(
      LeadRow(
        title: "流调待查人员", category: "流调", urgency: LeadUrgency.urgent.rawValue,
        requirement: "病例 \(known.infection) 自述 \(said(entry)) 与其见面\(mask)。请查明此人在哪里",
        name: name, phone: phone, placeCode: known.place.text))
  }

  /// Without the duty to take in leads the piece itself is what is kept.
  private func lead(_ row: LeadRow) throws -> LeadID? {
    do {
      return try transaction.savepoint { try EnterLead(row).perform(in: self).lead }
    } catch let refusal as Refusal where refusal.kind == .forbidden {
      return nil
    }
  }

  private func said(_ entry: InterviewEntry) -> String {
    guard let span = entry.span else { return "" }
    return "\(span.from.shortText(in: zone)) 至 \(span.to.shortText(in: zone))"
  }

  /// Ends a lead that nobody has to look for any more.
  func settleLead(_ id: LeadID, _ measure: LeadMeasure, reason: String?) throws {
    guard let lead = try LeadsStore(transaction).find(id), lead.state != .verified else { return }
    try verify(lead, LeadResult(measure: measure), at: now, reason: reason)
  }
}

extension Vault {
  /// Where a sealed part of what was said stands, so that it opens nowhere else.
  static func interviewPlace(_ column: String, of entry: InterviewEntryID) -> String {
    "interview/\(column)/\(entry)"
  }
}

import Gazette
import Kernel
import Registry

/// Computes a case's contacts. Sent by the outbox after a case was reported or visits were added;
/// an investigator may ask for it at any time.
package struct ComputeContacts: Command {
  package struct Answer: Codable, Sendable {
    package let proposed: Int
    package let changed: Int
    package let withdrawn: Int
  }

  package static let name = "tracing.compute"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "contacts.decide"
  package let infection: CaseID

  package init(infection: CaseID) { self.infection = infection }

  package func area(in work: Work) throws -> Area {
    .path(try InvestigationStore(work.transaction).get(infection).path)
  }

  package func perform(in work: Work) throws -> Answer {
    let store = InvestigationStore(work.transaction)
    let investigation = try store.get(infection)
    let changes =
      try work.contactsPolicy(for: investigation) == nil
      ? ContactChanges() : try work.computeContacts(of: investigation)
    try store.noteComputed(infection, at: work.now)
    if !changes.isEmpty {
      try work.record(
        ContactsComputed(
          infection: infection, proposed: changes.proposed, changed: changes.changed,
          withdrawn: changes.withdrawn))
    }
    return Answer(
      proposed: changes.proposed, changed: changes.changed, withdrawn: changes.withdrawn)
  }
}

/// Says since when a case meets nobody, which ends the span in which it put others at risk.
package struct SetIsolation: Command {
  package static let name = "tracing.setIsolation"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "contacts.decide"
  package let infection: CaseID
  package let isolatedAt: Instant

  package init(infection: CaseID, isolatedAt: Instant) {
    self.infection = infection
    self.isolatedAt = isolatedAt
  }

  private enum CodingKeys: String, CodingKey {
    case infection
    case isolatedAt = "isolated_at"
  }

  package func area(in work: Work) throws -> Area {
    .path(try InvestigationStore(work.transaction).get(infection).path)
  }

  package func perform(in work: Work) throws -> Done {
    var investigation = try InvestigationStore(work.transaction).get(infection)
    guard isolatedAt >= investigation.window.from else {
      throw Refusal(
        .invalid, "tracing.isolatedBeforeWindow",
        Words("隔离时间早于传染期开始，请核对时间", "Isolation lies before the window begins; check the time"),
        field: "isolated_at")
    }
    let told = try ContactsStore(work.transaction).exposures(to: infection, onlyByHand: true)
    guard !told.contains(where: { $0.1.degree == 1 && $0.1.span.to > isolatedAt }) else {
      throw Refusal(
        .conflict, "tracing.toldAfterIsolation",
        Words(
          "有人工登记的接触晚于隔离时间，请先核对这些密接",
          "An exposure entered by hand lies after this time; look at those contacts first"),
        field: "isolated_at")
    }
    let before = investigation.window
    investigation.isolatedAt = isolatedAt
    guard let policy = try work.contactsPolicy(for: investigation) else {
      throw Refusal.contactsNotDetermined(infection)
    }
    try work.setWindow(of: investigation, before: before, under: policy)
    return Done()
  }
}

/// Adds a contact that an investigator was told of; another account has to confirm it.
package struct AddContact: Command {
  package struct Answer: Codable, Sendable {
    package let contact: ContactID
  }

  package static let name = "contacts.add"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "contacts.decide"
  package let infection: CaseID
  package let person: PersonID
  package let kind: ContactKind
  package let venue: VenueID?
  package let from: Instant
  package let to: Instant

  package init(
    infection: CaseID, person: PersonID, kind: ContactKind, venue: VenueID? = nil, from: Instant,
    to: Instant
  ) {
    self.infection = infection
    self.person = person
    self.kind = kind
    self.venue = venue
    self.from = from
    self.to = to
  }

  package func area(in work: Work) throws -> Area {
    .path(try InvestigationStore(work.transaction).get(infection).path)
  }

  package func perform(in work: Work) throws -> Answer {
    try perform(in: work, toldBy: work.authority.sender.text)
  }

  /// Adds it on the word of an account, which cannot confirm it then.
  func perform(in work: Work, toldBy account: String) throws -> Answer {
    let investigation = try InvestigationStore(work.transaction).get(infection)
    let span = TimeSpan(from, to)
    try VisitsRules.requireOrder(span)
    try ContactsRules.requireInside(investigation.window, span, zone: work.zone)
    try VisitsRules.requirePast(span, now: work.now)
    try requireKind()
    guard person != investigation.person else {
      throw Refusal(
        .invalid, "contact.self",
        Words("病例不能是自己的密接", "A case is no contact of itself"), field: "person")
    }
    let exposure = Exposure(
      person: person, infection: infection, degree: 1, kind: kind, basis: .interview, via: nil,
      venue: venue, span: span, seconds: span.seconds, sources: [VisitSource.interview.rawValue],
      toldBy: account)
    let store = ContactsStore(work.transaction)
    let isCase = try InvestigationStore(work.transaction).isCase(person)
    let known =
      isCase
      ? try store.all(of: person).first { $0.state == .becameCase } : try store.live(person)
    let opened =
      try known == nil
      ? work.openContact(
        for: person, exposures: [exposure], state: isCase ? .becameCase : .proposed,
        near: investigation, file: ResidentsStore(work.transaction).current(person)) : nil
    guard let contact = known ?? opened else { throw Refusal.missing("kind") }
    try store.addByHand(exposure.of(contact.person), of: contact.id)
    try work.refresh(contact)
    try work.recompute(infection)
    return Answer(contact: contact.id)
  }

  /// A contact of a contact comes through a close contact, whom the computation names; a companion
  /// is no contact.
  private func requireKind() throws(Refusal) {
    guard kind == .close || kind == .general else {
      throw .malformed(
        "kind", kind.rawValue, expected: Words("close 或 general", "close or general"))
    }
  }
}

extension Work {
  /// A contact that may be decided by whoever holds the duty at the contact's home or at the place
  /// of one of the cases.
  func decidable(_ id: ContactID, _ duty: Duty) throws -> Contact {
    let contact = try ContactsStore(transaction).get(id)
    let places = try ContactsStore(transaction).places(of: id)
    guard ([contact.path] + places).contains(where: { authority.may(duty, at: $0) }) else {
      throw Refusal.outsideArea(duty)
    }
    guard contact.state.isLive || contact.state == .rejected else {
      throw Refusal(
        .conflict, "contact.closed",
        Words("该密接已关闭，不能再判定", "This contact is closed and cannot be decided"),
        field: "contacts")
    }
    return contact
  }

  /// The step “contacts decided” of a case is done when nobody waits any more.
  func settleDecisions(of cases: Set<CaseID>) throws {
    for infection in cases.sorted()
    where try ContactsStore(transaction).countProposed(of: infection) == 0 {
      try discharge(TracingObligations.contacts, about: infection.text, proof: [:])
    }
  }
}

import Gazette
import Kernel
import Registry

extension Work {
  /// Computes the contacts of a case on all that is known now; the same knowledge again changes
  /// nothing.
  func computeContacts(of investigation: Investigation) throws -> ContactChanges {
    var changes = ContactChanges()
    guard let policy = try contactsPolicy(for: investigation) else { return changes }
    guard policy.determined, investigation.withdrawnAt == nil else { return changes }
    let finder = ContactFinder(
      visits: StoredVisits(transaction), policy: policy,
      household: { person, window in try self.household(of: person, in: window) })
    let window = TimeSpan(investigation.window.from, min(investigation.window.to, now))
    let first = try finder.exposures(
      to: investigation.person, infection: investigation.infection, in: window)
    try keep(first, degree: 1, of: investigation, changes: &changes)
    // Where an edition determines none, those determined before it stay until somebody decides.
    if policy.contactsOfContacts {
      let second = try contactsOfContacts(of: investigation, finder: finder, policy: policy)
      try keep(second, degree: 2, of: investigation, changes: &changes)
    }
    return changes
  }

  private func contactsOfContacts(
    of investigation: Investigation, finder: ContactFinder, policy: ContactsPolicy
  ) throws -> [Exposure] {
    let store = ContactsStore(transaction)
    let exposures = try store.exposures(to: investigation.infection, onlyByHand: false)
    let close = Dictionary(grouping: exposures.filter { $0.1.kind == .close }) { $0.0 }
    let primaries = try close.keys.sorted().compactMap { try store.find($0) }
      .filter { $0.state != .rejected && $0.state != .withdrawn }
    let known = Set(primaries.map(\.person) + [investigation.person])
    var found: [Exposure] = []
    for primary in primaries {
      guard let start = close[primary.id]?.map(\.1.span.from).min() else { continue }
      let moved = primary.state == .proposed ? nil : primary.decidedAt
      let end = min(moved.map { $0 + .hours(policy.clocks.movedHours) } ?? now, now)
      found += try finder.exposures(
        toContact: primary.person, infection: investigation.infection, in: TimeSpan(start, end)
      ).filter { !known.contains($0.person) }
    }
    return found
  }

  /// Those who live behind the same door and were not away the whole time. A person known by
  /// community or district only has no household.
  private func household(of person: PersonID, in window: TimeSpan) throws -> [PersonID] {
    let residents = ResidentsStore(transaction)
    func wasAway(_ resident: Resident) -> Bool {
      resident.awaySince.map { $0 <= window.from } ?? false
    }
    guard let resident = try residents.current(person), !wasAway(resident),
      try PlacesStore(transaction).get(resident.home).level == .household
    else { return [] }
    return try residents.members(of: resident.home)
      .filter { $0.id != resident.id && !wasAway($0) }.map(\.id)
  }

  private func keep(
    _ found: [Exposure], degree: Int, of investigation: Investigation,
    changes: inout ContactChanges
  ) throws {
    let store = ContactsStore(transaction)
    let infection = investigation.infection
    var kept: Set<ContactID> = []
    let byPerson = Dictionary(grouping: found, by: \.person)
    for (person, exposures) in byPerson.sorted(by: { $0.key < $1.key }) {
      let exposures = exposures.sorted(by: Exposure.inOrder)
      guard
        let contact = try contact(
          for: person, exposures: exposures, investigation: investigation, changes: &changes)
      else { continue }
      kept.insert(contact.id)
      let before = try store.exposures(of: contact.id, to: infection, byHand: false)
      let after = before.filter { $0.degree != degree } + exposures
      try put(after.sorted(by: Exposure.inOrder), before, contact, infection, &changes)
    }
    for contact in try store.ofCase(infection) where !kept.contains(contact.id) {
      // What was rejected keeps what it was rejected on, so that it is not proposed again.
      if contact.state == .rejected || contact.state == .withdrawn { continue }
      let before = try store.exposures(of: contact.id, to: infection, byHand: false)
      try put(before.filter { $0.degree != degree }, before, contact, infection, &changes)
    }
  }

  private func put(
    _ after: [Exposure], _ before: [Exposure], _ contact: Contact, _ infection: CaseID,
    _ changes: inout ContactChanges
  ) throws {
    if after == before { return }
    try ContactsStore(transaction).replace(after, of: contact.id, to: infection)
    changes.changed += 1
    if try refresh(contact) == .withdrawn { changes.withdrawn += 1 }
  }

  /// The contact that a person is for new exposures; nil when they were rejected on these very
  /// grounds.
  private func contact(
    for person: PersonID, exposures: [Exposure], investigation: Investigation,
    changes: inout ContactChanges
  ) throws -> Contact? {
    let store = ContactsStore(transaction)
    let earlier = try store.all(of: person)
    if let live = earlier.first(where: { $0.state.isLive }) { return live }
    let isCase = try InvestigationStore(transaction).isCase(person)
    if isCase, let closed = earlier.first(where: { $0.state == .becameCase }) { return closed }
    let rejected = try earlier.filter { $0.state == .rejected }
      .flatMap { try store.exposures(of: $0.id) }
    if ContactsRules.isCovered(exposures, by: rejected) { return nil }
    changes.proposed += isCase ? 0 : 1
    return try openContact(
      for: person, exposures: exposures, state: isCase ? .becameCase : .proposed,
      near: investigation)
  }

  /// Opens a contact for a person, known to the registry or not.
  func openContact(
    for person: PersonID, exposures: [Exposure], state: Contact.State, near: Investigation
  ) throws -> Contact? {
    guard let summary = ContactsRules.summary(of: exposures) else { return nil }
    let resident = try ResidentsStore(transaction).current(person)
    let contact = Contact(
      id: newID(), person: person, home: resident?.home ?? near.place,
      path: resident?.path ?? near.path, state: state, kind: summary.kind,
      degree: summary.degree, firstAt: summary.firstAt, lastAt: summary.lastAt, proposedAt: now)
    try ContactsStore(transaction).add(contact)
    return contact
  }

  /// Draws from a contact's exposures what they make of it, and tells those who act on it.
  @discardableResult
  func refresh(_ contact: Contact) throws -> Contact.State {
    let store = ContactsStore(transaction)
    var contact = contact
    let exposures = try store.exposures(of: contact.id)
    guard let summary = ContactsRules.summary(of: exposures) else {
      try close(contact, as: .withdrawn, reason: "evidence_gone")
      return .withdrawn
    }
    contact.kind = summary.kind
    contact.degree = summary.degree
    contact.firstAt = summary.firstAt
    contact.lastAt = summary.lastAt
    // A kind changes by decision only; a later exposure of the same kind moves the clock at once.
    let told =
      contact.state == .confirmed
      ? contact.confirmedKind.flatMap { ContactsRules.summary(of: exposures, as: $0) } : nil
    let moved = told.map { $0.lastAt != contact.toldLastAt } ?? false
    if moved { contact.toldLastAt = told?.lastAt }
    try store.update(contact)
    if moved { try tell(contact, exposures) }
    return contact.state
  }

  /// Tells the other families of a confirmed contact and of its last exposure.
  func tell(_ contact: Contact, _ exposures: [Exposure]) throws {
    guard let kind = contact.confirmedKind, let lastAt = contact.toldLastAt,
      let infection = ContactsRules.infection(of: exposures, as: kind)
    else { return }
    try record(
      ContactConfirmed(
        contact: contact.id, person: contact.person, infection: infection, kind: kind,
        home: contact.home, lastExposureAt: lastAt))
  }

  /// Ends a contact; a confirmed one is withdrawn for those who act on it.
  func close(_ contact: Contact, as state: Contact.State, reason: String) throws {
    var closed = contact
    closed.state = state
    closed.reason = reason
    closed.decidedAt = now
    closed.decidedBy = authority.sender.text
    try ContactsStore(transaction).update(closed)
    if contact.state == .confirmed {
      try record(
        ContactWithdrawn(contact: contact.id, person: contact.person, reason: reason))
    }
  }
}

/// What a computation changed.
struct ContactChanges: Equatable {
  var proposed = 0
  var changed = 0
  var withdrawn = 0

  var isEmpty: Bool { self == ContactChanges() }
}

extension Exposure {
  /// One order for the same exposures, whatever the order in which they were found.
  static func inOrder(_ left: Exposure, _ right: Exposure) -> Bool {
    if left.span != right.span {
      return (left.span.from, left.span.to) < (right.span.from, right.span.to)
    }
    return (left.degree, left.basis.rawValue, left.via?.text ?? "", left.venue?.text ?? "")
      < (right.degree, right.basis.rawValue, right.via?.text ?? "", right.venue?.text ?? "")
  }
}

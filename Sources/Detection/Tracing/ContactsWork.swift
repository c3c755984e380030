import Gazette
import Kernel
import Registry

extension Work {
  /// Computes the contacts of a case on all that is known now; the same knowledge again changes
  /// nothing.
  func computeContacts(of investigation: Investigation) throws -> ContactChanges {
    var changes = ContactChanges()
    guard let policy = try contactsPolicy(for: investigation) else { return changes }
    guard investigation.withdrawnAt == nil else { return changes }
    guard policy.determined else {
      try trim(investigation, degrees: 1...2, changes: &changes)
      return changes
    }
    let finder = ContactFinder(
      visits: try KnownVisits(transaction, rules: rules), policy: policy,
      household: { person, window in try self.household(of: person, in: window) })
    let window = TimeSpan(investigation.window.from, min(investigation.window.to, now))
    let first = try finder.exposures(
      to: investigation.person, infection: investigation.infection, in: window)
    try keep(first, degree: 1, of: investigation, changes: &changes)
    if policy.contactsOfContacts {
      let second = try contactsOfContacts(of: investigation, finder: finder, policy: policy)
      try keep(second, degree: 2, of: investigation, changes: &changes)
    } else {
      try trim(investigation, degrees: 2...2, changes: &changes)
    }
    return changes
  }

  /// Where an edition determines none, those determined before it stay until somebody decides; only
  /// what has lost its ground since goes: what lies outside the case's window, and contacts of
  /// somebody who is no close contact any more.
  private func trim(
    _ investigation: Investigation, degrees: ClosedRange<Int>, changes: inout ContactChanges
  ) throws {
    let store = ContactsStore(transaction)
    let infection = investigation.infection
    let contacts = try store.ofCase(infection)
      .filter { $0.state != .rejected && $0.state != .withdrawn }
    for contact in contacts where degrees.contains(1) {
      let before = try store.exposures(of: contact.id, to: infection, byHand: false)
      let after = before.compactMap { $0.degree == 1 ? $0.cut(to: investigation.window) : $0 }
      try put(after, before, contact, infection, &changes)
    }
    let standing = Set(contacts.map(\.id))
    let close = try store.exposures(to: infection, onlyByHand: false)
      .filter { standing.contains($0.0) && $0.1.degree == 1 && $0.1.kind == .close }.map(\.1)
    for contact in contacts {
      let before = try store.exposures(of: contact.id, to: infection, byHand: false)
      let after = before.filter { exposure in
        exposure.degree == 1
          || close.contains { $0.person == exposure.via && $0.span.from < exposure.span.to }
      }
      // The first turn may have changed it.
      if let contact = try store.find(contact.id) {
        try put(after, before, contact, infection, &changes)
      }
    }
  }

  private func contactsOfContacts(
    of investigation: Investigation, finder: ContactFinder, policy: ContactsPolicy
  ) throws -> [Exposure] {
    let store = ContactsStore(transaction)
    let exposures = try store.exposures(to: investigation.infection, onlyByHand: false)
    let close = Dictionary(grouping: exposures.filter { $0.1.kind == .close }) { $0.0 }
    let primaries = try close.keys.sorted().compactMap { try store.find($0) }
      .filter { $0.state != .rejected && $0.state != .withdrawn }
    let known = Set(try (primaries.map(\.person) + [investigation.person]).map(liveFile))
    var found: [Exposure] = []
    for primary in primaries {
      guard let start = close[primary.id]?.map(\.1.span.from).min() else { continue }
      let moved = primary.state == .proposed ? nil : primary.decidedAt
      let end = min(moved.map { $0 + .hours(policy.clocks.movedHours) } ?? now, now)
      found += try finder.exposures(
        toContact: primary.person, infection: investigation.infection, in: TimeSpan(start, end)
      ).filter { !known.contains(try liveFile(of: $0.person)) }
    }
    return found
  }

  /// Those who lived behind the same door at some time of a span and were not away the whole of it:
  /// a person who has moved since is looked for where they lived then. A person known by community
  /// or district only has no household.
  private func household(of person: PersonID, in window: TimeSpan) throws -> [PersonID] {
    let residents = ResidentsStore(transaction)
    func wasAway(_ resident: Resident) -> Bool {
      resident.awaySince.map { $0 <= window.from } ?? false
    }
    // A file that was merged still tells where its person lived, and with whom.
    let own = try residents.identifiers(of: person)
    var found: Set<PersonID> = []
    for file in try residents.find(Set(own)) where !wasAway(file) {
      for door in try doors(of: file, in: window) {
        let former = try ResidencesStore(transaction).livedAt(
          door, from: window.from, to: window.to)
        let there =
          try residents.members(of: door) + residents.mergedMembers(of: door)
          + residents.find(Set(former))
        for other in there where !own.contains(other.id) && !wasAway(other) {
          if try doors(of: other, in: window).contains(door) { found.insert(other.id) }
        }
      }
    }
    return found.sorted()
  }

  /// The doors behind which somebody lived during a span. The present one counts whenever it was
  /// written down, unless the person is known to have lived behind another one then.
  private func doors(of resident: Resident, in window: TimeSpan) throws -> Set<PlaceID> {
    let places = PlacesStore(transaction)
    func isDoor(_ place: PlaceID) throws -> Bool {
      try places.find(place)?.level == .household
    }
    let former = try ResidencesStore(transaction).of(resident.id).filter {
      try $0.kind == .home && $0.until > window.from && $0.from < window.to
        && isDoor(PlaceID(trusted: $0.value))
    }
    var doors = Set(former.map { PlaceID(trusted: $0.value) })
    if doors.isEmpty || resident.homeSince < window.to, try isDoor(resident.home) {
      doors.insert(resident.home)
    }
    return doors
  }

  /// Under which identifier a person's file is kept now.
  func liveFile(of person: PersonID) throws -> PersonID {
    try ResidentsStore(transaction).current(person)?.id ?? person
  }

  private func keep(
    _ found: [Exposure], degree: Int, of investigation: Investigation,
    changes: inout ContactChanges
  ) throws {
    let store = ContactsStore(transaction)
    let infection = investigation.infection
    // What was put right stays so, whatever is computed of the same stay.
    let found = try ContactRulings(of: infection, in: transaction).applied(to: found)
    var kept: [ContactID: (contact: Contact, exposures: [Exposure])] = [:]
    let known = try ContactsKnown(of: Set(found.map(\.person)), in: transaction)
    // By live file: a person of two files is one contact.
    var opened: [PersonID: Contact] = [:]
    let byPerson = Dictionary(grouping: found, by: \.person)
    for (person, exposures) in byPerson.sorted(by: { $0.key < $1.key }) {
      let exposures = exposures.sorted(by: Exposure.inOrder)
      let file = known.file(of: person)?.id ?? person
      if opened[file] == nil, known.live(person) == nil {
        opened[file] = try contact(
          for: person, exposures: exposures, known: known, investigation: investigation,
          changes: &changes)
      }
      guard let contact = known.live(person) ?? opened[file] else { continue }
      // What was found of two files of one person is found of one contact.
      for exposure in exposures.map({ $0.of(contact.person) })
      where kept[contact.id]?.exposures.contains(exposure) != true {
        kept[contact.id, default: (contact, [])].exposures.append(exposure)
      }
    }
    for (_, one) in kept.sorted(by: { $0.key < $1.key }) {
      let fresh = opened[known.file(of: one.contact.person)?.id ?? one.contact.person]
      if fresh?.id == one.contact.id, one.contact.proposedAt == now,
        try keepFresh(one.exposures, of: one.contact, infection)
      {
        changes.changed += 1
        continue
      }
      let before = try store.exposures(of: one.contact.id, to: infection, byHand: false)
      let after = before.filter { $0.degree != degree } + one.exposures
      try put(after.sorted(by: Exposure.inOrder), before, one.contact, infection, &changes)
    }
    for contact in try store.ofCase(infection) where kept[contact.id] == nil {
      // What was rejected keeps what it was rejected on, so that it is not proposed again.
      if contact.state == .rejected || contact.state == .withdrawn { continue }
      let before = try store.exposures(of: contact.id, to: infection, byHand: false)
      try put(before.filter { $0.degree != degree }, before, contact, infection, &changes)
    }
  }

  /// Writes the exposures of a contact that was opened for just these; false when they come to
  /// something else, as with a person of two files.
  private func keepFresh(
    _ exposures: [Exposure], of contact: Contact, _ infection: CaseID
  ) throws -> Bool {
    guard contact.state == .proposed, let summary = ContactsRules.summary(of: exposures),
      summary
        == ContactsRules.Summary(
          kind: contact.kind, degree: contact.degree, firstAt: contact.firstAt,
          lastAt: contact.lastAt)
    else { return false }
    try ContactsStore(transaction).replace(
      exposures.sorted(by: Exposure.inOrder), of: contact.id, to: infection, isNew: true)
    return true
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
    for person: PersonID, exposures: [Exposure], known: ContactsKnown,
    investigation: Investigation, changes: inout ContactChanges
  ) throws -> Contact? {
    let store = ContactsStore(transaction)
    let earlier = known.contacts(of: person)
    let isCase = known.isCase(person)
    if isCase, let closed = earlier.first(where: { $0.state == .becameCase }) { return closed }
    let rejected = try earlier.filter { $0.state == .rejected }
      .flatMap { try store.exposures(of: $0.id) }
    if ContactsRules.isCovered(exposures, by: rejected) { return nil }
    changes.proposed += isCase ? 0 : 1
    return try openContact(
      for: person, exposures: exposures, state: isCase ? .becameCase : .proposed,
      near: investigation, file: known.file(of: person))
  }

  /// Opens a contact for a person, known to the registry or not.
  ///
  /// - Parameter file: the person's live file, when there is one.
  func openContact(
    for person: PersonID, exposures: [Exposure], state: Contact.State, near: Investigation,
    file resident: Resident?
  ) throws -> Contact? {
    guard let summary = ContactsRules.summary(of: exposures) else { return nil }
    let contact = Contact(
      id: newID(), person: resident?.id ?? person, home: resident?.home ?? near.place,
      path: resident?.path ?? near.path, state: state, kind: summary.kind,
      degree: summary.degree, firstAt: summary.firstAt, lastAt: summary.lastAt, proposedAt: now)
    try ContactsStore(transaction).add(contact)
    return contact
  }

  /// Draws from a contact's exposures what they make of it, and tells those who act on it.
  @discardableResult
  func refresh(_ contact: Contact) throws -> Contact.State {
    let store = ContactsStore(transaction)
    let before = contact
    var contact = contact
    let exposures = try store.exposures(of: contact.id)
    let credible = try InvestigationStore(transaction).credible(exposures)
    // Only who is a contact of nothing but cases in doubt is shown as what they would be.
    guard let summary = ContactsRules.summary(of: credible.isEmpty ? exposures : credible) else {
      try close(contact, as: .withdrawn, reason: "evidence_gone")
      return .withdrawn
    }
    contact.kind = summary.kind
    contact.degree = summary.degree
    contact.firstAt = summary.firstAt
    contact.lastAt = summary.lastAt
    if contact.kind != before.kind {
      try ContactRulingsStore(transaction).note(
        contact, was: before, at: now, by: authority.sender.text, reason: nil)
    }
    // A kind changes by decision only; a later exposure of the same kind moves the clock at once.
    let standing = ContactsRules.standing(credible)
    if contact.state == .confirmed && standing.isEmpty {
      // Nothing is left but what one account told: that is a proposal, and no contact.
      try close(contact, as: .proposed, reason: "evidence_gone")
      return .proposed
    }
    let told =
      contact.state == .confirmed
      ? contact.confirmedKind.flatMap { ContactsRules.summary(of: standing, as: $0) } : nil
    let moved = told.map { $0.lastAt != contact.toldLastAt } ?? false
    if moved { contact.toldLastAt = told?.lastAt }
    try store.update(contact)
    if moved { try tell(contact, standing) }
    return contact.state
  }

  /// Refreshes a contact and tells those who act on it, whether or not it has changed.
  func refreshAndTell(_ contact: Contact) throws {
    guard try refresh(contact) == .confirmed,
      let kept = try ContactsStore(transaction).find(contact.id)
    else { return }
    // Of what has changed they have been told.
    if kept.toldLastAt == contact.toldLastAt && kept.confirmedKind == contact.confirmedKind {
      try tell(kept, standing(ContactsStore(transaction).exposures(of: kept.id)))
    }
  }

  /// Tells the other families of a confirmed contact and of its last exposure.
  ///
  /// - Parameter exposures: to cases that are not in doubt.
  func tell(_ contact: Contact, _ exposures: [Exposure], isAmongMany: Bool = false) throws {
    let standing = ContactsRules.standing(exposures)
    guard let kind = contact.confirmedKind, let lastAt = contact.toldLastAt,
      let infection = ContactsRules.infection(of: standing, as: kind)
    else { return }
    try record(
      ContactConfirmed(
        contact: contact.id, person: contact.person, infection: infection, kind: kind,
        home: contact.home, lastExposureAt: lastAt, isAmongMany: isAmongMany))
  }

  /// Ends a contact; a confirmed one is withdrawn for those who act on it.
  func close(_ contact: Contact, as state: Contact.State, reason: String) throws {
    var closed = contact
    closed.state = state
    closed.reason = reason
    if state == .proposed {
      closed.confirmedKind = nil
      closed.toldLastAt = nil
    }
    closed.decidedAt = now
    closed.decidedBy = authority.sender.text
    try ContactsStore(transaction).update(closed)
    try ContactRulingsStore(transaction).note(
      closed, was: contact, at: now, by: authority.sender.text, reason: reason)
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
  /// The same exposure of another file of the person.
  func of(_ person: PersonID) -> Exposure {
    Exposure(
      person: person, infection: infection, degree: degree, kind: kind, basis: basis, via: via,
      venue: venue, span: span, seconds: seconds, sources: sources, toldBy: toldBy,
      confirmedBy: confirmedBy)
  }

  /// What lies inside a window, nil when nothing does.
  fileprivate func cut(to window: TimeSpan) -> Exposure? {
    let common = span.common(with: window)
    if common == span { return self }
    if common.isEmpty { return nil }
    return Exposure(
      person: person, infection: infection, degree: degree, kind: kind, basis: basis, via: via,
      venue: venue, span: common, seconds: min(seconds, common.seconds), sources: sources,
      toldBy: toldBy, confirmedBy: confirmedBy)
  }

  /// One order for the same exposures, whatever the order in which they were found.
  static func inOrder(_ left: Exposure, _ right: Exposure) -> Bool {
    if left.span != right.span {
      return (left.span.from, left.span.to) < (right.span.from, right.span.to)
    }
    return (left.degree, left.basis.rawValue, left.via?.text ?? "", left.venue?.text ?? "")
      < (right.degree, right.basis.rawValue, right.via?.text ?? "", right.venue?.text ?? "")
  }
}

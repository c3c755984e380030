import Gazette
import Kernel
import Registry

/// Confirms contacts in bulk. What would happen is asked with `contacts.preview`.
///
/// One account alone confirms as many people as the policy allows, and never what it told itself.
/// Above that nothing is confirmed: a request goes to a second person of another organisation.
package struct ConfirmContacts: Command {
  package static let name = "contacts.confirm"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "contacts.decide"
  package let contacts: [ContactID]

  package init(contacts: [ContactID]) { self.contacts = contacts }

  package func area(in work: Work) -> Area { .eachChecked }

  /// All or none: a person who sees fifty confirmed wants to know that they are fifty.
  package func perform(in work: Work) throws -> ContactsDecided {
    guard !contacts.isEmpty else { throw Refusal.missing("contacts") }
    let chosen = try Set(contacts).sorted().map { try work.decidable($0, Self.duty) }
    let waiting = chosen.filter { $0.state == .proposed || $0.needsReview }
    if try work.needsSecondPerson(for: waiting) {
      return ContactsDecided(decided: 0, request: try work.askSecondPerson(for: waiting))
    }
    let exposures = try ContactsStore(work.transaction).exposures(of: waiting.map(\.id))
    let doubtful = try work.doubtful(exposures)
    let cases = try waiting.map {
      try work.confirm(
        $0, exposures[$0.id] ?? [], doubtful: doubtful, by: work.authority.sender.text,
        approver: nil)
    }
    try work.settleDecisions(
      of: Set(cases.flatMap(\.self) + work.cases(of: chosen.map(\.id))))
    return ContactsDecided(decided: waiting.count)
  }
}

/// The second person's decision on contacts that somebody asked to confirm.
package struct ApproveContacts: Command {
  package static let name = "contacts.approve"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "contacts.approve"
  package let request: ContactRequestID
  package let approved: Bool

  package init(request: ContactRequestID, approved: Bool) {
    self.request = request
    self.approved = approved
  }

  package func area(in work: Work) throws -> Area {
    .path(try ContactRequestsStore(work.transaction).get(request).path)
  }

  package func perform(in work: Work) throws -> ContactsDecided {
    let store = ContactRequestsStore(work.transaction)
    let asked = try store.get(request)
    guard asked.decidedAt == nil else {
      throw Refusal(
        .conflict, "contact.requestDecided",
        Words("该申请已有决定，无需重复处理", "This was decided already; nothing is left to do"), field: "request"
      )
    }
    let approver = work.authority.sender.text
    try SecondPersonRules.require(
      approver: approver,
      organisations: work.organisations(for: Self.duty, at: asked.path).entitled,
      issuer: asked.issuer, issuerOrganisations: asked.issuerOrganisations, what: "contact")
    try store.settle(asked.id, approved: approved, at: work.now, by: approver)
    let decided = approved ? try carryOut(asked, approver: approver, in: work) : 0
    try work.record(
      ContactsApproved(request: asked.id, approved: approved, decided: decided))
    try work.record(
      ManyDecided(
        what: "contacts", about: asked.id.text, people: decided, approved: approved))
    try work.discharge(
      TracingObligations.approve, about: asked.id.text,
      proof: ["approved": approved ? "yes" : "no"])
    return ContactsDecided(decided: decided)
  }

  /// Confirms or rejects whoever still waits for it, each where the second person may decide.
  private func carryOut(
    _ asked: ContactRequest, approver: String, in work: Work
  ) throws -> Int {
    let waiting = try work.waiting(
      among: ContactRequestsStore(work.transaction).contacts(of: asked.id), of: asked)
    for contact in waiting { _ = try work.decidable(contact.id, Self.duty) }
    let part = waiting.prefix(ConfirmApproved.size)
    if let reason = asked.reason {
      let cases = try work.reject(
        Array(part), because: reason, by: asked.issuer, approver: approver)
      if let last = part.last, waiting.count > part.count {
        try work.send(ConfirmApproved(request: asked.id, approver: approver, after: last.id))
      } else {
        for infection in cases.sorted() { try work.recompute(infection) }
        try work.settleDecisions(of: cases)
      }
      return waiting.count
    }
    let exposures = try ContactsStore(work.transaction).exposures(of: part.map(\.id))
    let doubtful = try work.doubtful(exposures)
    for contact in part {
      _ = try work.confirm(
        contact, exposures[contact.id] ?? [], doubtful: doubtful, by: asked.issuer,
        approver: approver,
        isAmongMany: waiting.count > part.count)
    }
    if let last = part.last, waiting.count > part.count {
      try work.send(ConfirmApproved(request: asked.id, approver: approver, after: last.id))
    } else {
      try work.settleDecisions(of: Set(work.cases(of: waiting.map(\.id))))
    }
    return waiting.count
  }
}

/// Confirms or rejects the next of those whom a second person approved, until all are. Sent by the approval and
/// by itself, so that thousands hold up nobody who registers people meanwhile.
package struct ConfirmApproved: Command {
  package static let name = "contacts.confirmApproved"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = .clockOnly
  /// So many in one transaction: each writes the pages of many indexes, and the more of them share
  /// one the less is written; others wait a few tenths of a second.
  static let size = 200
  package let request: ContactRequestID
  package let approver: String
  package let after: ContactID

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> ContactsDecided {
    let asked = try ContactRequestsStore(work.transaction).get(request)
    let named = try ContactRequestsStore(work.transaction).contacts(
      of: asked.id, after: after, limit: Self.size)
    let part = try work.waiting(among: named, of: asked)
    if let reason = asked.reason {
      return try reject(part, of: asked, because: reason, after: named, in: work)
    }
    let exposures = try ContactsStore(work.transaction).exposures(of: part.map(\.id))
    let doubtful = try work.doubtful(exposures)
    var decided = 0
    for contact in part {
      do {
        try work.transaction.savepoint {
          _ = try work.confirm(
            contact, exposures[contact.id] ?? [], doubtful: doubtful, by: asked.issuer,
            approver: approver,
            isAmongMany: true)
        }
        decided += 1
      } catch is Refusal {
        // What has changed since the approval waits for a person again, and the others do not.
        continue
      }
    }
    if let last = named.last, named.count == Self.size {
      try work.send(ConfirmApproved(request: request, approver: approver, after: last))
    } else {
      // Looks at all contacts of each case: once, at the end.
      let all = try ContactRequestsStore(work.transaction).contacts(of: asked.id)
      try work.settleDecisions(of: Set(work.cases(of: all)))
    }
    return ContactsDecided(decided: decided)
  }

  /// Rejects a part; whoever was a contact through one of them is looked at once, after the last.
  private func reject(
    _ part: [Contact], of asked: ContactRequest, because reason: RejectionReason,
    after named: [ContactID], in work: Work
  ) throws -> ContactsDecided {
    _ = try work.reject(part, because: reason, by: asked.issuer, approver: approver)
    if let last = named.last, named.count == Self.size {
      try work.send(ConfirmApproved(request: request, approver: approver, after: last))
    } else {
      let all = try ContactRequestsStore(work.transaction).contacts(of: asked.id)
      let cases = try work.cases(of: all)
      for infection in cases { try work.recompute(infection) }
      try work.settleDecisions(of: Set(cases))
    }
    return ContactsDecided(decided: part.count)
  }
}

/// How many were decided; those that were decided so before are not counted.
package struct ContactsDecided: Codable, Sendable {
  package let decided: Int
  /// What a second person has to approve first; then nobody has been confirmed.
  package let request: ContactRequestID?

  init(decided: Int, request: ContactRequestID? = nil) {
    self.decided = decided
    self.request = request
  }
}

extension ContactsDecided: ToldAnswer {
  package var told: Words? {
    if request != nil {
      return Words(
        "还没有生效：人数超出一人可判定的数目，等另一单位的人在“判定复核”里同意",
        "Nothing holds yet: so many wait for a second person of another organisation, under Second look"
      )
    }
    return Words("已判定 \(decided) 人", "Decided: \(decided)")
  }
}

extension Work {
  /// Those about whom what was asked has still to be decided, by identifier.
  fileprivate func waiting(
    among ids: [ContactID], of request: ContactRequest
  ) throws -> [Contact] {
    try ContactsStore(transaction).find(ids).filter(request.isStillAsked)
  }

  /// Whether these contacts are more people than the sender may confirm alone in the policy's hours.
  fileprivate func needsSecondPerson(for contacts: [Contact]) throws -> Bool {
    if contacts.isEmpty { return false }
    let limit = try policy(ContactsPolicy.self).confirmedAlone
    let before = try ContactRequestsStore(transaction).confirmedAlone(
      by: authority.sender.text, since: now - .hours(limit.hours))
    return before.union(contacts.map(\.person)).count > limit.people
  }

  /// Asks a second person; the same that waits already is not asked twice.
  ///
  /// - Parameter reason: why they are to be no contacts; nil when they are to be confirmed.
  func askSecondPerson(
    for contacts: [Contact], because reason: RejectionReason? = nil
  ) throws -> ContactRequestID {
    let store = ContactRequestsStore(transaction)
    let issuer = authority.sender.text
    for waiting in try store.waiting(of: issuer) where try store.get(waiting).reason == reason {
      if try Set(store.contacts(of: waiting)).isSuperset(of: contacts.map(\.id)) { return waiting }
    }
    guard let infection = try cases(of: contacts.map(\.id)).first else {
      throw Refusal.missing("contacts")
    }
    let case1 = try InvestigationStore(transaction).get(infection)
    let request = ContactRequest(
      id: newID(), issuer: issuer,
      issuerOrganisations: try organisations(for: ConfirmContacts.duty, at: case1.path).all,
      place: case1.place, path: case1.path, askedAt: now, decidedAt: nil, reason: reason)
    try store.add(request, contacts.map(\.id))
    try record(ContactsAsked(request: request.id, people: Set(contacts.map(\.person)).count))
    let minutes = try policy(ContactsPolicy.self).confirmedAlone.approvalMinutes
    try oblige(
      TracingObligations.approve, about: request.id.text, at: request.place,
      by: now + .minutes(minutes))
    return request.id
  }

  /// Makes one contact a confirmed one and tells those who act on it; answers its cases.
  ///
  /// - Parameters:
  ///   - all: the contact's exposures, to any case, by time.
  ///   - doubtful: those of the cases that wait for a second person.
  fileprivate func confirm(
    _ contact: Contact, _ all: [Exposure], doubtful: Set<CaseID>, by issuer: String,
    approver: String?,
    isAmongMany: Bool = false
  ) throws -> [CaseID] {
    var contact = contact
    let store = ContactsStore(transaction)
    // Of two people one at least did not tell it.
    let told = approver == nil ? ContactsRules.confirmable(all, by: issuer) : all
    let known = told.filter { !doubtful.contains($0.infection) }
    if known.isEmpty, let infection = told.map(\.infection).min() {
      throw Refusal.caseInDoubt(infection)
    }
    let summary = try ContactsRules.requireSecondWord(
      ContactsRules.summary(of: known), for: contact)
    if try ResidentsStore(transaction).current(contact.person) == nil {
      _ = try person(contact.person, at: PlacesStore(transaction).get(contact.home))
    }
    contact.state = .confirmed
    contact.confirmedKind = summary.kind
    contact.toldLastAt = summary.lastAt
    contact.decidedAt = now
    contact.decidedBy = issuer
    try store.update(contact)
    try ContactRequestsStore(transaction).note(contact, by: issuer, approver: approver, at: now)
    var exposures = all
    // Of thousands hardly one was told by somebody.
    if all.contains(where: { $0.toldBy != nil }) {
      try store.confirmTold(of: contact.id, by: issuer, approver)
      exposures = try store.exposures(of: contact.id)
    }
    try tell(
      contact, exposures.filter { !doubtful.contains($0.infection) }, isAmongMany: isAmongMany)
    return all.map(\.infection)
  }

  /// Those of the cases to which contacts were exposed that wait for a second person.
  fileprivate func doubtful(_ exposures: [ContactID: [Exposure]]) throws -> Set<CaseID> {
    try InvestigationStore(transaction).doubtful(
      among: Set(exposures.values.joined().map(\.infection)))
  }

  /// The cases to which contacts were exposed.
  fileprivate func cases(of contacts: [ContactID]) throws -> [CaseID] {
    let exposures = try ContactsStore(transaction).exposures(of: contacts)
    return Set(exposures.values.flatMap { $0.map(\.infection) }).sorted()
  }
}

extension ContactRequest {
  /// Whether a contact is still what somebody asked a second person about.
  func isStillAsked(_ contact: Contact) -> Bool {
    reason == nil ? contact.state == .proposed || contact.needsReview : contact.state.isLive
  }
}

extension Refusal {
  /// A contact leads to nothing but cases that a second person has not agreed to.
  fileprivate static func caseInDoubt(_ infection: CaseID) -> Refusal {
    Refusal(
      .conflict, "contact.caseInDoubt",
      Words(
        "病例 \(infection) 超过一人可报的上限，须先由另一单位的人在“管控”页复核",
        "The case \(infection) is beyond what one account may tell; another organisation decides on "
          + "it first, on the page of restrictions"), field: "contacts")
  }
}

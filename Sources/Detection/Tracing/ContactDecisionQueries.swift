import Gazette
import Kernel
import Registry

/// What somebody is about to decide on several contacts.
package enum ContactDecision: String, Codable, CaseIterable, Sendable {
  case confirm
  case reject
}

/// What deciding on these contacts would mean, before anybody does it.
package struct PreviewDecision: Query {
  package struct Answer: Codable, Sendable {
    /// Those whom it would change, to be sent with the command as they stand.
    package let contacts: [ContactID]
    package let byKind: [String: Int]
    /// How many live in each community.
    package let byHome: [String: Int]
    /// Confirmed ones among those to be rejected: the measure that rests on each ends, unless
    /// something else holds it.
    package let measuresEnd: Int
    /// Proposed ones among those to be rejected: no measure starts.
    package let measuresNotStarted: Int
    /// Confirmed contacts whose kind or exposure is decided anew: their measure is counted anew.
    package let measuresAnew: Int
    /// Hand-overs on the way that stop.
    package let handOversStop: Int
    /// How many have no file yet; confirming opens one for each.
    package let unknownToRegistry: Int
    /// Whether it waits for a second person of another organisation.
    package let needsSecondPerson: Bool
    /// How many are left out because they rest on the asker's own word.
    package let needAnother: Int
  }

  package static let name = "contacts.previewDecision"
  package static let duty: Duty = "contacts.decide"
  package static let purposes: [Purpose] = [.investigation, .supervision]
  package let contacts: [ContactID]
  package let decision: ContactDecision

  package init(contacts: [ContactID], decision: ContactDecision) {
    self.contacts = contacts
    self.decision = decision
  }

  // Whoever may decide on one may see what it would mean; the command checks each.
  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    let store = ContactsStore(reading.transaction)
    let chosen = try store.find(Array(Set(contacts)))
    for contact in chosen {
      let places = try [contact.path] + store.places(of: contact.id)
      guard places.contains(where: { reading.authority.may(Self.duty, at: $0) }) else {
        throw Refusal.outsideArea(Self.duty)
      }
    }
    switch decision {
    case .confirm:
      return try confirming(chosen.filter { $0.state == .proposed || $0.needsReview }, reading)
    case .reject: return try rejecting(chosen.filter(\.state.isLive), reading)
    }
  }

  private func rejecting(_ live: [Contact], _ reading: Reading) throws -> Answer {
    let confirmed = live.filter { $0.state == .confirmed }
    let limit = try reading.policy(ContactsPolicy.self).confirmedAlone
    let before = try ContactRequestsStore(reading.transaction).rejectedAlone(
      by: reading.authority.sender.text, since: reading.now - .hours(limit.hours))
    let all = before.union(confirmed.map(\.person))
    return try answer(
      live, reading, needsSecondPerson: !confirmed.isEmpty && all.count > limit.people)
  }

  private func confirming(_ waiting: [Contact], _ reading: Reading) throws -> Answer {
    let account = reading.authority.sender.text
    let limit = try reading.policy(ContactsPolicy.self).confirmedAlone
    let before = try ContactRequestsStore(reading.transaction).confirmedAlone(
      by: account, since: reading.now - .hours(limit.hours))
    let needsSecond = before.union(waiting.map(\.person)).count > limit.people
    let exposures =
      needsSecond
      ? [:]
      : try InvestigationStore(reading.transaction).credible(
        ContactsStore(reading.transaction).exposures(of: waiting.map(\.id)))
    let contacts =
      needsSecond
      ? waiting
      : waiting.filter { !ContactsRules.isOwnWord(of: account, $0, exposures[$0.id] ?? []) }
    return try answer(
      contacts, reading, needsSecondPerson: needsSecond, needAnother: waiting.count - contacts.count
    )
  }

  private func answer(
    _ contacts: [Contact], _ reading: Reading, needsSecondPerson: Bool = false,
    needAnother: Int = 0
  ) throws -> Answer {
    let files = try ResidentsStore(reading.transaction).current(Set(contacts.map(\.person)))
    var byHome: [String: Int] = [:]
    var stopped = 0
    for contact in contacts {
      reading.disclose(files[contact.person]?.id ?? contact.person)
      let line = try PlacesStore(reading.transaction).line(to: contact.path)
      byHome[(ReferralsRules.area(of: line)?.id ?? contact.home).text, default: 0] += 1
      let open = try ReferralsStore(reading.transaction).all(of: contact.id)
        .contains { $0.state.isActive && ($0.state != .found || $0.journey.isToMove) }
      stopped += open ? 1 : 0
    }
    let isRejecting = decision == .reject
    let confirmed = contacts.count { $0.state == .confirmed }
    return Answer(
      contacts: contacts.map(\.id),
      byKind: Dictionary(grouping: contacts, by: \.kind.rawValue).mapValues(\.count),
      byHome: byHome, measuresEnd: isRejecting ? confirmed : 0,
      measuresNotStarted: isRejecting ? contacts.count - confirmed : 0,
      measuresAnew: isRejecting ? 0 : confirmed, handOversStop: isRejecting ? stopped : 0,
      unknownToRegistry: isRejecting ? 0 : contacts.count { files[$0.person] == nil },
      needsSecondPerson: needsSecondPerson, needAnother: needAnother)
  }
}

/// How a contact came to be what it is: proposed, decided, put right, and what was ruled of it.
package struct ContactHistory: Query {
  /// One step.
  package struct Step: Codable, Sendable {
    /// What kind of step it is.
    package enum What: String, Codable, Sendable {
      case proposed
      case confirmed
      case changed
      case ruled
    }

    package let at: Instant
    package let what: What
    package var by: String?
    /// The second person, of another organisation.
    package var approver: String?
    package var wasState: Contact.State?
    package var state: Contact.State?
    package var wasKind: ContactKind?
    package var kind: ContactKind?
    /// What a ruling says of the span.
    package var wasSpan: TimeSpan?
    package var span: TimeSpan?
    package var reason: String?
  }

  package struct Answer: Codable, Sendable {
    package let contact: ContactID
    /// The latest first.
    package let steps: [Step]
  }

  package static let name = "contacts.history"
  package static let duty: Duty = "contacts.read"
  package static let purposes: [Purpose] = ContactCard.purposes
  package let contact: ContactID

  package init(contact: ContactID) { self.contact = contact }

  package func area(in reading: Reading) throws -> Area {
    try ContactCard(contact: contact).area(in: reading)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let found = try ContactsStore(reading.transaction).get(contact)
    reading.disclose(try reading.liveFile(of: found.person))
    let store = ContactRulingsStore(reading.transaction)
    var steps = [Step(at: found.proposedAt, what: .proposed)]
    steps += try store.confirmations(of: contact).map {
      Step(at: $0.at, what: .confirmed, by: $0.issuer, approver: $0.approver)
    }
    steps += try store.changes(of: contact).map {
      Step(
        at: $0.at, what: .changed, by: $0.by, wasState: $0.wasState, state: $0.state,
        wasKind: $0.wasKind, kind: $0.kind, reason: $0.reason)
    }
    steps += try store.of(contact).map {
      Step(
        at: $0.at, what: .ruled, by: $0.by, wasKind: $0.was.kind, kind: $0.kind,
        wasSpan: $0.was.span, span: $0.span, reason: $0.reason)
    }
    let sorted = steps.enumerated().sorted { left, right in
      (right.element.at, right.offset) < (left.element.at, left.offset)
    }
    return Answer(contact: contact, steps: sorted.map(\.element))
  }
}

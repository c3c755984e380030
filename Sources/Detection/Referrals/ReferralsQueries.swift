import Gazette
import Kernel
import Registry

/// One hand-over as lists and programs show it.
package struct ReferralEntry: Codable, Sendable {
  package let referral: ReferralID
  package let contact: ContactID
  package let person: PersonID
  package let infection: CaseID
  package let kind: ContactKind
  package let from: PlaceID
  package let to: PlaceID
  package let letter: String?
  package let state: Referral.State
  package let sentAt: Instant
  package let sentBy: String
  package let answerDue: Instant
  package let answeredAt: Instant?
  package let answeredBy: String?
  package let returned: ReturnReason?
  package let resultDue: Instant
  package let outcome: ReferralOutcome?
  package let outcomeAt: Instant?
  package let toldAt: Instant?
  package let needsMove: Bool
  package let departedAt: Instant?
  package let site: String?
  package let arrivedAt: Instant?
  package let movedAt: Instant?

  init(_ referral: Referral, _ person: PersonID) {
    self.referral = referral.id
    contact = referral.contact
    self.person = person
    infection = referral.infection
    kind = referral.kind
    from = referral.from
    to = referral.to
    letter = referral.letter
    state = referral.state
    sentAt = referral.sentAt
    sentBy = referral.sentBy
    answerDue = referral.answerDue
    answeredAt = referral.answeredAt
    answeredBy = referral.answeredBy
    returned = referral.returned
    resultDue = referral.resultDue
    outcome = referral.outcome
    outcomeAt = referral.outcomeAt
    toldAt = referral.journey.toldAt
    needsMove = referral.journey.needsMove
    departedAt = referral.journey.departedAt
    site = referral.journey.site
    arrivedAt = referral.journey.arrivedAt
    movedAt = referral.journey.movedAt
  }

  /// What comes next, and by when it is due; nil when nothing is left to do.
  package var due: Instant? {
    switch state {
    case .sent: answerDue
    case .accepted, .returned: resultDue
    case .found: needsMove && movedAt == nil ? resultDue : nil
    case .replaced, .closed: nil
    }
  }
}

/// The hand-overs that go to an area, or from it to elsewhere.
package struct ListReferrals: Query {
  package struct Answer: Codable, Sendable {
    package let referrals: [ReferralEntry]
    package let after: String?
  }

  package static let name = "referrals.list"
  package static let duty: Duty = "referrals.read"
  package static let purposes: [Purpose] = [.investigation, .containment, .supervision]
  package let place: PlaceID?
  package let direction: ReferralDirection?
  package let show: ReferralShow?
  /// Contacts of one kind only.
  package let kind: ContactKind?
  /// The last sent first instead of the first.
  package let newest: Bool?
  package let after: ReferralID?
  package let limit: Int?

  package init(
    place: PlaceID?, direction: ReferralDirection = .incoming, show: ReferralShow = .all,
    kind: ContactKind? = nil, newest: Bool = false, after: ReferralID? = nil, limit: Int? = nil
  ) {
    self.place = place
    self.direction = direction
    self.show = show
    self.kind = kind
    self.newest = newest
    self.after = after
    self.limit = limit
  }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let limit = min(max(limit ?? 50, 1), 1_000)
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let found = try ReferralsStore(reading.transaction).inside(
      path ?? .everywhere, direction ?? .incoming, show ?? .all, at: reading.now, kind: kind,
      newest: newest == true, after: after, limit: limit)
    let files = try ResidentsStore(reading.transaction).current(Set(found.map(\.person)))
    let entries = found.map { ReferralEntry($0, files[$0.person]?.id ?? $0.person) }
    for entry in entries { reading.disclose(entry.person) }
    return Answer(
      referrals: entries, after: found.count == limit ? found.last?.id.text : nil)
  }
}

/// One hand-over with those of the same contact before and after it.
package struct ShowReferral: Query {
  package struct Answer: Codable, Sendable {
    package let entry: ReferralEntry
    /// All of the contact, the first first.
    package let history: [ReferralEntry]
  }

  package static let name = "referrals.show"
  package static let duty: Duty = ListReferrals.duty
  package static let purposes: [Purpose] = ListReferrals.purposes
  package let referral: ReferralID

  package init(referral: ReferralID) { self.referral = referral }

  // Both the area that sent it and the one that it goes to see it.
  package func area(in reading: Reading) throws -> Area {
    let known = try ReferralsStore(reading.transaction).get(referral)
    return .path(
      reading.authority.may(Self.duty, at: known.path) ? known.path : known.fromPath)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let store = ReferralsStore(reading.transaction)
    let known = try store.get(referral)
    let person = try reading.liveFile(of: known.person)
    reading.disclose(person)
    return Answer(
      entry: ReferralEntry(known, person),
      history: try store.all(of: known.contact).map { ReferralEntry($0, person) })
  }
}

/// Where the hand-overs of a case's contacts stand.
package struct ReferralsOfCase: Query {
  package struct Answer: Codable, Sendable {
    package let referrals: [ReferralEntry]
  }

  package static let name = "referrals.ofCase"
  package static let duty: Duty = ContactsOfCase.duty
  package static let purposes: [Purpose] = ListReferrals.purposes
  package let infection: CaseID
  /// Only those of these contacts; nil for all of the case's.
  package let contacts: [ContactID]?

  package init(infection: CaseID, contacts: [ContactID]? = nil) {
    self.infection = infection
    self.contacts = contacts
  }

  package func area(in reading: Reading) throws -> Area {
    .path(try CasesStore(reading.transaction).get(infection).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let wanted = contacts.map(Set.init)
    let found = try ReferralsStore(reading.transaction).ofCase(infection)
      .filter { wanted?.contains($0.contact) != false }
    let live = try ResidentsStore(reading.transaction).liveIdentifiers(
      of: Set(found.map(\.person)))
    let entries = found.map { ReferralEntry($0, live[$0.person] ?? $0.person) }
    for entry in entries { reading.disclose(entry.person) }
    return Answer(referrals: entries)
  }
}

/// Who is not yet found, told and moved, by the areas below a place.
package struct ReferralBoard: Query {
  /// One area below.
  package struct Part: Codable, Sendable {
    package let place: PlaceID
    package let name: String
    package let counts: ReferralCounts
  }

  package struct Answer: Codable, Sendable {
    package let total: ReferralCounts
    package let parts: [Part]
    /// From here to elsewhere.
    package let outgoing: ReferralCounts
  }

  package static let name = "referrals.board"
  package static let duty: Duty = ListReferrals.duty
  package static let purposes: [Purpose] = []
  package static let isCount = true
  package let place: PlaceID?

  package init(place: PlaceID?) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let store = ReferralsStore(reading.transaction)
    let rows = try store.counts(inside: path ?? .everywhere, .incoming, at: reading.now)
    let children = try PlacesStore(reading.transaction).children(of: place, limit: 500)
    let parts = children.compactMap { child -> Part? in
      let counts = rows.filter { child.path.holds($0.path) }.map(\.counts)
        .reduce(ReferralCounts(), +)
      return counts.all == 0 ? nil : Part(place: child.id, name: child.spoken, counts: counts)
    }
    let outgoing = try place.map { _ in
      try store.counts(inside: path ?? .everywhere, .outgoing, at: reading.now)
    }
    return Answer(
      total: rows.map(\.counts).reduce(ReferralCounts(), +), parts: parts,
      outgoing: (outgoing ?? []).map(\.counts).reduce(ReferralCounts(), +))
  }
}

import Gazette
import Kernel
import Registry

/// Which contacts of a case are looked at.
package struct ContactFilter: Codable, Hashable, Sendable {
  package var state: Contact.State?
  package var kind: ContactKind?
  package var degree: Int?
  /// A venue at which they were exposed.
  package var venue: VenueID?
  /// In which community they live.
  package var community: PlaceID?
  /// Where their hand-over stands.
  package var step: ReferralShow?
  /// Only those that ask for a new decision.
  package var review: Bool?

  package init(
    state: Contact.State? = nil, kind: ContactKind? = nil, degree: Int? = nil,
    venue: VenueID? = nil, community: PlaceID? = nil, step: ReferralShow? = nil,
    review: Bool? = nil
  ) {
    self.state = state
    self.kind = kind
    self.degree = degree
    self.venue = venue
    self.community = community
    self.step = step
    self.review = review
  }
}

/// The contacts of a case as a table to filter, with where their hand-overs stand.
package struct ContactsTable: Query {
  /// One contact.
  package struct Line: Codable, Sendable {
    package let contact: ContactID
    package let person: PersonID
    /// Masked; nil when the registry knows no name.
    package let name: String?
    package let state: Contact.State
    package let kind: ContactKind
    package let confirmedKind: ContactKind?
    package let needsReview: Bool
    package let degree: Int
    package let community: PlaceID
    package let venues: [VenueID]
    package let seconds: Int
    package let lastAt: Instant
    package let reason: String?
    package let referral: ReferralID?
    package let step: Referral.State?
    package let toldAt: Instant?
    package let movedAt: Instant?
  }

  /// One value to filter by, and how many have it.
  package struct Choice: Codable, Sendable {
    package let code: String
    package let name: String
    package let count: Int
  }

  /// How far a community has come with those who live there.
  package struct Part: Codable, Sendable {
    package let place: PlaceID
    package let name: String
    package let proposed: Int
    package let confirmed: Int
    package let counts: ReferralCounts
  }

  /// Those who met the case at one venue, or who met a contact of it there.
  package struct Group: Codable, Sendable {
    /// Nil for those who were met at home or in person.
    package let venue: VenueID?
    package let name: String?
    package let degree: Int
    /// How many fit the filter; ``lines`` are the first of them.
    package let count: Int
    package let lines: [Line]
  }

  package struct Answer: Codable, Sendable {
    package let infection: CaseID
    package let lines: [Line]
    /// Those who fit the filter by the venue where most others were, when they are asked for so; the groups
    /// of which nobody is among the first are left out.
    package let groups: [Group]?
    /// How many fit the filter, and who they are, for a decision on all.
    package let matched: Int
    package let contacts: [ContactID]
    package let states: [String: Int]
    package let kinds: [String: Int]
    package let degrees: [String: Int]
    package let venues: [Choice]
    package let communities: [Choice]
    package let parts: [Part]
    package let total: ReferralCounts
    /// How many that were confirmed ask for a new decision.
    package let toReview: Int
  }

  package static let name = "contacts.table"
  package static let duty: Duty = "contacts.read"
  package static let purposes: [Purpose] = [.investigation, .containment, .supervision]
  private static let mostVenues = 100
  /// So many people are in the groups, all in all and of each.
  private static let (mostGrouped, mostOfGroup) = (60, 12)

  package let infection: CaseID
  package let filter: ContactFilter?
  /// How many to leave out from the beginning.
  package let skip: Int?
  package let limit: Int?
  /// Groups by venue with the first of each, as a picture shows them, instead of one list.
  package let byVenue: Bool?

  package init(
    infection: CaseID, filter: ContactFilter = ContactFilter(), skip: Int = 0, limit: Int? = nil,
    byVenue: Bool? = nil
  ) {
    self.infection = infection
    self.filter = filter
    self.skip = skip
    self.limit = limit
    self.byVenue = byVenue
  }

  package func area(in reading: Reading) throws -> Area {
    .path(try CasesStore(reading.transaction).get(infection).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    guard try InvestigationStore(reading.transaction).find(infection) != nil else {
      throw Refusal.contactsNotDetermined(infection)
    }
    let all = try rows(in: reading)
    let filter = filter ?? ContactFilter()
    let found = all.filter { $0.fits(filter) }
    let standing = all.filter { $0.contact.state != .withdrawn }
    let visitors = Self.visitors(of: standing)
    let isGrouped = byVenue == true
    let grouped = isGrouped ? Self.grouped(found, by: visitors) : []
    let shown =
      isGrouped
      ? [] : found.dropFirst(max(skip ?? 0, 0)).prefix(min(max(limit ?? 100, 0), 500))
    let people = Set((shown + grouped.flatMap(\.drawn)).map(\.contact.person))
    let files = try ResidentsStore(reading.transaction).current(people)
    func line(_ row: ContactRow) -> Line {
      let line = row.line(files[row.contact.person])
      reading.disclose(line.person)
      return line
    }
    func count(_ code: (ContactRow) -> String) -> [String: Int] {
      standing.reduce(into: [:]) { $0[code($1), default: 0] += 1 }
    }
    return Answer(
      infection: infection, lines: shown.map(line),
      groups: isGrouped
        ? try grouped.map { group in
          Group(
            venue: group.venue,
            name: try group.venue.map { try reading.name(of: PlaceID(trusted: $0.text)) },
            degree: group.degree, count: group.count, lines: group.drawn.map(line))
        } : nil,
      matched: found.count,
      contacts: found.filter { $0.contact.state.isLive }.map(\.contact.id),
      states: count { $0.contact.state.rawValue }, kinds: count { $0.contact.kind.rawValue },
      degrees: count { String($0.contact.degree) },
      venues: try venues(visitors, in: reading),
      communities: Dictionary(grouping: standing, by: \.community.id).values.compactMap { rows in
        rows.first.map {
          Choice(code: $0.community.id.text, name: $0.community.spoken, count: rows.count)
        }
      }.sorted { ($1.count, $0.name) < ($0.count, $1.name) },
      parts: parts(of: standing), total: Self.counts(standing),
      toReview: standing.count(where: \.contact.needsReview))
  }

  private func rows(in reading: Reading) throws -> [ContactRow] {
    let store = ContactsStore(reading.transaction)
    var meetings: [ContactID: [ContactsStore.Meeting]] = [:]
    for meeting in try store.meetings(with: infection) {
      meetings[meeting.contact, default: []].append(meeting)
    }
    let referrals = Dictionary(
      try ReferralsStore(reading.transaction).standings(ofCase: infection, at: reading.now)
        .map { ($0.contact, $0) }
    ) { _, last in last }
    var communities = Communities(reading)
    return try store.ofCase(infection).map { contact in
      ContactRow(
        contact: contact, meetings: meetings[contact.id] ?? [],
        community: try communities.of(contact), referral: referrals[contact.id])
    }
    .sorted { left, right in
      let (one, other) = (left.rank, right.rank)
      if one != other { return one < other }
      if left.seconds != right.seconds { return left.seconds > right.seconds }
      return left.contact.id < right.contact.id
    }
  }

  /// How many of them were at each venue.
  private static func visitors(of rows: [ContactRow]) -> [VenueID: Int] {
    rows.reduce(into: [:]) { counts, row in
      for venue in row.venues { counts[venue, default: 0] += 1 }
    }
  }

  /// Everybody once, where most others were, too; the first degree and the larger groups first.
  private static func grouped(_ rows: [ContactRow], by visitors: [VenueID: Int])
    -> [(venue: VenueID?, degree: Int, count: Int, drawn: [ContactRow])]
  {
    struct Key: Hashable {
      let venue: VenueID?
      let degree: Int
    }
    let groups = Dictionary(grouping: rows) { row in
      Key(
        venue: row.venues.max { (visitors[$0] ?? 0, $1) < (visitors[$1] ?? 0, $0) },
        degree: row.contact.degree)
    }.sorted { one, other in
      (one.key.degree, other.value.count, one.key.venue?.text ?? "")
        < (other.key.degree, one.value.count, other.key.venue?.text ?? "")
    }
    var left = mostGrouped
    return groups.compactMap { key, rows in
      let drawn = Array(rows.prefix(min(left, mostOfGroup)))
      left -= drawn.count
      return drawn.isEmpty ? nil : (key.venue, key.degree, rows.count, drawn)
    }
  }

  private func venues(_ counts: [VenueID: Int], in reading: Reading) throws -> [Choice] {
    let most = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.mostVenues)
    return try most.map { venue, count in
      Choice(
        code: venue.text, name: try reading.name(of: PlaceID(trusted: venue.text)), count: count)
    }
  }

  private func parts(of rows: [ContactRow]) -> [Part] {
    Dictionary(grouping: rows.filter { $0.contact.state.isLive }, by: \.community.path)
      .sorted { $0.key < $1.key }.compactMap { _, rows in
        rows.first.map { first in
          Part(
            place: first.community.id, name: first.community.spoken,
            proposed: rows.count { $0.contact.state == .proposed },
            confirmed: rows.count { $0.contact.state == .confirmed },
            counts: Self.counts(rows))
        }
      }
  }

  private static func counts(_ rows: [ContactRow]) -> ReferralCounts {
    rows.reduce(ReferralCounts()) { $0 + ($1.referral?.counts ?? ReferralCounts()) }
  }
}

/// A contact with all by which it may be filtered. By reference: thousands are sorted and grouped.
private final class ContactRow {
  let contact: Contact
  let community: Place
  let referral: ReferralsStore.Standing?
  let venues: Set<VenueID>
  let seconds: Int
  /// What waits for a decision stands first, then the stronger kinds.
  let rank: (Int, Int, Int)

  init(
    contact: Contact, meetings: [ContactsStore.Meeting], community: Place,
    referral: ReferralsStore.Standing?
  ) {
    self.contact = contact
    self.community = community
    self.referral = referral
    // Sorting thousands asks for these again and again.
    venues = Set(meetings.compactMap(\.venue))
    seconds = MeetingsRules.unionSeconds(
      meetings.filter { $0.basis != .household }.map(\.span))
    let waits = contact.state == .proposed || contact.needsReview
    rank = (waits ? 0 : 1, -contact.kind.weight, contact.degree)
  }

  func fits(_ filter: ContactFilter) -> Bool {
    let isShown =
      filter.state.map { $0 == contact.state }
      ?? (contact.state != .withdrawn && contact.state != .rejected)
    return isShown && filter.kind.map { $0 == contact.kind } != false
      && filter.degree.map { $0 == contact.degree } != false
      && filter.venue.map { venues.contains($0) } != false
      && filter.community.map { $0 == community.id } != false
      && filter.step.map { step in (referral?.counts[step] ?? 0) > 0 } != false
      && (filter.review != true || contact.needsReview)
  }

  func line(_ file: Resident?) -> ContactsTable.Line {
    ContactsTable.Line(
      contact: contact.id, person: file?.id ?? contact.person,
      name: file?.name.map { Mask.name($0.revealed) }, state: contact.state, kind: contact.kind,
      confirmedKind: contact.confirmedKind, needsReview: contact.needsReview,
      degree: contact.degree, community: community.id, venues: venues.sorted(), seconds: seconds,
      lastAt: contact.lastAt, reason: contact.reason, referral: referral?.referral,
      step: referral?.state, toldAt: referral?.toldAt, movedAt: referral?.movedAt)
  }
}

/// The communities of homes, each looked up once however many live there.
private struct Communities {
  private let reading: Reading
  private var known: [PlacePath: Place] = [:]

  init(_ reading: Reading) { self.reading = reading }

  mutating func of(_ contact: Contact) throws -> Place {
    let path = contact.path.prefix(PlaceLevel.community.depth + 1)
    if let place = known[path] { return place }
    let line = try PlacesStore(reading.transaction).line(to: path)
    let found =
      try ReferralsRules.area(of: line) ?? PlacesStore(reading.transaction).get(contact.home)
    known[path] = found
    return found
  }
}

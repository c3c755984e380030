import Kernel
import Registry

extension Purpose {
  /// For what an office may look into leads.
  static let forLeads: [Purpose] = [.investigation, .fieldwork, .supervision, .exchange]
}

/// The leads of an area by deadline, masked.
package struct ListLeadsToCheck: Query {
  /// One lead, as lists show it.
  package struct Line: Codable, Sendable {
    package let lead: LeadID
    package let title: String
    package let category: String?
    package let urgency: LeadUrgency
    /// Masked.
    package let name: String
    package let place: PlaceID
    package let placeName: String
    package let routing: LeadRouting
    package let state: LeadState
    package let deadline: Instant
    package let measure: LeadMeasure?
    package let verifiedAt: Instant?
    /// Whether the same person was checked before within the policy's days.
    package let hasPrevious: Bool

    private enum CodingKeys: String, CodingKey {
      case lead
      case title
      case category
      case urgency
      case name
      case place
      case routing
      case state
      case deadline
      case measure
      case placeName = "place_name"
      case verifiedAt = "verified_at"
      case hasPrevious = "previous"
    }
  }

  package struct Answer: Codable, Sendable {
    package let leads: [Line]
    package let after: String?
    /// How many there are of each state in the whole area.
    package let counts: [String: Int]
    package let late: Int
    package let categories: [String]
  }

  package static let name = "leads.list"
  package static let duty: Duty = "leads.read"
  package static let purposes = Purpose.forLeads
  package let place: PlaceID?
  package let state: LeadState?
  package let urgency: LeadUrgency?
  package let category: String?
  package let measure: LeadMeasure?
  package let late: Bool?
  package let after: String?
  package let limit: Int?

  package init(
    place: PlaceID? = nil, state: LeadState? = nil, urgency: LeadUrgency? = nil,
    category: String? = nil, measure: LeadMeasure? = nil, late: Bool = false,
    after: String? = nil, limit: Int? = nil
  ) {
    self.place = place
    self.state = state
    self.urgency = urgency
    self.category = category
    self.measure = measure
    self.late = late
    self.after = after
    self.limit = limit
  }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let limit = min(max(limit ?? 100, 1), 500)
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let area = path ?? .everywhere
    let store = LeadsStore(reading.transaction)
    let found = try store.inside(
      area,
      LeadsStore.Selection(
        state: state, urgency: urgency, category: category, measure: measure,
        dueBefore: late == true ? reading.now : nil),
      after: LeadCursor.read(after), limit: limit)
    let counts = try store.counts(inside: area, at: reading.now)
    return Answer(
      leads: try found.map { try line($0, in: reading) },
      after: found.count == limit ? found.last.map(LeadCursor.text) : nil,
      counts: Dictionary(
        counts.states.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { first, _ in first }),
      late: counts.late, categories: try store.categories(inside: area))
  }

  private func line(_ lead: Lead, in reading: Reading) throws -> Line {
    if let person = lead.person { reading.disclose(try reading.liveFile(of: person)) }
    return Line(
      lead: lead.id, title: lead.title, category: lead.category, urgency: lead.urgency,
      name: lead.shownName, place: lead.place,
      placeName: try reading.name(of: lead.place), routing: lead.routing, state: lead.state,
      deadline: lead.deadline, measure: lead.measure, verifiedAt: lead.verifiedAt,
      hasPrevious: try !reading.previous(of: lead).isEmpty)
  }
}

/// One lead: what is to be checked of whom, what was found out, and what was found out before.
package struct LeadCard: Query {
  /// What a check found out.
  package struct Result: Codable, Sendable {
    package let measure: LeadMeasure
    package let foundAddress: String?
    package let lastTestOn: Day?
    package let linkedPeople: String?
    package let colour: LeadColour?
    package let at: Instant
    package let sender: String
    package let reason: String?

    private enum CodingKeys: String, CodingKey {
      case measure
      case at
      case sender
      case reason
      case foundAddress = "found_address"
      case lastTestOn = "last_test"
      case linkedPeople = "linked_people"
      case colour = "code_colour"
    }
  }

  /// An earlier lead of the same person.
  package struct Previous: Codable, Sendable {
    package let lead: LeadID
    package let title: String
    package let measure: LeadMeasure
    package let at: Instant
    package let placeName: String

    private enum CodingKeys: String, CodingKey {
      case lead
      case title
      case measure
      case at
      case placeName = "place_name"
    }
  }

  /// A way from one place to another.
  package struct Move: Codable, Sendable {
    package let at: Instant
    package let from: PlaceID
    package let to: PlaceID
    package let reason: String
  }

  package struct Answer: Codable, Sendable {
    package let line: ListLeadsToCheck.Line
    package let receivedAt: Instant
    /// Masked unless revealed.
    package let name: String
    package let identityNumber: String?
    package let phone: String?
    package let requirement: String?
    package let address: String?
    /// The register's file, when it knows the person.
    package let person: PersonID?
    /// The last one holds.
    package let results: [Result]
    package let previous: [Previous]
    package let moves: [Move]

    private enum CodingKeys: String, CodingKey {
      case line
      case name
      case phone
      case requirement
      case address
      case person
      case results
      case previous
      case moves
      case receivedAt = "received_at"
      case identityNumber = "identity_number"
    }
  }

  package static let name = "leads.card"
  package static let duty: Duty = ListLeadsToCheck.duty
  package static let purposes = Purpose.forLeads
  package let lead: LeadID
  /// Whether name and numbers are shown whole, for whoever is to check.
  package let revealed: Bool?

  package init(lead: LeadID, revealed: Bool = false) {
    self.lead = lead
    self.revealed = revealed
  }

  package func area(in reading: Reading) throws -> Area {
    .path(try LeadsStore(reading.transaction).get(lead).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let store = LeadsStore(reading.transaction)
    let known = try store.get(lead)
    let isRevealed = revealed == true
    if isRevealed {
      guard reading.authority.may(VerifyLead.duty, at: known.path) else {
        throw Refusal.outsideArea(VerifyLead.duty)
      }
    }
    if let person = known.person { reading.disclose(try reading.liveFile(of: person)) }
    let opened = try reading.open(known)
    let line = ListLeadsToCheck.Line(
      lead: known.id, title: known.title, category: known.category, urgency: known.urgency,
      name: known.shownName, place: known.place,
      placeName: try reading.name(of: known.place), routing: known.routing, state: known.state,
      deadline: known.deadline, measure: known.measure, verifiedAt: known.verifiedAt,
      hasPrevious: false)
    return Answer(
      line: line, receivedAt: known.receivedAt,
      name: isRevealed ? known.name.revealed : line.name,
      identityNumber: opened.identity.map { isRevealed ? $0 : Mask.identity($0) },
      phone: opened.phone.map { isRevealed ? $0 : Mask.phone($0) },
      requirement: opened.requirement, address: opened.address,
      person: try known.person.map { try reading.liveFile(of: $0) },
      results: try reading.results(of: known).map { kept in
        Result(
          measure: kept.result.measure, foundAddress: kept.result.foundAddress,
          lastTestOn: kept.result.lastTestOn, linkedPeople: kept.result.linkedPeople,
          colour: kept.result.colour, at: kept.at, sender: kept.sender, reason: kept.reason)
      },
      previous: try reading.previous(of: known).compactMap { earlier in
        guard let measure = earlier.measure, let at = earlier.verifiedAt else { return nil }
        return Previous(
          lead: earlier.id, title: earlier.title, measure: measure, at: at,
          placeName: try reading.name(of: earlier.place))
      },
      moves: try store.moves(of: lead).map { move in
        Move(at: move.at, from: move.from, to: move.to, reason: move.reason)
      })
  }
}

/// How what waits at a place would be split over its communities; nothing is done.
package struct PreviewSplit: Query {
  /// One community.
  package struct Line: Codable, Sendable {
    package let place: PlaceID
    package let name: String
    /// How many it has to check already.
    package let open: Int
    package let given: Int
  }

  package struct Answer: Codable, Sendable {
    package let waiting: Int
    package let communities: [Line]
  }

  package static let name = "leads.preview"
  package static let duty: Duty = ListLeadsToCheck.duty
  package static let purposes = Purpose.forLeads
  package let place: PlaceID

  package init(place: PlaceID) { self.place = place }

  package func area(in reading: Reading) -> Area { .place(place) }

  package func answer(in reading: Reading) throws -> Answer {
    let store = LeadsStore(reading.transaction)
    let known = try PlacesStore(reading.transaction).get(place)
    let plan = try store.split(of: known)
    let open = try store.open(inside: known.path)
    let given = Dictionary(grouping: plan.compactMap(\.to), by: \.id)
    return Answer(
      waiting: plan.count,
      communities: given.values.compactMap(\.first).sorted { $0.path < $1.path }.map { place in
        Line(
          place: place.id, name: place.name, open: open[place.id] ?? 0,
          given: given[place.id]?.count ?? 0)
      })
  }
}

/// The leads of an area whole, in the form in which they are imported, with their results.
package struct ExportLeads: Query {
  package static let name = "leads.export"
  package static let urgency = Urgency.export
  package static let duty: Duty = "leads.export"
  package static let purposes: [Purpose] = [.exchange]
  private static let page = 1_000

  /// The area; the whole installation when there is none.
  package let place: PlaceID?
  package let after: String?

  package init(place: PlaceID? = nil, after: String? = nil) {
    self.place = place
    self.after = after
  }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> ExportAnswer {
    let path = try place.map { try PlacesStore(reading.transaction).get($0).path } ?? .everywhere
    reading.disclose(everybodyIn: path)
    let found = try LeadsStore(reading.transaction).inside(
      path, after: LeadCursor.read(after), limit: Self.page)
    return ExportAnswer(
      rows: try found.map { try row($0, in: reading) },
      after: found.count == Self.page ? found.last.map(LeadCursor.text) : nil)
  }

  private func row(_ lead: Lead, in reading: Reading) throws -> [String] {
    let opened = try reading.open(lead)
    let kept = try reading.results(of: lead).last
    let place = try PlacesStore(reading.transaction).find(lead.place)
    return [
      lead.id.text, lead.title, lead.category ?? "", lead.urgency.words.chinese,
      opened.requirement ?? "", lead.name.revealed, opened.identity ?? "", opened.phone ?? "",
      opened.address ?? "", place?.code ?? lead.place.text,
      kept?.result.measure.words.chinese ?? "", kept?.result.foundAddress ?? "",
      kept?.result.lastTestOn?.text ?? "", kept?.result.linkedPeople ?? "",
      kept?.result.colour?.words.chinese ?? "", kept?.at.text(in: reading.zone) ?? "",
    ]
  }
}

extension Reading {
  /// The sealed parts of a lead, opened.
  func open(
    _ lead: Lead
  ) throws -> (requirement: String?, address: String?, identity: String?, phone: String?) {
    func open(_ bytes: [UInt8]?, _ column: String) throws -> String? {
      try bytes.map { try vault.unlock($0, place: Vault.leadPlace(column, of: lead.id)) }
    }
    return (
      try open(lead.sealed.requirement, "requirement"), try open(lead.sealed.address, "address"),
      try open(lead.sealed.identity, "identity"), try open(lead.sealed.phone, "phone")
    )
  }

  func results(of lead: Lead) throws -> [KeptResult] {
    try LeadsStore(transaction).results(of: lead.id) { bytes, column in
      try vault.unlock(bytes, place: Vault.leadPlace(column, of: lead.id))
    }
  }

  /// The leads of the same person that were checked within the policy's days, the latest first.
  func previous(of lead: Lead) throws -> [Lead] {
    let days = try policy(LeadsPolicy.self).previousDays
    return try LeadsStore(transaction).checked(like: lead, since: now - .days(days))
      .filter { LeadsRules.isSamePerson(lead, $0) }
  }
}

/// A place in a list of leads.
private enum LeadCursor {
  static func text(_ lead: Lead) -> String { "\(lead.deadline.milliseconds)/\(lead.id.text)" }

  static func read(_ text: String?) throws(Refusal) -> (deadline: Instant, id: LeadID)? {
    guard let text else { return nil }
    let parts = text.split(separator: "/", maxSplits: 1)
    guard parts.count == 2, let at = Int64(parts[0]) else {
      throw .malformed(
        "after", text, expected: Words("上一页给出的值", "the value that the page before gave"))
    }
    return (Instant(milliseconds: at), LeadID(trusted: String(parts[1])))
  }
}

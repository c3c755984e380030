import Kernel
import Registry

/// What applies to a person: what, why, by which words, until when, who decided, what was done.
package struct RestrictionsAnswer: Codable, Sendable {
  package let restrictions: [RestrictionView]
}

/// What applies to a person, for the offices that answer for them.
package struct RestrictionsOfPerson: Query {
  package static let name = "restrictions.ofPerson"
  package static let duty: Duty = "restrictions.read"
  package static let purposes: [Purpose] = [
    .containment, .fieldwork, .investigation, .supervision, .objection,
  ]
  package let person: PersonID

  package init(person: PersonID) { self.person = person }

  package func area(in reading: Reading) throws -> Area {
    .path(try ResidentsStore(reading.transaction).survivor(of: person).path)
  }

  package func answer(in reading: Reading) throws -> RestrictionsAnswer {
    let resident = try ResidentsStore(reading.transaction).survivor(of: person)
    reading.disclose(resident.id)
    return try reading.restrictions(of: resident.id)
  }
}

/// What applies to me.
package struct OwnRestrictions: Query {
  package static let name = "restrictions.own"
  package static let duty: Duty = .ownFile
  package static let purposes: [Purpose] = [.ownFile]

  package init() {}

  package func area(in reading: Reading) -> Area { .own }

  package func answer(in reading: Reading) throws -> RestrictionsAnswer {
    try reading.restrictions(of: reading.requireResident())
  }
}

/// What holds in an area by its end, or what is lifted or over there.
package struct ListRestrictions: Query {
  package struct Entry: Codable, Sendable {
    package let restriction: RestrictionID
    package let person: PersonID
    /// The name with all but its first character hidden.
    package let name: String
    package let kind: RestrictionKind
    package let clause: String
    package let edition: String
    package let place: PlaceID
    package let end: Instant
    package let day: Int
    package let days: Int
    package let endReason: EndReason?
  }

  package struct Answer: Codable, Sendable {
    package let restrictions: [Entry]
    package let after: String?
  }

  package static let name = "restrictions.list"
  package static let duty: Duty = "restrictions.read"
  package static let purposes: [Purpose] = [.containment, .fieldwork, .supervision]
  /// A place; everywhere when there is none.
  package let place: PlaceID?
  /// Those that hold, when no state is named.
  package let state: RestrictionState?
  /// Those under one clause only.
  package let clause: String?
  /// The last to end first instead of the first.
  package let latest: Bool?
  package let after: String?
  package let limit: Int?

  package init(
    place: PlaceID?, state: RestrictionState? = nil, clause: String? = nil, latest: Bool = false,
    after: String? = nil, limit: Int? = nil
  ) {
    self.clause = clause
    self.latest = latest
    self.place = place
    self.state = state
    self.after = after
    self.limit = limit
  }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let limit = min(max(limit ?? 200, 1), 1_000)
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let found = try RestrictionsStore(reading.transaction).list(
      in: path ?? .everywhere, state ?? .effective, clause: clause, latest: latest == true,
      at: reading.now, after: cursor(), limit: limit)
    let last = found.count == limit ? found.last : nil
    return Answer(
      restrictions: try found.map { try entry($0, in: reading) },
      after: last.map { "\($0.end.milliseconds)/\($0.id.text)" })
  }

  private func entry(_ restriction: Restriction, in reading: Reading) throws -> Entry {
    let resident = try ResidentsStore(reading.transaction).current(restriction.person)
    let person = resident?.id ?? restriction.person
    reading.disclose(person)
    let phases = try RestrictionsStore(reading.transaction).phases(of: restriction.id)
    let present = phases.first { $0.from <= reading.now && reading.now < $0.until }
    let name = resident?.name
    let zero = Day(of: restriction.countedFrom, in: reading.zone)
    return Entry(
      restriction: restriction.id, person: person,
      name: name.map { Mask.name($0.revealed) } ?? "", kind: present?.kind ?? restriction.kind,
      clause: restriction.clause, edition: restriction.edition, place: restriction.place,
      end: restriction.end, day: reading.today - zero,
      days: Day(of: restriction.end - .milliseconds(1), in: reading.zone) - zero,
      endReason: restriction.endReason ?? (restriction.end <= reading.now ? .expired : nil))
  }

  private func cursor() throws(Refusal) -> RestrictionsStore.Cursor? {
    guard let after else { return nil }
    let parts = after.split(separator: "/", maxSplits: 1)
    guard parts.count == 2, let end = Int64(parts[0]) else {
      throw .malformed(
        "after", after, expected: Words("上一页给出的值", "the value that the page before gave"))
    }
    return RestrictionsStore.Cursor(
      end: Instant(milliseconds: end), id: RestrictionID(trusted: String(parts[1])))
  }
}

/// How many restrictions hold in a place and in each of its children, by what is asked now.
package struct CountRestrictions: Query {
  /// How many are asked one thing now, and how many of them until today.
  package struct Count: Codable, Sendable {
    package let kind: RestrictionKind
    package let effective: Int
    package let endingToday: Int
  }

  /// The counts of one child of the place.
  package struct Part: Codable, Sendable {
    package let place: PlaceID
    package let name: String
    package let counts: [Count]
  }

  package struct Answer: Codable, Sendable {
    package let total: [Count]
    package let children: [Part]
  }

  package static let name = "restrictions.counts"
  package static let duty: Duty = "restrictions.read"
  package static let purposes: [Purpose] = []
  package static let isCount = true
  package let place: PlaceID?

  package init(place: PlaceID?) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let places = PlacesStore(reading.transaction)
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    return Answer(
      total: try counts(in: path ?? .everywhere, reading),
      children: try places.children(of: place).map { child in
        Part(place: child.id, name: child.name, counts: try counts(in: child.path, reading))
      })
  }

  private func counts(in path: PlacePath, _ reading: Reading) throws -> [Count] {
    try RestrictionsStore(reading.transaction).counts(
      in: path, at: reading.now, endingBefore: reading.today.end(in: reading.zone)
    ).map { Count(kind: $0.kind, effective: $0.effective, endingToday: $0.ending) }
  }
}

/// Restrictions that wait for a second person.
package struct ListRestrictionRequests: Query {
  package struct Entry: Codable, Sendable {
    package let request: RestrictionID
    package let person: PersonID
    package let clause: String
    package let evidence: Evidence
    package let issuer: String
    package let place: PlaceID
    package let askedAt: Instant
  }

  package struct Answer: Codable, Sendable {
    package let requests: [Entry]
  }

  package static let name = "restrictions.requests"
  package static let duty: Duty = "restrictions.approve"
  package static let purposes: [Purpose] = [.containment]
  package let place: PlaceID?

  package init(place: PlaceID?) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let found = try ObjectionsStore(reading.transaction).waiting(
      in: path ?? .everywhere, limit: 500)
    return Answer(
      requests: try found.map { request in
        let person = try reading.livePerson(request.person)
        reading.disclose(person)
        return Entry(
          request: request.id, person: person, clause: request.clause,
          evidence: request.evidence, issuer: request.issuer, place: request.place,
          askedAt: request.askedAt)
      })
  }
}

/// An objection with what the person said and what it is about, for whom decides.
package struct ShowObjection: Query {
  package struct Answer: Codable, Sendable {
    package let objection: ObjectionID
    package let ground: String
    package let restriction: RestrictionView
  }

  package static let name = "objections.show"
  package static let duty: Duty = "objections.decide"
  package static let purposes: [Purpose] = [.objection]
  package let objection: ObjectionID

  package init(objection: ObjectionID) { self.objection = objection }

  package func area(in reading: Reading) throws -> Area {
    .path(try restriction(in: reading).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let restriction = try restriction(in: reading)
    reading.disclose(try reading.livePerson(restriction.person))
    return Answer(
      objection: objection,
      ground: try ObjectionsStore(reading.transaction).ground(of: objection)?.revealed ?? "",
      restriction: try reading.view(restriction))
  }

  private func restriction(in reading: Reading) throws -> Restriction {
    guard let found = try ObjectionsStore(reading.transaction).find(objection) else {
      throw Refusal.notFound(Words("异议", "objection"), objection.text, field: "objection")
    }
    return try RestrictionsStore(reading.transaction).get(found.restriction)
  }
}

extension Reading {
  /// The resident who asks.
  func requireResident() throws(Refusal) -> PersonID {
    guard case .resident(let person) = authority.sender else {
      throw Refusal(
        .forbidden, "resident.only",
        Words("此页仅供居民本人查看", "Only the resident can see this"))
    }
    return person
  }

  /// Under which identifier a person's file is kept now.
  func livePerson(_ person: PersonID) throws -> PersonID {
    try ResidentsStore(transaction).current(person)?.id ?? person
  }

  fileprivate func restrictions(of person: PersonID) throws -> RestrictionsAnswer {
    let found = try RestrictionsStore(transaction).all(of: person)
    return RestrictionsAnswer(restrictions: try found.map(view))
  }
}

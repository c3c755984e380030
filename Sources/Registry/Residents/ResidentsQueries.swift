import Kernel

extension Purpose {
  /// For what an office may look into the register of people.
  static let forResidents: [Purpose] = [
    .investigation, .containment, .fieldwork, .registry, .supervision, .objection,
  ]
}

/// One person's file with where they lived before, masked.
package struct ShowResident: Query {
  /// Where the person lived, was registered, worked or was away before.
  package struct Former: Codable, Sendable {
    package let kind: FormerResidence.Kind
    /// A place, a statistical code or, when revealed, a place of work.
    package let value: String?
    package let from: Instant
    package let until: Instant
  }

  package struct Answer: Codable, Sendable {
    package let card: ResidentCard
    package let line: [Place]
    package let former: [Former]
    package let keepUntil: Day
    package let retention: RetentionClass
  }

  package static let name = "residents.card"
  package static let duty: Duty = "residents.read"
  package static let purposes = Purpose.forResidents
  package let person: PersonID

  package init(person: PersonID) { self.person = person }

  // Checked in the answer, so that a file elsewhere is told apart from none for nobody.
  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    try Self.answer(
      reading.resident(person, under: Self.duty), revealed: false, in: reading)
  }

  static func answer(
    _ resident: Resident, revealed: Bool, in reading: Reading
  ) throws -> Answer {
    var writer = try CardWriter(reading)
    let former = try ResidencesStore(reading.transaction).of(resident.id).map { span in
      Former(
        kind: span.kind, value: span.kind == .work && !revealed ? nil : span.value,
        from: span.from, until: span.until)
    }
    return Answer(
      card: try writer.card(resident, revealed: revealed),
      line: try writer.line(to: resident.path), former: former, keepUntil: resident.keepUntil,
      retention: resident.retention)
  }
}

/// One person's file unmasked: identity number, telephone, day of birth. It takes a duty of its own
/// and a purpose that needs the whole; the person sees that it was done.
package struct RevealResident: Query {
  package static let name = "residents.reveal"
  package static let duty: Duty = "residents.reveal"
  package static let purposes: [Purpose] = [
    .investigation, .containment, .fieldwork, .registry, .objection,
  ]
  package let person: PersonID

  package init(person: PersonID) { self.person = person }

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> ShowResident.Answer {
    try ShowResident.answer(
      reading.resident(person, under: Self.duty), revealed: true, in: reading)
  }
}

extension Reading {
  /// The file of a person who lives where the sender holds a duty.
  fileprivate func resident(_ person: PersonID, under duty: Duty) throws -> Resident {
    let resident = try ResidentsStore(transaction).get(person)
    guard authority.may(duty, at: resident.path) else {
      throw Refusal.notFound(Words("人员", "person"), person.text, field: "person")
    }
    return resident
  }
}

/// Finds people by identifier, identity number, telephone, or name: exactly, and only where the
/// office reads files. The answer is masked.
package struct FindResidents: Query {
  package struct Answer: Codable, Sendable {
    package let found: [ResidentCard]
    /// Whether there are more than are shown; a smaller area brings fewer.
    package let isCut: Bool
  }

  package static let name = "residents.find"
  package static let duty: Duty = "residents.read"
  package static let purposes = Purpose.forResidents
  /// How many are shown at most.
  private static let limit = 50

  package let person: String?
  package let identityNumber: String?
  package let phone: String?
  package let fullName: String?
  /// Where a name is looked for; everywhere that the office reads when there is none.
  package let place: PlaceID?

  private enum CodingKeys: String, CodingKey {
    case person
    case phone
    case place
    case identityNumber = "identity_number"
    case fullName = "name"
  }

  package init(
    person: String? = nil, identityNumber: String? = nil, phone: String? = nil,
    name: String? = nil, place: PlaceID? = nil
  ) {
    self.person = person
    self.identityNumber = identityNumber
    self.phone = phone
    fullName = name
    self.place = place
  }

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    let found = try candidates(in: reading).filter {
      reading.authority.may(Self.duty, at: $0.path)
    }
    var writer = try CardWriter(reading)
    return Answer(
      found: try found.prefix(Self.limit).map { try writer.card($0) },
      isCut: found.count > Self.limit)
  }

  private func candidates(in reading: Reading) throws -> [Resident] {
    let store = ResidentsStore(reading.transaction)
    if let person {
      return try [store.current(PersonID(person, field: "person"))].compactMap(\.self)
    }
    if let identityNumber {
      return try store.owners(ofIdentity: indices(of: identityNumber, in: reading))
    }
    if let phone {
      let index = reading.vault.phoneIndex(of: try ResidentsRules.phone(phone))
      return try store.owners(ofPhone: index, limit: Self.limit + 1)
    }
    guard let fullName else { throw Refusal.missing("person") }
    var areas = reading.authority.areas(for: Self.duty)
    if let place {
      let path = try PlacesStore(reading.transaction).get(place).path
      guard reading.authority.may(Self.duty, at: path) else {
        throw Refusal.outsideArea(Self.duty)
      }
      areas = [path]
    }
    let apart = Set(areas).filter { area in !areas.contains { $0 != area && $0.holds(area) } }
    return try apart.sorted().flatMap {
      try store.named(fullName, in: $0, limit: Self.limit + 1)
    }
  }

  /// The blind indices that a number has as each kind of document that it can be of.
  private func indices(of number: String, in reading: Reading) throws -> Set<String> {
    let areas: AreaCodes = try reading.rules.reference()
    let documents = IdentityKind.allCases.compactMap { kind in
      try? IdentityDocument(kind, number: number, areas: areas, asOf: reading.today)
    }
    let indices = Set(documents.compactMap(reading.vault.identityIndex))
    guard !indices.isEmpty else {
      throw Refusal(
        .invalid, "identity.implausible",
        Words("证件号码有误，请核对", "This is no identity number; check it"),
        field: "identity_number")
    }
    return indices
  }
}

/// Who lives behind one door, masked.
package struct ShowHousehold: Query {
  package struct Answer: Codable, Sendable {
    package let line: [Place]
    package let members: [ResidentCard]
  }

  package static let name = "residents.household"
  package static let duty: Duty = "residents.read"
  package static let purposes = Purpose.forResidents
  package let place: PlaceID

  package init(place: PlaceID) { self.place = place }

  package func area(in reading: Reading) -> Area { .place(place) }

  package func answer(in reading: Reading) throws -> Answer {
    let home = try PlacesStore(reading.transaction).get(place)
    var writer = try CardWriter(reading)
    let members = try ResidentsStore(reading.transaction).members(of: place)
    return Answer(
      line: try writer.line(to: home.path), members: try members.map { try writer.card($0) })
  }
}

/// A page of the people who live in an area, masked.
package struct ListResidents: Query {
  /// Which of them.
  package enum Which: String, Codable, CaseIterable, Sendable {
    case everybody
    case away
    case incomplete
    case needs

    var selection: ResidentsStore.Selection {
      switch self {
      case .everybody: .everybody
      case .away: .away
      case .incomplete: .incomplete
      case .needs: .withNeeds
      }
    }
  }

  package struct Answer: Codable, Sendable {
    package let residents: [ResidentCard]
    /// Where the next page begins, nil after the last.
    package let after: String?
  }

  package static let name = "residents.list"
  package static let duty: Duty = "residents.read"
  package static let purposes = Purpose.forResidents
  private static let page = 50

  package let place: PlaceID
  package let which: Which?
  /// Only those with this special need.
  package let tag: String?
  package let after: String?

  package init(
    place: PlaceID, which: Which? = nil, tag: String? = nil, after: String? = nil
  ) {
    self.place = place
    self.which = which
    self.tag = tag
    self.after = after
  }

  package func area(in reading: Reading) -> Area { .place(place) }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try PlacesStore(reading.transaction).get(place).path
    let found = try ResidentsStore(reading.transaction).living(
      in: path, selection(in: reading), after: try after.map(PageMark.init)?.position,
      limit: Self.page)
    var writer = try CardWriter(reading)
    return Answer(
      residents: try found.map { try writer.card($0) },
      after: found.count == Self.page ? found.last.map { PageMark($0).text } : nil)
  }

  private func selection(in reading: Reading) throws -> ResidentsStore.Selection {
    if let tag {
      let policy: RegistryPolicy = try reading.policy()
      guard let ages = policy.needsByAge[tag] else { return .withNeed(tag) }
      let births = ages.births(on: reading.today)
      return .withNeedByAge(tag, after: births.after, until: births.until)
    }
    return (which ?? .everybody).selection
  }
}

/// Where a page of a list by path and identifier ended: `1.1.2/P17`.
struct PageMark {
  let position: (path: PlacePath, id: PersonID)

  init(_ resident: Resident) { position = (resident.path, resident.id) }

  init(_ text: String) throws(Refusal) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw .malformed(
        "after", text, expected: Words("上一页给出的值", "what the page before has given"))
    }
    position = (PlacePath(String(parts[0])), PersonID(trusted: String(parts[1])))
  }

  var text: String { "\(position.path.text)/\(position.id)" }
}

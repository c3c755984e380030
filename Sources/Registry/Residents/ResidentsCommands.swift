import Gazette
import Kernel

/// Opens the file of a person at a known place: somebody who moved in, a newborn, a foreigner.
package struct EnrolResident: PreparedCommand {
  package struct Answer: Codable, Sendable {
    package let person: PersonID
    /// What the file still lacks.
    package let missing: [MissingDetail]
  }

  package static let name = "residents.enrol"
  package static let duty: Duty = "residents.manage"
  /// An identifier of the sender's own; a new one is made when there is none.
  package let person: PersonID?
  package let home: PlaceID
  package let form: PersonForm
  private var reading: PersonReading<Result<PersonDetails, Refusal>>?

  private enum CodingKeys: String, CodingKey {
    case person
    case home
  }

  package init(person: PersonID? = nil, home: PlaceID, form: PersonForm) {
    self.person = person
    self.home = home
    self.form = form
  }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    person = try fields.decodeIfPresent(PersonID.self, forKey: .person)
    home = try fields.decode(PlaceID.self, forKey: .home)
    form = try PersonForm(from: decoder)
  }

  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encodeIfPresent(person, forKey: .person)
    try fields.encode(home, forKey: .home)
    try form.encode(to: encoder)
  }

  package func area(in work: Work) -> Area { .place(home) }

  /// Reads the form.
  package func prepared(with preparation: Preparation) -> EnrolResident {
    var command = self
    command.reading = PersonReading(preparation) { ground, vault in
      ResidentsRules.signedDetails(form, on: ground, by: vault)
    }
    return command
  }

  package func perform(in work: Work) throws -> Answer {
    let files = try ResidentFiles(work)
    let place = try PlacesStore(work.transaction).get(home)
    let details =
      try reading?.said(on: work.today)?.get()
      ?? ResidentsRules.details(form, on: files.ground)
    guard details.name != nil else { throw Refusal.missing("name") }
    let id = try ResidentsRules.identifier(person ?? work.newID(), field: "person")
    // One that was just made is nobody's.
    guard try person == nil || files.store.find(id) == nil else {
      throw Refusal(
        .conflict, "person.known",
        Words(
          "人员编号 \(id) 已存在，请更新该档案或换一个编号",
          "There is a file \(id) already; update it or use another identifier"),
        field: "person")
    }
    try files.requireFree(details, for: id)
    let opened = try files.open(details, as: id, at: place)
    try work.record(
      ResidentEnrolled(person: id, home: place.id, incomplete: opened.isIncomplete))
    return Answer(
      person: id, missing: ResidentsRules.missing(in: opened, homeLevel: place.level))
  }
}

/// Completes or corrects a file. What the form leaves empty stays; what is to be erased is named.
package struct UpdateResident: Command {
  /// What can be erased without anything in its place.
  package enum Erasable: String, Codable, CaseIterable, Sendable {
    case phone
    case tags
    case registeredCode = "registered_code"
    case workPlace = "work_place"
  }

  package struct Answer: Codable, Sendable {
    /// The columns that changed.
    package let fields: [String]
    package let missing: [MissingDetail]
  }

  package static let name = "residents.update"
  package static let duty: Duty = "residents.manage"
  package let person: PersonID
  package let form: PersonForm
  package let erase: [Erasable]?

  private enum CodingKeys: String, CodingKey {
    case person
    case erase
  }

  package init(person: PersonID, form: PersonForm = PersonForm(), erase: [Erasable] = []) {
    self.person = person
    self.form = form
    self.erase = erase
  }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    person = try fields.decode(PersonID.self, forKey: .person)
    erase = try fields.decodeIfPresent([Erasable].self, forKey: .erase)
    form = try PersonForm(from: decoder)
  }

  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(person, forKey: .person)
    try fields.encodeIfPresent(erase, forKey: .erase)
    try form.encode(to: encoder)
  }

  package func area(in work: Work) throws -> Area {
    .path(try ResidentsStore(work.transaction).get(person).path)
  }

  package func perform(in work: Work) throws -> Answer {
    let files = try ResidentFiles(work)
    let resident = try files.store.live(person)
    let home = try PlacesStore(work.transaction).get(resident.home)
    let details = try ResidentsRules.details(form, on: files.ground)
    try files.requireFree(details, for: person)
    var revision = try files.revise(resident, with: details)
    for what in erase ?? [] { revision.erase(what, at: work.now) }
    let kept = revision.isEmpty ? resident : try files.keep(revision, homeLevel: home.level)
    if !revision.isEmpty {
      try work.record(
        ResidentRevised(
          person: person, fields: revision.fields, incomplete: kept.isIncomplete))
    }
    return Answer(
      fields: revision.fields,
      missing: ResidentsRules.missing(in: kept, homeLevel: home.level))
  }
}

/// Somebody lives behind another door from now on, went away, or came back.
package struct MoveResident: Command {
  package static let name = "residents.move"
  package static let duty: Duty = "residents.manage"
  package let person: PersonID
  /// The new home; nil when only the presence changes.
  package let to: PlaceID?
  /// Whether the person is away from the home; nil when only the home changes.
  package let away: Bool?

  package init(person: PersonID, to: PlaceID? = nil, away: Bool? = nil) {
    self.person = person
    self.to = to
    self.away = away
  }

  // Both ends are checked: otherwise anybody could pull a file into their own area and read it.
  package func area(in work: Work) throws -> Area {
    .path(try ResidentsStore(work.transaction).get(person).path)
  }

  package func perform(in work: Work) throws -> Done {
    let files = try ResidentFiles(work)
    let places = PlacesStore(work.transaction)
    let resident = try files.store.live(person)
    guard to != nil || away != nil else { throw Refusal.missing("to") }
    var home = try places.get(resident.home)
    var revision = ResidentFiles.Revision(resident: resident)
    if let to, to != resident.home {
      home = try places.get(to)
      try work.require(Self.duty, at: home.path)
      revision.move(to: home, at: work.now)
    }
    switch away {
    case true: revision.goAway(at: work.now)
    case false: revision.comeBack(at: work.now)
    case nil: break
    }
    if revision.isEmpty { return Done() }
    let kept = try files.keep(revision, homeLevel: home.level)
    try work.record(
      ResidentMoved(
        person: person, from: resident.home, to: kept.home, away: kept.isAway))
    return Done()
  }
}

extension ResidentFiles.Revision {
  /// Erases a column and keeps what it said in the history, where there is one.
  fileprivate mutating func erase(_ what: UpdateResident.Erasable, at now: Instant) {
    switch what {
    case .phone:
      if resident.phone == nil { return }
      resident.phone = nil
    case .tags:
      if resident.tags.isEmpty { return }
      resident.tags = []
    case .registeredCode:
      guard let before = resident.registered else { return }
      end(before, .registered, at: now)
      resident.registered = nil
    case .workPlace:
      guard let before = resident.workPlace else { return }
      end(before, .work, at: now)
      resident.workPlace = nil
    }
    fields.append(what.rawValue)
  }
}

extension ResidentsStore {
  /// A file that must be there and live.
  ///
  /// - Throws: a refusal that names the file it was merged into.
  package func live(_ id: PersonID, field: String = "person") throws -> Resident {
    let resident = try get(id, field: field)
    guard let survivor = resident.mergedInto else { return resident }
    throw Refusal(
      .conflict, "person.merged",
      Words(
        "档案 \(id) 已合并到 \(survivor)，请改用该编号",
        "The file \(id) was merged into \(survivor); use that one"),
      field: field)
  }
}

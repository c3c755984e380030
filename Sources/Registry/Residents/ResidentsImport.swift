import Gazette
import Kernel

/// Takes in rows of a file of residents with the estates, buildings, entrances and doors they name.
///
/// A new person is enrolled; a known one with something new is revised and counts as accepted; the
/// same again is a duplicate. An empty cell changes nothing.
package struct ImportResidents: PreparedCommand {
  package static let name = "residents.import"
  package static let duty: Duty = "residents.manage"
  package let rows: [Fields]
  /// Tells rows of one import from those of another.
  package let run: String?
  private var reading: PersonReading<[Result<ResidentsIntake.Line, Refusal>]>?

  private enum CodingKeys: CodingKey {
    case rows
    case run
  }

  package init(rows: [Fields], run: String?) {
    self.rows = rows
    self.run = run
  }

  package func area(in work: Work) -> Area { .eachChecked }

  /// Reads the rows.
  package func prepared(with preparation: Preparation) -> ImportResidents {
    var command = self
    command.reading = PersonReading(preparation, read)
    return command
  }

  private func read(
    on ground: ResidentsRules.Ground, by vault: Vault
  ) -> [Result<ResidentsIntake.Line, Refusal>] {
    rows.map { ResidentsIntake.read($0, on: ground, by: vault) }
  }

  package func perform(in work: Work) throws -> ImportAnswer {
    var intake = try ResidentsIntake(work)
    let lines = reading?.said(on: work.today) ?? read(on: intake.ground, by: work.vault)
    try intake.lookUp(lines.compactMap { try? $0.get() })
    var answer = ImportAnswer()
    for (row, line) in lines.enumerated() {
      do {
        switch try intake.take(line.get()) {
        case .accepted: answer.accepted += 1
        case .unchanged: answer.outcomes.append(.duplicate(row, Self.unchanged))
        case .samePerson(let other): answer.outcomes.append(.duplicate(row, .sameNumber(as: other)))
        }
      } catch let refusal as Refusal {
        answer.reject(row, refusal)
      }
    }
    try intake.keepOpened()
    if intake.hasChanges { try work.record(intake.fact(of: run)) }
    return answer
  }

  private static let unchanged = Refusal(
    .conflict, "resident.known",
    Words("人员已登记且无变化", "The person is registered and nothing has changed"))
}

/// What became of a row that was not refused.
enum IntakeOutcome {
  case accepted
  case unchanged
  /// Another file holds the same identity number and name.
  case samePerson(PersonID)
}

/// The rows of one import on their way into the register.
struct ResidentsIntake {
  /// A row that was understood.
  struct Line: Sendable {
    let person: PersonID?
    let details: PersonDetails
    /// Nil when a row about a known person names no community, as the export of somebody who was
    /// reported as a case with a district only: it says nothing of the home.
    let address: DoorAddress?
    /// The blind index of the identity number.
    var identity: String? { details.signs?.identity }
  }

  private let work: Work
  private let files: ResidentFiles
  private var book: AddressBook
  private var known: [PersonID: Resident] = [:]
  private var owners: [String: PersonID] = [:]
  private var enrolled: [PersonID] = []
  /// New files that are not kept yet: hundreds of one kind one after another are kept fastest.
  private var opened: [Resident] = []
  private var revised: [PersonID] = []

  init(_ work: Work) throws(Refusal) {
    self.work = work
    files = try ResidentFiles(work)
    book = AddressBook(work, buildingsPerGrid: files.ground.policy.buildingsPerGrid)
  }

  var hasChanges: Bool { !enrolled.isEmpty || !revised.isEmpty || book.made > 0 }

  func fact(of run: String?) -> ResidentsImported {
    ResidentsImported(run: run, enrolled: enrolled, revised: revised, places: book.made)
  }

  /// What rows are judged by.
  var ground: ResidentsRules.Ground { files.ground }

  /// What a row says.
  static func read(
    _ fields: Fields, on ground: ResidentsRules.Ground, by vault: Vault
  ) -> Result<Line, Refusal> {
    do throws(Refusal) {
      let row = try fields.decoded(ResidentRow.self, strict: false)
      let details = try ResidentsRules.signedDetails(row.form, on: ground, by: vault).get()
      var person: PersonID?
      if let id = row.person {
        person = try ResidentsRules.identifier(PersonID(id, field: "person"), field: "person")
      }
      return .success(
        Line(
          person: person, details: details,
          address: person != nil && row.communityCode == nil ? nil : try DoorAddress(row)))
    } catch {
      return .failure(error)
    }
  }

  /// Looks up at once who and which doors are in the register already.
  mutating func lookUp(_ lines: [Line]) throws {
    let store = files.store
    for resident in try store.find(Set(lines.compactMap(\.person))) { remember(resident) }
    for owner in try store.owners(ofIdentity: Set(lines.compactMap(\.identity))) {
      remember(owner)
    }
    try book.expect(households: Set(lines.compactMap(\.address?.household)))
  }

  /// Takes a row: enrols, revises, or finds that nothing is new.
  mutating func take(_ line: Line) throws -> IntakeOutcome {
    guard let address = line.address else {
      guard let resident = try find(line) else { throw Refusal.missing("community_code") }
      return try revise(resident, by: line)
    }
    let community = try book.community(address.communityCode)
    try work.require(ImportResidents.duty, at: community.path)
    if let resident = try find(line) { return try revise(resident, by: line) }
    if let owner = owner(of: line) { return try samePerson(owner, line) }
    let home = try book.place(address)
    let new = try files.newFile(line.details, as: line.person ?? work.newID(), at: home)
    opened.append(new)
    remember(new)
    enrolled.append(new.id)
    return .accepted
  }

  /// Keeps the files that were opened, before anything is asked of them.
  mutating func keepOpened() throws {
    for resident in opened {
      try files.store.insert(resident, initials: files.initials(of: resident))
    }
    opened = []
  }

  /// The file that a row is about: by its identifier; without one by the identity number, and
  /// without either by name, sex and day of birth behind the same door.
  private mutating func find(_ line: Line) throws -> Resident? {
    if let id = line.person {
      guard let resident = known[id], let survivor = resident.mergedInto else { return known[id] }
      return try files.store.current(survivor)
    }
    if line.identity != nil { return owner(of: line) }
    guard let name = line.details.name, let address = line.address,
      let home = try book.find(address)
    else { return nil }
    try keepOpened()
    return try files.store.members(of: home.id).first {
      $0.name?.revealed == name && $0.sex == line.details.sex
        && $0.birthDay == line.details.birthDay
    }
  }

  private func owner(of line: Line) -> Resident? {
    line.identity.flatMap { owners[$0] }.flatMap { known[$0] }
  }

  private func samePerson(_ owner: Resident, _ line: Line) throws -> IntakeOutcome {
    guard owner.name?.revealed == line.details.name else {
      throw Refusal.identityTaken(by: owner.id)
    }
    return .samePerson(owner.id)
  }

  private mutating func revise(_ resident: Resident, by line: Line) throws -> IntakeOutcome {
    try work.require(ImportResidents.duty, at: resident.path)
    try keepOpened()
    if let owner = owner(of: line), owner.id != resident.id {
      throw Refusal.identityTaken(by: owner.id)
    }
    let named = try line.address.map { try book.place($0) }
    // A row that names less of the address than is known says nothing against it.
    let home = named.flatMap { $0.path.holds(resident.path) ? nil : $0 }
    let revision = try files.revise(resident, with: line.details, at: home)
    if revision.isEmpty { return .unchanged }
    let level = try home?.level ?? homeLevel(of: resident)
    let kept = try files.keep(revision, homeLevel: level)
    remember(kept)
    if let from = revision.movedFrom {
      try work.record(
        ResidentMoved(person: kept.id, from: from, to: kept.home, away: kept.isAway))
    }
    revised.append(kept.id)
    return .accepted
  }

  private func homeLevel(of resident: Resident) throws -> PlaceLevel {
    try PlacesStore(work.transaction).get(resident.home).level
  }

  private mutating func remember(_ resident: Resident) {
    if let before = known[resident.id]?.identity?.index { owners[before] = nil }
    known[resident.id] = resident
    if let index = resident.identity?.index, resident.mergedInto == nil {
      owners[index] = resident.id
    }
  }
}

extension ImportAnswer.Outcome {
  fileprivate static func duplicate(_ row: Int, _ why: Refusal) -> ImportAnswer.Outcome {
    ImportAnswer.Outcome(
      row: row, verdict: .duplicate, code: why.code, field: why.field, words: why.words)
  }
}

extension Refusal {
  /// The same person stands in the register under another identifier.
  fileprivate static func sameNumber(as other: PersonID) -> Refusal {
    Refusal(
      .conflict, "identity.duplicate",
      Words(
        "同名同证件号的人员已登记为 \(other)，本行未采用；请改用该编号",
        "The same person is registered as \(other); the row was not taken, use that identifier"),
      field: "identity_number")
  }
}

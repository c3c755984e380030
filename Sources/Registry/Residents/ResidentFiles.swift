import Kernel

/// Opens and revises residents' files inside one command: seals what identifies people, keeps the
/// history of where they lived, and renews the time of keeping.
struct ResidentFiles {
  let work: Work
  let ground: ResidentsRules.Ground
  let store: ResidentsStore
  private let readings: PinyinInitials?

  init(_ work: Work) throws(Refusal) {
    self.work = work
    ground = ResidentsRules.Ground(
      policy: try work.policy(), areas: try work.rules.reference(), today: work.today)
    store = ResidentsStore(work.transaction)
    readings = try? work.rules.reference()
  }

  /// The initials by which a file is found.
  func initials(of resident: Resident) -> String {
    resident.name.flatMap { name in readings?.of(name.revealed) } ?? ""
  }

  /// What a revision did to a file.
  struct Revision {
    var resident: Resident
    /// The columns that changed, by name.
    var fields: [String] = []
    var former: [FormerResidence] = []
    /// The home before, when the person moved.
    var movedFrom: PlaceID?
  }

  /// Opens a file; nothing of it may be in the register yet.
  func open(_ details: PersonDetails, as id: PersonID, at home: Place) throws -> Resident {
    let resident = try newFile(details, as: id, at: home)
    try store.insert(resident, initials: initials(of: resident))
    return resident
  }

  /// A new file that is not kept yet.
  func newFile(_ details: PersonDetails, as id: PersonID, at home: Place) throws -> Resident {
    var resident = blank(id, at: home)
    resident.name = details.name.map { Redacted($0) }
    resident.sex = details.sex
    resident.birthDay = details.birthDay
    resident.identityKind = details.document?.kind
    let signs = details.signs ?? PersonSigns(of: details, by: work.vault)
    resident.identity = try seal(details.document, signs, for: id)
    resident.phone = try details.phone.map { try seal(phone: $0, signs, for: id) }
    resident.registered = details.registeredCode.map { Dated(value: $0, since: work.now) }
    resident.workPlace = details.workPlace.map { Dated(value: $0, since: work.now) }
    resident.tags = details.tags ?? []
    settle(&resident, homeLevel: home.level)
    return resident
  }

  /// Opens a file with a name at most, to be completed.
  func openIncomplete(_ id: PersonID, name: String?, sex: Sex?, at home: Place) throws -> Resident {
    var resident = blank(id, at: home)
    resident.name = name.map { Redacted($0) }
    resident.sex = sex
    settle(&resident, homeLevel: home.level)
    try store.insert(resident, initials: initials(of: resident))
    return resident
  }

  /// What a form and a home change in a file. What the form leaves empty stays as it is.
  func revise(
    _ resident: Resident, with details: PersonDetails, at home: Place? = nil
  ) throws -> Revision {
    try ResidentsRules.requireAgreement(details, with: resident)
    let signs = details.signs ?? PersonSigns(of: details, by: work.vault)
    var revision = Revision(resident: resident)
    revision.set(\.name, to: details.name.map { Redacted($0) }, "name")
    revision.set(\.sex, to: details.sex, "sex")
    revision.set(\.birthDay, to: details.birthDay, "birth_date")
    if let document = details.document, document.kind != IdentityKind.none {
      revision.set(\.identityKind, to: document.kind, "identity_kind")
      if resident.identity?.index != signs.identity {
        revision.set(\.identity, to: try seal(document, signs, for: resident.id), "identity_number")
      }
    } else if resident.identityKind == nil, details.document != nil {
      revision.set(\.identityKind, to: IdentityKind.none, "identity_kind")
    }
    if let phone = details.phone, resident.phone?.index != signs.phone {
      revision.set(\.phone, to: try seal(phone: phone, signs, for: resident.id), "phone")
    }
    revision.date(
      \.registered, to: details.registeredCode, .registered, "registered_code", at: work.now)
    revision.date(\.workPlace, to: details.workPlace, .work, "work_place", at: work.now)
    if let tags = details.tags, tags != resident.tags {
      revision.resident.tags = tags
      revision.fields.append("tags")
    }
    if let home, home.id != resident.home { revision.move(to: home, at: work.now) }
    return revision
  }

  /// Writes a revision down.
  func keep(_ revision: Revision, homeLevel: PlaceLevel) throws -> Resident {
    var resident = revision.resident
    settle(&resident, homeLevel: homeLevel)
    try store.update(resident, initials: initials(of: resident))
    let residences = ResidencesStore(work.transaction)
    for former in revision.former { try residences.keep(former) }
    return resident
  }

  /// Checks that no other live file holds the document that a form names.
  ///
  /// - Throws: a refusal that names the other file and the remedy, never the number.
  func requireFree(_ details: PersonDetails, for id: PersonID) throws {
    guard let index = details.signs?.identity ?? details.document.flatMap(work.vault.identityIndex),
      let owner = try store.owners(ofIdentity: [index]).first, owner.id != id
    else { return }
    throw Refusal.identityTaken(by: owner.id)
  }

  private func blank(_ id: PersonID, at home: Place) -> Resident {
    Resident(
      id: id, home: home.id, path: home.path, homeSince: work.now, tags: [], isIncomplete: true,
      openedAt: work.now, retention: .temporary, keepUntil: work.today)
  }

  private func settle(_ resident: inout Resident, homeLevel: PlaceLevel) {
    let missing = ResidentsRules.missing(in: resident, homeLevel: homeLevel)
    resident.isIncomplete = !missing.isEmpty
    resident.retention = missing.isEmpty ? .resident : .temporary
    resident.keepUntil = ground.policy.keepUntil(resident.retention, from: work.today)
  }

  private func seal(
    _ document: IdentityDocument?, _ signs: PersonSigns, for id: PersonID
  ) throws -> Sealed? {
    guard let number = document?.revealed, let index = signs.identity else { return nil }
    return Sealed(
      bytes: try work.vault.lock(number, place: Vault.identityPlace(of: id)), index: index,
      tail: signs.identityTail)
  }

  private func seal(phone: String, _ signs: PersonSigns, for id: PersonID) throws -> Sealed {
    Sealed(
      bytes: try work.vault.lock(phone, place: Vault.phonePlace(of: id)),
      index: signs.phone ?? work.vault.phoneIndex(of: phone), tail: signs.phoneTail)
  }
}

extension ResidentFiles.Revision {
  var isEmpty: Bool { fields.isEmpty }

  mutating func set<Value: Equatable>(
    _ path: WritableKeyPath<Resident, Value?>, to value: Value?, _ field: String
  ) {
    guard let value, resident[keyPath: path] != value else { return }
    resident[keyPath: path] = value
    fields.append(field)
  }

  mutating func date(
    _ path: WritableKeyPath<Resident, Dated<String>?>, to value: String?,
    _ kind: FormerResidence.Kind, _ field: String, at now: Instant
  ) {
    let before = resident[keyPath: path]
    guard let value, before?.value != value else { return }
    if let before { end(before, kind, at: now) }
    resident[keyPath: path] = Dated(value: value, since: now)
    fields.append(field)
  }

  /// Keeps what held until now in the history.
  mutating func end(_ before: Dated<String>, _ kind: FormerResidence.Kind, at now: Instant) {
    former.append(
      FormerResidence(
        person: resident.id, kind: kind, value: before.value, path: nil, from: before.since,
        until: now))
  }

  /// Notes another home; whoever was away has come to it.
  mutating func move(to home: Place, at now: Instant) {
    former.append(
      FormerResidence(
        person: resident.id, kind: .home, value: resident.home.text, path: resident.path,
        from: resident.homeSince, until: now))
    movedFrom = resident.home
    resident.home = home.id
    resident.path = home.path
    resident.homeSince = now
    fields.append("home")
    comeBack(at: now)
  }

  mutating func goAway(at now: Instant) {
    guard resident.awaySince == nil else { return }
    resident.awaySince = now
    fields.append("away")
  }

  mutating func comeBack(at now: Instant) {
    guard let since = resident.awaySince else { return }
    former.append(
      FormerResidence(
        person: resident.id, kind: .away, value: "", path: nil, from: since, until: now))
    resident.awaySince = nil
    fields.append("away")
  }
}

extension Resident {
  /// The number of the identity document, opened; nil for somebody who has none. Whoever shows it to
  /// others notes that it was read.
  package func documentNumber(by vault: Vault) throws -> String? {
    try identity.map { try vault.unlock($0.bytes, place: Vault.identityPlace(of: id)) }
  }
}

extension Vault {
  /// Where an identity number stands, so that it opens nowhere else.
  static func identityPlace(of person: PersonID) -> String { "person/identity_sealed/\(person)" }

  /// Where a telephone number stands.
  static func phonePlace(of person: PersonID) -> String { "person/phone_sealed/\(person)" }

  /// The blind index of a document, nil without a number. The kind is part of it: a passport and a
  /// permit may carry the same characters.
  package func identityIndex(of document: IdentityDocument) -> String? {
    document.revealed.map { index("\(document.kind.rawValue)|\($0)", kind: "identity") }
  }

  /// Of what the last signs are asked for.
  enum TailKind: String {
    case phone = "phone tail"
    case identity = "identity tail"
  }

  /// How many signs are asked for at a door or printed on a slip.
  static let tailLength = 4

  /// The blind index of a number's last four signs, nil when it has fewer.
  func tailIndex(of number: String, kind: TailKind) -> String? {
    guard number.count >= Self.tailLength else { return nil }
    return index(String(number.suffix(Self.tailLength)).uppercased(), kind: kind.rawValue)
  }

  /// The blind index of a telephone number in digits.
  package func phoneIndex(of phone: String) -> String { index(phone, kind: "phone") }
}

extension Refusal {
  /// Another live file holds the identity number.
  static func identityTaken(by owner: PersonID) -> Refusal {
    Refusal(
      .conflict, "identity.taken",
      Words(
        "该证件号码已登记在人员 \(owner) 名下；若为同一人，请改用该编号或合并档案，否则请核对号码",
        "This identity number is on the file of \(owner); if it is the same person use that "
          + "identifier or merge the files, otherwise check the number"),
      field: "identity_number")
  }
}

import Kernel

/// Finds people by what is on paper: number, name or its initials, the last four signs of a telephone
/// or an identity number, and a door; several words narrow each other down. Whoever is shown, with
/// stars, sees that they were.
enum PeopleFinder {
  static let finder = Finder(
    "people", Words("人", "People"), duty: FindResidents.duty, order: 10
  ) { wanted, limit, reading in
    guard Purpose.forResidents.contains(reading.purpose) else { return [] }
    return try PeopleSearch(wanted, reading: reading).found(limit: limit)
  }
}

/// One search for people.
private struct PeopleSearch {
  /// How many are looked at for one word before the others narrow them down.
  private static let candidates = 400

  private let reading: Reading
  private let store: ResidentsStore
  private let places: PlacesStore
  private let words: [FindingWord]
  private let readings: PinyinInitials?

  init(_ wanted: Finder.Wanted, reading: Reading) {
    self.reading = reading
    store = ResidentsStore(reading.transaction)
    places = PlacesStore(reading.transaction)
    readings = try? reading.rules.reference()
    words = wanted.words.map { FindingWord($0, vault: reading.vault) }.sorted { $0.rank < $1.rank }
  }

  func found(limit: Int) throws -> [Finder.Found] {
    for (index, word) in words.enumerated() {
      let others = words.enumerated().filter { $0.offset != index }.map(\.element)
      let people = try candidates(word).filter { person in
        try reading.authority.may(FindResidents.duty, at: person.path)
          && others.allSatisfy { try fits(person, $0) }
      }
      if !people.isEmpty { return try people.prefix(limit).map(shown) }
    }
    return []
  }

  private func shown(_ resident: Resident) throws -> Finder.Found {
    var writer = try CardWriter(reading)
    let card = try writer.card(resident)
    let about = [
      card.sex?.words(reading.language), card.age.map(String.init),
      try reading.address(of: resident.path),
    ]
    return Finder.Found(
      card.name ?? Words("姓名未知", "name unknown")(reading.language),
      about: about.compactMap(\.self).joined(separator: " · "),
      address: "/residents/\(resident.id.text)", person: resident.id)
  }

  /// Those whom one word finds by an index.
  private func candidates(_ word: FindingWord) throws -> [Resident] {
    var people: [Resident] = []
    if let id = try? PersonID(word.text), let one = try store.current(id) { people.append(one) }
    if word.isLong {
      people += try store.owners(ofIdentity: word.identities(in: reading))
    }
    for area in reading.authority.widestAreas(for: FindResidents.duty) {
      if let phone = word.phone {
        let index = reading.vault.phoneIndex(of: phone)
        people += try store.owners(ofPhone: index, in: area, limit: Self.candidates)
      }
      if let tails = word.tails {
        people += try store.ending(tails, in: area, limit: Self.candidates)
      }
      if word.isName {
        people += try store.named(startingWith: word.text, in: area, limit: Self.candidates)
      }
      if let initials = word.initials {
        people += try store.withInitials(initials, in: area, limit: Self.candidates)
      }
    }
    var seen: Set<PersonID> = []
    return people.filter { seen.insert($0.id).inserted }
  }

  /// Whether a word says something true of a person.
  private func fits(_ person: Resident, _ word: FindingWord) throws -> Bool {
    let name = person.name?.revealed ?? ""
    if word.isName, name.hasPrefix(word.text) { return true }
    if let initials = word.initials, readings?.of(name).hasPrefix(initials) == true { return true }
    if let tails = word.tails,
      person.identity?.tail == tails.identity
        || person.phone?.tail == tails.phone
    {
      return true
    }
    if let phone = word.phone, person.phone?.index == reading.vault.phoneIndex(of: phone) {
      return true
    }
    return try places.line(to: person.path).contains { $0.name.contains(word.text) }
  }
}

/// One word of a search for people, and what it may be.
private struct FindingWord {
  let text: String
  /// A telephone number in digits.
  let phone: String?
  /// The blind indices of four last signs.
  let tails: (identity: String, phone: String)?
  /// Two to four letters.
  let initials: String?
  /// Two signs or more that are no digits: the beginning of a name.
  let isName: Bool
  /// Long enough for an identity number.
  let isLong: Bool

  private static let initialsLength = 2...4
  private static let identityLength = 6

  init(_ text: String, vault: Vault) {
    self.text = text
    let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    let isDigits = text.utf8.allSatisfy(IdentityCheck.isDigit)
    phone = try? ResidentsRules.phone(text)
    let isTail =
      text.count == Vault.tailLength && isASCII
      && text.utf8.prefix(Vault.tailLength - 1).allSatisfy(IdentityCheck.isDigit)
    if isTail, let identity = vault.tailIndex(of: text, kind: .identity),
      let phone = vault.tailIndex(of: text, kind: .phone)
    {
      tails = (identity, phone)
    } else {
      tails = nil
    }
    let isLetters = isASCII && text.allSatisfy(\.isLetter)
    initials =
      isLetters && Self.initialsLength.contains(text.count) ? text.lowercased() : nil
    isName = text.count >= 2 && !isDigits && (!isASCII || text.count > 4)
    isLong = isASCII && text.count >= Self.identityLength
  }

  /// The word that finds fewest comes first.
  var rank: Int {
    if isLong || phone != nil { return 0 }
    if tails != nil { return 1 }
    return isName ? 2 : 3
  }

  /// The blind indices that the word has as each kind of document.
  func identities(in reading: Reading) throws -> Set<String> {
    let areas: AreaCodes = try reading.rules.reference()
    return Set(
      IdentityKind.allCases.compactMap { kind in
        (try? IdentityDocument(kind, number: text, areas: areas, asOf: reading.today))
          .flatMap(reading.vault.identityIndex)
      })
  }
}

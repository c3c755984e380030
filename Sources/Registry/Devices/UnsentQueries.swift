import Kernel

/// What did not go in from the field and nobody has settled, the oldest first.
///
/// Whom it concerns sees that it was read. What names somebody is covered, unless it is read for a
/// purpose that needs the whole by an office that reveals people there: as with a resident's file.
package struct ListUnsent: Query {
  /// An entry and what it says.
  package struct Line: Codable, Sendable {
    package let entry: UnsentEntry
    /// In the words of the page on which it was done; nil when it cannot be read.
    package let words: String?
    /// Why it was refused, as the worker read it.
    package let why: String?
    /// The fields that were filled in.
    package let values: Fields
    /// Whom it concerns.
    package let person: PersonID?
    /// Whether something in the fields is covered.
    package let isCovered: Bool

    private enum CodingKeys: String, CodingKey {
      case entry
      case words
      case why
      case values
      case person
      case isCovered = "is_covered"
    }
  }

  package static let name = "devices.unsent"
  package static let duty: Duty = ListDevices.duty
  package static let purposes: [Purpose] = [.supervision, .fieldwork, .registry]
  /// The most that stand on one page.
  static let most = 500

  package let place: PlaceID?

  package init(place: PlaceID? = nil) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .eachChecked }

  package func answer(in reading: Reading) throws -> [Line] {
    let store = UnsentStore(reading.transaction)
    let entries = try reading.supervised(place).flatMap { path in
      try store.open(inside: path, limit: Self.most)
    }.sorted { ($0.reportedAt, $0.id) < ($1.reportedAt, $1.id) }.prefix(Self.most)
    let sealed = try store.contents(of: entries.map(\.id))
    let obligations = try ObligationStore(reading.transaction).find(
      Set(entries.compactMap(\.subject).map { ObligationID(trusted: $0) }))
    let lines = try entries.map { entry in
      let content = try sealed[entry.id].flatMap { try Self.content(entry, $0, reading) }
      let subject = entry.subject.map { ObligationID(trusted: $0) }
      return try line(
        entry, content, of: subject.flatMap { obligations[$0]?.person }, reading)
    }
    for person in lines.compactMap(\.person) { reading.disclose(person) }
    return lines
  }

  private static func content(
    _ entry: UnsentEntry, _ sealed: [UInt8], _ reading: Reading
  ) throws -> EntryContent? {
    let text = try reading.vault.unlock(sealed, place: Work.contentPlace(entry.id))
    return try? Fields.json(Array(text.utf8)).decoded(EntryContent.self, strict: false)
  }

  private func line(
    _ entry: UnsentEntry, _ content: EntryContent?, of person: PersonID?, _ reading: Reading
  ) throws -> Line {
    let said = content?.form ?? content?.command ?? .null
    let mayReveal =
      RevealResident.purposes.contains(reading.purpose)
      && reading.authority.may(RevealResident.duty, at: entry.path)
    let shown = mayReveal ? said : PersonalFields.covered(said)
    let words = content?.words.map { mayReveal ? $0 : PersonalFields.covered($0, of: said) }
    let residents = ResidentsStore(reading.transaction)
    return Line(
      entry: entry, words: words, why: content?.why, values: shown,
      person: try person.map { try residents.current($0)?.id ?? $0 },
      isCovered: shown != said || words != content?.words)
  }
}

/// The fields of a form at a door that name somebody, and how they look covered.
enum PersonalFields {
  /// What was filled in, with what names somebody covered.
  static func covered(_ fields: Fields) -> Fields {
    switch fields {
    case .object(let members):
      .object(
        members.reduce(into: [:]) { covered, member in
          covered[member.key] = Self.covered(member.value, in: member.key)
        })
    case .list(let parts): .list(parts.map { Self.covered($0) })
    case .text(let text): .text(Self.covered(text))
    case .null, .flag, .integer, .real: fields
    }
  }

  /// The words of a page, in which the phone repeats what was filled in.
  static func covered(_ words: String, of fields: Fields) -> String {
    guard case .object(let members) = fields else { return covered(words) }
    let hidden = members.compactMap { name, value -> (plain: String, covered: String)? in
      guard case .text(let plain) = value, !plain.isEmpty,
        case .text(let text) = covered(value, in: name), text != plain
      else { return nil }
      return (plain, text)
    }
    // The longest first: a short one may stand inside another.
    let ordered = hidden.sorted { ($1.plain.count, $0.plain) < ($0.plain.count, $1.plain) }
    return covered(
      ordered.reduce(words) { said, one in said.replacing(one.plain, with: one.covered) })
  }

  /// Words in which an identity or a telephone number stands are covered whole.
  static func covered(_ words: String) -> String {
    PersonalNumbers.isIn(words) ? wholly : words
  }

  private static let wholly = "＊＊＊"
  private static let birthYear = 4

  private static func covered(_ value: Fields, in field: String) -> Fields {
    guard case .text(let text) = value, !text.isEmpty else { return covered(value) }
    // The fields of a form stand flat, with the path to them in their name.
    switch field.split(separator: ".").last {
    case "name": return .text(Mask.name(text))
    case "phone": return .text(Mask.phone(text))
    case "identity_number": return .text(Mask.identity(text))
    case "birth_date": return .text(text.prefix(birthYear) + wholly)
    default: return .text(covered(text))
    }
  }
}

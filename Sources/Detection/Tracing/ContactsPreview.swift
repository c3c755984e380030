import Gazette
import Kernel
import Registry

/// What confirming all that wait for a case would mean, before anybody does it.
package struct PreviewContacts: Query {
  package struct Answer: Codable, Sendable {
    /// Those who would be confirmed, to be sent to `contacts.confirm` as they stand.
    package let contacts: [ContactID]
    package let byKind: [String: Int]
    /// How many live in each community, or in the nearest place known.
    package let byHome: [String: Int]
    /// How many of them have no file yet; one is opened for each.
    package let unknownToRegistry: Int
    /// How many more people the sender may confirm alone now.
    package let leftAlone: Int
    /// Whether confirming all of them waits for a second person of another organisation.
    package let needsSecondPerson: Bool
    /// How many are left out because they rest on the asker's own word: another confirms those.
    package let needAnother: Int
  }

  package static let name = "contacts.preview"
  package static let duty: Duty = "contacts.decide"
  package static let purposes: [Purpose] = [.investigation, .supervision]
  package let infection: CaseID
  package let kind: ContactKind?

  package init(infection: CaseID, kind: ContactKind? = nil) {
    self.infection = infection
    self.kind = kind
  }

  package func area(in reading: Reading) throws -> Area {
    .path(try InvestigationStore(reading.transaction).get(infection).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let store = ContactsStore(reading.transaction)
    let waiting = try store.ofCase(infection)
      .filter { $0.state == .proposed || $0.needsReview }
      .filter { kind == nil || $0.kind == kind }
    let account = reading.authority.sender.text
    let limit = try reading.policy(ContactsPolicy.self).confirmedAlone
    let before = try ContactRequestsStore(reading.transaction).confirmedAlone(
      by: account, since: reading.now - .hours(limit.hours))
    let needsSecondPerson = before.union(waiting.map(\.person)).count > limit.people
    // A second person decides on the asker's own word as well.
    let exposures =
      needsSecondPerson
      ? [:]
      : try InvestigationStore(reading.transaction).credible(
        store.exposures(of: waiting.map(\.id)))
    let contacts =
      needsSecondPerson
      ? waiting
      : waiting.filter {
        !ContactsRules.isOwnWord(of: account, $0, exposures[$0.id] ?? [])
      }
    let files = try ResidentsStore(reading.transaction).current(Set(contacts.map(\.person)))
    var communities = CommunitiesAbove(reading.transaction)
    var byKind: [String: Int] = [:]
    var byHome: [String: Int] = [:]
    var unknown = 0
    for contact in contacts {
      reading.disclose(files[contact.person]?.id ?? contact.person)
      byKind[contact.kind.rawValue, default: 0] += 1
      let home = try communities.holding(contact.path) ?? contact.home
      byHome[home.text, default: 0] += 1
      if files[contact.person] == nil { unknown += 1 }
    }
    return Answer(
      contacts: contacts.map(\.id), byKind: byKind, byHome: byHome, unknownToRegistry: unknown,
      leftAlone: max(0, limit.people - before.count),
      needsSecondPerson: needsSecondPerson, needAnother: waiting.count - contacts.count)
  }
}

/// The communities in which places lie, each looked up once: thousands of contacts live in some dozens.
private struct CommunitiesAbove {
  private let places: PlacesStore
  private var known: [PlacePath: PlaceID?] = [:]

  init(_ transaction: any Transaction) { places = PlacesStore(transaction) }

  /// The community of a place, or the nearest one above it that is known.
  mutating func holding(_ path: PlacePath) throws -> PlaceID? {
    // No community stands deeper than its level, and nothing below one is a community.
    let line = Array(([path] + path.ancestors).reversed())
    let nearest = line.prefix(PlaceLevel.community.depth + 1).last ?? path
    if let found = known[nearest] { return found }
    let found = try places.line(to: nearest).last { $0.level.depth <= PlaceLevel.community.depth }
    known[nearest] = .some(found?.id)
    return found?.id
  }
}

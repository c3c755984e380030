import Kernel
import Registry

/// What is known of many people before their contacts are opened, asked all at once.
struct ContactsKnown {
  private let files: [PersonID: Resident]
  private let contacts: [PersonID: [Contact]]
  private let cases: Set<PersonID>

  init(of people: Set<PersonID>, in transaction: any Transaction) throws {
    let residents = ResidentsStore(transaction)
    files = try residents.current(people)
    // Every identifier under which each of them may stand somewhere.
    let live = Set(people.map { [files] in files[$0]?.id ?? $0 })
    let merged = try residents.identifiers(of: live)
    let all = Set(merged.values.flatMap(\.self)).union(people)
    let found = Dictionary(grouping: try ContactsStore(transaction).all(of: all), by: \.person)
    let infected = try InvestigationStore(transaction).cases(among: all)
    var contacts: [PersonID: [Contact]] = [:]
    var cases: Set<PersonID> = []
    for person in people {
      let own = merged[files[person]?.id ?? person] ?? [person]
      contacts[person] = own.flatMap { found[$0] ?? [] }
        .sorted { ($1.proposedAt, $1.id) < ($0.proposedAt, $0.id) }
      if !infected.isDisjoint(with: own) { cases.insert(person) }
    }
    self.contacts = contacts
    self.cases = cases
  }

  /// The live file of a person; nil when the registry has none.
  func file(of person: PersonID) -> Resident? { files[person] }

  /// Whether a person is a case.
  func isCase(_ person: PersonID) -> Bool { cases.contains(person) }

  /// Every contact that a person was or is by any identifier, the latest first.
  func contacts(of person: PersonID) -> [Contact] { contacts[person] ?? [] }

  /// The contact that a person is now: that of the identifier itself, otherwise that of another file
  /// of the same person.
  func live(_ person: PersonID) -> Contact? {
    let live = contacts(of: person).filter(\.state.isLive)
    return live.first { $0.person == person } ?? live.first { $0.state == .confirmed }
      ?? live.first
  }
}

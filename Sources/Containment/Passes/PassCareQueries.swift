import Kernel
import Registry

/// Who shows whose code, for the offices that answer for them.
package struct ShowPassCare: Query {
  /// Somebody at the other side.
  package struct Person: Codable, Sendable {
    package let person: PersonID
    /// Masked.
    package let name: String?
    package let since: Instant
    package let consent: Bool
  }

  package struct Answer: Codable, Sendable {
    package let home: PlaceID
    /// Those whose codes this person shows.
    package let shows: [Person]
    /// Those who show this person's code.
    package let shownBy: [Person]
  }

  package static let name = "passes.care"
  package static let duty: Duty = IssuePass.duty
  package static let purposes: [Purpose] = IssuePass.purposes
  package let person: PersonID

  package init(person: PersonID) { self.person = person }

  package func area(in reading: Reading) throws -> Area {
    .path(try ResidentsStore(reading.transaction).survivor(of: person).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let residents = ResidentsStore(reading.transaction)
    let own = try residents.survivor(of: person)
    reading.disclose(own.id)
    let files = try residents.identifiers(of: own.id)
    let store = PassesStore(reading.transaction)
    func other(_ id: PersonID, _ care: PassesStore.Care) throws -> Person {
      let resident = try residents.current(id)
      if let resident { reading.disclose(resident.id) }
      return Person(
        person: resident?.id ?? id, name: resident?.name.map { Mask.name($0.revealed) },
        since: care.since, consent: care.consent)
    }
    return Answer(
      home: own.home, shows: try store.caredFor(by: files).map { try other($0.person, $0) },
      shownBy: try store.carers(of: files).map { try other($0.carer, $0) })
  }
}

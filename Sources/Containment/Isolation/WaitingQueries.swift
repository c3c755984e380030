import Kernel
import Registry

/// Who is to be moved to a site and for whom no room was asked yet, the most urgent first.
package struct ListWaiting: Query {
  /// Somebody who waits.
  package struct Entry: Codable, Sendable {
    package let person: PersonID
    package let name: String
    package let deadline: Instant
    package let needs: [String]
  }

  package struct Answer: Codable, Sendable {
    package let waiting: [Entry]
  }

  package static let name = "isolation.waiting"
  package static let duty: Duty = AskTransfer.duty
  package static let purposes: [Purpose] = [.containment, .fieldwork, .supervision]
  private static let most = 200
  package let place: PlaceID?

  package init(place: PlaceID? = nil) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let owed = try ObligationStore(reading.transaction).owed(
      in: path ?? .everywhere, filter: ObligationFilter(kind: RestrictionDuties.transfer.name),
      after: nil, limit: Self.most)
    let registry = try reading.policy(RegistryPolicy.self)
    let entries = try owed.compactMap { obligation -> Entry? in
      guard let person = obligation.person,
        let resident = try ResidentsStore(reading.transaction).current(person),
        try StaysStore(reading.transaction).running(of: resident.id).isEmpty
      else { return nil }
      reading.disclose(resident.id)
      return Entry(
        person: resident.id, name: resident.name.map { Mask.name($0.revealed) } ?? "",
        deadline: obligation.deadline,
        needs: registry.needs(of: resident, on: reading.today))
    }
    return Answer(waiting: entries)
  }
}

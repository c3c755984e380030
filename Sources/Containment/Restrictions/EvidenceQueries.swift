import Kernel
import Registry

/// What is known of a person and may be cited when a restriction is asked for: each with its number.
package struct EvidenceOfPerson: Query {
  /// One piece of evidence.
  package struct Piece: Codable, Sendable {
    package let kind: EvidenceKind
    package let reference: String
    /// From when a clause counts.
    package let countedFrom: Instant

    private enum CodingKeys: String, CodingKey {
      case kind
      case reference
      case countedFrom = "counted_from"
    }
  }

  package struct Answer: Codable, Sendable {
    package let evidence: [Piece]
  }

  package static let name = "restrictions.evidence"
  package static let duty: Duty = IssueRestriction.duty
  package static let purposes: [Purpose] = [.containment, .investigation]
  package let person: PersonID

  package init(person: PersonID) { self.person = person }

  package func area(in reading: Reading) throws -> Area {
    .path(try ResidentsStore(reading.transaction).survivor(of: person).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let resident = try ResidentsStore(reading.transaction).survivor(of: person)
    reading.disclose(resident.id)
    let people = try ResidentsStore(reading.transaction).identifiers(of: resident.id)
    let standing = try EvidenceStore(reading.transaction).standing(about: people)
    return Answer(
      evidence: standing.map {
        Piece(
          kind: $0.evidence.kind, reference: $0.evidence.reference, countedFrom: $0.countedFrom)
      })
  }
}

import Kernel
import Registry

/// A code's colour and everything that explains it: no colour without rule, reason, unit and end
/// (RULES 8).
package struct CodeColourAnswer: Codable, Sendable {
  package let person: PersonID
  package let colour: CodeColour
  /// The restriction that decides it; nil when green.
  package let restriction: RestrictionID?
  package let clause: String?
  package let edition: String?
  package let reason: Words?
  /// The account that decided, or `rules`.
  package let issuer: String?
  package let end: Instant?
  package let asOf: Instant
}

/// The colour of a person's code, for the offices that answer for them.
package struct CodeColourOfPerson: Query {
  package static let name = "code.colour"
  package static let duty: Duty = "restrictions.read"
  package static let purposes: [Purpose] = [.containment, .fieldwork, .objection]
  package let person: PersonID

  package init(person: PersonID) { self.person = person }

  package func area(in reading: Reading) throws -> Area {
    .path(try ResidentsStore(reading.transaction).survivor(of: person).path)
  }

  package func answer(in reading: Reading) throws -> CodeColourAnswer {
    let resident = try ResidentsStore(reading.transaction).survivor(of: person)
    reading.disclose(resident.id)
    return try reading.codeColour(of: resident.id)
  }
}

/// The colour of my code.
package struct OwnCodeColour: Query {
  package static let name = "code.own"
  package static let duty: Duty = .ownFile
  package static let purposes: [Purpose] = [.ownFile]

  package init() {}

  package func area(in reading: Reading) -> Area { .own }

  package func answer(in reading: Reading) throws -> CodeColourAnswer {
    try reading.codeColour(of: reading.requireResident())
  }
}

extension Reading {
  fileprivate func codeColour(of person: PersonID) throws -> CodeColourAnswer {
    let standing = try passes.standing(of: person)
    guard let restriction = standing.restriction else {
      return CodeColourAnswer(
        person: person, colour: .green, restriction: nil, clause: nil, edition: nil, reason: nil,
        issuer: nil, end: nil, asOf: now)
    }
    return CodeColourAnswer(
      person: person, colour: standing.colour, restriction: restriction.id,
      clause: restriction.clause,
      edition: restriction.edition, reason: rules.clause(of: restriction)?.words,
      issuer: restriction.issuer, end: restriction.end, asOf: now)
  }
}

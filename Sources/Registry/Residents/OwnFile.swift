import Kernel

/// A resident's own file, opened with a slip. Masked: paper passes through other hands.
package struct ShowOwnFile: Query {
  package static let name = "residents.own"
  package static let duty: Duty = .ownFile
  package static let purposes: [Purpose] = [.ownFile]

  package init() {}

  package func area(in reading: Reading) -> Area { .own }

  package func answer(in reading: Reading) throws -> ShowResident.Answer {
    try ShowResident.answer(reading.ownResident(), revealed: false, in: reading)
  }
}

/// One look at a person's data, as that person reads it.
package struct DisclosureLine: Codable, Sendable {
  package let at: Instant
  /// The offices that the sender held then, themself or for a colleague; empty for the clock and for the person themself.
  package let offices: [OfficeHeld]
  package let purpose: Purpose
  package let question: String
  /// Whether it was a list or an export of a whole area.
  package let isList: Bool

  /// An office that the sender held when they looked.
  package struct OfficeHeld: Codable, Sendable {
    package let title: Words
    package let place: String
  }
}

/// Who looked at the resident's own file, for what, and when (PROMISES 1).
package struct ListOwnDisclosures: Query {
  package struct Answer: Codable, Sendable {
    package let disclosures: [DisclosureLine]
  }

  package static let name = "residents.ownDisclosures"
  package static let duty: Duty = .ownFile
  package static let purposes: [Purpose] = [.ownFile]

  package init() {}

  package func area(in reading: Reading) -> Area { .own }

  package func answer(in reading: Reading) throws -> Answer {
    Answer(disclosures: try reading.disclosures(about: reading.ownResident()))
  }
}

/// Who looked at a person's file, for an office that answers for it: people without a telephone
/// ask at a counter.
package struct ListDisclosures: Query {
  package static let name = "residents.disclosures"
  package static let duty: Duty = "residents.audit"
  package static let purposes: [Purpose] = [.audit, .objection, .supervision]
  package let person: PersonID

  package init(person: PersonID) { self.person = person }

  package func area(in reading: Reading) throws -> Area {
    .path(try ResidentsStore(reading.transaction).get(person).path)
  }

  package func answer(in reading: Reading) throws -> ListOwnDisclosures.Answer {
    let resident = try ResidentsStore(reading.transaction).live(person)
    return ListOwnDisclosures.Answer(disclosures: try reading.disclosures(about: resident))
  }
}

extension Reading {
  /// How many looks are shown at most.
  private static let mostDisclosures = 200

  /// The file of the resident who asks.
  fileprivate func ownResident() throws -> Resident {
    guard case .resident(let person) = authority.sender,
      let resident = try ResidentsStore(transaction).current(person)
    else {
      throw Refusal(
        .unknownSender, "slip.invalid",
        Words(
          "请用纸条上的地址打开，或到社区补领", "Open the address on your slip, or get a new one at the community"))
    }
    return resident
  }

  fileprivate func disclosures(about resident: Resident) throws -> [DisclosureLine] {
    let roles = try policy(OfficesPolicy.self).roles
    let offices = PastOfficesStore(transaction, try policy(ShiftsPolicy.self))
    let places = PlacesStore(transaction)
    // Looks at a file before it was merged were looks at this person, too.
    let looks = try DisclosureStore(transaction).about(
      ResidentsStore(transaction).identifiers(of: resident.id), livingAt: resident.path,
      limit: Self.mostDisclosures)
    return try looks.map { look in
      let held = try offices.seats(of: AccountID(trusted: look.sender), at: look.at)
      return DisclosureLine(
        at: look.at,
        offices: try held.map { office in
          DisclosureLine.OfficeHeld(
            title: roles[office.role]?.title ?? Words(office.role, office.role),
            place: try places.find(office.place)?.name ?? "")
        },
        purpose: look.purpose, question: look.question, isList: look.isList)
    }
  }
}

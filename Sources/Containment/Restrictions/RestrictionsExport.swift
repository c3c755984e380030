import Kernel
import Registry

/// The restrictions of an area as the page lists them, for a spreadsheet: people by number and with
/// stars.
package struct ExportRestrictions: Query {
  package static let name = "restrictions.export"
  package static let urgency = Urgency.export
  package static let duty: Duty = ListRestrictions.duty
  package static let purposes: [Purpose] = ListRestrictions.purposes
  package static let columns = [
    "restriction", "person", "name", "kind", "clause", "policy", "home", "day", "days", "end",
    "end_reason",
  ]
  private static let page = 1_000

  package let place: PlaceID?
  package let state: RestrictionState?
  package let clause: String?
  package let after: String?

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> ExportAnswer {
    let answer = try reading.ask(
      ListRestrictions(
        place: place, state: state, clause: clause, after: after, limit: Self.page))
    let rows = try answer.restrictions.map { entry in
      [
        entry.restriction.text, entry.person.text, entry.name, entry.kind.rawValue, entry.clause,
        entry.edition,
        try reading.jurisdiction.path(entry.place, reading.transaction)
          .map { try reading.address(of: $0) } ?? "", String(entry.day), String(entry.days),
        entry.end.text(in: reading.zone), entry.endReason?.rawValue ?? "",
      ]
    }
    return ExportAnswer(rows: rows, after: answer.after)
  }
}

/// Finds a restriction by its number. Whose it is says something of a person: a purpose for which
/// restrictions are listed must be stated, and the person sees that it was found.
enum RestrictionsFinder {
  static let finder = Finder(
    "restrictions", Words("管控", "Restrictions"), duty: ListRestrictions.duty, order: 45
  ) { wanted, _, reading in
    let id = RestrictionID(trusted: wanted.text.lowercased())
    guard ListRestrictions.purposes.contains(reading.purpose),
      let found = try RestrictionsStore(reading.transaction).find(id),
      reading.authority.may(ListRestrictions.duty, at: found.path)
    else { return [] }
    let person = try reading.livePerson(found.person)
    reading.disclose(person)
    return [
      Finder.Found(
        found.kind.words(reading.language), about: found.id.text,
        address: "/restrictions/of/\(person.text)", person: person)
    ]
  }
}

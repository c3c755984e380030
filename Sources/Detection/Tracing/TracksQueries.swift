import Kernel

/// Tracks from which no day could be read, for somebody to find out.
package struct ListLeads: Query {
  /// One track, as it was printed.
  package struct Lead: Codable, Sendable {
    package let person: PersonID
    package let sequence: Int
    package let time: String
    package let event: String
    package let transport: String
    package let places: [String]
    package let description: String
  }

  package struct Answer: Codable, Sendable {
    package let leads: [Lead]
    package let after: String?
  }

  package static let name = "tracks.leads"
  package static let duty: Duty = "visits.read"
  package static let purposes: [Purpose] = [.investigation, .supervision]
  package let after: String?

  package init(after: String? = nil) { self.after = after }

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    let parts = after?.split(separator: "\t") ?? []
    let cursor =
      parts.count == 2
      ? Int(parts[1]).map { (person: String(parts[0]), sequence: $0) } : nil
    let limit = 200
    let leads = try TracksStore(reading.transaction).leads(after: cursor, limit: limit)
    for lead in leads { reading.disclose(lead.person) }
    return Answer(
      leads: leads.map {
        Lead(
          person: $0.person, sequence: $0.sequence, time: $0.time, event: $0.event,
          transport: $0.transport, places: TracksRules.places($0.places),
          description: $0.description)
      },
      after: leads.count == limit
        ? leads.last.map { "\($0.person.text)\t\($0.sequence)" } : nil)
  }
}

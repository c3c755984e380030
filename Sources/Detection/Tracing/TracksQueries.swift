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
    let limit = 200
    let leads = try TracksStore(reading.transaction).leads(
      after: TrackCursor.read(after), limit: limit)
    for lead in leads { reading.disclose(lead.person) }
    return Answer(
      leads: leads.map {
        Lead(
          person: $0.person, sequence: $0.sequence, time: $0.time, event: $0.event,
          transport: $0.transport, places: TracksRules.places($0.places),
          description: $0.description)
      },
      after: leads.count == limit ? leads.last.map(TrackCursor.text) : nil)
  }
}

/// All tracks as they were printed, leads among them, in the form in which they are imported.
package struct ExportTracks: Query {
  package static let name = "tracks.export"
  package static let urgency = Urgency.export
  package static let duty: Duty = "visits.read"
  package static let purposes: [Purpose] = [.exchange]
  private static let page = 2_000

  package let after: String?

  package func area(in reading: Reading) -> Area { .everywhere }

  package func answer(in reading: Reading) throws -> ExportAnswer {
    reading.disclose(everybodyIn: .everywhere)
    let tracks = try TracksStore(reading.transaction).tracks(
      after: TrackCursor.read(after), limit: Self.page)
    let rows = tracks.map {
      [
        $0.person.text, String($0.sequence), $0.time, $0.event, $0.transport, $0.places,
        $0.coordinates, $0.description,
      ]
    }
    return ExportAnswer(
      rows: rows, after: tracks.count == Self.page ? tracks.last.map(TrackCursor.text) : nil)
  }
}

/// Where a list of tracks goes on.
private enum TrackCursor {
  static func read(_ text: String?) -> (person: String, sequence: Int)? {
    let parts = text?.split(separator: "\t") ?? []
    guard parts.count == 2, let sequence = Int(parts[1]) else { return nil }
    return (String(parts[0]), sequence)
  }

  static func text(_ track: Track) -> String { "\(track.person.text)\t\(track.sequence)" }
}

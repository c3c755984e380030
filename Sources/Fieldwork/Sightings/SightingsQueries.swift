import Kernel

/// What was noticed, with what was written about it.
package struct ShowSighting: Query {
  package struct Answer: Codable, Sendable {
    package let sighting: Sighting
    /// Nil when its time of keeping is over.
    package let words: String?
  }

  package static let name = "sightings.show"
  package static let duty: Duty = "obligations.read"
  package static let purposes: [Purpose] = [.fieldwork, .supervision, .audit]
  package let sighting: SightingID

  package init(sighting: SightingID) { self.sighting = sighting }

  package func area(in reading: Reading) throws -> Area { .path(try found(reading).path) }

  package func answer(in reading: Reading) throws -> Answer {
    let found = try found(reading)
    return Answer(
      sighting: found,
      words: try SightingsStore(reading.transaction).words(of: sighting).map {
        try reading.vault.unlock($0, place: ReportSighting.wordsPlace(sighting))
      })
  }

  private func found(_ reading: Reading) throws -> Sighting {
    guard let found = try SightingsStore(reading.transaction).find(sighting) else {
      throw Refusal.notFound(Words("现场发现", "sighting"), sighting.text, field: "sighting")
    }
    return found
  }
}

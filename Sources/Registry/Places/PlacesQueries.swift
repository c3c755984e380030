import Kernel

/// The children of a place; of the root when none is named.
package struct ListPlaces: Query {
  package struct Answer: Codable, Sendable {
    package let place: Place?
    package let line: [Place]
    package let children: [Place]
  }

  package static let name = "places.list"
  package static let duty: Duty = "places.read"
  package static let purposes: [Purpose] = []
  package let place: PlaceID?

  package init(place: PlaceID?) { self.place = place }

  // Where things lie is no secret inside the administration; who lives there is.
  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    let store = PlacesStore(reading.transaction)
    let found = try place.map { try store.get($0) }
    return Answer(
      place: found, line: try found.map { try store.line(to: $0.path) } ?? [],
      children: try store.children(of: place))
  }
}

/// The divisions with their codes, in the form in which they are imported.
package struct ExportPlaces: Query {
  package static let name = "places.export"
  package static let urgency = Urgency.export
  package static let duty: Duty = "places.read"
  package static let purposes: [Purpose] = []
  package let after: String?

  package func area(in reading: Reading) -> Area { .everywhere }

  package func answer(in reading: Reading) throws -> ExportAnswer {
    let store = PlacesStore(reading.transaction)
    let levels: [PlaceLevel] = [.city, .district, .street, .community]
    let parts = (after ?? "0/").split(
      separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let at = min(max(Int(parts[0]) ?? 0, 0), levels.count - 1)
    let path = parts.count > 1 ? PlacePath(String(parts[1])) : nil
    let page = try store.inside(.everywhere, level: levels[at], after: path, limit: 2_000)
    let rows = page.map { [$0.code ?? "", $0.name, $0.level.rawValue] }
    if page.count == 2_000, let last = page.last {
      return ExportAnswer(rows: rows, after: "\(at)/\(last.path.text)")
    }
    return ExportAnswer(rows: rows, after: at + 1 < levels.count ? "\(at + 1)/" : nil)
  }
}

import Kernel

/// Takes in a list of divisions: cities, districts, streets, communities.
///
/// A known code with another name renames the place; an unknown code with a known name under the
/// same parent re-codes it. Either way the identifier stays and the history is kept.
package struct ImportPlaces: Command {
  package struct Row: Codable, Sendable {
    package let code: String
    package let name: String
    package let cityCode: String?
    package let city: String?

    private enum CodingKeys: String, CodingKey {
      case code
      case name
      case cityCode = "city_code"
      case city
    }
  }

  package static let name = "places.import"
  package static let duty: Duty = "places.manage"
  package let rows: [Fields]
  /// Tells rows of one import from those of another.
  package let run: String?

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> ImportAnswer {
    var answer = ImportAnswer()
    for (index, fields) in rows.enumerated() {
      do {
        if try take(fields.decoded(Row.self, strict: false), in: work) {
          answer.accepted += 1
        } else {
          answer.outcomes.append(
            .init(
              row: index, verdict: .duplicate, code: "place.known",
              words: Words("地点已存在且无变化", "The place is known and unchanged")))
        }
      } catch let refusal as Refusal {
        answer.reject(index, refusal)
      }
    }
    try work.record(PlacesImported(run: run, accepted: answer.accepted))
    return answer
  }

  /// Whether the row changed anything.
  private func take(_ row: Row, in work: Work) throws -> Bool {
    let level = try PlacesRules.level(ofCode: row.code)
    let store = PlacesStore(work.transaction)
    if let known = try store.find(code: row.code) {
      let renamed = known.name != row.name
      if renamed { try rename(known, to: row.name, code: row.code, in: work) }
      try store.confirm(known.id, run: run)
      return renamed
    }
    let parent = try parent(of: row, level, in: work)
    if let same = try store.child(of: parent?.id, level, named: row.name),
      try store.confirmation(of: same.id) != run
    {
      try rename(same, to: row.name, code: row.code, in: work)
      try store.confirm(same.id, run: run)
      return true
    }
    let place = try work.makePlace(
      level, named: row.name, under: parent, id: PlaceID(row.code), code: row.code, run: run)
    try work.record(PlaceMade(place: place.id, level: level.rawValue))
    return true
  }

  private func rename(_ place: Place, to name: String, code: String, in work: Work) throws {
    try PlacesStore(work.transaction).rename(place.id, name: name, code: code, at: work.now)
    try work.record(PlaceRenamed(place: place.id, code: code))
  }

  private func parent(of row: Row, _ level: PlaceLevel, in work: Work) throws -> Place? {
    guard let code = PlacesRules.codeAbove(row.code) else { return nil }
    let store = PlacesStore(work.transaction)
    if let parent = try store.find(code: code) { return parent }
    if level == .district, let city = row.city, row.cityCode == nil || row.cityCode == code {
      let place = try work.makePlace(
        .city, named: city, under: nil, id: PlaceID(code), code: code, run: run)
      try work.record(PlaceMade(place: place.id, level: PlaceLevel.city.rawValue))
      return place
    }
    throw Refusal(
      .invalid, "place.noParent",
      Words(
        "上级区划 \(code) 不存在，请先导入上级", "The division above, \(code), is not there; import it first"),
      field: "code")
  }
}

import Kernel

/// Adds an estate, a grid, a building, an entrance or a door by hand.
package struct MakePlace: Command {
  package struct Answer: Codable, Sendable {
    package let place: PlaceID
  }

  package static let name = "places.make"
  package static let duty: Duty = "places.extend"
  package let parent: PlaceID
  package let level: PlaceLevel
  /// What it is called, once in its parent.
  package let title: String
  /// The storey of a door.
  package let floor: Int?

  private enum CodingKeys: String, CodingKey {
    case parent
    case level
    case floor
    case title = "name"
  }

  package init(parent: PlaceID, level: PlaceLevel, title: String, floor: Int? = nil) {
    self.parent = parent
    self.level = level
    self.title = title
    self.floor = floor
  }

  package func area(in work: Work) -> Area { .place(parent) }

  package func perform(in work: Work) throws -> Answer {
    let store = PlacesStore(work.transaction)
    let above = try store.get(parent)
    try PlacesRules.requireFit(level, under: above.level)
    let name = try ResidentsRules.plain(title, field: "name")
    guard try store.child(of: parent, level, named: name) == nil else {
      throw Refusal(
        .conflict, "place.known",
        Words("这里已有同名地点，请换一个名称", "There is a place of this name here; choose another one"),
        field: "name")
    }
    let place = try work.makePlace(level, named: name, under: above, floor: floor)
    try work.record(PlaceMade(place: place.id, level: level.rawValue))
    return Answer(place: place.id)
  }
}

extension PlacesRules {
  /// The levels that may be added by hand and directly under what each may stand: where a
  /// building has no entrances, a door stands in the building itself.
  private static let standing: [PlaceLevel: Set<PlaceLevel>] = [
    .estate: [.community],
    .grid: [.estate],
    .building: [.grid],
    .entrance: [.building],
    .household: [.building, .entrance],
  ]

  /// Checks that a place of a level may be made under one of another level.
  static func requireFit(_ level: PlaceLevel, under above: PlaceLevel) throws(Refusal) {
    guard let allowed = standing[level] else {
      throw Refusal(
        .invalid, "place.division",
        Words(
          "\(level.words.chinese)由区划导入，不能手工添加", "Divisions come with an import, not by hand"),
        field: "level")
    }
    guard allowed.contains(above) else {
      let chinese = allowed.sorted { $0.depth < $1.depth }.map(\.words.chinese)
      let english = allowed.sorted { $0.depth < $1.depth }.map(\.words.english)
      throw Refusal(
        .invalid, "place.misplaced",
        Words(
          "\(level.words.chinese)应建在\(chinese.joined(separator: "或"))之下",
          "This level stands under: \(english.joined(separator: ", "))"),
        field: "parent")
    }
  }
}

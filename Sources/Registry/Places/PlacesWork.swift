import Kernel

extension Work {
  /// Makes a place under another one.
  ///
  /// - Parameters:
  ///   - id: its identifier, when a file brings one; otherwise a new one.
  ///   - ordinal: its place among its siblings, when the caller knows the last one.
  package func makePlace(
    _ level: PlaceLevel, named name: String, under parent: Place?, id: PlaceID? = nil,
    code: String? = nil, floor: Int? = nil, run: String? = nil, ordinal: Int? = nil
  ) throws -> Place {
    let store = PlacesStore(transaction)
    let ordinal = try ordinal ?? store.nextOrdinal(under: parent?.id)
    let path = (parent?.path ?? .everywhere).child(ordinal)
    let place = Place(
      id: id ?? newID(), level: level, code: code, name: name, parent: parent?.id, path: path,
      floor: floor)
    try store.insert(place, ordinal: ordinal, run: run, at: now)
    return place
  }

  /// The child with a name, made when there is none yet.
  package func place(
    _ level: PlaceLevel, named name: String, under parent: Place
  ) throws -> (place: Place, isNew: Bool) {
    if let known = try PlacesStore(transaction).child(of: parent.id, level, named: name) {
      return (known, false)
    }
    return (try makePlace(level, named: name, under: parent), true)
  }
}

extension Transaction {
  /// The place that a district's code or name in a file means.
  ///
  /// - Parameter inside: prefers a district inside this area when two share the name.
  package func district(
    _ written: String, field: String, inside area: PlacePath = .everywhere
  ) throws -> Place {
    let store = PlacesStore(self)
    if let place = try store.find(code: written), place.level == .district { return place }
    let named = try store.named(written, level: .district).filter { area.holds($0.path) }
    guard let place = named.first else {
      throw Refusal(
        .invalid, "district.unknown",
        Words(
          "台账中没有区县“\(written)”，请先导入地点或更正",
          "The registry has no district “\(written)”; import places first or correct it"),
        field: field)
    }
    guard named.count == 1 else {
      let codes = named.compactMap(\.code).joined(separator: "、")
      throw Refusal(
        .invalid, "district.ambiguous",
        Words(
          "有多个区县名为“\(written)”，请改用代码：\(codes)",
          "Several districts are named “\(written)”; use a code: \(codes)"),
        field: field)
    }
    return place
  }
}

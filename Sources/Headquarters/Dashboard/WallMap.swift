import Kernel
import Look
import Registry

/// The map of districts, where their boundaries were taken in; the board of tiles stands anyway.
struct WallMap {
  let reading: Reading
  let look: Look

  /// The districts of a city, each with what is late there.
  func districts(_ parts: [ShowWall.Part]) throws -> HTML? {
    let shapes = try parts.filter { $0.level == .district }.compactMap { part in
      try shape(of: part.place, part.name, late: part.late)
    }
    return drawing(shapes)
  }

  /// Where a district lies among those of its city. Of the others the reader sees the numbers only
  /// where they may.
  func neighbourhood(of district: Place) throws -> HTML? {
    guard district.level == .district, let city = district.parent else { return nil }
    let shapes = try PlacesStore(reading.transaction).children(of: city).compactMap { place in
      let may = reading.authority.may(ShowWall.duty, at: place.path)
      let late =
        may
        ? try reading.counted("wall.late \(place.path.text)") {
          try ObligationStore($0.transaction).standing(in: place.path, at: $0.now).late
        } : nil
      return try shape(of: place.id, place.name, late: late, isChosen: place.id == district.id)
    }
    return drawing(shapes, isClose: true)
  }

  private func shape(
    of place: PlaceID, _ name: String, late: Int?, isChosen: Bool = false
  ) throws -> Look.MapDistrict? {
    guard let code = try PlacesStore(reading.transaction).find(place)?.code,
      let shape = try WallStore(reading.transaction).boundary(code),
      let boundary = try Boundary.read(Array(shape.utf8)).first
    else { return nil }
    return Look.MapDistrict(
      boundary, name: name, count: late,
      address: late.map { _ in "/places/\(Address.escaped(place.text))" }, isChosen: isChosen)
  }

  private func drawing(_ shapes: [Look.MapDistrict], isClose: Bool = false) -> HTML? {
    if shapes.isEmpty { return nil }
    return look.map(
      shapes, label: look("各区超时事项", "Late by district"), tone: .late, isClose: isClose)
  }
}

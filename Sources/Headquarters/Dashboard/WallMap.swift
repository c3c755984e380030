import Kernel
import Look
import Registry

/// The map of districts, where their boundaries were taken in; the board of tiles stands anyway.
struct WallMap {
  let reading: Reading
  let look: Look
  let parts: [ShowWall.Part]

  func drawing() throws -> HTML? {
    let districts = parts.filter { $0.level == .district }
    if districts.isEmpty { return nil }
    let drawn = try districts.compactMap { part -> Look.MapDistrict? in
      guard let code = try PlacesStore(reading.transaction).find(part.place)?.code,
        let shape = try WallStore(reading.transaction).boundary(code),
        let boundary = try Boundary.read(Array(shape.utf8)).first
      else { return nil }
      return Look.MapDistrict(
        boundary, name: part.name, count: part.late,
        address: "/places/\(Address.escaped(part.place.text))")
    }
    if drawn.isEmpty { return nil }
    return look.map(drawn, label: look("各区超时事项", "Late by district"), tone: .late)
  }
}

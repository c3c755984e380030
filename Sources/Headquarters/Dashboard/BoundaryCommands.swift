import Kernel
import Look

/// Takes in the boundaries of districts for the map; none come with the product.
package struct KeepBoundaries: Command {
  package static let name = "dashboard.keepBoundaries"
  package static let duty: Duty = "places.manage"
  /// Features of a GeoJSON file, each with `adcode` and `name`.
  package let features: [Fields]

  package init(features: [Fields]) { self.features = features }

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many districts were taken.
  package func perform(in work: Work) throws -> Int {
    var count = 0
    for feature in features {
      let bytes = try Fields.jsonBytes(Fields.object(["features": .list([feature])]))
      for boundary in try Boundary.read(bytes) {
        try WallStore(work.transaction).keep(
          boundary: boundary.code, name: boundary.name,
          shape: String(decoding: Fields.jsonBytes(boundary.compact), as: UTF8.self))
        count += 1
      }
    }
    try work.record(BoundariesKept(districts: count))
    return count
  }
}

/// Boundaries of districts were taken in.
package struct BoundariesKept: Fact {
  package static let name = "dashboard.boundariesKept"
  package static let words = Words("已收下区县边界", "Boundaries of districts taken in")
  package static let about = Matter.district
  package let districts: Int
  package var subject: String { "boundaries" }
}

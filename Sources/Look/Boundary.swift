import Kernel

/// The boundary of one district, read from a GeoJSON file that the installation was given.
///
/// No boundary data comes with the product; without a file the board of tiles is shown.
package struct Boundary: Sendable {
  /// The district's code.
  package let code: String
  package let name: String
  /// Closed rings of longitude and latitude.
  package let rings: [[Point]]

  /// A longitude and a latitude.
  package struct Point: Hashable, Sendable {
    package let x: Double
    package let y: Double

    package init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  package init(code: String, name: String, rings: [[Point]]) {
    self.code = code
    self.name = name
    self.rings = rings
  }

  /// The districts of a GeoJSON feature collection whose properties hold `adcode` or `code`, and
  /// `name`.
  ///
  /// - Throws: a refusal when it is not JSON or holds no polygon with a code.
  package static func read(_ geoJSON: [UInt8]) throws(Refusal) -> [Boundary] {
    let fields = try Fields.json(geoJSON)
    guard case .list(let features) = fields["features"] else { throw .noBoundary }
    let found = features.compactMap(Self.boundary)
    guard !found.isEmpty else { throw .noBoundary }
    return found
  }

  /// The same to a hundred metres, which is all that a screen shows: what a page reads each time.
  package var compact: Fields {
    func rounded(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }
    let polygons = rings.map { ring -> Fields in
      var kept: [Point] = []
      for point in ring {
        let point = Point(x: rounded(point.x), y: rounded(point.y))
        if kept.last != point { kept.append(point) }
      }
      return .list([.list(kept.map { .list([.real($0.x), .real($0.y)]) })])
    }
    return .object([
      "features": .list([
        .object([
          "properties": .object(["adcode": .text(code), "name": .text(name)]),
          "geometry": .object(["type": .text("MultiPolygon"), "coordinates": .list(polygons)]),
        ])
      ])
    ])
  }

  private static func boundary(_ feature: Fields) -> Boundary? {
    let properties = feature["properties"]
    guard let code = properties["adcode"].plainText ?? properties["code"].plainText else {
      return nil
    }
    let geometry = feature["geometry"]
    let polygons: [Fields]
    switch geometry["type"] {
    case .text("Polygon"): polygons = [geometry["coordinates"]]
    case .text("MultiPolygon"): polygons = geometry["coordinates"].members
    default: return nil
    }
    let rings = polygons.flatMap(\.members).map { $0.members.compactMap(point) }
      .filter { $0.count >= 3 }
    if rings.isEmpty { return nil }
    return Boundary(code: code, name: properties["name"].plainText ?? code, rings: rings)
  }

  private static func point(_ pair: Fields) -> Point? {
    let numbers = pair.members.compactMap(\.plainNumber)
    return numbers.count >= 2 ? Point(x: numbers[0], y: numbers[1]) : nil
  }
}

extension Refusal {
  fileprivate static let noBoundary = Refusal(
    .invalid, "boundary.none",
    Words(
      "文件中没有区县边界（需要带 adcode 或 code 的 GeoJSON 面）",
      "The file holds no district boundaries (GeoJSON polygons with an adcode or a code)"))
}

extension Fields {
  fileprivate var members: [Fields] { if case .list(let members) = self { members } else { [] } }

  fileprivate var plainText: String? {
    switch self {
    case .text(let text): text
    case .integer(let number): String(number)
    case .null, .flag, .real, .list, .object: nil
    }
  }

  fileprivate var plainNumber: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .real(let number): number
    case .null, .flag, .text, .list, .object: nil
    }
  }
}

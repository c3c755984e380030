import Foundation
import Kernel

/// Brings longitudes and latitudes onto a drawing 440 wide, north at the top.
struct BoundaryProjection {
  static let width = 440.0

  let left: Double
  let top: Double
  let scale: Double
  /// How much narrower a degree of longitude is at this latitude.
  let squeeze: Double
  let height: Double

  /// How much of the land around what a map is about is shown, as a part of its own size.
  private static let around = 0.7

  /// - Parameter focus: what the drawing is about; what lies around it is cut off at the edge.
  init(_ boundaries: [Boundary], focus: Boundary? = nil) {
    let points = (focus.map { [$0] } ?? boundaries).flatMap { $0.rings.joined() }
    let margin = focus == nil ? 0 : Self.around
    let (left, right) = (points.map(\.x).min() ?? 0, points.map(\.x).max() ?? 1)
    let (bottom, top) = (points.map(\.y).min() ?? 0, points.map(\.y).max() ?? 1)
    let (west, east) = (left - (right - left) * margin, right + (right - left) * margin)
    let (south, north) = (bottom - (top - bottom) * margin, top + (top - bottom) * margin)
    squeeze = cos((south + north) / 2 * .pi / 180)
    scale = Self.width / max((east - west) * squeeze, 1e-9)
    self.left = west
    self.top = north
    height = (north - south) * scale
  }

  func place(_ point: Boundary.Point) -> (x: Int, y: Int) {
    (
      Int(((point.x - left) * squeeze * scale).rounded()), Int(((top - point.y) * scale).rounded())
    )
  }

  /// Whether any of it lies on the drawing.
  func shows(_ boundary: Boundary) -> Bool {
    let places = boundary.rings.joined().map(place)
    guard let left = places.map(\.x).min(), let right = places.map(\.x).max(),
      let top = places.map(\.y).min(), let bottom = places.map(\.y).max()
    else { return false }
    return left < Int(Self.width) && right > 0 && top < Int(height) && bottom > 0
  }

  /// The path of all rings; points that fall on the one before are left out.
  func path(_ boundary: Boundary) -> String {
    boundary.rings.map { ring in
      var drawn: [(x: Int, y: Int)] = []
      for point in ring.map(place) where drawn.last.map({ $0 != point }) ?? true {
        drawn.append(point)
      }
      return "M" + drawn.map { "\($0.x) \($0.y)" }.joined(separator: "L") + "Z"
    }.joined()
  }

  /// Where a label goes: the middle of the largest ring, weighed by its area.
  func middle(_ boundary: Boundary) -> (x: Int, y: Int) {
    let ring = boundary.rings.max { area($0) < area($1) } ?? []
    guard let first = ring.first else { return (0, 0) }
    var (doubled, x, y) = (0.0, 0.0, 0.0)
    for (a, b) in zip(ring, ring.dropFirst() + [first]) {
      let (ax, ay, bx, by) = (a.x - first.x, a.y - first.y, b.x - first.x, b.y - first.y)
      let cross = ax * by - bx * ay
      doubled += cross
      x += (ax + bx) * cross
      y += (ay + by) * cross
    }
    guard abs(doubled) > 1e-12 else { return place(first) }
    return place(.init(x: first.x + x / (3 * doubled), y: first.y + y / (3 * doubled)))
  }

  /// The area of the largest ring in square units of the drawing.
  func size(_ boundary: Boundary) -> Double {
    (boundary.rings.map(area).max() ?? 0) * scale * scale * squeeze
  }

  private func area(_ ring: [Boundary.Point]) -> Double {
    guard let first = ring.first else { return 0 }
    let doubled = zip(ring, ring.dropFirst() + [first]).reduce(0.0) { sum, pair in
      sum + (pair.0.x - first.x) * (pair.1.y - first.y)
        - (pair.1.x - first.x) * (pair.0.y - first.y)
    }
    return abs(doubled) / 2
  }
}

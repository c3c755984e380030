import Kernel

/// Who was near a case and where: the case in the middle, venues beside it, people beyond them.
package struct ContactGraph: Sendable {
  /// What kind of contact somebody is; each has a shape of its own.
  package enum Shape: String, Sendable, CaseIterable {
    case circle
    case diamond
    case square
    case triangle
  }

  /// Somebody who was there.
  package struct Person: Sendable {
    package let label: String
    package let shape: Shape
    package let tone: Look.Tone
    /// Decided on; otherwise only the edge is drawn.
    package let isDecided: Bool
    package let title: String
    package let address: String

    package init(
      _ label: String, shape: Shape, tone: Look.Tone, isDecided: Bool, title: String,
      address: String
    ) {
      self.label = label
      self.shape = shape
      self.tone = tone
      self.isDecided = isDecided
      self.title = title
      self.address = address
    }
  }

  /// Those who were at one venue, and how many more than are drawn.
  package struct Venue: Sendable {
    package let name: String
    package let address: String
    package let people: [Person]
    package let rest: Int
    /// Whether the case was not there: they met somebody whom the case had met.
    package let isIndirect: Bool

    package init(
      _ name: String, address: String, people: [Person], rest: Int, isIndirect: Bool = false
    ) {
      self.isIndirect = isIndirect
      self.name = name
      self.address = address
      self.people = people
      self.rest = rest
    }
  }

  package let center: String
  package let venues: [Venue]
  /// What each shape means.
  package let key: [(Shape, Look.Tone, String)]

  package init(center: String, venues: [Venue], key: [(Shape, Look.Tone, String)]) {
    self.center = center
    self.venues = venues
    self.key = key
  }
}

/// Where things stand on the drawing of contacts: two wings beside the case, a line a person.
struct ContactGraphLayout {
  static let width = 1_260
  static let center = 630
  static let line = 28
  static let gap = 14
  static let top = 20
  static let venueWidth = 200
  static let venueHeight = 34

  /// One venue with the heights of its lines.
  struct Place {
    let venue: ContactGraph.Venue
    let isLeft: Bool
    let top: Int
    var lines: Int { max(1, venue.people.count + (venue.rest > 0 ? 1 : 0)) }
    var bottom: Int { top + lines * ContactGraphLayout.line }
    var middle: Int { (top + bottom) / 2 }
    /// The left edge of the venue's box.
    var box: Int {
      isLeft
        ? ContactGraphLayout.center - 110 - ContactGraphLayout.venueWidth
        : ContactGraphLayout.center + 110
    }
    /// Where people stand, across.
    var people: Int { isLeft ? box - 50 : box + ContactGraphLayout.venueWidth + 50 }
    func y(_ line: Int) -> Int {
      top + line * ContactGraphLayout.line + ContactGraphLayout.line / 2
    }
  }

  let places: [Place]
  let height: Int

  init(_ graph: ContactGraph) {
    var ends = (left: Self.top, right: Self.top)
    places = graph.venues.map { venue in
      // Each goes where there is more room, so that both wings end at about the same height.
      let isLeft = ends.left <= ends.right
      let place = Place(venue: venue, isLeft: isLeft, top: isLeft ? ends.left : ends.right)
      if isLeft {
        ends.left = place.bottom + Self.gap
      } else {
        ends.right = place.bottom + Self.gap
      }
      return place
    }
    height = max(ends.left, ends.right, Self.top + 100)
  }

  var middle: Int { height / 2 }
}

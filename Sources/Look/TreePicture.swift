import Kernel

/// Who infected whom, to be drawn: a line a case, days across, arrows from infector to infected.
package struct TreePicture: Sendable {
  /// One case.
  package struct Point: Sendable {
    package let id: String
    package let label: String
    package let about: String
    package let day: Day
    package let tone: Look.Tone
    package let address: String
    /// Whom it was infected by, when that is drawn too.
    package let infector: String?
    /// What is said of the link.
    package let link: String
    package let isConfirmed: Bool
    /// Whether the page is about this one.
    package let isMarked: Bool

    package init(
      id: String, label: String, about: String, day: Day, tone: Look.Tone, address: String,
      infector: String? = nil, link: String = "", isConfirmed: Bool = false,
      isMarked: Bool = false
    ) {
      self.id = id
      self.label = label
      self.about = about
      self.day = day
      self.tone = tone
      self.address = address
      self.infector = infector
      self.link = link
      self.isConfirmed = isConfirmed
      self.isMarked = isMarked
    }
  }

  /// In the order of the lines, an infector before those it infected.
  package let points: [Point]

  package init(points: [Point]) { self.points = points }

  /// A case in the nested list, with those it infected.
  struct Branch {
    let point: Point
    let branches: [Branch]
  }

  /// The nested list: every point once, also where infections run in a circle.
  var branches: [Branch] {
    var children: [String: [Point]] = [:]
    let drawn = Set(points.map(\.id))
    for point in points {
      if let infector = point.infector, drawn.contains(infector) {
        children[infector, default: []].append(point)
      }
    }
    var seen: Set<String> = []
    func branch(_ point: Point) -> Branch? {
      guard seen.insert(point.id).inserted else { return nil }
      return Branch(point: point, branches: (children[point.id] ?? []).compactMap(branch))
    }
    let roots = points.filter { $0.infector.map { !drawn.contains($0) } ?? true }
    // What is left stands in a circle; its first point begins it.
    return roots.compactMap(branch) + points.compactMap(branch)
  }
}

/// Where things stand in the picture of a tree, in its own units (docs/DESIGN.md).
struct TreePictureLayout {
  static let line = 34
  static let top = 40
  static let left = 20
  static let radius = 8
  /// The narrowest and the widest day, and the width that all of them fill together.
  static let days = 18...72
  static let width = 860
  /// Room for the label of a case on the last day.
  static let labels = 320

  let points: [TreePicture.Point]
  let first: Day
  let last: Day

  init(_ picture: TreePicture) {
    points = picture.points
    let days = picture.points.map(\.day)
    first = days.min() ?? Day(number: 0)
    last = days.max() ?? Day(number: 0)
  }

  var dayCount: Int { last - first + 1 }
  var day: Int {
    min(max(Self.width / dayCount, Self.days.lowerBound), Self.days.upperBound)
  }
  var right: Int { Self.left + dayCount * day }
  var width: Int { right + Self.labels }
  var bottom: Int { Self.top + points.count * Self.line }
  var height: Int { bottom + 8 }

  func x(_ day: Day) -> Int { Self.left + (day - first) * self.day + self.day / 2 }
  func y(_ index: Int) -> Int { Self.top + index * Self.line + Self.line / 2 }

  /// Every how many days one is named, so that names do not run into each other.
  var step: Int { max(1, (72 + day - 1) / day) }
}

import Kernel
import Testing

@testable import Look

struct DrawingTests {
  @Test(
    "a map's steps are quarters of the highest number, none and not known apart",
    arguments: [
      (nil, 8, "unknown"), (0, 8, "level-0"), (1, 8, "level-1"), (2, 8, "level-1"),
      (3, 8, "level-2"), (8, 8, "level-4"), (0, 0, "level-0"), (1, 1, "level-4"),
    ] as [(Int?, Int, String)])
  func shades(count: Int?, highest: Int, step: String) {
    #expect(Look.shade(count, of: highest) == step)
  }

  @Test("a boundary is read from GeoJSON, and anything else is refused")
  func boundaries() throws {
    let text = """
      {"type":"FeatureCollection","features":[{"type":"Feature","properties":{"adcode":370203,
      "name":"市北区"},"geometry":{"type":"MultiPolygon","coordinates":[[[[120,36],[121,36],
      [121,37],[120,37],[120,36]]]]}}]}
      """
    let found = try Boundary.read(Array(text.utf8))
    #expect(found.map(\.code) == ["370203"])
    #expect(found.first?.rings.first?.count == 5)
    #expect(throws: Refusal.self) { try Boundary.read(Array("{}".utf8)) }
    #expect(throws: Refusal.self) { try Boundary.read(Array("no".utf8)) }
  }

  @Test("a map is 440 wide with north at the top")
  func projection() {
    let boundary = Boundary(
      code: "1", name: "",
      rings: [[.init(x: 120, y: 0), .init(x: 122, y: 0), .init(x: 122, y: 1), .init(x: 120, y: 1)]])
    let projection = BoundaryProjection([boundary])
    #expect(projection.place(.init(x: 120, y: 1)) == (0, 0))
    #expect(projection.place(.init(x: 122, y: 0)) == (440, 220))
    #expect(projection.middle(boundary) == (220, 110))
  }

  @Test("a trajectory keeps every moment inside its days")
  func layout() throws {
    let day = try #require(Day("2022-11-03"))
    let layout = TrajectoryLayout(days: day...(day + 6), zone: .china, laneCount: 3)
    #expect(layout.width == 1_148)
    #expect(layout.height == 278)
    #expect(layout.x(day.start(in: .china)) == 104)
    #expect(layout.x(day.start(in: .china) - .days(2)) == 104)
    #expect(layout.x((day + 1).start(in: .china) + .hours(8)) == 301)
    #expect(layout.x((day + 30).start(in: .china)) == layout.right)
  }

  @Test("a label goes inside its bar only where it fits")
  func labels() {
    #expect(TrajectoryLayout.fits("市场", in: 42))
    #expect(!TrajectoryLayout.fits("市场", in: 41))
    #expect(TrajectoryLayout.fits("Home", in: 44))
    #expect(!TrajectoryLayout.fits("Home", in: 43))
  }

  private func point(_ id: String, _ day: Int, from infector: String? = nil) -> TreePicture.Point {
    .init(
      id: id, label: id, about: "", day: Day(number: 19_300 + day), tone: .neutral, address: "#",
      infector: infector)
  }

  @Test("a tree's days fill the drawing, never too narrow and never too wide")
  func treeLayout() {
    let short = TreePictureLayout(TreePicture(points: [point("a", 0), point("b", 3, from: "a")]))
    #expect(short.day == 72)
    #expect(short.x(Day(number: 19_303)) == 20 + 3 * 72 + 36)
    #expect(short.height == 40 + 2 * 34 + 8)
    let long = TreePictureLayout(TreePicture(points: [point("a", 0), point("b", 99, from: "a")]))
    #expect(long.day == 18)
    #expect(long.step == 4)
    #expect(long.width == 20 + 100 * 18 + 320)
  }

  @Test("the nested list has each case once, those of a circle too")
  func treeList() {
    func text(_ branch: TreePicture.Branch) -> String {
      branch.point.id + branch.branches.map { "(\(text($0)))" }.joined()
    }
    let tree = TreePicture(points: [
      point("a", 0), point("b", 1, from: "a"), point("c", 2, from: "b"), point("d", 1, from: "a"),
      point("e", 0, from: "f"), point("f", 0, from: "e"), point("g", 3, from: "elsewhere"),
    ])
    #expect(tree.branches.map(text) == ["a(b(c))(d)", "g", "e(f)"])
  }

  @Test("the wings of a picture of contacts end at about the same height, and nothing overlaps")
  func graph() {
    func venue(_ count: Int, rest: Int = 0) -> ContactGraph.Venue {
      .init(
        "v\(count)", address: "#",
        people: (0..<count).map {
          .init("p\($0)", shape: .circle, tone: .late, isDecided: true, title: "", address: "#")
        }, rest: rest)
    }
    let layout = ContactGraphLayout(
      ContactGraph(
        center: "c", venues: [venue(12, rest: 1), venue(6), venue(5), venue(1)], key: []))
    #expect(layout.places.map(\.isLeft) == [true, false, false, false])
    #expect(layout.places.map(\.lines) == [13, 6, 5, 1])
    for isLeft in [true, false] {
      let wing = layout.places.filter { $0.isLeft == isLeft }
      for (upper, lower) in zip(wing, wing.dropFirst()) { #expect(upper.bottom < lower.top) }
      for place in wing {
        #expect(place.bottom <= layout.height && place.people > 0)
        #expect(place.people < ContactGraphLayout.width)
      }
    }
  }
}

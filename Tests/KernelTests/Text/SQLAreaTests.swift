import Testing

@testable import Kernel

@Suite("An area in a statement") struct SQLAreaTests {
  @Test(
    "holds a path exactly when the path lies inside",
    arguments: [
      ("1.1", "1.1"), ("1.1", "1.1.1"), ("1.1", "1.1.z.5"), ("1.1", "1.10"), ("1.1", "1.1a"),
      ("1.1", "1.2"), ("1.1", "1"), ("1.1", "1.0z"), ("1", "1.zz"), ("1", "2"), ("1", "10.1"),
    ])
  func range(area: String, path: String) throws {
    let area = PlacePath(area)
    let statement = SQL.inside(area, column: "path")
    #expect(statement.text { "?\($0)" } == "(path >= ?1 AND path < ?2)")
    guard case .text(let first) = statement.arguments[0],
      case .text(let end) = statement.arguments[1]
    else {
      Issue.record("the ends of the range are texts")
      return
    }
    #expect((path >= first && path < end) == area.holds(PlacePath(path)))
  }
}

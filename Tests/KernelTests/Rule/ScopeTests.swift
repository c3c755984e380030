import Engines
import Testing

@testable import Kernel

@Suite("Where something is") struct ScopeTests {
  static let paths = [
    "", "1", "1.1", "1.2", "1.10", "1.1.1", "1.1a", "1.1.a.b", "2", "11", "1.z.1",
  ]

  @Test("an area holds itself and what lies below, and the range of an index finds the same")
  func ranges() async throws {
    let table = Migration("spot-0001", "CREATE TABLE spot (path TEXT NOT NULL)")
    let storage = try await TestStorage.open([table])
    try await storage.write { transaction in
      for path in Self.paths { try transaction.execute("INSERT INTO spot (path) VALUES (\(path))") }
    }
    for area in Self.paths.map(PlacePath.init) {
      let held = Self.paths.filter { area.holds(PlacePath($0)) }.sorted()
      let found = try await storage.read {
        try $0.rows("SELECT path FROM spot WHERE \(SQL.inside(area, column: "path")) ORDER BY path")
      }
      #expect(found.map { $0.text(0) } == held, "\(area.text)")
      let parts = area.text.split(separator: ".").map(String.init)
      let expected = Self.paths.filter { path in
        path.split(separator: ".").map(String.init).starts(with: parts)
      }
      #expect(held == expected.sorted(), "\(area.text)")
    }
  }

  @Test("a child's path lies inside, its ancestors lead up to the top")
  func family() {
    var path = PlacePath.everywhere
    for ordinal in [1, 36, 1_000] {
      let child = path.child(ordinal)
      #expect(path.holds(child) && !child.holds(path))
      path = child
    }
    #expect(path.text == "1.10.rs")
    #expect(path.ancestors.map(\.text) == ["1.10", "1"])
    #expect(PlacePath.everywhere.ancestors == [])
    let prefixes = (0...4).map { path.prefix($0).text }
    #expect(prefixes == ["", "1", "1.10", path.text, path.text])
  }

  @Test("a seat is read back from its text", arguments: ["role@place", "role@a@b", "role@"])
  func seats(text: String) { #expect(Seat(text)?.description == text) }

  @Test("a text without a place is no seat")
  func noSeat() { #expect(Seat("role") == nil) }
}

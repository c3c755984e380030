import Testing

@testable import Kernel

@Suite("Shapes") struct ShapeTests {
  private enum Colour: String, Codable, CaseIterable { case red, green }
  private enum Hidden: String, Codable { case only }

  private struct Inner: Codable {
    let day: Day
    let count: Int?
  }

  private struct Sample: Codable {
    let person: PersonID
    let colour: Colour
    let hidden: Hidden?
    let at: Instant?
    let rows: [Inner]
    let proof: [String: String]?
    let share: Double
    let isOpen: Bool
    let free: Fields?
    let inner: Inner
  }

  @Test("a type tells its fields, which of them must be given, and what they look like")
  func probe() {
    let inner = Shape.object([
      .init(name: "day", shape: Day.shape, isRequired: true),
      .init(name: "count", shape: .integer, isRequired: false),
    ])
    let expected: [(String, Shape, Bool)] = [
      ("person", PersonID.shape, true), ("colour", .choice(["red", "green"]), true),
      ("hidden", .text(format: nil, example: "…"), false), ("at", Instant.shape, false),
      ("rows", .list(inner), true), ("proof", .map(.text(format: nil, example: "…")), false),
      ("share", .number, true), ("isOpen", .flag, true), ("free", .any, false),
      ("inner", inner, true),
    ]
    #expect(
      Shape(of: Sample.self)
        == .object(expected.map { .init(name: $0.0, shape: $0.1, isRequired: $0.2) }))
  }

  @Test("the example of a shape is taken by the type")
  func example() throws {
    let sample = try Shape(of: Sample.self).example.decoded(Sample.self)
    #expect(sample.colour == .red)
    #expect(sample.rows.count == 1)
  }

  @Test("an answer that is one number, a list or nothing has a shape too")
  func plain() {
    #expect(Shape(of: Int.self) == .integer)
    #expect(Shape(of: [String].self) == .list(.text(format: nil, example: "…")))
    #expect(Shape(of: Done.self) == .object([]))
  }
}

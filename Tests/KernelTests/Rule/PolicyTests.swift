import Testing

@testable import Kernel

@Suite("Policies") struct PolicyTests {
  private struct Colour: PolicySection {
    static let key = "colour"
    let name: String
    var faults: [Words] { name == "none" ? [Words("无色", "no colour")] : [] }
  }

  private struct Shade: PolicySection {
    static let key = "shade"
    let depth: Int
  }

  private static func edition(
    _ id: String, _ version: Int, from: String, to: String? = nil, _ sections: String
  ) throws -> PolicyEdition {
    let end = to.map { #""effective_to":"\#($0)","# } ?? ""
    let text = """
      {"id":"\(id)","version":\(version),"title":{"zh":"一","en":"One"},"source":["x"],
       "effective_from":"\(from)",\(end)"sections":\(sections)}
      """
    return try PolicyEdition(
      fields: Fields.json(Array(text.utf8)), text: text, digest: "d",
      sections: [Colour.self, Shade.self])
  }

  private static func library() throws -> PolicyLibrary {
    PolicyLibrary([
      try edition("b", 1, from: "2022-06-01", #"{"colour":{"name":"blue"}}"#),
      try edition(
        "a", 1, from: "2022-01-01", to: "2022-12-31",
        #"{"colour":{"name":"amber"},"shade":{"depth":1}}"#),
      try edition("b", 2, from: "2022-06-01", to: "2022-06-10", #"{"colour":{"name":"brown"}}"#),
    ])
  }

  @Test(
    "the youngest edition in force on the day decides, to both ends of its days",
    arguments: [
      ("2022-01-01", "amber", "a@1"), ("2022-05-31", "amber", "a@1"),
      ("2022-06-01", "brown", "b@2"), ("2022-06-10", "brown", "b@2"),
      ("2022-06-11", "blue", "b@1"), ("2023-01-01", "blue", "b@1"),
    ])
  func decided(day: String, name: String, reference: String) throws {
    let found = try Self.library().section(Colour.self, on: #require(Day(day)))
    #expect(found.section.name == name && found.edition.reference == reference)
  }

  @Test("a section that the younger edition leaves out is taken from the older one in force")
  func fallsBack() throws {
    let library = try Self.library()
    #expect(try library.section(Shade.self, on: #require(Day("2022-07-01"))).section.depth == 1)
    let refusal = #expect(throws: Refusal.self) {
      try library.section(Shade.self, on: #require(Day("2023-01-01")))
    }
    #expect(refusal?.code == "policy.none")
    #expect(throws: Refusal.self) {
      try library.section(Colour.self, on: #require(Day("2021-12-31")))
    }
  }

  @Test("the order in which files are read decides nothing")
  func order() throws {
    let day = try #require(Day("2022-07-01"))
    let one = try Self.edition("one", 1, from: "2022-06-01", #"{"colour":{"name":"red"}}"#)
    let two = try Self.edition("two", 1, from: "2022-06-01", #"{"colour":{"name":"green"}}"#)
    let forth = try PolicyLibrary([one, two]).section(Colour.self, on: day).section.name
    let back = try PolicyLibrary([two, one]).section(Colour.self, on: day).section.name
    #expect(forth == back)
  }

  @Test("an edition is found by its id, the highest version of it, or exactly")
  func found() throws {
    let library = try Self.library()
    #expect(library.edition("b")?.reference == "b@2")
    #expect(library.edition("b@1")?.reference == "b@1")
    #expect(library.edition("c") == nil && library.edition("b@3") == nil)
  }

  @Test(
    "a file that makes no sense is refused with the place of the fault",
    arguments: [
      (#"{"colours":{}}"#, "policy.unknownSection", "sections.colours"),
      (#"{"colour":{"name":"none"}}"#, "policy.fault", "sections.colour"),
      (#"{"colour":{}}"#, "field.missing", "sections.colour.name"),
      (#"{"colour":{"name":"red","names":"x"}}"#, "field.unknown", "sections.colour.names"),
      (#"{"shade":{"depth":"deep"}}"#, "field.malformed", "sections.shade.depth"),
      (#"[]"#, "field.malformed", "sections"),
    ])
  func faults(sections: String, code: String, field: String) throws {
    let refusal = #expect(throws: Refusal.self) {
      try Self.edition("a", 1, from: "2022-01-01", sections)
    }
    #expect(refusal?.code == code && refusal?.field == field)
  }

  @Test("an edition does not end before it begins")
  func reversed() throws {
    let refusal = #expect(throws: Refusal.self) {
      try Self.edition("a", 1, from: "2022-01-02", to: "2022-01-01", "{}")
    }
    #expect(refusal?.field == "effective_to")
    #expect(
      try Self.edition("a", 1, from: "2022-01-02", to: "2022-01-02", "{}")
        .isInForce(on: #require(Day("2022-01-02"))))
  }
}

import Testing

@testable import Kernel

@Suite("An identifier") struct IDTests {
  @Test("loses white space at its ends", arguments: [" a ", "a\n", "\u{3000}a\t"])
  func trimmed(written: String) throws { #expect(try PersonID(written).text == "a") }

  @Test(
    "is refused when it is empty, too long or holds what nobody sees",
    arguments: [
      "", "  ", "a\u{0}b", "a\nb", "a\u{7F}b", "a\u{200B}b", "\u{FEFF}a", "a\u{202E}b",
      String(repeating: "a", count: 201), String(repeating: "李", count: 67),
    ])
  func refused(written: String) {
    let refusal = #expect(throws: Refusal.self) { try PersonID(written, field: "person") }
    #expect(refusal?.field == "person")
  }

  @Test("may be as long as 200 bytes")
  func longest() throws {
    #expect(try PersonID(String(repeating: "a", count: 200)).text.count == 200)
    #expect(try PersonID(String(repeating: "李", count: 66)).text.count == 66)
  }

  @Test("is compared as bytes, as the database does")
  func bytes() {
    let composed = PersonID(trusted: "\u{E9}")
    let parts = PersonID(trusted: "e\u{301}")
    #expect(composed != parts && (composed < parts) != (parts < composed))
    #expect(Set([composed, parts]).count == 2)
    #expect(PersonID(trusted: "a") == PersonID(trusted: "a"))
    #expect(PersonID(trusted: "Z") < PersonID(trusted: "a"))
  }
}

import Testing

@testable import Kernel

@Suite("The fingerprint of a command") struct CanonicalFieldsTests {
  @Test("is the same for the same values in any order, and different for any others")
  func distinct() throws {
    let texts = [
      "null", "true", "false", "0", "1", "\"1\"", "\"\"", "0.5", "[]", "[[]]", "{}", "[1]", "[1,2]",
      "[2,1]", "[12]", "[\"1\",\"2\"]", "[\"1,2\"]", "{\"a\":1}", "{\"a\":\"1\"}", "{\"b\":1}",
      "{\"a\":1,\"b\":2}", "{\"a\":{\"b\":2}}", "{\"a\":[1],\"b\":[2]}", "{\"a\":[1,2],\"b\":[]}",
    ]
    var seen: Set<[UInt8]> = []
    for text in texts {
      #expect(seen.insert(try text.fields.canonicalBytes(name: "n")).inserted, "\(text)")
    }
    #expect(seen.insert(try "1".fields.canonicalBytes(name: "m")).inserted)
    #expect(
      try #"{"a":1,"b":{"c":2,"d":3}}"#.fields.canonicalBytes(name: "n")
        == #"{"b":{"d":3,"c":2},"a":1.0}"#.fields.canonicalBytes(name: "n"))
  }
}

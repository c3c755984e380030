import Foundation
import Kernel
import Testing

@Suite("Values as JSON")
struct JSONWriterTests {
  private struct Inner: Codable, Equatable {
    var word = "王\"敏\\\n\u{1}\u{7F}😀/"
    var optional: Int?
    var numbers: [Int: String] = [3: "三", 1: "一"]
  }

  private struct Whole: Codable, Equatable {
    enum Colour: String, Codable { case red }
    var zulu = true
    var alpha: Int64 = .min
    var real = 0.1
    var round = 3.0
    var large = 1e20
    var small: UInt8 = 255
    var colour = Colour.red
    var inner = Inner()
    var list = [Inner(optional: 7), Inner()]
    var empty: [String] = []
    var nothing: [String: Int] = [:]
    var nested = [[1.5, 2], []]
    var map = ["乙": [1], "甲": []]
  }

  private static func foundation(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  private static func own(_ value: some Encodable) throws -> String {
    String(decoding: try Fields.jsonBytes(value), as: UTF8.self)
  }

  @Test("reads as what the library's encoder writes, byte for byte")
  func sameAsTheLibrary() throws {
    #expect(try Self.own(Whole()) == Self.foundation(Whole()))
    #expect(
      try Self.own(["a\u{8}\u{C}\r\t": "\u{1F}"]) == Self.foundation(["a\u{8}\u{C}\r\t": "\u{1F}"]))
    #expect(try Self.own([1, 2]) == "[1,2]")
    #expect(try Self.own("文") == "\"文\"")
    #expect(try Self.own(Int?.none) == "null")
  }

  @Test("comes back as the same value")
  func roundTrip() throws {
    let read = try Fields.json(Fields.jsonBytes(Whole()))
    #expect(try read.decoded(Whole.self, strict: false) == Whole())
  }

  private struct Twice: Encodable {
    enum Keys: CodingKey { case one, two }

    func encode(to encoder: any Encoder) throws {
      var first = encoder.container(keyedBy: Keys.self)
      try first.encode("old", forKey: .two)
      var second = encoder.container(keyedBy: Keys.self)
      try second.encode("new", forKey: .two)
      var nested = second.nestedContainer(keyedBy: Keys.self, forKey: .one)
      try nested.encodeNil(forKey: .two)
      var list = nested.nestedUnkeyedContainer(forKey: .one)
      try list.encode(contentsOf: [true, false])
      try list.encodeNil()
    }
  }

  @Test("two parts of a value may write into one object; the later wins")
  func shared() throws {
    #expect(try Self.own(Twice()) == #"{"one":{"one":[true,false,null],"two":null},"two":"new"}"#)
  }

  @Test("refuses what JSON has no number for")
  func numbers() {
    #expect(throws: EncodingError.self) { try Fields.jsonBytes([Double.nan]) }
    #expect(throws: EncodingError.self) { try Fields.jsonBytes([Double.infinity]) }
    #expect(throws: EncodingError.self) { try Fields.jsonBytes([UInt64.max]) }
  }
}

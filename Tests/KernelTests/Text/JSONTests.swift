import Foundation
import Testing

@testable import Kernel

@Suite("JSON that comes from outside") struct JSONTests {
  static let readings: [(String, Fields)] = [
    ("null", Fields.null), ("true", .flag(true)), (" false ", .flag(false)), ("0", .integer(0)),
    ("-0", .integer(0)), ("42", .integer(42)), ("-7", .integer(-7)),
    ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
    ("1.0", .integer(1)), ("1e2", .integer(100)), ("-2.50E+1", .integer(-25)),
    ("0.5", .real(0.5)), ("36.6", .real(36.6)), ("1e-3", .real(0.001)),
    ("\"\"", .text("")), ("\"李\"", .text("李")), ("\"\\u674e\"", .text("李")),
    ("\"\\ud842\\udfb7\"", .text("𠮷")), (#""\"\\\/\b\f\n\r\t""#, .text("\"\\/\u{8}\u{c}\n\r\t")),
    ("[]", .list([])), ("[ 1 , [ ] ]", .list([.integer(1), .list([])])),
    ("{}", .object([:])), ("{\"a\":{\"b\":null}}", .object(["a": .object(["b": .null])])),
    ("\t\r\n [1]\n", .list([.integer(1)])),
  ]

  @Test("is read to the same values", arguments: readings)
  func values(text: String, fields: Fields) throws {
    #expect(try Fields.json(Array(text.utf8)) == fields)
  }

  @Test(
    "is refused when it is not JSON",
    arguments: [
      "", " ", "nul", "True", "[1,]", "[1 2]", "[,1]", "{\"a\"}", "{\"a\":}", "{a:1}", "{'a':1}",
      "{\"a\":1,}", "01", "-", "+1", "1.", ".5", "1e", "1e+", "0x10", "NaN", "Infinity", "1e999",
      "\"", "\"a", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"",
      "\"\n\"", "\"\u{1}\"", "1 2", "[1]]", "{}{}", "//", "[1]/**/",
    ])
  func malformed(text: String) {
    let refusal = #expect(throws: Refusal.self) { try Fields.json(Array(text.utf8)) }
    #expect(refusal?.kind == .invalid)
  }

  @Test(
    "is refused when its bytes are no UTF-8",
    arguments: [
      [0x22, 0xff, 0x22], [0x22, 0xc3, 0x22], [0x22, 0xc0, 0xaf, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22], [0x22, 0xf5, 0x80, 0x80, 0x80, 0x22],
      [0xff, 0xfe, 0x31, 0x00], [0x31, 0x00],
    ] as [[UInt8]])
  func bytes(bytes: [UInt8]) {
    #expect(throws: Refusal.self) { try Fields.json(bytes) }
  }

  @Test("is refused when a name stands twice, because two readers would see two things")
  func doubled() {
    for text in [#"{"a":1,"a":2}"#, #"{"x":[{"a":1,"b":2,"\u0061":1}]}"#] {
      #expect(throws: Refusal.self) { try Fields.json(Array(text.utf8)) }
    }
  }

  @Test("is refused when it holds the character that ends a text in a database")
  func zero() {
    #expect(throws: Refusal.self) { try Fields.json(Array(#""a\u0000b""#.utf8)) }
  }

  @Test(
    "is refused when it is nested deeply enough to exhaust the stack",
    arguments: [
      101, 1_000, 100_000, 1_000_000,
    ])
  func deep(depth: Int) async {
    for (opening, closing) in [("[", "]"), (#"{"a":"#, "}")] {
      let text =
        String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth)
      #expect(throws: Refusal.self) { try Fields.json(Array(text.utf8)) }
      let open = String(repeating: opening, count: depth)
      #expect(throws: Refusal.self) { try Fields.json(Array(open.utf8)) }
    }
  }

  @Test("may be nested as deep as any map or form is")
  func notDeep() throws {
    let text = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    _ = try Fields.json(Array(text.utf8))
  }

  @Test("that we write ourselves reads back, for a thousand random values", arguments: [1, 2, 3])
  func roundTrip(seed: UInt64) throws {
    var chance = Chance(seed)
    for _ in 0..<333 {
      let fields = chance.fields(depth: 4)
      #expect(try Fields.json(Fields.jsonBytes(fields)) == fields)
    }
  }

  @Test(
    "that is cut or damaged anywhere is read or refused, never anything else", arguments: [4, 5])
  func damaged(seed: UInt64) throws {
    var chance = Chance(seed)
    for _ in 0..<300 {
      var bytes = try Fields.jsonBytes(chance.fields(depth: 3))
      if Bool.random(using: &chance) {
        bytes.removeLast(Int.random(in: 0...bytes.count, using: &chance))
      } else if !bytes.isEmpty {
        let at = Int.random(in: bytes.indices, using: &chance)
        bytes[at] = UInt8.random(in: 0...255, using: &chance)
      }
      do { _ = try Fields.json(bytes) } catch { #expect(error.kind == .invalid) }
    }
  }
}

/// Chance that follows from a seed (SplitMix64).
struct Chance: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func text() -> String {
    let letters = Array("ab \"\\/\n\u{1F}é李𠮷\u{2028}<&'")
    return String(
      (0..<Int.random(in: 0...6, using: &self)).map { _ in
        letters[Int.random(in: letters.indices, using: &self)]
      })
  }

  mutating func fields(depth: Int) -> Fields {
    switch Int.random(in: 0...(depth > 0 ? 6 : 4), using: &self) {
    case 0: return .null
    case 1: return .flag(Bool.random(using: &self))
    case 2: return .integer(Int64.random(in: .min ... .max, using: &self))
    case 3: return .real(Double(Int.random(in: -9_999...9_999, using: &self)) + 0.25)
    case 4: return .text(text())
    case 5:
      return .list(
        (0..<Int.random(in: 0...4, using: &self)).map { _ in fields(depth: depth - 1) })
    default:
      var members: [String: Fields] = [:]
      for _ in 0..<Int.random(in: 0...4, using: &self) {
        members[text()] = fields(depth: depth - 1)
      }
      return .object(members)
    }
  }
}

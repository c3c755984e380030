import Testing

@testable import Kernel

@Suite("Decoding of fields") struct FieldsDecoderTests {
  enum Colour: String, Codable, CaseIterable { case red, blue }

  struct Everything: Decodable {
    let int: Int?
    let small: Int8?
    let double: Double?
    let flag: Bool?
    let text: String?
    let colour: Colour?
    let day: Day?
    let instant: Instant?
    let id: PersonID?
    let list: [String]?
    let numbers: [Int?]?
    let map: [String: String]?
    let gaps: [String: Int?]?
    let free: Fields?
    let inner: [Inner]?
  }

  struct Inner: Decodable, Equatable {
    let a: Int
    let colours: [String: Colour]?
  }

  private static func read(_ json: String) throws -> Everything {
    try Fields.json(Array(json.utf8)).decoded(Everything.self)
  }

  @Test(
    "a whole number comes as a number or as text",
    arguments: [
      ("5", 5), (#""5""#, 5), (#"" 5 ""#, 5), (#""-5""#, -5), ("5.0", 5), ("5e0", 5), ("null", nil),
      (#""""#, nil), (#""　""#, nil), ("9223372036854775807", Int.max),
    ])
  func integers(json: String, value: Int?) throws {
    #expect(try Self.read(#"{"int":\#(json)}"#).int == value)
  }

  @Test(
    "what is no whole number is refused with its field",
    arguments: ["5.5", #""5.5""#, #""x""#, "true", "[]", "{}", "9223372036854775808", "1e30"])
  func noIntegers(json: String) {
    let refusal = #expect(throws: Refusal.self) { try Self.read(#"{"int":\#(json)}"#) }
    #expect(refusal?.code == "field.malformed" && refusal?.field == "int")
  }

  @Test("a number that a type cannot hold is refused", arguments: ["128", "-129", #""128""#])
  func small(json: String) {
    #expect(throws: Refusal.self) { try Self.read(#"{"small":\#(json)}"#) }
  }

  @Test(
    "a number with a fraction is finite",
    arguments: [("0.5", 0.5), (#""0.5""#, 0.5), ("3", 3), (#""nan""#, nil), (#""inf""#, nil)])
  func doubles(json: String, value: Double?) {
    #expect((try? Self.read(#"{"double":\#(json)}"#))?.double == value)
  }

  @Test(
    "no number that is none passes, wherever it comes from",
    arguments: [
      Double.nan, .infinity, -.infinity,
    ])
  func notFinite(number: Double) {
    let fields = Fields.object(["double": .real(number)])
    #expect(throws: Refusal.self) { try fields.decoded(Everything.self) }
    let text = Fields.object(["text": .real(number)])
    #expect(throws: Refusal.self) { try text.decoded(Everything.self) }
  }

  @Test(
    "yes and no come in the forms that spreadsheets and forms write",
    arguments: [
      ("true", true), ("1", true), (#""是""#, true), (#""TRUE""#, true), (#"" yes ""#, true),
      (#""on""#, true), ("false", false), ("0", false), (#""否""#, false), (#""False""#, false),
      (#""No""#, false),
    ])
  func flags(json: String, value: Bool) throws {
    #expect(try Self.read(#"{"flag":\#(json)}"#).flag == value)
  }

  @Test(
    "a number stands for a text only when no digit is lost",
    arguments: [
      ("370203", "370203"), ("36.5", "36.5"), (#"" a ""#, "a"), ("12345678901234567890", nil),
      ("true", nil), ("[]", nil),
    ])
  func texts(json: String, value: String?) {
    #expect((try? Self.read(#"{"text":\#(json)}"#))?.text == value)
  }

  @Test("a text may not hold the character that ends a text in a database")
  func zero() {
    let refusal = #expect(throws: Refusal.self) {
      try Fields.object(["text": .text("a\0b")]).decoded(Everything.self)
    }
    #expect(refusal?.field == "text")
  }

  @Test("lists, maps and values inside each other are read")
  func nested() throws {
    let read = try Self.read(
      #"""
      {"list":["a","",1],"numbers":[1,null,"","2"],"map":{"a":"x","b":1},"gaps":{"a":1,"b":null},
       "free":{"any":[{"thing":null}]},"inner":[{"a":"1","colours":{"x":"red"}},{"a":2}],
       "colour":"blue","day":"2022-11-29","instant":"2022-11-29T08:30","id":" p "}
      """#)
    #expect(read.list == ["a", "", "1"] && read.numbers == [1, nil, nil, 2])
    #expect(read.map == ["a": "x", "b": "1"])
    #expect(read.gaps?["a"] == 1)
    #expect(read.free == .object(["any": .list([.object(["thing": .null])])]))
    #expect(read.inner == [Inner(a: 1, colours: ["x": .red]), Inner(a: 2, colours: nil)])
    #expect(read.colour == .blue && read.id?.text == "p" && read.day?.text == "2022-11-29")
  }

  @Test("an empty value of a map means that nothing is known")
  func emptyInMap() throws {
    #expect(try Self.read(#"{"map":{"a":"x","b":"","c":null}}"#).map == ["a": "x"])
  }

  @Test(
    "a field that nothing reads is named with its path",
    arguments: [
      (#"{"ints":1}"#, "ints"), (#"{"inner":[{"a":1},{"a":1,"b":2}]}"#, "inner.1.b"),
      (#"{"a.b":1}"#, "a.b"), (#"{"inner.0":1,"inner":[{"a":1}]}"#, "inner.0"),
      (#"{"inner":[{"a":1}],"inner.0.a":1}"#, "inner.0.a"),
    ])
  func unknown(json: String, field: String) {
    let refusal = #expect(throws: Refusal.self) { try Self.read(json) }
    #expect(refusal?.code == "field.unknown" && refusal?.field == field)
  }

  @Test(
    "what is missing or wrong is named with its whole path",
    arguments: [
      (#"{"inner":[{"a":1},{}]}"#, "field.missing", "inner.1.a"),
      (#"{"inner":[{"a":"x"}]}"#, "field.malformed", "inner.0.a"),
      (#"{"inner":[{"a":""}]}"#, "field.missing", "inner.0.a"),
      (#"{"inner":{"a":1}}"#, "field.malformed", "inner"),
      (#"{"colour":"green"}"#, "field.malformed", "colour"),
      (#"{"inner":[{"a":1,"colours":{"x":"green"}}]}"#, "field.malformed", "inner.0.colours.x"),
      (#"{"day":"2022-02-30"}"#, "field.malformed", "day"),
      (#"{"instant":"noon"}"#, "field.malformed", "instant"),
    ])
  func faults(json: String, code: String, field: String) {
    let refusal = #expect(throws: Refusal.self) { try Self.read(json) }
    #expect(refusal?.code == code && refusal?.field == field)
  }

  @Test("a refusal shows the wrong value of a list, so that it can be found")
  func shown() {
    let refusal = #expect(throws: Refusal.self) { try Self.read(#"{"inner":[{"a":"5.5"}]}"#) }
    #expect(refusal?.words.english.contains("5.5") == true)
  }

  @Test(
    "no refusal quotes what may be a name, a number of a person or a telephone",
    arguments: [
      "张三", "Zhang San", "欧阳 小明", "370203199001011234", "37020319900101123X", "13800138000",
      "138-0013-8000", "0532-83881234", "+86 138 0013 8000", "E12345678", "1380013",
    ])
  func notQuoted(value: String) throws {
    for field in ["int", "day", "instant", "colour", "flag", "double"] {
      let fields = Fields.object([field: .text(value)])
      do {
        _ = try fields.decoded(Everything.self)
      } catch {
        #expect(!error.words.english.contains(value) && !error.words.chinese.contains(value))
      }
    }
  }

  @Test(
    "a refusal quotes what is plainly a code, a number or a date",
    arguments: ["confirmd", "2022-02-30", "12.5.1", "2022-11-29T08:61:00", "23x"])
  func quoted(value: String) {
    let refusal = Refusal.malformed("x", value, expected: Words("", ""))
    #expect(refusal.words.english.contains(value) && refusal.words.chinese.contains(value))
  }

  @Test("a thousand random values decode or are refused, and never bring the process down")
  func random() {
    var chance = Chance(11)
    let names = [
      "int", "small", "double", "flag", "text", "colour", "day", "instant", "id", "list", "numbers",
      "map", "gaps", "free", "inner",
    ]
    for _ in 0..<1_000 {
      var members: [String: Fields] = [:]
      for name in names where Bool.random(using: &chance) {
        members[name] = chance.fields(depth: 3)
      }
      _ = try? Fields.object(members).decoded(Everything.self)
    }
  }

  /// What an answer of the program may look like.
  private struct Answered: Codable, Equatable {
    struct Event: Codable, Equatable { let about: String }
    let history: [Event]
    let note: String?
    let names: [String: String]
  }

  @Test("what the program wrote comes back as it was, with its empty texts and its blanks")
  func answer() throws {
    let answered = Answered(
      history: [.init(about: ""), .init(about: " a ")], note: "", names: ["k": "\u{3000}"])
    let fields = try Fields.json(Fields.jsonBytes(answered))
    #expect(try fields.decodedAnswer(Answered.self) == answered)
    // A file of somebody's says nothing where it has an empty text.
    #expect(throws: Refusal.self) { try fields.decoded(Answered.self) }
    #expect(throws: Refusal.self) { try Fields.object([:]).decodedAnswer(Answered.self) }
  }
}

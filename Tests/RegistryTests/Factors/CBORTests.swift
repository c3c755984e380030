import Cryptography
import Kernel
import Testing
import Town

@testable import Registry

@Suite("What authenticators write") struct CBORTests {
  @Test(
    "RFC 8949, appendix A, as far as authenticators use it",
    arguments: [
      ("00", .integer(0)), ("17", .integer(23)), ("1818", .integer(24)),
      ("1903e8", .integer(1_000)),
      ("1b000000e8d4a51000", .integer(1_000_000_000_000)), ("20", .integer(-1)),
      ("3903e7", .integer(-1_000)), ("f4", .flag(false)), ("f5", .flag(true)), ("f6", .null),
      ("40", .bytes([])), ("4401020304", .bytes([1, 2, 3, 4])), ("6449455446", .text("IETF")),
      ("62c3bc", .text("ü")), ("80", .list([])),
      (
        "8301820203820405",
        .list([.integer(1), .list([.integer(2), .integer(3)]), .list([.integer(4), .integer(5)])])
      ),
      ("a0", .map([:])),
      (
        "a26161016162820203",
        .map([.text("a"): .integer(1), .text("b"): .list([.integer(2), .integer(3)])])
      ),
    ] as [(String, CBOR)])
  func right(text: String, value: CBOR) throws {
    #expect(CBOR.value(of: try #require(Hex.bytes(text))) == value)
  }

  @Test(
    "anything that two readers could understand in two ways, or that is not whole, is nothing",
    arguments: [
      ("", "nothing"), ("0000", "two values"), ("18", "a number that ends"),
      ("1817", "not the shortest"),
      ("190017", "not the shortest"), ("1a0000ffff", "not the shortest"),
      ("1b00000000ffffffff", "not the shortest"),
      ("1bffffffffffffffff", "more than a number holds"),
      ("3bffffffffffffffff", "less than a number holds"), ("5f41014102ff", "bytes of no length"),
      ("7f616161 62ff", "a text of no length"), ("9f01ff", "a list of no length"),
      ("bf616101ff", "a map of no length"), ("ff", "an end of nothing"),
      ("1c", "a length nobody knows"),
      ("4401", "bytes that end"), ("5bffffffffffffffff00", "bytes beyond any memory"),
      ("9bffffffffffffffff00", "a list beyond any memory"), ("9a00ffffff00", "a list that ends"),
      ("bbffffffffffffffff00", "a map beyond any memory"), ("61ff", "no text"),
      ("62c328", "no text"),
      ("a1616101616201", "more than the map"), ("a2616101616102", "a name twice"),
      ("a14101 01", "a name of bytes"), ("a1f501", "a name that is a flag"),
      ("a16161", "a name alone"),
      ("c074323031332d", "a tag"), ("d9d9f700", "a tag"), ("f7", "undefined"),
      ("f820", "another simple value"),
      ("f93c00", "a fraction"), ("fb3ff199999999999a", "a fraction"),
      ("818181818181", "deeper than four, and ends"), ("818181818100", "deeper than four"),
    ])
  func wrong(text: String, why: String) throws {
    let bytes = try #require(Hex.bytes(text.replacing(" ", with: "")))
    #expect(CBOR.value(of: bytes) == nil, "\(why)")
  }

  @Test("four levels are read, as CTAP 2 allows")
  func depth() throws {
    #expect(CBOR.value(of: try #require(Hex.bytes("8181818100"))) != nil)
  }

  @Test(
    "base64url as browsers write it, and in no second way",
    arguments: [
      ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
      ("fooba", "Zm9vYmE"),
    ])
  func base64(plain: String, text: String) {
    #expect(Base64URL.text(Array(plain.utf8)) == text)
    #expect(Base64URL.bytes(text) == Array(plain.utf8))
    for other in ["\(text)=", "\(text)+", "\(text)A\n", "Zh", "Z", "Zm9vY"] {
      #expect(Base64URL.bytes(other) == nil)
    }
    #expect(Base64URL.bytes(Base64URL.text([251, 239, 255])) == [251, 239, 255])
  }

  @Test(
    "a passkey belongs to a name that is reached by encryption, or to this machine",
    arguments: [
      ("https://denghuo.example", "denghuo.example"),
      ("https://Denghuo.Example:8443/", "denghuo.example"),
      ("http://localhost:8080", "localhost"), ("http://a.localhost", "a.localhost"),
      ("http://denghuo.example", nil), ("http://192.168.1.7:8080", nil),
      ("https://192.168.1.7", nil),
      ("https://[::1]:8080", nil), ("https://", nil), ("https://a b", nil), ("https://a:b", nil),
      ("https://a:99999", nil), ("https://a/b", nil), ("https://user@a", nil), ("https://.a", nil),
      ("https://a.", nil), ("ftp://a", nil), ("null", nil), ("", nil), ("https:/a", nil),
      ("https://a:1:2", nil), ("http://localhost.evil.example", nil),
    ] as [(String, String?)])
  func site(origin: String, host: String?) {
    #expect(PasskeyDoor.Site(origin: origin)?.relyingParty == host)
  }
}

@Suite("What an authenticator says of itself") struct AuthenticatorDataTests {
  private let key = SoftwarePasskey()
  private let suite = OpenSSLSuite()

  private func offer() throws -> PasskeyDoor.Offer {
    PasskeyDoor.Offer(
      challenge: Array(repeating: 9, count: 32), user: [1, 2, 3], account: "worker",
      title: "Worker", credentials: [],
      site: try #require(PasskeyDoor.Site(origin: "https://denghuo.example")), milliseconds: 300_000
    )
  }

  @Test("a key that was made is read with its identifier and point, and only whole")
  func made() throws {
    var saying = SoftwarePasskey.Saying()
    saying.counter = 0x0102_0304
    saying.flags = 1
    let bytes = key.made(try offer(), saying)
    let data = try #require(AuthenticatorData(bytes))
    #expect(data.isPresent && !data.isVerified && data.counter == 0x0102_0304)
    #expect(data.made?.credential == key.credential && data.made?.point == key.point)
    #expect(data.relyingParty == suite.digest(Array("denghuo.example".utf8)))
    for count in bytes.indices { #expect(AuthenticatorData(Array(bytes[..<count])) == nil) }
    #expect(AuthenticatorData(bytes + [0]) == nil)
    #expect(AuthenticatorData(bytes + [0xA0]) == nil)
    // With extensions, which nobody asked for: one map, and no more.
    var extended = bytes
    extended[32] |= 128
    #expect(AuthenticatorData(extended) == nil)
    #expect(AuthenticatorData(extended + [0xA1, 0x61, 0x61, 0xF5]) != nil)
    #expect(AuthenticatorData(extended + [0x01]) == nil)
    #expect(AuthenticatorData(extended + [0xA0, 0xA0]) == nil)
  }

  @Test(
    "an identifier shorter than 16 bytes or longer than 1,023 is none",
    arguments: [0, 15, 16, 1_023, 1_024])
  func credential(length: Int) throws {
    let whole = key.made(try offer())
    let bytes =
      Array(whole[..<53]) + [UInt8(length >> 8), UInt8(length & 255)]
      + [UInt8](repeating: 7, count: length) + SoftwarePasskey.key(at: key.point)
    #expect((AuthenticatorData(bytes) != nil) == (16...1_023).contains(length))
  }

  @Test("a key of another kind, algorithm or curve, with more or less than it must say, is none")
  func otherKeys() throws {
    let right = SoftwarePasskey.key(at: key.point)
    let point = { (bytes: [UInt8]) in CBOR.value(of: bytes).flatMap(COSEKey.point(of:)) }
    #expect(point(right) == key.point)
    // Kind, algorithm and curve stand at the places 2, 4 and 6.
    for (place, value) in [(2, 0x01), (2, 0x03), (4, 0x27), (4, 0x38), (6, 0x02), (6, 0x06)] {
      var other = right
      other[place] = UInt8(value)
      #expect(point(other) == nil)
    }
    let more = [0xA6] + right.dropFirst() + [0x04, 0x81, 0x02]
    #expect(CBOR.value(of: more) != nil && point(more) == nil)
    let compressed = [0xA5] + right[1..<42] + [0x22, 0xF5]
    #expect(CBOR.value(of: compressed) != nil && point(compressed) == nil)
    let short = [0xA5] + right[1..<42] + [0x22, 0x58, 31] + right[45..<76]
    #expect(CBOR.value(of: short) != nil && point(short) == nil)
    #expect(point([0xA0]) == nil && point([0x01]) == nil)
  }

  @Test("a point beside the curve is no key")
  func beside() {
    #expect(suite.isPoint(key.point))
    var beside = key.point
    beside[64] ^= 1
    #expect(!suite.isPoint(beside))
    #expect(!suite.isPoint([4] + [UInt8](repeating: 0, count: 64)))
    #expect(!suite.isPoint(Array(key.point.dropLast())) && !suite.isPoint([]))
    #expect(!suite.isPoint([2] + key.point.dropFirst()))
    let message: [UInt8] = [1, 2, 3]
    let signature = key.signature(over: message)
    #expect(suite.isSigned(message, byPoint: key.point, signature: signature))
    #expect(!suite.isSigned(message + [4], byPoint: key.point, signature: signature))
    #expect(!suite.isSigned(message, byPoint: SoftwarePasskey().point, signature: signature))
    #expect(!suite.isSigned(message, byPoint: key.point, signature: signature + [0]))
    #expect(!suite.isSigned(message, byPoint: key.point, signature: []))
  }

  @Test(
    "what a browser answers to a new passkey is taken when it is right, and with self attestation")
  func registered() throws {
    var saying = SoftwarePasskey.Saying()
    let none = try PasskeyRules.made(key.registration(try offer()), suite: suite)
    #expect(none.credential == key.credential && none.point == key.point && none.isVerified)
    saying.isSelfAttested = true
    #expect(try PasskeyRules.made(key.registration(try offer(), saying), suite: suite) == none)
  }

  @Test("1,000 changed registrations never crash and never pass")
  func mutatedRegistrations() throws {
    var saying = SoftwarePasskey.Saying()
    saying.isSelfAttested = true
    let right = key.registration(try offer(), saying)
    var dice = Dice(seed: 1)
    for _ in 0..<1_000 {
      let (client, attestation) =
        dice.next(4) == 0
        ? (dice.changed(right.client), right.attestation)
        : (right.client, dice.changed(right.attestation))
      let answer = PasskeyDoor.Registration(
        client: client, attestation: attestation, transports: [], name: "", site: right.site)
      #expect(throws: Refusal.self) { try PasskeyRules.made(answer, suite: suite) }
    }
  }

  @Test("1,000 changed assertions never crash and never pass")
  func mutatedAssertions() throws {
    let offer = try offer()
    let right = key.assertion(offer)
    let passkey = Passkey(
      id: PasskeyID(trusted: "k"), account: AccountID(trusted: "worker"),
      credential: key.credential, point: key.point, relyingParty: "denghuo.example", name: "",
      transports: [], counter: 0, isVerified: true, madeAt: Instant(milliseconds: 0),
      lastUsedAt: nil, suspectedAt: nil)
    _ = try PasskeyRules.shown(right, by: passkey, user: offer.user, suite: suite)
    var dice = Dice(seed: 2)
    for turn in 0..<1_000 {
      let answer = PasskeyDoor.Assertion(
        credential: right.credential,
        client: turn % 3 == 0 ? dice.changed(right.client) : right.client,
        authenticator: turn % 3 == 1 ? dice.changed(right.authenticator) : right.authenticator,
        signature: turn % 3 == 2 ? dice.changed(right.signature) : right.signature,
        user: right.user, site: right.site)
      #expect(throws: Refusal.self) {
        try PasskeyRules.shown(answer, by: passkey, user: offer.user, suite: suite)
      }
    }
  }

  @Test("a browser's data that is doubled, too long, or bound to another line is refused")
  func clients() throws {
    let right = key.registration(try offer())
    let text = String(decoding: right.client, as: UTF8.self)
    let others = [
      "", "{}", "[]", "\(text) {}", "{\"type\":\"webauthn.get\"," + text.dropFirst(),
      text.dropLast() + ",\"more\":\"\(String(repeating: "a", count: 4_096))\"}",
      text.dropLast() + ",\"tokenBinding\":{\"status\":\"present\",\"id\":\"x\"}}",
      text.replacing("false", with: "true"),
      text.replacing("webauthn.create", with: "webauthn.get"),
      text.replacing("https://denghuo.example", with: "https://denghuo.example.evil"),
      text.replacing("https://denghuo.example", with: "https://denghuo.example:444"),
    ]
    for other in others {
      let answer = PasskeyDoor.Registration(
        client: Array(other.utf8), attestation: right.attestation, transports: [], name: "",
        site: right.site)
      #expect(throws: Refusal.self, "\(other.prefix(80))") {
        try PasskeyRules.made(answer, suite: suite)
      }
    }
    #expect(PasskeyRules.challenge(in: right.client) == Base64URL.text(try offer().challenge))
    #expect(PasskeyRules.challenge(in: Array("{\"challenge\":\"short\"}".utf8)) == nil)
  }

  @Test(
    "a counter grows, or is kept by nobody",
    arguments: [
      (0, 0, true), (1, 0, true), (6, 5, true), (5, 5, false), (4, 5, false), (0, 5, false),
    ] as [(Int64, Int64, Bool)])
  func counters(sent: Int64, known: Int64, isRight: Bool) {
    #expect(PasskeyRules.mayFollow(sent, after: known) == isRight)
  }
}

/// Changes that follow from a seed.
private struct Dice {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 }

  mutating func next(_ sides: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(sides))
  }

  /// The same bytes with some changed, cut, doubled or put in; never the same.
  mutating func changed(_ bytes: [UInt8]) -> [UInt8] {
    var changed = bytes
    repeat {
      let place = next(changed.count)
      switch next(5) {
      case 0: changed[place] = UInt8(next(256))
      case 1: changed[place] ^= 1 << UInt8(next(8))
      case 2: changed.removeLast(next(min(changed.count - 1, 20)) + 1)
      case 3: changed.insert(contentsOf: (0...next(9)).map { _ in UInt8(next(256)) }, at: place)
      default: changed += [UInt8](repeating: UInt8(next(256)), count: next(20) + 1)
      }
    } while changed == bytes || changed.isEmpty
    return changed
  }
}

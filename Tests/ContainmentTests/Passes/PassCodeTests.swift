import Cryptography
import Foundation
import Testing
import Town

@testable import Containment
@testable import Kernel

/// The vectors of docs/formats/pass-vectors.json, which share no code with the product; the browser's
/// module is held to the same.
private struct Vectors: Decodable {
  struct Key: Decodable {
    let id: String
    let key: String
    let from: String
    let until: String
  }
  struct Case: Decodable {
    let name: String
    let text: String
    let verdict: PassVerdict
  }
  struct Plain: Decodable {
    let bearer: String
    let from: Int64
    let minutes: Int
    let document: String
    let district: Int
    let text: String
  }

  let now: Int64
  let skewMinutes: Int
  let keys: [Key]
  let seeds: [String: String]
  let list: String
  let foreignList: String
  let plain: Plain
  let cases: [Case]

  private enum CodingKeys: String, CodingKey {
    case now
    case keys
    case seeds
    case list
    case plain
    case cases
    case skewMinutes = "skew_minutes"
    case foreignList = "foreign_list"
  }

  static func read() throws -> Vectors {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "docs/formats/pass-vectors.json")
    return try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: file))
  }
}

@Suite("Pass codes") struct PassCodeTests {
  private let suite = OpenSSLSuite()
  private let seed = [UInt8](repeating: 9, count: 32)
  private let now = at("2022-11-29T08:00")

  private func verifier(_ vectors: Vectors) throws -> PassVerifier {
    let keys = try vectors.keys.map { key in
      PassKey(
        publicKey: try #require(Hex.bytes(key.key)),
        from: try #require(Instant(key.from, in: .china)),
        until: try #require(Instant(key.until, in: .china)), with: suite)
    }
    #expect(keys.map { Hex.text($0.identifier) } == vectors.keys.map(\.id))
    let bytes = try #require(Hex.bytes(vectors.list))
    let list = try #require(RevocationList.read(bytes, keys: keys, with: suite))
    return PassVerifier(
      keys: keys, list: list, skewMinutes: vectors.skewMinutes, listMinutes: 10,
      listOldestMinutes: 720, suite: suite)
  }

  @Test("every vector gets the verdict that the specification says")
  func vectors() throws {
    let vectors = try Vectors.read()
    let verifier = try verifier(vectors)
    let now = Instant(seconds: vectors.now)
    #expect(vectors.cases.count > 20)
    #expect(Set(vectors.cases.map(\.verdict)).count >= 9)
    for one in vectors.cases {
      let verdict = verifier.check(one.text, at: now).verdict
      #expect(verdict == one.verdict, "\(one.name)")
    }
    let foreign = try #require(Hex.bytes(vectors.foreignList))
    #expect(RevocationList.read(foreign, keys: verifier.keys, with: suite) == nil)
  }

  @Test("a code is signed to the very letter of the specification")
  func letters() throws {
    let vectors = try Vectors.read()
    let key = try #require(vectors.keys.last)
    let plain = vectors.plain
    let code = PassCode(
      colour: .green, isCarriedByAnother: false, isPaper: false,
      key: try #require(Hex.bytes(key.id)), bearer: try #require(Hex.bytes(plain.bearer)),
      from: Instant(seconds: plain.from), minutes: plain.minutes, documentTail: plain.document,
      district: plain.district)
    let seed = try #require(vectors.seeds[key.id].flatMap { Hex.bytes($0) })
    #expect(try code.signed(by: seed, with: suite) == plain.text)
    #expect(try PassCode.read(plain.text, with: suite).code == code)
  }

  @Test("tails of documents are kept to the sign, and what the layout cannot hold is left out")
  func tails() {
    #expect(PassCode.tail(ofDocument: "11010519491231002x") == "002X")
    #expect(PassCode.tail(ofDocument: "370202199001010000") == "0000")
    #expect(PassCode.tail(ofDocument: "E12345678") == "5678")
    #expect(PassCode.tail(ofDocument: "H0123456AB") == nil)
    #expect(PassCode.tail(ofDocument: "12") == nil && PassCode.tail(ofDocument: "+123") == nil)
  }

  private func key() throws -> PassKey {
    PassKey(
      publicKey: try suite.publicKey(ofSigner: seed), from: now - .days(3),
      until: now + .days(4), with: suite)
  }

  private func code(_ key: PassKey, _ chance: inout Chance) -> PassCode {
    PassCode(
      colour: [.green, .yellow, .red][chance.below(3)], isCarriedByAnother: chance.below(2) == 0,
      isPaper: chance.below(2) == 0, key: key.identifier,
      bearer: (0..<6).map { _ in UInt8(chance.below(256)) },
      from: now - .seconds(chance.below(36_000)), minutes: 700 + chance.below(700),
      documentTail: chance.below(4) == 0 ? nil : "\(1_000 + chance.below(9_000))",
      district: 370_203)
  }

  /// Chance that follows from a seed.
  private struct Chance {
    let entropy: Entropy
    init(_ seed: UInt64) { entropy = .seeded(seed) }

    mutating func below(_ limit: Int) -> Int {
      let number = entropy.bytes(4).reduce(0) { $0 << 8 | Int($1) }
      return number % limit
    }
  }

  @Test("10,000 forged, edited, ended, future, foreign and revoked codes: none is accepted")
  func forgeries() throws {
    var chance = Chance(20_221_129)
    let key = try key()
    let strangers: [[UInt8]] = (1...5).map { [UInt8](repeating: 100 + $0, count: 32) }
    var revoked: [RevocationList.Entry] = []
    var attempts: [(kind: Int, text: String)] = []
    for number in 0..<10_000 {
      let code = code(key, &chance)
      let kind = number % 8
      switch kind {
      case 0, 1, 2:
        // A bit of what is signed, or of the signature, is another; the check fits again.
        let text = try code.signed(by: seed, with: suite)
        attempts.append(
          (kind, try altered(text, bits: kind == 0 ? 1 : 1 + chance.below(9), &chance)))
      case 3:
        // A letter is another.
        var letters = Array(try code.signed(by: seed, with: suite).utf8)
        let at = 3 + chance.below(letters.count - 3)
        letters[at] = letters[at] == UInt8(ascii: "7") ? UInt8(ascii: "8") : UInt8(ascii: "7")
        attempts.append((kind, String(decoding: letters, as: UTF8.self)))
      case 4:
        // A stranger signs, under our key's identifier or under their own.
        let stranger = strangers[chance.below(strangers.count)]
        let own = PassKey(
          publicKey: try suite.publicKey(ofSigner: stranger), from: key.from, until: key.until,
          with: suite)
        let said = code.with(key: chance.below(2) == 0 ? key.identifier : own.identifier)
        attempts.append((kind, try said.signed(by: stranger, with: suite)))
      case 5:
        let said = code.with(from: now - .minutes(code.minutes) - .seconds(chance.below(90_000)))
        attempts.append((kind, try said.signed(by: seed, with: suite)))
      case 6:
        let said = code.with(from: now + .minutes(5) + .seconds(1 + chance.below(90_000)))
        attempts.append((kind, try said.signed(by: seed, with: suite)))
      default:
        revoked.append(.init(bearer: code.bearer, before: code.from + .seconds(chance.below(9))))
        attempts.append((kind, try code.signed(by: seed, with: suite)))
      }
    }
    let list = RevocationList(key: key.identifier, madeAt: now, entries: revoked)
    let read = try #require(
      RevocationList.read(try list.signed(by: seed, with: suite), keys: [key], with: suite))
    let verifier = PassVerifier(
      keys: [key], list: read, skewMinutes: 5, listMinutes: 10,
      listOldestMinutes: 720, suite: suite)
    var seen: [Int: Set<PassVerdict>] = [:]
    var accepted: [String] = []
    for attempt in attempts {
      let verdict = verifier.check(attempt.text, at: now).verdict
      seen[attempt.kind, default: []].insert(verdict)
      if verdict == .valid { accepted.append(attempt.text) }
    }
    #expect(attempts.count == 10_000 && accepted == [])
    // Each is turned away for its own reason.
    let unsigned: Set<PassVerdict> = [.forged, .foreign, .newer, .expired]
    for kind in 0...2 { #expect(seen[kind]?.isSubset(of: unsigned) == true) }
    #expect(seen[3] == [.mistyped])
    #expect(seen[4] == [.forged, .foreign])
    // One that ended before the key began to sign is one that nobody issued.
    #expect(seen[5] == [.expired] && seen[6] == [.future] && seen[7] == [.revoked])
    // The same verifier takes what is right.
    let right = try code(key, &chance).signed(by: seed, with: suite)
    #expect(verifier.check(right, at: now).verdict == .valid)
  }

  /// A code with other bits and a check that fits them.
  private func altered(_ text: String, bits: Int, _ chance: inout Chance) throws -> String {
    var signed = Array(try #require(PassText.bytes(text.dropFirst(3))).dropLast(2))
    let first = signed
    while signed == first {
      for _ in 0..<bits {
        let bit = chance.below(signed.count * 8)
        signed[bit / 8] ^= 1 << UInt8(bit % 8)
      }
    }
    return PassCode.prefix + PassText.text(signed + suite.digest(signed).prefix(2))
  }

  @Test("a list with a changed bit is no list")
  func lists() throws {
    let key = try key()
    let list = RevocationList(
      key: key.identifier, madeAt: now,
      entries: (0..<50).map { .init(bearer: [0, 0, 0, 0, 0, UInt8($0)], before: now) })
    let bytes = try list.signed(by: seed, with: suite)
    #expect(bytes.count == 13 + 50 * 10 + 64)
    #expect(RevocationList.read(bytes, keys: [key], with: suite)?.entries == list.entries)
    for at in bytes.indices {
      var changed = bytes
      changed[at] ^= 1
      #expect(RevocationList.read(changed, keys: [key], with: suite) == nil, "byte \(at)")
    }
    #expect(RevocationList.read(Array(bytes.dropLast()), keys: [key], with: suite) == nil)
    #expect(RevocationList.read([], keys: [key], with: suite) == nil)
  }

  @Test("how old a list is")
  func ages() throws {
    let key = try key()
    func age(_ list: RevocationList?, _ after: Duration) -> ListAge {
      PassVerifier(
        keys: [key], list: list, skewMinutes: 5, listMinutes: 10, listOldestMinutes: 720,
        suite: suite
      ).age(at: now + after)
    }
    let list = RevocationList(key: key.identifier, madeAt: now, entries: [])
    #expect(age(nil, .zero) == .missing)
    #expect(age(list, .minutes(10)) == .fresh && age(list, .minutes(10) + .seconds(1)) == .aging)
    #expect(age(list, .hours(12)) == .aging && age(list, .hours(12) + .seconds(1)) == .tooOld)
  }

  @Test("a verifier whose clock lies before its list says so and accepts nothing")
  func clock() throws {
    let key = try key()
    var chance = Chance(3)
    let text = try code(key, &chance).signed(by: seed, with: suite)
    let list = RevocationList(key: key.identifier, madeAt: now, entries: [])
    let verifier = PassVerifier(
      keys: [key], list: list, skewMinutes: 5, listMinutes: 10, listOldestMinutes: 720,
      suite: suite)
    #expect(verifier.check(text, at: now - .minutes(5) - .seconds(1)).verdict == .clock)
    #expect(verifier.check(text, at: now).verdict == .valid)
  }

  @Test("letters that look alike are one, and no second text means the same bytes")
  func text() {
    #expect(PassText.bytes("0O0o") == PassText.bytes("0000"))
    #expect(PassText.bytes("iL1") == nil && PassText.bytes("1LI00") == PassText.bytes("11100"))
    #expect(PassText.bytes("ZZ") == nil && PassText.bytes("ZW") == [0xFF])
    #expect(PassText.bytes("U0") == nil && PassText.bytes("码") == nil)
    for length in 0...40 {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 201) }
      #expect(PassText.bytes(PassText.text(bytes)[...]) == bytes)
    }
  }
}

extension PassCode {
  fileprivate func with(key: [UInt8]? = nil, from: Instant? = nil) -> PassCode {
    PassCode(
      colour: colour, isCarriedByAnother: isCarriedByAnother, isPaper: isPaper,
      key: key ?? self.key, bearer: bearer, from: from ?? self.from, minutes: minutes,
      documentTail: documentTail, district: district)
  }
}

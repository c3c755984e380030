import Kernel

/// What a code says of whoever carries it, without naming anybody. The layout is docs/formats/PASSES.md.
package struct PassCode: Hashable, Sendable {
  /// By how much shorter than a code of another format it may not be.
  private static let bodyBytes = 23
  private static let signatureBytes = 64
  private static let checkBytes = 2
  private static let format: UInt8 = 1
  /// How every code begins.
  package static let prefix = "DH1"
  private static let signedAs = Array("denghuo pass 1\n".utf8)
  /// The longest span of validity that the layout holds, in minutes.
  package static let mostMinutes = Int(UInt16.max)

  package let colour: CodeColour
  /// Whether somebody else carries it: a child's, or that of somebody who is looked after.
  package let isCarriedByAnother: Bool
  package let isPaper: Bool
  /// Which key signed it: the first four bytes of the digest of its public half.
  package let key: [UInt8]
  /// Six bytes that stand for the person on the day of ``from``, and for nobody without our secret.
  package let bearer: [UInt8]
  /// From when it is valid, in whole seconds.
  package let from: Instant
  package let minutes: Int
  /// The last four signs of the person's identity document, to be compared with it; nil for none.
  package let documentTail: String?
  /// The area code of the district that issued it, six digits; nil when it has none.
  package let district: Int?

  package init(
    colour: CodeColour, isCarriedByAnother: Bool, isPaper: Bool, key: [UInt8], bearer: [UInt8],
    from: Instant, minutes: Int, documentTail: String?, district: Int?
  ) {
    self.colour = colour
    self.isCarriedByAnother = isCarriedByAnother
    self.isPaper = isPaper
    self.key = key
    self.bearer = bearer
    self.from = from
    self.minutes = minutes
    self.documentTail = documentTail
    self.district = district
  }

  /// The moment from which it is valid no longer.
  package var until: Instant { from + .minutes(minutes) }

  // MARK: Bytes

  /// The bytes that are signed, without what sets them apart from other things that we sign.
  package var body: [UInt8] {
    var flags: UInt8 =
      switch colour {
      case .green: 0
      case .yellow: 1
      case .red: 2
      }
    if isCarriedByAnother { flags |= 4 }
    if isPaper { flags |= 8 }
    return [Self.format, flags] + key + bearer + PassBytes.number(from.seconds, bytes: 4)
      + PassBytes.number(Int64(minutes), bytes: 2)
      + PassBytes.number(Int64(documentTail.flatMap(Self.number) ?? Self.noDocument), bytes: 2)
      + PassBytes.number(Int64(district ?? 0), bytes: 3)
  }

  /// Reads a body; nil when it is of no format that we know.
  init?(body: [UInt8]) {
    guard body.count == Self.bodyBytes, body[0] == Self.format, body[1] & 0xF0 == 0 else {
      return nil
    }
    switch body[1] & 3 {
    case 0: colour = .green
    case 1: colour = .yellow
    case 2: colour = .red
    default: return nil
    }
    isCarriedByAnother = body[1] & 4 != 0
    isPaper = body[1] & 8 != 0
    key = Array(body[2..<6])
    bearer = Array(body[6..<12])
    from = Instant(seconds: PassBytes.number(body[12..<16]))
    minutes = Int(PassBytes.number(body[16..<18]))
    let tail = Int(PassBytes.number(body[18..<20]))
    guard tail == Self.noDocument || tail < 11_000 else { return nil }
    documentTail = tail == Self.noDocument ? nil : Self.tail(tail)
    let code = Int(PassBytes.number(body[20..<23]))
    district = code == 0 ? nil : code
  }

  private static let noDocument = 0xFFFF

  /// Four signs as a number: three digits and a digit or X.
  private static func number(_ tail: String) -> Int? {
    let signs = Array(tail.utf8)
    func digit(_ sign: UInt8) -> Int? {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(sign) ? Int(sign) - 48 : nil
    }
    let digits = signs.prefix(3).compactMap(digit)
    guard signs.count == 4, digits.count == 3 else { return nil }
    let last = signs[3] | 0x20 == UInt8(ascii: "x") ? 10 : digit(signs[3])
    return last.map { (digits[0] * 100 + digits[1] * 10 + digits[2]) * 11 + $0 }
  }

  private static func tail(_ number: Int) -> String {
    let digits = String(number / 11)
    let last = number % 11 == 10 ? "X" : String(number % 11)
    return String(repeating: "0", count: 3 - digits.count) + digits + last
  }

  /// The last four signs of a document's number where the layout holds them; nil otherwise.
  package static func tail(ofDocument number: String) -> String? {
    let tail = String(number.suffix(4)).uppercased()
    return Self.number(tail) == nil ? nil : tail
  }

  // MARK: Signed texts

  /// The code as it is shown, signed with the key of a seed.
  package func signed(by seed: [UInt8], with suite: any CryptoSuite) throws -> String {
    let body = body
    let signature = try suite.sign(Self.signedAs + body, seed: seed)
    let check = suite.digest(body + signature).prefix(Self.checkBytes)
    return Self.prefix + PassText.text(body + signature + check)
  }

  /// A code as somebody shows it: read, and not yet believed.
  package struct Shown: Sendable {
    package let code: PassCode
    fileprivate let signature: [UInt8]

    /// Whether the signature is that of a public key.
    package func isSigned(by publicKey: [UInt8], with suite: any CryptoSuite) -> Bool {
      suite.isSigned(PassCode.signedAs + code.body, by: publicKey, signature: signature)
    }
  }

  /// Why a text is no code.
  package enum Unreadable: Error {
    /// Nothing that we issue begins so, or it is of another length.
    case other
    /// A sign was mistyped or changed: its check does not fit.
    case mistyped
    /// It was issued by a newer version.
    case newer
  }

  /// Reads what somebody shows.
  package static func read(
    _ text: String, with suite: any CryptoSuite
  ) throws(Unreadable) -> Shown {
    let trimmed = text.filter { !$0.isWhitespace && $0 != "-" }
    guard trimmed.utf8.count <= 400, trimmed.prefix(3).uppercased() == prefix else { throw .other }
    guard let bytes = PassText.bytes(trimmed.dropFirst(3)),
      bytes.count == bodyBytes + signatureBytes + checkBytes
    else { throw .mistyped }
    let signed = bytes.dropLast(checkBytes)
    guard suite.digest(Array(signed)).prefix(checkBytes).elementsEqual(bytes.suffix(checkBytes))
    else { throw .mistyped }
    guard let code = PassCode(body: Array(bytes.prefix(bodyBytes))) else { throw .newer }
    return Shown(code: code, signature: Array(signed.dropFirst(bodyBytes)))
  }
}

/// Whole numbers as bytes, the highest first.
enum PassBytes {
  static func number(_ value: Int64, bytes: Int) -> [UInt8] {
    stride(from: (bytes - 1) * 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  static func number(_ bytes: some Sequence<UInt8>) -> Int64 {
    bytes.reduce(0) { $0 << 8 | Int64($1) }
  }
}

extension Instant {
  /// Whole seconds since 1970, cut down.
  package var seconds: Int64 {
    let (quotient, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
    return rest < 0 ? quotient - 1 : quotient
  }
}

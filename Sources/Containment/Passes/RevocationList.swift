import Kernel

/// The short list that every verifier carries: whose codes are worth nothing though they are signed.
/// One entry is ten bytes and holds for all codes of a person that were issued before a moment.
package struct RevocationList: Sendable {
  /// All codes of a bearer that are valid from ``before`` or earlier are revoked.
  package struct Entry: Hashable, Sendable {
    package let bearer: [UInt8]
    package let before: Instant

    package init(bearer: [UInt8], before: Instant) {
      self.bearer = bearer
      self.before = before
    }
  }

  private static let format: UInt8 = 1
  private static let signedAs = Array("denghuo list 1\n".utf8)
  private static let headBytes = 13
  private static let entryBytes = 10
  private static let signatureBytes = 64

  package let key: [UInt8]
  package let madeAt: Instant
  /// In order of the bearer's bytes, each once.
  package let entries: [Entry]

  package init(key: [UInt8], madeAt: Instant, entries: [Entry]) {
    self.key = key
    self.madeAt = madeAt
    var latest: [[UInt8]: Instant] = [:]
    for entry in entries {
      latest[entry.bearer] = max(latest[entry.bearer] ?? entry.before, entry.before)
    }
    self.entries = latest.map { Entry(bearer: $0.key, before: $0.value) }
      .sorted { $0.bearer.lexicographicallyPrecedes($1.bearer) }
  }

  /// Whether a code is on it.
  package func revokes(_ code: PassCode) -> Bool {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].bearer == code.bearer { return code.from <= entries[middle].before }
      if entries[middle].bearer.lexicographicallyPrecedes(code.bearer) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return false
  }

  private var body: [UInt8] {
    [Self.format] + key + PassBytes.number(madeAt.seconds, bytes: 4)
      + PassBytes.number(Int64(entries.count), bytes: 4)
      + entries.flatMap { $0.bearer + PassBytes.number($0.before.seconds, bytes: 4) }
  }

  /// The list as bytes, signed with the key of a seed.
  package func signed(by seed: [UInt8], with suite: any CryptoSuite) throws -> [UInt8] {
    let body = body
    return body + (try suite.sign(Self.signedAs + body, seed: seed))
  }

  /// A list that was read and that one of some keys signed; nil for anything else.
  package static func read(
    _ bytes: [UInt8], keys: [PassKey], with suite: any CryptoSuite
  ) -> RevocationList? {
    guard bytes.count >= headBytes + signatureBytes, bytes[0] == format else { return nil }
    let count = Int(PassBytes.number(bytes[9..<13]))
    guard count <= (bytes.count - headBytes) / entryBytes,
      bytes.count == headBytes + count * entryBytes + signatureBytes
    else { return nil }
    let identifier = Array(bytes[1..<5])
    let body = Array(bytes.dropLast(signatureBytes))
    guard let key = keys.first(where: { $0.identifier == identifier }),
      suite.isSigned(
        signedAs + body, by: key.publicKey, signature: Array(bytes.suffix(signatureBytes)))
    else { return nil }
    let entries = (0..<count).map { index in
      let at = headBytes + index * entryBytes
      return Entry(
        bearer: Array(bytes[at..<at + 6]),
        before: Instant(seconds: PassBytes.number(bytes[(at + 6)..<(at + 10)])))
    }
    return RevocationList(
      key: identifier, madeAt: Instant(seconds: PassBytes.number(bytes[5..<9])), entries: entries)
  }
}

/// A public key by which codes are checked, and the span in which it signs.
package struct PassKey: Hashable, Sendable {
  package let identifier: [UInt8]
  package let publicKey: [UInt8]
  /// The first moment at which it signs.
  package let from: Instant
  /// The moment from which the next one signs; codes that it signed end later.
  package let until: Instant

  package init(publicKey: [UInt8], from: Instant, until: Instant, with suite: any CryptoSuite) {
    self.publicKey = publicKey
    self.from = from
    self.until = until
    identifier = Array(suite.digest(publicKey).prefix(4))
  }
}

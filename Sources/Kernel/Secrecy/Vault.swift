/// Locks the fields that identify people, with keys that are not in the database.
package struct Vault: Sendable {
  package let suite: any CryptoSuite
  package let entropy: Entropy
  private let fieldKey: [UInt8]
  private let indexKey: [UInt8]
  private let signingSeed: [UInt8]
  private let deviceKey: [UInt8]
  private let purposeKey: [UInt8]
  /// By what data tells with which secret it was locked, without telling the secret.
  package let mark: String

  /// A vault from one secret of at least 32 bytes; the keys for each use are derived from it.
  package init(suite: any CryptoSuite, secret: [UInt8], entropy: Entropy) {
    precondition(secret.count >= 32, "the secret of a vault has at least 32 bytes")
    self.suite = suite
    self.entropy = entropy
    fieldKey = suite.authenticate(Array("denghuo field".utf8), key: secret)
    indexKey = suite.authenticate(Array("denghuo blind index".utf8), key: secret)
    signingSeed = suite.authenticate(Array("denghuo checkpoint".utf8), key: secret)
    deviceKey = suite.authenticate(Array("denghuo device".utf8), key: secret)
    purposeKey = suite.authenticate(Array("denghuo purpose".utf8), key: secret)
    mark = Hex.text(suite.authenticate(Array("denghuo mark".utf8), key: secret).prefix(16))
  }

  /// Encrypts a field; `place` names table, column and row, so that a value moved elsewhere
  /// does not open.
  package func lock(_ plain: String, place: String) throws -> [UInt8] {
    try suite.seal(
      Array(plain.utf8), key: fieldKey, nonce: entropy.bytes(12), context: Array(place.utf8))
  }

  /// Opens a field that ``lock(_:place:)`` made for the same place.
  package func unlock(_ sealed: [UInt8], place: String) throws -> String {
    let plain = try suite.open(sealed, key: fieldKey, context: Array(place.utf8))
    return String(decoding: plain, as: UTF8.self)
  }

  /// A blind index: finds an equal value without showing it. 128 bits, as hexadecimal text.
  package func index(_ value: String, kind: String) -> String {
    Hex.text(suite.authenticate(Array("\(kind)|\(value)".utf8), key: indexKey).prefix(16))
  }

  /// The key with which one device seals what it keeps: made anew from the device's identifier each
  /// time that it is given, kept nowhere.
  package func key(ofDevice device: String) -> [UInt8] {
    suite.authenticate(Array(device.utf8), key: deviceKey)
  }

  /// A key of 32 bytes for one purpose: made anew from the purpose's name each time that it is
  /// needed, kept nowhere.
  package func key(for purpose: String) -> [UInt8] {
    suite.authenticate(Array(purpose.utf8), key: purposeKey)
  }

  /// The digest under which a secret that somebody holds (a token, a link) is kept.
  package func fingerprint(of secret: String) -> String {
    Hex.text(suite.digest(Array(secret.utf8)))
  }

  /// The public half of the key with which checkpoints are signed, as hexadecimal text.
  package func signingKey() throws -> String {
    Hex.text(try suite.publicKey(ofSigner: signingSeed))
  }

  /// Signs a message as this district, as hexadecimal text.
  package func sign(_ bytes: [UInt8]) throws -> String {
    Hex.text(try suite.sign(bytes, seed: signingSeed))
  }

  /// A new secret to hand to somebody, 256 bits, safe inside an address.
  package func newSecret() -> String { Hex.text(entropy.bytes(32)) }
}

/// Bytes as lower-case hexadecimal text.
package enum Hex {
  /// The text of some bytes.
  package static func text(_ bytes: some Collection<UInt8>) -> String {
    String(unsafeUninitializedCapacity: bytes.count * 2) { text in
      var end = 0
      for byte in bytes {
        text[end] = digit(byte >> 4)
        text[end + 1] = digit(byte & 15)
        end += 2
      }
      return end
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  /// The bytes that a text names, or nil when it is not hexadecimal.
  package static func bytes(_ text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for at in stride(from: 0, to: digits.count, by: 2) {
      guard let high = value(of: digits[at]), let low = value(of: digits[at + 1]) else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

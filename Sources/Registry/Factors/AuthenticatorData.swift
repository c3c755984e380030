/// What an authenticator says of itself (WebAuthn Level 2, §6.1), read strictly: nothing may follow it.
struct AuthenticatorData: Sendable, Equatable {
  /// A key that was just made (§6.5.1).
  struct Made: Sendable, Equatable {
    /// Which kind of authenticator; zeros where it does not say.
    let model: [UInt8]
    let credential: [UInt8]
    /// The point of P-256, uncompressed.
    let point: [UInt8]
  }

  /// SHA-256 of the host for which the authenticator answers.
  let relyingParty: [UInt8]
  /// Whether somebody touched it.
  let isPresent: Bool
  /// Whether it made sure who that was, by a finger, a face or a number.
  let isVerified: Bool
  /// How often it has signed; zero always, where a key lives on several devices.
  let counter: UInt32
  /// Nil where nothing was made.
  let made: Made?

  private static let headBytes = 37
  private static let present: UInt8 = 1 << 0
  private static let verified: UInt8 = 1 << 2
  private static let hasMade: UInt8 = 1 << 6
  private static let hasExtensions: UInt8 = 1 << 7

  /// Nil when the bytes are not such data, or more than it.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= Self.headBytes else { return nil }
    relyingParty = Array(bytes[..<32])
    let flags = bytes[32]
    isPresent = flags & Self.present != 0
    isVerified = flags & Self.verified != 0
    counter = bytes[33..<Self.headBytes].reduce(0) { $0 << 8 | UInt32($1) }
    var rest = bytes[Self.headBytes...]
    if flags & Self.hasMade != 0 {
      guard let (made, behind) = Self.made(in: rest) else { return nil }
      self.made = made
      rest = behind
    } else {
      made = nil
    }
    if flags & Self.hasExtensions != 0 {
      // We ask for none; whoever sends some unasked is let, as §7.1 step 17 says, and nothing is read.
      guard case (.map, let behind)? = CBOR.first(in: rest) else { return nil }
      rest = behind
    }
    guard rest.isEmpty else { return nil }
  }

  private static let modelBytes = 16
  /// How long the identifier of a key may be: at least 16 bytes (§4, "credential ID"), at most what CTAP 2
  /// can carry.
  private static let credentialBytes = 16...1_023

  private static func made(in bytes: ArraySlice<UInt8>) -> (Made, ArraySlice<UInt8>)? {
    guard bytes.count >= modelBytes + 2 else { return nil }
    let model = bytes.prefix(modelBytes)
    let length = bytes.dropFirst(modelBytes).prefix(2).reduce(0) { $0 << 8 | Int($1) }
    let behind = bytes.dropFirst(modelBytes + 2)
    guard credentialBytes.contains(length), behind.count > length,
      let (key, rest) = CBOR.first(in: behind.dropFirst(length)), let point = COSEKey.point(of: key)
    else { return nil }
    return (
      Made(model: Array(model), credential: Array(behind.prefix(length)), point: point), rest
    )
  }
}

/// A public key as authenticators write it (RFC 9053, 7.1; WebAuthn Level 2, §6.5.1.1 example): of P-256,
/// for ES256, and of no other kind.
enum COSEKey {
  private static let kind = CBOR.integer(1)
  private static let elliptic = CBOR.integer(2)
  private static let algorithm = CBOR.integer(3)
  private static let curve = CBOR.integer(-1)
  private static let p256 = CBOR.integer(1)
  private static let x = CBOR.integer(-2)
  private static let y = CBOR.integer(-3)
  private static let coordinateBytes = 32

  /// ES256: ECDSA over P-256 with SHA-256.
  static let es256 = CBOR.integer(-7)

  /// The point of a key, uncompressed; nil when it is another kind of key or says more than it must.
  static func point(of key: CBOR) -> [UInt8]? {
    guard case .map(let members) = key, members.count == 5, members[kind] == elliptic,
      members[algorithm] == es256, members[curve] == p256, let x = members[x]?.asBytes,
      let y = members[y]?.asBytes, x.count == coordinateBytes, y.count == coordinateBytes
    else { return nil }
    return [4] + x + y
  }
}

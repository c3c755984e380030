import COpenSSL
import Cryptography
import Kernel

/// A passkey in an authenticator of the test's own: makes and shows keys of P-256 as browsers hand them on
/// (WebAuthn Level 2, §6), and does anything of it wrong on demand.
package struct SoftwarePasskey: Sendable {
  /// What an answer says, right unless a test changes it.
  package struct Saying: Sendable {
    package var type: String?
    package var origin: String?
    package var relyingParty: String?
    package var challenge: [UInt8]?
    package var counter: UInt32 = 0
    /// Somebody was there (1) and known (4).
    package var flags: UInt8 = 1 | 4
    package var isInForeignPage = false
    /// The user handle of an assertion; the one of enrolment when nil.
    package var user: [UInt8]?
    /// Whether the key says of itself that it is one (self attestation).
    package var isSelfAttested = false

    package init() {}
  }

  package let credential: [UInt8]
  /// The private half, in DER.
  private let key: [UInt8]
  /// The public half, as a point of P-256.
  package let point: [UInt8]

  /// A new key.
  package init() {
    let context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil)
    defer { EVP_PKEY_CTX_free(context) }
    var made: OpaquePointer?
    guard EVP_PKEY_keygen_init(context) == 1,
      EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1) == 1,
      EVP_PKEY_keygen(context, &made) == 1
    else { preconditionFailure("libcrypto makes no key") }
    defer { EVP_PKEY_free(made) }
    key = Self.written { i2d_PrivateKey(made, $0) }
    point = Array(Self.written { i2d_PUBKEY(made, $0) }.suffix(65))
    credential = Array(OpenSSLSuite().digest(point))
  }

  private static func written(
    _ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
  ) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 512) { buffer, count in
      var place = buffer.baseAddress
      count = Int(write(&place))
    }
  }

  /// The signature of this key over a message, in DER.
  package func signature(over bytes: [UInt8]) -> [UInt8] {
    let own = key.withUnsafeBufferPointer { buffer -> OpaquePointer? in
      var place = buffer.baseAddress
      return d2i_AutoPrivateKey(nil, &place, buffer.count)
    }
    let context = EVP_MD_CTX_new()
    defer {
      EVP_PKEY_free(own)
      EVP_MD_CTX_free(context)
    }
    var signature = [UInt8](repeating: 0, count: 80)
    var length = signature.count
    guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, own) == 1,
      EVP_DigestSign(context, &signature, &length, bytes, bytes.count) == 1
    else { preconditionFailure("libcrypto signs nothing") }
    return Array(signature.prefix(length))
  }

  // MARK: Answers

  /// The answer to the offer of a new passkey.
  package func registration(
    _ offer: PasskeyDoor.Offer, name: String = "Phone", _ saying: Saying = Saying()
  ) -> PasskeyDoor.Registration {
    let client = Self.client(offer, "webauthn.create", saying)
    return PasskeyDoor.Registration(
      client: client, attestation: attestation(offer, client, saying), transports: ["internal"],
      name: name, site: offer.site)
  }

  /// The answer to being asked for a passkey.
  package func assertion(
    _ offer: PasskeyDoor.Offer, _ saying: Saying = Saying()
  ) -> PasskeyDoor.Assertion {
    let client = Self.client(offer, "webauthn.get", saying)
    let data = Self.head(offer, saying, more: 0)
    return PasskeyDoor.Assertion(
      credential: credential, client: client, authenticator: data,
      signature: signature(over: data + OpenSSLSuite().digest(client)),
      user: saying.user ?? offer.user, site: offer.site)
  }

  private static func client(
    _ offer: PasskeyDoor.Offer, _ type: String, _ saying: Saying
  ) -> [UInt8] {
    let challenge = Base64URL.text(saying.challenge ?? offer.challenge)
    let origin = saying.origin ?? offer.site.origin
    return Array(
      #"{"type":"\#(saying.type ?? type)","challenge":"\#(challenge)","origin":"\#(origin)","crossOrigin":\#(saying.isInForeignPage)}"#
        .utf8)
  }

  private static func head(
    _ offer: PasskeyDoor.Offer, _ saying: Saying, more flags: UInt8
  ) -> [UInt8] {
    let host = saying.relyingParty ?? offer.site.relyingParty
    let count = (0..<4).map { UInt8(truncatingIfNeeded: saying.counter >> UInt32(24 - $0 * 8)) }
    return OpenSSLSuite().digest(Array(host.utf8)) + [saying.flags | flags] + count
  }

  /// The data of a key that was just made, with the key at its end.
  package func made(_ offer: PasskeyDoor.Offer, _ saying: Saying = Saying()) -> [UInt8] {
    Self.head(offer, saying, more: 64) + [UInt8](repeating: 0, count: 16)
      + [UInt8(credential.count >> 8), UInt8(credential.count & 255)] + credential
      + Self.key(at: point)
  }

  /// A key as authenticators write it: five members, in the order that CTAP 2 asks for.
  package static func key(at point: [UInt8]) -> [UInt8] {
    [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21] + bytes(Array(point[1..<33])) + [0x22]
      + bytes(Array(point[33...]))
  }

  private func attestation(
    _ offer: PasskeyDoor.Offer, _ client: [UInt8], _ saying: Saying
  ) -> [UInt8] {
    let data = made(offer, saying)
    let statement: [UInt8] =
      saying.isSelfAttested
      ? [0xA2] + Self.text("alg") + [0x26] + Self.text("sig")
        + Self.bytes(signature(over: data + OpenSSLSuite().digest(client))) : [0xA0]
    return [0xA3] + Self.text("fmt") + Self.text(saying.isSelfAttested ? "packed" : "none")
      + Self.text("attStmt") + statement + Self.text("authData") + Self.bytes(data)
  }

  private static func text(_ text: String) -> [UInt8] {
    [0x60 | UInt8(text.utf8.count)] + text.utf8
  }

  private static func bytes(_ bytes: [UInt8]) -> [UInt8] {
    let count = bytes.count
    let head: [UInt8] =
      count < 24
      ? [0x40 | UInt8(count)]
      : count < 256 ? [0x58, UInt8(count)] : [0x59, UInt8(count >> 8), UInt8(count & 255)]
    return head + bytes
  }
}

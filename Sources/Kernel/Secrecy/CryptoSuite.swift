import Glibc
import Synchronization

/// The cryptographic primitives that the product needs, so that a suite can be exchanged whole
/// (SHA-2, AES and Ed25519, or SM2, SM3 and SM4 where those are prescribed).
package protocol CryptoSuite: Sendable {
  /// A collision-resistant digest of 32 bytes.
  func digest(_ bytes: [UInt8]) -> [UInt8]
  /// A keyed code of 32 bytes over a message.
  func authenticate(_ bytes: [UInt8], key: [UInt8]) -> [UInt8]
  /// A keyed code of 20 bytes over a message by HMAC-SHA-1: what authenticator apps on telephones
  /// compute (RFC 6238). Good for codes that live half a minute, and for nothing else.
  func authenticateBriefly(_ bytes: [UInt8], key: [UInt8]) -> [UInt8]
  /// Encrypts and authenticates; the nonce leads the result, `context` must be the same to open it.
  func seal(_ plain: [UInt8], key: [UInt8], nonce: [UInt8], context: [UInt8]) throws -> [UInt8]
  /// Opens what ``seal(_:key:nonce:context:)`` made. Throws when anything was changed.
  func open(_ sealed: [UInt8], key: [UInt8], context: [UInt8]) throws -> [UInt8]
  /// A slow digest of a password, 32 bytes.
  func stretch(password: [UInt8], salt: [UInt8]) throws -> [UInt8]
  /// The public half of a signing key whose private half is a seed of 32 bytes.
  func publicKey(ofSigner seed: [UInt8]) throws -> [UInt8]
  /// Signs a message with the key of a seed.
  func sign(_ bytes: [UInt8], seed: [UInt8]) throws -> [UInt8]
  /// Whether a message carries the signature of a key's other half.
  func isSigned(_ bytes: [UInt8], by publicKey: [UInt8], signature: [UInt8]) -> Bool
  /// Whether 65 bytes are a point of the curve P-256, uncompressed (SEC 1, 2.3.3): the public key of an
  /// authenticator that we did not make.
  func isPoint(_ bytes: [UInt8]) -> Bool
  /// Whether a message carries an ECDSA signature over its SHA-256 (ES256) by the key at a point of P-256,
  /// as authenticators of browsers make it: in DER.
  func isSigned(_ bytes: [UInt8], byPoint point: [UInt8], signature: [UInt8]) -> Bool
}

/// Where chance comes from: the system's generator, or a seed when a month is replayed.
package struct Entropy: Sendable {
  /// Gives as many unpredictable bytes as asked.
  package let bytes: @Sendable (Int) -> [UInt8]

  package init(_ bytes: @escaping @Sendable (Int) -> [UInt8]) { self.bytes = bytes }

  package static let system = Entropy { count in store.withLock { $0.take(count) } }

  private static let store = Mutex(Store())

  /// Chance fetched ahead: asking the operating system for each nonce takes longer than sealing with
  /// it. What was given is wiped, so that nobody reads it here afterwards.
  private struct Store: ~Copyable {
    private var bytes = [UInt8](repeating: 0, count: 4_096)
    private var next = 4_096

    /// One call of the operating system brings so many at most.
    private static let mostAtOnce = 256

    mutating func take(_ count: Int) -> [UInt8] {
      guard count <= bytes.count else { return Self.fresh(count) }
      if next + count > bytes.count {
        bytes = Self.fresh(bytes.count)
        next = 0
      }
      let taken = Array(bytes[next..<(next + count)])
      for index in next..<(next + count) { bytes[index] = 0 }
      next += count
      return taken
    }

    private static func fresh(_ count: Int) -> [UInt8] {
      var bytes = [UInt8](repeating: 0, count: count)
      for start in stride(from: 0, to: count, by: mostAtOnce) {
        let done = bytes[start..<min(start + mostAtOnce, count)].withUnsafeMutableBytes {
          getentropy($0.baseAddress, $0.count)
        }
        precondition(done == 0, "the system has no chance to give")
      }
      return bytes
    }
  }
}

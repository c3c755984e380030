import COpenSSL
import Kernel

/// ECDSA over P-256 with SHA-256 (ES256) from the system's libcrypto: only verified, never signed. The keys
/// are those of authenticators.
extension OpenSSLSuite {
  /// What leads the point of a P-256 key in DER (RFC 5480, 2: `id-ecPublicKey`, `prime256v1`).
  private static let beforePoint: [UInt8] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A,
    0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
  ]
  private static let pointBytes = 65
  private static let uncompressed: UInt8 = 4

  /// Whether 65 bytes are a point of P-256, uncompressed.
  package func isPoint(_ bytes: [UInt8]) -> Bool {
    guard let key = Self.key(at: bytes) else { return false }
    EVP_PKEY_free(key)
    return true
  }

  /// Whether a message carries the signature, in DER, of the key at a point.
  package func isSigned(_ bytes: [UInt8], byPoint point: [UInt8], signature: [UInt8]) -> Bool {
    guard let key = Self.key(at: point) else { return false }
    defer { EVP_PKEY_free(key) }
    guard let context = EVP_MD_CTX_new() else { return false }
    defer { EVP_MD_CTX_free(context) }
    guard EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1 else { return false }
    return EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
  }

  /// The key at a point; nil when it does not lie on the curve. libcrypto computes whether it does.
  private static func key(at point: [UInt8]) -> OpaquePointer? {
    guard point.count == pointBytes, point[0] == uncompressed else { return nil }
    let encoded = beforePoint + point
    return encoded.withUnsafeBufferPointer { buffer -> OpaquePointer? in
      var start = buffer.baseAddress
      return d2i_PUBKEY(nil, &start, buffer.count)
    }
  }
}

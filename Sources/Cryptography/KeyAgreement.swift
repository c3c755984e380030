import COpenSSL
import Kernel

/// X25519 from the system's libcrypto: two sides agree on a secret of which each knows one half.
package enum KeyAgreement {
  /// The length of a key, public or private, and of what is agreed.
  package static let bytes = 32

  /// The public half of a private key of 32 unpredictable bytes.
  package static func publicKey(of privateKey: [UInt8]) throws -> [UInt8] {
    let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nil, privateKey, privateKey.count)
    guard let key else { throw CipherFailure() }
    defer { EVP_PKEY_free(key) }
    var result = [UInt8](repeating: 0, count: bytes)
    var length = bytes
    guard EVP_PKEY_get_raw_public_key(key, &result, &length) == 1, length == bytes else {
      throw CipherFailure()
    }
    return result
  }

  /// What a private key and the other side's public key have in common.
  ///
  /// - Throws: a ``CipherFailure`` when the public key is no point that keeps a secret.
  package static func agree(privateKey: [UInt8], publicKey: [UInt8]) throws -> [UInt8] {
    let own = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nil, privateKey, privateKey.count)
    let other = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nil, publicKey, publicKey.count)
    defer {
      EVP_PKEY_free(own)
      EVP_PKEY_free(other)
    }
    guard let own, let other, let context = EVP_PKEY_CTX_new(own, nil) else {
      throw CipherFailure()
    }
    defer { EVP_PKEY_CTX_free(context) }
    var secret = [UInt8](repeating: 0, count: bytes)
    var length = bytes
    guard EVP_PKEY_derive_init(context) == 1, EVP_PKEY_derive_set_peer(context, other) == 1,
      EVP_PKEY_derive(context, &secret, &length) == 1, length == bytes
    else { throw CipherFailure() }
    return secret
  }
}

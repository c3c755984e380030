import COpenSSL
import Kernel

/// Ed25519 from the system's libcrypto.
extension OpenSSLSuite {
  private static let signatureBytes = 64

  /// The public half of a signing key whose private half is a seed of 32 bytes.
  package func publicKey(ofSigner seed: [UInt8]) throws -> [UInt8] {
    let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
    guard let key else { throw CipherFailure() }
    defer { EVP_PKEY_free(key) }
    var result = [UInt8](repeating: 0, count: 32)
    var length = result.count
    guard EVP_PKEY_get_raw_public_key(key, &result, &length) == 1, length == result.count else {
      throw CipherFailure()
    }
    return result
  }

  /// Signs a message with the key of a seed.
  package func sign(_ bytes: [UInt8], seed: [UInt8]) throws -> [UInt8] {
    let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
    guard let key, let context = EVP_MD_CTX_new() else { throw CipherFailure() }
    defer {
      EVP_PKEY_free(key)
      EVP_MD_CTX_free(context)
    }
    var signature = [UInt8](repeating: 0, count: Self.signatureBytes)
    var length = signature.count
    guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
      EVP_DigestSign(context, &signature, &length, bytes, bytes.count) == 1,
      length == signature.count
    else { throw CipherFailure() }
    return signature
  }

  /// Whether a message carries the signature of a key's other half.
  package func isSigned(_ bytes: [UInt8], by publicKey: [UInt8], signature: [UInt8]) -> Bool {
    let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, publicKey, publicKey.count)
    guard let key, let context = EVP_MD_CTX_new() else { return false }
    defer {
      EVP_PKEY_free(key)
      EVP_MD_CTX_free(context)
    }
    guard EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { return false }
    return EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
  }
}

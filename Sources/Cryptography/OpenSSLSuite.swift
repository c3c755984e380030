import COpenSSL
import Kernel

/// SHA-256, HMAC, AES-256-GCM and scrypt from the system's libcrypto.
package struct OpenSSLSuite: CryptoSuite {
  /// The work factor of scrypt (N, r, p): OWASP's recommendation of 2^17 needs 128 MiB a sign-in;
  /// 2^14 with 16 MiB is kept so that a small machine survives a morning's sign-ins.
  private static let scryptCost: UInt64 = 1 << 14

  /// The block of SHA-256.
  private static let blockBytes = 64

  package init() {}

  // Asked for once: libcrypto looks an algorithm up anew each time it is named, which takes longer
  // than digesting a field. They are kept as numbers because they live as long as the process.
  private static let sha256 = UInt(bitPattern: EVP_MD_fetch(nil, "SHA2-256", nil))
  private static let aes256 = UInt(bitPattern: EVP_CIPHER_fetch(nil, "AES-256-GCM", nil))

  private var digesting: OpaquePointer? { OpaquePointer(bitPattern: Self.sha256) }
  private var sealing: OpaquePointer? { OpaquePointer(bitPattern: Self.aes256) }

  package func digest(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    let done = EVP_Digest(bytes, bytes.count, &digest, nil, digesting, nil)
    precondition(done == 1, "libcrypto could not digest")
    return digest
  }

  package func authenticate(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    // HMAC (RFC 2104) by its two digests: libcrypto's own function sets up four times as long as it
    // takes to digest a field.
    var block = key.count > Self.blockBytes ? digest(key) : key
    block += [UInt8](repeating: 0, count: Self.blockBytes - block.count)
    let inner = digest(block.map { $0 ^ 0x36 } + bytes)
    return digest(block.map { $0 ^ 0x5C } + inner)
  }

  /// HMAC-SHA-1 by its two digests, for codes of authenticators.
  package func authenticateBriefly(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    var block = key.count > Self.blockBytes ? shortDigest(key) : key
    block += [UInt8](repeating: 0, count: Self.blockBytes - block.count)
    let inner = shortDigest(block.map { $0 ^ 0x36 } + bytes)
    return shortDigest(block.map { $0 ^ 0x5C } + inner)
  }

  /// SHA-1, whose block is as long as that of SHA-256.
  private func shortDigest(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 20)
    let done = EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha1(), nil)
    precondition(done == 1, "libcrypto could not digest")
    return digest
  }

  package func seal(
    _ plain: [UInt8], key: [UInt8], nonce: [UInt8], context: [UInt8]
  ) throws -> [UInt8] {
    guard let cipher = EVP_CIPHER_CTX_new() else { throw CipherFailure() }
    defer { EVP_CIPHER_CTX_free(cipher) }
    var sealed = [UInt8](repeating: 0, count: plain.count)
    var tag = [UInt8](repeating: 0, count: 16)
    var count: Int32 = 0
    guard EVP_EncryptInit_ex(cipher, sealing, nil, key, nonce) == 1,
      EVP_EncryptUpdate(cipher, nil, &count, context, Int32(context.count)) == 1,
      EVP_EncryptUpdate(cipher, &sealed, &count, plain, Int32(plain.count)) == 1,
      EVP_EncryptFinal_ex(cipher, nil, &count) == 1,
      EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, 16, &tag) == 1
    else { throw CipherFailure() }
    return nonce + sealed + tag
  }

  package func open(_ sealed: [UInt8], key: [UInt8], context: [UInt8]) throws -> [UInt8] {
    guard sealed.count >= 28, let cipher = EVP_CIPHER_CTX_new() else { throw CipherFailure() }
    defer { EVP_CIPHER_CTX_free(cipher) }
    let nonce = Array(sealed[..<12])
    let body = Array(sealed[12..<(sealed.count - 16)])
    var tag = Array(sealed[(sealed.count - 16)...])
    var plain = [UInt8](repeating: 0, count: body.count)
    var count: Int32 = 0
    guard EVP_DecryptInit_ex(cipher, sealing, nil, key, nonce) == 1,
      EVP_DecryptUpdate(cipher, nil, &count, context, Int32(context.count)) == 1,
      EVP_DecryptUpdate(cipher, &plain, &count, body, Int32(body.count)) == 1,
      EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, 16, &tag) == 1,
      EVP_DecryptFinal_ex(cipher, nil, &count) == 1
    else { throw CipherFailure() }
    return plain
  }

  package func stretch(password: [UInt8], salt: [UInt8]) throws -> [UInt8] {
    var key = [UInt8](repeating: 0, count: 32)
    let characters = password.map { CChar(bitPattern: $0) }
    let done = EVP_PBE_scrypt(
      characters, password.count, salt, salt.count, Self.scryptCost, 8, 1, 64 << 20, &key, 32)
    guard done == 1 else { throw CipherFailure() }
    return key
  }
}

/// Something sealed was changed, moved, or is not ours; or libcrypto has no memory.
package struct CipherFailure: Error, Sendable {}

import Cryptography
import Foundation
import Kernel

/// To whom a backup is locked: the public half stands with the district, the private half elsewhere.
package struct BackupKey: Hashable, Sendable {
  package let bytes: [UInt8]

  private static let publicMark = "denghuo-backup-public-"
  private static let privateMark = "denghuo-backup-private-"

  /// Reads a public key as `denghuo backup key` printed it.
  ///
  /// - Throws: a refusal when it is none.
  package init(publicText: String) throws(Refusal) {
    let text = publicText.trimmingWhitespace()
    guard text.hasPrefix(Self.publicMark),
      let bytes = Hex.bytes(String(text.dropFirst(Self.publicMark.count))),
      bytes.count == KeyAgreement.bytes
    else {
      throw Refusal(
        .invalid, "backup.key",
        Words(
          "这不是备份公钥，请使用 denghuo backup key 打印的那一行",
          "This is no public backup key; give the line that denghuo backup key printed"),
        field: "key")
    }
    self.bytes = bytes
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  package var text: String { Self.publicMark + Hex.text(bytes) }

  /// A new pair: the text of the private half, to be kept elsewhere, and the public half.
  package static func make(
    entropy: Entropy = .system
  ) throws -> (privateText: String, key: BackupKey) {
    let secret = entropy.bytes(KeyAgreement.bytes)
    let key = BackupKey(bytes: try KeyAgreement.publicKey(of: secret))
    return (privateMark + Hex.text(secret) + "\n", key)
  }

  /// The private half as it stands in its file.
  ///
  /// - Throws: a refusal when it is none.
  package static func privateKey(_ text: String) throws(Refusal) -> [UInt8] {
    let text = text.trimmingWhitespace()
    guard text.hasPrefix(privateMark),
      let bytes = Hex.bytes(String(text.dropFirst(privateMark.count))),
      bytes.count == KeyAgreement.bytes
    else {
      throw Refusal(
        .invalid, "backup.privateKey",
        Words(
          "这不是备份私钥文件，请使用 denghuo backup key 写出的那个文件",
          "This is no private backup key; give the file that denghuo backup key wrote"),
        field: "private")
    }
    return bytes
  }
}

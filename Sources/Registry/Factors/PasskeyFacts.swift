import Kernel

/// An account has a passkey more.
package struct PasskeyEnrolled: Fact {
  package static let name = "factors.passkeyEnrolled"
  package static let words = Words("通行密钥已添加", "Passkey added")
  package static let about = Matter.account
  package let account: AccountID
  package let passkey: PasskeyID
  /// Whether the authenticator made sure who held it.
  package let isVerified: Bool
  package var subject: String { account.text }

  private enum CodingKeys: String, CodingKey {
    case account
    case passkey
    case isVerified = "is_verified"
  }
}

/// An account has a passkey less, by its holder.
package struct PasskeyRemoved: Fact {
  package static let name = "factors.passkeyRemoved"
  package static let words = Words("通行密钥已移除", "Passkey removed")
  package static let about = Matter.account
  package let account: AccountID
  package let passkey: PasskeyID
  package var subject: String { account.text }
}

/// A right signature came with a counter that did not grow: the passkey may have been copied. It is out of
/// use from then on.
package struct PasskeySuspected: Fact {
  package static let name = "factors.passkeySuspected"
  package static let words = Words(
    "通行密钥可能被复制，已停用", "Passkey may have been copied, taken out of use")
  package static let about = Matter.account
  package let account: AccountID
  package let passkey: PasskeyID
  /// What was known before.
  package let known: Int64
  /// What the authenticator sent.
  package let sent: Int64
  package var subject: String { account.text }
}

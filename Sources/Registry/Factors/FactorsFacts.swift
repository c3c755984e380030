import Kernel

/// An account has a second factor, a new one if it had one before.
package struct FactorEnrolled: Fact {
  package static let name = "factors.enrolled"
  package static let words = Words("登录验证器已启用", "Second factor enrolled")
  package static let about = Matter.account
  package let account: AccountID
  package var subject: String { account.text }
}

/// The second factor was shown in a session.
package struct FactorProven: Fact {
  /// What was shown.
  package enum Means: String, Codable, CaseIterable, Sendable {
    case code
    case passkey
    case recoveryCode
  }

  package static let name = "factors.proven"
  package static let words = Words("已通过登录验证", "Second factor shown")
  package static let about = Matter.account
  package let account: AccountID
  package let by: Means
  /// How many recovery codes are left.
  package let codesLeft: Int
  package var subject: String { account.text }
}

/// Recovery codes were made; those before are void.
package struct RecoveryCodesMade: Fact {
  package static let name = "factors.codesMade"
  package static let words = Words("恢复码已生成", "Recovery codes made")
  package static let about = Matter.account
  package let account: AccountID
  package let count: Int
  package var subject: String { account.text }
}

/// The last wrong code that the window allows was used.
package struct FactorHeldBack: Fact {
  package static let name = "factors.heldBack"
  package static let words = Words("验证码错误过多，暂停验证", "Second factor held back after wrong codes")
  package static let about = Matter.account
  package let account: AccountID
  package var subject: String { account.text }
}

/// Somebody asks that an account's second factor be taken away. The reason stands in its row.
package struct FactorResetAsked: Fact {
  package static let name = "factors.resetAsked"
  package static let words = Words("已申请重置登录验证", "Reset of a second factor asked for")
  package static let about = Matter.account
  package let reset: FactorResetID
  package let account: AccountID
  package var subject: String { account.text }
}

/// A second person decided on it.
package struct FactorResetDecided: Fact {
  package static let name = "factors.resetDecided"
  package static let words = Words(
    "第二人已决定是否重置登录验证", "A second person decided on the reset of a second factor")
  package static let about = Matter.account
  package let reset: FactorResetID
  package let account: AccountID
  package let approved: Bool
  package var subject: String { account.text }
}

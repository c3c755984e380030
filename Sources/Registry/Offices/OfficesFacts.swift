import Kernel

/// An account was opened. Its title stays in its row.
package struct AccountOpened: Fact {
  package static let name = "accounts.opened"
  package static let words = Words("账号已开通", "Account opened")
  package static let about = Matter.account
  package let account: AccountID
  package var subject: String { account.text }
}

/// An account was closed; its offices and credentials ended with it.
package struct AccountClosed: Fact {
  package static let name = "accounts.closed"
  package static let words = Words("账号已关闭", "Account closed")
  package static let about = Matter.account
  package let account: AccountID
  package var subject: String { account.text }
}

/// Somebody holds an office from a moment on.
package struct OfficeGranted: Fact {
  package static let name = "offices.granted"
  package static let words = Words("岗位已授予", "Office granted")
  package static let about = Matter.account
  package let account: AccountID
  package let role: String
  package let place: PlaceID
  package let from: Instant
  package let until: Instant?
  package var subject: String { account.text }
}

/// An office ends.
package struct OfficeEnded: Fact {
  package static let name = "offices.ended"
  package static let words = Words("岗位已结束", "Office ended")
  package static let about = Matter.account
  package let account: AccountID
  package let role: String
  package let place: PlaceID
  package let until: Instant
  package var subject: String { account.text }
}

/// A password was set; nothing of it is here.
package struct PasswordSet: Fact {
  package static let name = "accounts.passwordSet"
  package static let words = Words("密码已设置", "Password set")
  package static let about = Matter.account
  package let account: AccountID
  package var subject: String { account.text }
}

/// Somebody signed in.
package struct SessionOpened: Fact {
  package static let name = "accounts.sessionOpened"
  package static let words = Words("已登录", "Signed in")
  package static let about = Matter.account
  package let account: AccountID
  package let session: CredentialID
  package let by: OpenSession.Means
  package let until: Instant
  package var subject: String { account.text }
}

/// Somebody signed out.
package struct SessionEnded: Fact {
  package static let name = "accounts.sessionEnded"
  package static let words = Words("已退出登录", "Signed out")
  package static let about = Matter.account
  package let account: AccountID
  package let session: CredentialID
  package var subject: String { account.text }
}

/// A program may act for an account for some days.
package struct TokenIssued: Fact {
  package static let name = "accounts.tokenIssued"
  package static let words = Words("程序令牌已发放", "Token for a program issued")
  package static let about = Matter.account
  package let account: AccountID
  package let token: CredentialID
  package let until: Instant
  package var subject: String { account.text }
}

/// A one-time link was made.
package struct LinkIssued: Fact {
  package static let name = "accounts.linkIssued"
  package static let words = Words("一次性链接已生成", "One-time link issued")
  package static let about = Matter.account
  package let account: AccountID
  package let link: CredentialID
  package let until: Instant
  package var subject: String { account.text }
}

/// A one-time link was used up.
package struct LinkRedeemed: Fact {
  package static let name = "accounts.linkRedeemed"
  package static let words = Words("一次性链接已使用", "One-time link used")
  package static let about = Matter.account
  package let account: AccountID
  package let link: CredentialID
  package var subject: String { account.text }
}

/// Credentials were taken away before their time.
package struct CredentialsRevoked: Fact {
  package static let name = "accounts.credentialsRevoked"
  package static let words = Words("登录凭据已收回", "Credentials revoked")
  package static let about = Matter.account
  package let account: AccountID
  package let count: Int
  package var subject: String { account.text }
}

/// The last attempt to sign in that the window allows was used; whoever it was is held back from now.
package struct SignInHeldBack: Fact {
  package static let name = "accounts.signInHeldBack"
  package static let words = Words("登录尝试过多，暂停登录", "Sign-in held back after too many attempts")
  package static let about = Matter.thing
  /// The account's blind index: what was typed may be no account but a password in the wrong field.
  package let who: String
  package var subject: String { who }
}

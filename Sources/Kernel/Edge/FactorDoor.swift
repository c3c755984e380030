/// The second factor at the door: a code from an authenticator (RFC 6238), a passkey, or a recovery code.
/// The registry makes it; the server asks it with the secret of a session, proven or not.
package struct FactorDoor: Sendable {
  /// What somebody shows of their second factor.
  package enum Proof: Sendable {
    /// Six digits of the authenticator, or a recovery code, as typed.
    case code(Redacted<String>)
    case passkey(PasskeyDoor.Assertion)
  }

  /// How an account stands with its second factor, in one session.
  package struct Standing: Sendable {
    package let account: AccountID
    package let title: String
    /// Since when it has an authenticator that shows codes; nil while it has none.
    package let enrolledAt: Instant?
    /// Its passkeys, the oldest first.
    package let passkeys: [PasskeyDoor.Key]
    /// Whether an office that it holds asks for one.
    package let isRequired: Bool
    /// Whether this session has shown it.
    package let isProven: Bool
    /// How many recovery codes are left.
    package let codesLeft: Int

    package init(
      account: AccountID, title: String, enrolledAt: Instant?, passkeys: [PasskeyDoor.Key],
      isRequired: Bool, isProven: Bool, codesLeft: Int
    ) {
      self.account = account
      self.title = title
      self.enrolledAt = enrolledAt
      self.passkeys = passkeys
      self.isRequired = isRequired
      self.isProven = isProven
      self.codesLeft = codesLeft
    }

    /// Whether it has a second factor of either kind.
    package var isEnrolled: Bool { enrolledAt != nil || !passkeys.isEmpty }
  }

  /// What an authenticator is to be told: shown until the first code proves that it was.
  package struct Candidate: Sendable {
    /// `otpauth://totp/…`, for a QR code.
    package let address: Redacted<String>
    /// The secret in base 32, in groups of four, for typing.
    package let secret: Redacted<String>

    package init(address: Redacted<String>, secret: Redacted<String>) {
      self.address = address
      self.secret = secret
    }
  }

  /// What a new factor gives: recovery codes, none when those from before stay in force, and the session
  /// under another secret.
  package struct Enrolment: Sendable {
    package let codes: [Redacted<String>]
    package let entry: Doorkeeper.Entry

    package init(codes: [Redacted<String>], entry: Doorkeeper.Entry) {
      self.codes = codes
      self.entry = entry
    }
  }

  /// How the account of a session stands; refused when the session has ended.
  package let standing: @Sendable (Redacted<String>) async throws -> Standing
  /// Makes a new secret for the account of a session, beside the one in force if there is one; then the
  /// factor is asked for.
  package let begin: @Sendable (Redacted<String>, Proof?) async throws -> Void
  /// The secret that waits for its first code in a session; nil when none does.
  package let candidate: @Sendable (Redacted<String>) async throws -> Candidate?
  /// Forgets the secret that waits in a session; the one in force stays.
  package let cancel: @Sendable (Redacted<String>) async throws -> Void
  /// Takes the waiting secret into force by its first code; the session goes on under another secret.
  package let enrol: @Sendable (Redacted<String>, Redacted<String>) async throws -> Enrolment
  /// Shows the factor in a session; the session goes on under another secret.
  package let prove: @Sendable (Redacted<String>, Proof) async throws -> Doorkeeper.Entry
  /// Replaces the recovery codes of a proven session's account; the factor is shown once more.
  package let renewCodes: @Sendable (Redacted<String>, Proof) async throws -> [Redacted<String>]
  package let passkeys: PasskeyDoor

  package init(
    standing: @escaping @Sendable (Redacted<String>) async throws -> Standing,
    begin: @escaping @Sendable (Redacted<String>, Proof?) async throws -> Void,
    candidate: @escaping @Sendable (Redacted<String>) async throws -> Candidate?,
    cancel: @escaping @Sendable (Redacted<String>) async throws -> Void,
    enrol: @escaping @Sendable (Redacted<String>, Redacted<String>) async throws -> Enrolment,
    prove: @escaping @Sendable (Redacted<String>, Proof) async throws -> Doorkeeper.Entry,
    renewCodes: @escaping @Sendable (Redacted<String>, Proof) async throws -> [Redacted<String>],
    passkeys: PasskeyDoor
  ) {
    self.passkeys = passkeys
    self.standing = standing
    self.begin = begin
    self.candidate = candidate
    self.cancel = cancel
    self.enrol = enrol
    self.prove = prove
    self.renewCodes = renewCodes
  }
}

extension Refusal {
  /// The password was right, the second factor is owed: nothing is open to this session but showing
  /// or setting it up.
  package static let factorOwed = Refusal(
    .unknownSender, "factor.owed",
    Words(
      "还差一步：请输入动态验证码或使用通行密钥；还没有就先设置",
      "One step more: enter the code of your authenticator or use your passkey, or set one up"))
}

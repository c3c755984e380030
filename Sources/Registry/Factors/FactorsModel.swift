import Kernel

/// Rules for the second factor.
package struct FactorPolicy: PolicySection {
  package static let key = "second_factor"

  /// The roles whose holders must have one.
  package let roles: [String]
  /// How long a code lasts.
  package let stepSeconds: Int
  /// By how many codes a telephone's clock may be early or late.
  package let windowSteps: Int
  /// How many wrong codes an account has inside the window.
  package let attempts: Int
  package let attemptWindowMinutes: Int
  /// How many recovery codes are printed.
  package let recoveryCodes: Int
  /// How long a sign-in waits for its second factor, and a new secret for its first code.
  package let confirmMinutes: Int
  /// How long a request to take a factor away waits for the second person.
  package let resetHours: Int

  private enum CodingKeys: String, CodingKey {
    case roles
    case stepSeconds = "step_seconds"
    case windowSteps = "window_steps"
    case attempts
    case attemptWindowMinutes = "attempt_window_minutes"
    case recoveryCodes = "recovery_codes"
    case confirmMinutes = "confirm_minutes"
    case resetHours = "reset_hours"
  }

  package var faults: [Words] {
    let numbers = [
      stepSeconds, attempts, attemptWindowMinutes, recoveryCodes, confirmMinutes, resetHours,
    ]
    return numbers.contains { $0 < 1 } || windowSteps < 0
      ? [Words("各项时长和次数至少为 1", "every duration and count is at least 1")] : []
  }

  /// Names of roles that there are not.
  package func faults(beside others: PolicyLibrary, on day: Day) -> [Words] {
    OfficesPolicy.faults(roles: roles, in: others, on: day)
  }
}

/// What somebody showed of their second factor, as commands hear of it: the step of a code, a recovery
/// code's fingerprint, or a passkey; one of them.
package struct FactorShown: Codable, Sendable {
  package let step: Int64?
  package let recoveryCode: String?
  package let passkey: PasskeyShown?

  package init(step: Int64? = nil, recoveryCode: String? = nil, passkey: PasskeyShown? = nil) {
    self.step = step
    self.recoveryCode = recoveryCode
    self.passkey = passkey
  }

  private enum CodingKeys: String, CodingKey {
    case step
    case recoveryCode = "recovery_code"
    case passkey
  }
}

/// The codes by time of an account.
struct Factor: Sendable {
  let account: AccountID
  /// The secret in force, sealed; nil before the first code.
  let secret: [UInt8]?
  let enrolledAt: Instant?
  /// The last step of which a code was taken: it and all before are used up.
  let lastStep: Int64
  /// A new secret that waits for its first code.
  let candidate: Candidate?

  /// A new secret that waits for its first code, in the session that made it and in no other: whoever
  /// planted one elsewhere must not see it come into force.
  struct Candidate: Sendable {
    let sealed: [UInt8]
    let madeAt: Instant
    /// The fingerprint of the session that made it.
    let session: String
  }

  /// The new secret that waits in a session, nil when none does or its time is over.
  ///
  /// - Parameter minutes: for how long it waits.
  func candidate(in session: String, at now: Instant, minutes: Int) -> [UInt8]? {
    guard let candidate, candidate.session == session,
      now < candidate.madeAt + .minutes(minutes)
    else { return nil }
    return candidate.sealed
  }

  /// Where the secret of an account is locked; one that waits for its first code, the same, so that it
  /// comes into force without being opened.
  static func place(_ account: AccountID) -> String { "factor|secret|\(account.text)" }
}

/// What identifiers of requests to take a factor away name.
package enum FactorResetTag {}
package typealias FactorResetID = ID<FactorResetTag>

/// A request to take somebody's second factor away, on which a second person decides.
package struct FactorReset: Codable, Sendable {
  package let reset: FactorResetID
  package let account: AccountID
  package let askedBy: AccountID
  package let askedAt: Instant
  package let until: Instant
  package let reason: String

  private enum CodingKeys: String, CodingKey {
    case reset
    case account
    case askedBy = "asked_by"
    case askedAt = "asked_at"
    case until
    case reason
  }
}

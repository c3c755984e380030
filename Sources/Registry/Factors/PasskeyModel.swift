import Kernel

/// Rules for passkeys as a second factor.
package struct PasskeyPolicy: PolicySection {
  package static let key = "passkeys"

  /// How long a challenge waits for its answer.
  package let challengeMinutes: Int
  /// How many passkeys an account may have.
  package let most: Int

  private enum CodingKeys: String, CodingKey {
    case challengeMinutes = "challenge_minutes"
    case most
  }

  package var faults: [Words] {
    challengeMinutes < 1 || most < 1
      ? [Words("时长和数量至少为 1", "the duration and the count are at least 1")] : []
  }
}

/// What identifiers of passkeys name.
package enum PasskeyTag {}
package typealias PasskeyID = ID<PasskeyTag>

/// What commands hear of a passkey that was shown: the edge has checked its signature.
package struct PasskeyShown: Codable, Sendable {
  package let passkey: PasskeyID
  /// What the authenticator counted.
  package let counter: Int64

  package init(passkey: PasskeyID, counter: Int64) {
    self.passkey = passkey
    self.counter = counter
  }
}

/// A passkey: the public half of a key that an authenticator keeps for an account at one host.
struct Passkey: Sendable {
  let id: PasskeyID
  let account: AccountID
  /// The identifier that the authenticator gave it; no two in the district are alike.
  let credential: [UInt8]
  /// The point of P-256.
  let point: [UInt8]
  /// The host at which it answers.
  let relyingParty: String
  let name: String
  /// How browsers reach it.
  let transports: [String]
  /// The highest that the authenticator has counted; zero while it counts nothing.
  let counter: Int64
  /// Whether the authenticator made sure who held it when it was made.
  let isVerified: Bool
  let madeAt: Instant
  let lastUsedAt: Instant?
  /// Since when it is out of use, because it may have been copied.
  let suspectedAt: Instant?

  /// As its holder sees it.
  var shown: PasskeyDoor.Key {
    PasskeyDoor.Key(
      id: id.text, name: name, madeAt: madeAt, lastUsedAt: lastUsedAt,
      relyingParty: relyingParty, suspectedAt: suspectedAt)
  }
}

/// What a challenge is for.
package enum PasskeyPurpose: String, Codable, CaseIterable, Sendable {
  case making
  case showing
}

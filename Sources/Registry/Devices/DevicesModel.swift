import Kernel

/// What identifiers of devices name.
package enum DeviceTag {}
/// One browser of one account.
package typealias DeviceID = ID<DeviceTag>

/// The browser of an account: a telephone in a stairwell, mostly.
package struct RegisteredDevice: Codable, Sendable {
  package let id: DeviceID
  package let account: AccountID
  /// What people call such a device, such as "Android · Chrome".
  package let name: String
  package let registeredAt: Instant
  /// When it last said how it fares, or somebody signed in on it.
  package let seenAt: Instant
  /// How many entries waited on it when it last said so.
  package let waiting: Int
  /// When the oldest of them was done, by the device's own clock.
  package let oldestAt: Instant?
  package let revokedAt: Instant?
  /// When it said, after it was revoked, that nothing is left on it.
  package let emptiedAt: Instant?

  private enum CodingKeys: String, CodingKey {
    case id
    case account
    case name
    case registeredAt = "registered_at"
    case seenAt = "seen_at"
    case waiting
    case oldestAt = "oldest_at"
    case revokedAt = "revoked_at"
    case emptiedAt = "emptied_at"
  }
}

/// Something that was done in the street and did not go in.
package struct UnsentEntry: Codable, Sendable {
  /// Why it did not.
  package enum Cause: String, Codable, CaseIterable, Sendable {
    /// The district answered no.
    case refused
    /// The device was revoked before it could send it.
    case revoked
    /// What a revoked device handed over does not open: it was changed, or is not its own.
    case unreadable
  }

  /// What a supervisor made of it.
  package enum Outcome: String, Codable, CaseIterable, Sendable {
    /// It was entered by hand, or is there already.
    case entered
    /// Somebody goes there again.
    case again
    /// It is not needed.
    case dropped
  }

  /// The identifier of the command that did not go in.
  package let id: CommandID
  package let device: DeviceID?
  package let account: AccountID
  /// The command's name, such as `obligations.finish`.
  package let command: String
  package let cause: Cause
  /// The refusal's code; empty when it was not refused.
  package let code: String
  /// What it was about: an obligation, mostly.
  package let subject: String?
  package let place: PlaceID?
  package let path: PlacePath
  /// When it was done, by the device's own clock.
  package let doneAt: Instant?
  package let reportedAt: Instant
  package let settledAt: Instant?
  package let settledBy: String?
  package let outcome: Outcome?

  private enum CodingKeys: String, CodingKey {
    case id
    case device
    case account
    case command
    case cause
    case code
    case subject
    case place
    case path
    case doneAt = "done_at"
    case reportedAt = "reported_at"
    case settledAt = "settled_at"
    case settledBy = "settled_by"
    case outcome
  }
}

/// What an entry of a device's queue holds, as the device seals it.
package struct EntryContent: Codable, Sendable {
  /// The command's name.
  package let name: String
  package let command: Fields?
  /// The fields of a form that was sent instead of a command.
  package let form: Fields?
  /// What it says, in the words of the page on which it was done.
  package let words: String?
  package let subject: String?
  package let place: String?
  package let doneAt: String?
  /// Why it was refused, as the worker read it.
  package let why: String?
}

/// Rules for devices in the field.
package struct DevicesPolicy: PolicySection {
  package static let key = "devices"

  /// How long a supervisor has for what did not go in from the field.
  package let lookMinutes: Int
  /// For how long what did not go in can be read after it was settled.
  package let keepDays: Int
  /// After so many wrong passwords without network a device forgets what it keeps.
  package let wrongPasswords: Int
  /// After so long without a word from it a device that has work waiting is called silent.
  package let silentMinutes: Int

  private enum CodingKeys: String, CodingKey {
    case lookMinutes = "look_minutes"
    case keepDays = "keep_days"
    case wrongPasswords = "wrong_passwords"
    case silentMinutes = "silent_minutes"
  }

  package var faults: [Words] {
    [lookMinutes, keepDays, wrongPasswords, silentMinutes].contains { $0 < 1 }
      ? [Words("各项时长和次数至少为 1", "every duration and count is at least 1")] : []
  }
}

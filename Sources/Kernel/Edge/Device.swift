/// The browser on which somebody signs in.
package struct Device: Sendable {
  /// What its cookie holds.
  package let secret: Redacted<String>
  /// What people call such a device, such as "Android · Chrome".
  package let name: String

  package init(secret: Redacted<String>, name: String) {
    self.secret = secret
    self.name = name
  }
}

/// How a browser stands with the district: who is signed in on it, and what of it was revoked.
package struct DeviceStanding: Sendable {
  /// The device of the account that is signed in.
  package struct Current: Sendable {
    package let device: String
    package let account: AccountID
    /// With which it seals what it keeps. Given to nobody without a session of this device.
    package let key: Redacted<[UInt8]>
    package let until: Instant
    /// After so many wrong passwords without network the device forgets what it keeps.
    package let attempts: Int

    package init(
      device: String, account: AccountID, key: Redacted<[UInt8]>, until: Instant, attempts: Int
    ) {
      self.device = device
      self.account = account
      self.key = key
      self.until = until
      self.attempts = attempts
    }
  }

  /// An earlier device of the same account, of which the browser still holds entries: it lost its
  /// cookie, by dying before it was written or by being cleared.
  package struct Earlier: Sendable {
    package let device: String
    package let key: Redacted<[UInt8]>

    package init(device: String, key: Redacted<[UInt8]>) {
      self.device = device
      self.key = key
    }
  }

  package let current: Current?
  /// Devices of this browser that were revoked and have not been emptied since.
  package let revoked: [String]
  package let earlier: [Earlier]

  package init(current: Current?, revoked: [String], earlier: [Earlier] = []) {
    self.current = current
    self.revoked = revoked
    self.earlier = earlier
  }
}

/// What a revoked device still holds: sealed with its own key, which it gets no more.
package struct DeviceRemains: Sendable {
  /// One entry of its queue.
  package struct Entry: Sendable {
    package let id: String
    package let sealed: [UInt8]

    package init(id: String, sealed: [UInt8]) {
      self.id = id
      self.sealed = sealed
    }
  }

  package let device: String
  package let entries: [Entry]
  /// Whether nothing is left on it after these.
  package let isLast: Bool

  package init(device: String, entries: [Entry], isLast: Bool) {
    self.device = device
    self.entries = entries
    self.isLast = isLast
  }
}

import Kernel

/// Somebody signed in on a device for the first time.
package struct DeviceRegistered: Fact {
  package static let name = "devices.registered"
  package let device: DeviceID
  package let account: AccountID
  package var subject: String { account.text }
}

/// A device was revoked: its sessions ended and its key is not given again.
package struct DeviceRevoked: Fact {
  package static let name = "devices.revoked"
  package let device: DeviceID
  package let account: AccountID
  /// How many entries waited on it when it last said so.
  package let waiting: Int
  package var subject: String { account.text }
}

/// A revoked device has handed over what it held and says that nothing is left on it.
package struct DeviceEmptied: Fact {
  package static let name = "devices.emptied"
  package let device: DeviceID
  package let account: AccountID
  package var subject: String { account.text }
}

/// Something that was done in the street did not go in. What it says stays in its row.
package struct EntryUnsent: Fact {
  package static let name = "devices.unsent"
  package let entry: CommandID
  package let account: AccountID
  package let command: String
  package let cause: UnsentEntry.Cause
  package let code: String
  package let about: String?
  package var subject: String { about ?? account.text }
}

/// A supervisor has looked at what did not go in.
package struct UnsentSettled: Fact {
  package static let name = "devices.settled"
  package let entry: CommandID
  package let outcome: UnsentEntry.Outcome
  package var subject: String { entry.text }
}

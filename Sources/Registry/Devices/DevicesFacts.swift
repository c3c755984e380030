import Kernel

/// Somebody signed in on a device for the first time.
package struct DeviceRegistered: Fact {
  package static let name = "devices.registered"
  package static let words = Words("设备已登记", "Device registered")
  package static let about = Matter.account
  package let device: DeviceID
  package let account: AccountID
  package var subject: String { account.text }
}

/// A device was revoked: its sessions ended and its key is not given again.
package struct DeviceRevoked: Fact {
  package static let name = "devices.revoked"
  package static let words = Words("设备已撤销", "Device revoked")
  package static let about = Matter.account
  package let device: DeviceID
  package let account: AccountID
  /// How many entries waited on it when it last said so.
  package let waiting: Int
  package var subject: String { account.text }
}

/// A revoked device has handed over what it held and says that nothing is left on it.
package struct DeviceEmptied: Fact {
  package static let name = "devices.emptied"
  package static let words = Words("被撤销的设备已清空", "Revoked device emptied")
  package static let about = Matter.account
  package let device: DeviceID
  package let account: AccountID
  package var subject: String { account.text }
}

/// Something that was done in the street did not go in. What it says stays in its row.
package struct EntryUnsent: Fact {
  package static let name = "devices.unsent"
  package static let words = Words("现场做的一项没录进去", "Work of the field did not go in")
  package static let about = Matter.thing
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
  package static let words = Words(
    "没录进去的一项已由督导处理", "Work that did not go in settled by a supervisor")
  package static let about = Matter.command
  package let entry: CommandID
  package let outcome: UnsentEntry.Outcome
  package var subject: String { entry.text }
}

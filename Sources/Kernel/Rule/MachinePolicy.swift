/// What a machine is trusted with: how far its clock may jump, and what room is kept for the worst.
package struct MachinePolicy: PolicySection {
  package static let key = "machine"

  /// How far its clock may be set back before nothing is issued by it.
  package let clockBackSeconds: Int
  /// How far it may be set ahead.
  package let clockAheadMinutes: Int
  /// The room that a server keeps on the disk, to stop in order when all other is gone.
  package let reserveMegabytes: Int

  private enum CodingKeys: String, CodingKey {
    case clockBackSeconds = "clock_back_seconds"
    case clockAheadMinutes = "clock_ahead_minutes"
    case reserveMegabytes = "reserve_megabytes"
  }

  package var faults: [Words] {
    [clockBackSeconds, clockAheadMinutes, reserveMegabytes].contains { $0 < 1 }
      ? [Words("各项至少为 1", "every number is at least 1")] : []
  }

  package var clockBounds: BoundedClock.Bounds {
    BoundedClock.Bounds(
      back: .seconds(clockBackSeconds), ahead: .seconds(clockAheadMinutes * 60))
  }

  package var reserveBytes: Int { reserveMegabytes << 20 }
}

extension PolicyLibrary {
  /// What the machine is trusted with. The youngest edition decides whatever the day: the clock that
  /// says what day it is, is what this is about.
  package func machine() throws(Refusal) -> MachinePolicy {
    for edition in editions.reversed() {
      if let section = edition.sections[MachinePolicy.key] as? MachinePolicy { return section }
    }
    throw Refusal(
      .conflict, "policy.none",
      Words("没有政策规定“machine”，请补充政策文件", "No policy says anything of “machine”; add a policy file"))
  }
}

import Kernel

/// Somebody believed a machine's clock that had been set by more than is believed without asking.
package struct ClockAccepted: Fact {
  package static let name = "machine.clockAccepted"
  package static let words = Words("已接受机器时钟的大幅变动", "Large change of a machine’s clock accepted")
  package static let about = Matter.district
  /// By how much it was ahead of what was expected; below zero when it was behind.
  package let seconds: Int
  package var subject: String { "clock" }

  package init(seconds: Int) { self.seconds = seconds }
}

import Kernel

/// An office is held during shifts only from now on.
package struct OfficeTied: Fact {
  package static let name = "shifts.tied"
  package static let words = Words("岗位改为按班次上岗", "Office held by shifts from now on")
  package static let about = Matter.account
  package let account: AccountID
  package let role: String
  package let place: PlaceID
  package var subject: String { account.text }
}

/// An office is held day and night again.
package struct OfficeUntied: Fact {
  package static let name = "shifts.untied"
  package static let words = Words("岗位不再按班次上岗", "Office held day and night again")
  package static let about = Matter.account
  package let account: AccountID
  package let role: String
  package let place: PlaceID
  package var subject: String { account.text }
}

/// A shift was planned.
package struct ShiftPlanned: Fact {
  package static let name = "shifts.planned"
  package static let words = Words("班次已安排", "Shift planned")
  package static let about = Matter.account
  package let shift: ShiftID
  package let account: AccountID
  package let begins: Instant
  package let ends: Instant
  package var subject: String { account.text }
}

/// A shift ends at another moment than was planned: later, or now.
package struct ShiftMoved: Fact {
  package static let name = "shifts.moved"
  package static let words = Words("班次延长或提前结束", "Shift extended or ended early")
  package static let about = Matter.account
  package let shift: ShiftID
  package let account: AccountID
  package let from: Instant
  package let ends: Instant
  package var subject: String { account.text }
}

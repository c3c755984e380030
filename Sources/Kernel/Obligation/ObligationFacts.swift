/// Something is owed from now on.
package struct ObligationOpened: Fact {
  package static let name = "obligations.opened"
  package static let words = Words("产生待办事项", "Obligation opened")
  package static let about = Matter.thing
  package let obligation: ObligationID
  package let kind: String
  package let about: String
  package let seat: String
  package let deadline: Instant
  package var subject: String { about }
}

/// Somebody took it upon themself.
package struct ObligationClaimed: Fact {
  package static let name = "obligations.claimed"
  package static let words = Words("事项已认领", "Obligation claimed")
  package static let about = Matter.obligation
  package let obligation: ObligationID
  package let account: AccountID
  package var subject: String { obligation.text }
}

/// It was done. The proof itself stays in its row: it may hold a temperature.
package struct ObligationDone: Fact {
  package static let name = "obligations.done"
  package static let words = Words("事项已办结", "Obligation done")
  package static let about = Matter.thing
  package let obligation: ObligationID
  package let kind: String
  package let about: String
  package let late: Bool
  package var subject: String { about }
}

/// It fell away, for a reason.
package struct ObligationWaived: Fact {
  package static let name = "obligations.waived"
  package static let words = Words("事项已撤销", "Obligation waived")
  package static let about = Matter.thing
  package let obligation: ObligationID
  package let kind: String
  package let about: String
  package var subject: String { about }
}

/// The next seat was told that it is late.
package struct ObligationEscalated: Fact {
  package static let name = "obligations.escalated"
  package static let words = Words("事项逾期，提级督办", "Late obligation told to the next seat")
  package static let about = Matter.obligation
  package let obligation: ObligationID
  package let rung: Int
  package let seat: String
  package var subject: String { obligation.text }
}

/// The person concerned lives elsewhere now, and another seat owes it.
package struct ObligationMoved: Fact {
  package static let name = "obligations.moved"
  package static let words = Words("事项改由其他岗位办理", "Obligation moved to another seat")
  package static let about = Matter.thing
  package let obligation: ObligationID
  package let kind: String
  package let about: String
  package let from: String
  package let to: String
  package var subject: String { about }
}

/// A late one was struck off the list (销号).
package struct ObligationStruckOff: Fact {
  package static let name = "obligations.struckOff"
  package static let words = Words("逾期事项已销号", "Late obligation struck off")
  package static let about = Matter.obligation
  package let obligation: ObligationID
  package var subject: String { obligation.text }
}

/// Somebody was at the door and could not finish.
package struct ObligationAttempted: Fact {
  package static let name = "obligations.attempted"
  package static let words = Words("已上门，未能办结", "Attempt at the door, obligation not finished")
  package static let about = Matter.obligation
  package let obligation: ObligationID
  package let outcome: String
  package var subject: String { obligation.text }
}
